/* The options of raw sockets (raw(7), RFC 3542 3). They come before those that
 * other sockets have by the same name.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "option_kept.h"

#define SOL_RAW_LINUX 255
#define ICMP_FILTER_LINUX 1
#define IP_PROTOCOL_LINUX 52 /* newer than the headers of Debian 12 */
#define ICMP6_FILTER_LINUX 1
#define ON_RAW4 (ON_RAW | ON_V4)
#define ON_RAW6 (ON_RAW | ON_V6)

static size_t filter_size(const struct option_call *c)
{
	return c->s->family == IP_V4 ? 4 : 32;
}

static bool is_icmp(const struct option_call *c)
{
	return c->s->protocol ==
		(c->s->family == IP_V4 ? IPPROTO_ICMP : IPPROTO_ICMPV6);
}

static int get_filter(const struct option_call *c, void *val, socklen_t *len)
{
	if (!is_icmp(c))
		return -EOPNOTSUPP;
	if (*len > filter_size(c))
		*len = (socklen_t)filter_size(c);
	memcpy(val, c->s->opts.icmp_filter, *len);
	return 0;
}

/* As much of it as is given. */
static int set_filter(const struct option_call *c, const void *val, socklen_t len)
{
	if (!is_icmp(c))
		return -EOPNOTSUPP;
	if (len > filter_size(c))
		len = (socklen_t)filter_size(c);
	memcpy(c->s->opts.icmp_filter, val, len);
	return 0;
}

static int get_checksum(const struct option_call *c, int *v)
{
	*v = (int)c->s->opts.raw_checksum - 1;
	return 0;
}

/* RFC 3542 3.1: an even offset, negative is off; ICMPv6's is not the user's. */
static int set_checksum(const struct option_call *c, int v)
{
	if (c->s->protocol == IPPROTO_ICMPV6 && c->o->level == IPPROTO_IPV6)
		return -EINVAL;
	if (v > 0 && (v & 1))
		return -EINVAL;
	if (v >= 65535)
		return -EINVAL;
	c->s->opts.raw_checksum = v < 0 ? 0 : (uint16_t)(v + 1);
	return 0;
}

/* Packets with a router alert (RFC 2113) on their way through us: there are none, as we
 * forward nothing. Linux: ip_ra_control(), ip6_ra_control(). */
static int set_alert(const struct option_call *c, int v)
{
	bool v4 = c->s->family == IP_V4, on = v4 ? v != 0 : v >= 0;
	uint32_t *bits = &c->s->kept.bits;

	if (v4 == (c->s->protocol == IPPROTO_RAW))
		return v4 ? -EINVAL : -ENOPROTOOPT;
	if (on && (*bits & SHM_K_ALERT))
		return -EADDRINUSE;
	if (!on && !(*bits & SHM_K_ALERT))
		return -ENOBUFS; /* Linux's, for one that is not there */
	*bits ^= SHM_K_ALERT;
	*bits = (*bits & ~(uint32_t)SHM_K_ALERT_SHOWN) | (v ? SHM_K_ALERT_SHOWN : 0);
	return 0;
}

static int get_alert(const struct option_call *c, int *v)
{
	*v = (c->s->kept.bits & SHM_K_ALERT_SHOWN) != 0;
	return 0;
}

static int get_protocol(const struct option_call *c, int *v)
{
	*v = c->s->protocol;
	return 0;
}

static const struct option rows[] = {
	{ IPPROTO_IP, IP_PROTOCOL_LINUX, "IP_PROTOCOL", ON_RAW4, EFFECT_YES, get_protocol,
		NULL, NULL, NULL, 0, 0, 0, "raw sockets: theirs" },
	{ IPPROTO_IP, IP_NODEFRAG, "IP_NODEFRAG", ON_RAW4, EFFECT_NONE, kept_get_bit,
		kept_set_bit, NULL, NULL, SHM_K_NODEFRAG, 0, 0,
		"kept: for packet filters, of which there are none" },
	{ IPPROTO_IP, IP_ROUTER_ALERT, "IP_ROUTER_ALERT", ON_RAW4, EFFECT_YES,
		get_alert, set_alert, NULL, NULL, 0, 0, 0,
		"raw sockets: packets that pass through; none do" },
	{ IPPROTO_IPV6, IPV6_ROUTER_ALERT, "IPV6_ROUTER_ALERT", ON_RAW6, EFFECT_YES,
		get_alert, set_alert, NULL, NULL, 0, 0, 0,
		"raw sockets of IPPROTO_RAW, likewise" },
	{ IPPROTO_IP, IP_HDRINCL, "IP_HDRINCL", ON_RAW4, EFFECT_STACK,
		option_get_bit, option_set_bit, NULL, NULL, SHM_O_HDRINCL, 0, 0,
		"raw sockets: the program gives the header" },
	{ SOL_RAW_LINUX, ICMP_FILTER_LINUX, "ICMP_FILTER", ON_RAW4, EFFECT_STACK,
		NULL, NULL, get_filter, set_filter, 0, 0, 0,
		"raw ICMP sockets, else EOPNOTSUPP" },
	{ IPPROTO_ICMPV6, ICMP6_FILTER_LINUX, "ICMP6_FILTER", ON_RAW6,
		EFFECT_STACK, NULL, NULL, get_filter, set_filter, 0, 0, 0,
		"raw ICMPv6 sockets, else EOPNOTSUPP" },
	{ SOL_RAW_LINUX, IPV6_CHECKSUM, "IPV6_CHECKSUM", ON_RAW6, EFFECT_STACK,
		get_checksum, set_checksum, NULL, NULL, 0, 0, 0,
		"filled in when sending" },
	{ IPPROTO_IPV6, IPV6_CHECKSUM, "IPV6_CHECKSUM", ON_RAW6, EFFECT_STACK,
		get_checksum, set_checksum, NULL, NULL, 0, 0, 0,
		"filled in when sending" },
	{ SOL_RAW_LINUX, IPV6_HDRINCL, "IPV6_HDRINCL", ON_RAW6, EFFECT_STACK,
		option_get_bit, option_set_bit, NULL, NULL, SHM_O_HDRINCL, 0, 0,
		"raw sockets: the program gives the header" },
	{ IPPROTO_IPV6, IPV6_HDRINCL, "IPV6_HDRINCL", ON_RAW6, EFFECT_STACK,
		option_get_bit, option_set_bit, NULL, NULL, SHM_O_HDRINCL, 0, 0,
		"raw sockets: the program gives the header" },
};

const struct option_table sock_options_raw = { rows,
	sizeof(rows) / sizeof(rows[0]) };
