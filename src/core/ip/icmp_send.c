/* ICMP errors that we send: when they may be (RFC 1122 3.2.2, RFC 4443 2.4), how
 * much they quote, how often (Linux's token buckets; loopback is exempt).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "host_priv.h"
#include "options.h"
#include "wire/icmp.h"
#include "wire/icmp6.h"
#include "wire/ipv4.h"
#include "wire/ipv6.h"

enum {
	TOS_KEPT = 0x1e,     /* Linux: IPTOS_TOS_MASK */
	ICMP_TYPES = 18,     /* Linux: NR_ICMP_TYPES */
	TOS_CONTROL = 0xc0,  /* RFC 1812 4.3.2.5: precedence 6 */
};

struct error {
	uint8_t type;
	uint8_t code;
	uint32_t info;
};

static struct error choose(uint8_t family, const struct complaint *c)
{
	if (c->what == ICMP_LATE)
		return (struct error){ family == IP_V4 ? ICMP_TIME_EXCEEDED :
							 ICMP6_TIME_EXCEEDED,
			ICMP_EXCEEDED_REASSEMBLY, 0 };
	if (family == IP_V4 && c->what == ICMP_PROBLEM) /* RFC 792: the pointer */
		return (struct error){ ICMP_PARAMETER, 0, c->pointer << 24 };
	if (family == IP_V4)
		return (struct error){ ICMP_UNREACHABLE,
			c->what == ICMP_NO_PORT ? ICMP_UNREACHABLE_PORT :
			ICMP_UNREACHABLE_PROTO, 0 };
	if (c->what == ICMP_NO_PORT)
		return (struct error){ ICMP6_UNREACHABLE,
			ICMP6_UNREACHABLE_PORT, 0 };
	if (c->what == ICMP_NO_PROTO) /* RFC 8200 4: unrecognised next header */
		return (struct error){ ICMP6_PARAMETER, ICMP6_PARAMETER_NEXT,
			c->pointer };
	return (struct error){ ICMP6_PARAMETER, c->code, c->pointer };
}

/* An ICMP error itself, as Linux's __icmp_send() tells them, or a later fragment. */
static bool is_about_error(const struct rx *rx)
{
	size_t header = (rx->l3[0] & 0xfu) * 4;
	uint8_t type;

	if (((rx->l3[6] & 0x1f) | rx->l3[7]) != 0)
		return true;
	if (rx->l3[9] != IP_PROTO_ICMP)
		return false;
	if (rx->l3_len <= header)
		return true;
	type = rx->l3[header];
	return type > ICMP_TYPES || type == ICMP_UNREACHABLE ||
		type == ICMP_SOURCE_QUENCH || type == ICMP_REDIRECT ||
		type == ICMP_TIME_EXCEEDED || type == ICMP_PARAMETER;
}

static bool may_send(struct ip_host *h, struct instant now, const struct rx *rx,
	const struct ip_addr *src, const struct ip_addr *dst,
	const struct complaint *c)
{
	/* To one host, about what was sent to one host. */
	if (ip_addr_is_any(src) || ip_addr_is_multicast(src) ||
		ip_is_broadcast(h, src))
		return false;
	if ((rx->link_group || ip_addr_is_multicast(dst) ||
		ip_is_broadcast(h, dst)) && !c->even_multicast)
		return false;
	if (src->family == IP_V6 && ipv6_is_icmp_error(rx->l3, rx->l3_len))
		return false; /* RFC 4443 2.4 (e.1) */
	if (src->family == IP_V4 && is_about_error(rx))
		return false; /* RFC 1122 3.2.2 */
	if (rx->looped || ratelimit_allow(&h->errors, now, src))
		return true;
	h->stats.icmp_rate_limited++;
	return false;
}

void icmp_send_error(struct ip_host *h, struct instant now, const struct rx *rx,
	const struct ip_addr *src, const struct ip_addr *dst, uint8_t tos,
	const struct complaint *c)
{
	bool v4 = src->family == IP_V4;
	size_t room = v4 ? ICMP_QUOTE_V4 - IPV4_HEADER_LEN - ICMP_HEADER_LEN :
		ICMP_QUOTE_V6 - IPV6_HEADER_LEN - ICMP_HEADER_LEN;
	struct error e = choose(src->family, c);
	struct ip_packet_out p = { .src = *dst, .dst = *src, .nspans = 2 };
	uint8_t header[ICMP_HEADER_LEN];
	struct ip_options options;
	struct span quote;
	uint32_t mtu;

	if (!may_send(h, now, rx, src, dst, c))
		return;
	if (!iface_owner(h, dst) && ip_route(h, &p.dst, 0, &p.src, &mtu) != 0)
		return;
	if (v4) { /* Linux: icmp_send() answers with the options, too */
		options_answer(h, rx->l3, (rx->l3[0] & 0xfu) * 4, &p.src, &options);
		ip_set_options(&p, &options);
		room -= options.len;
	}
	quote = (struct span){ rx->l3, rx->l3_len < room ? rx->l3_len : room };
	if (v4) {
		p.proto = IP_PROTO_ICMP;
		p.tos = (tos & TOS_KEPT) | TOS_CONTROL;
		icmp_emit(header, e.type, e.code, e.info, quote.base, quote.len);
	} else {
		p.proto = IP_PROTO_ICMP6;
		icmp6_emit(header, &p.src, &p.dst, e.type, e.code, e.info,
			quote.base, quote.len);
	}
	p.spans[0] = (struct span){ header, sizeof(header) };
	p.spans[1] = quote;
	if (ip_addr_is_linklocal(src))
		p.ifindex = rx->iface->ifindex;
	if (ip_send(h, now, &p) == 0)
		h->stats.icmp_out++;
}
