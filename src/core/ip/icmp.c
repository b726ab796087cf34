/* ICMP and ICMPv6 coming in: echo requests are answered here, replies go up,
 * errors are matched to the packet of ours that they quote and go to its
 * transport with the errno that Linux gives (icmp_err_convert and
 * icmpv6_err_convert).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "wire/icmp.h"

#include <errno.h>

#include "host_priv.h"
#include "options.h"
#include "wire/icmp6.h"
#include "wire/ipv4.h"
#include "wire/ipv6.h"

struct verdict {
	int err; /* 0: Linux takes no notice of it */
	bool fatal;
};

static const struct verdict unreachable_v4[] = { /* RFC 792, RFC 1122 3.2.2.1 */
	{ ENETUNREACH, false }, { EHOSTUNREACH, false }, { ENOPROTOOPT, true },
	{ ECONNREFUSED, true }, { EMSGSIZE, false }, { EOPNOTSUPP, false },
	{ ENETUNREACH, true }, { EHOSTDOWN, true }, { ENONET, true },
	{ ENETUNREACH, true }, { EHOSTUNREACH, true }, { ENETUNREACH, false },
	{ EHOSTUNREACH, false }, { EHOSTUNREACH, true }, { EHOSTUNREACH, true },
	{ EHOSTUNREACH, true },
};
static const struct verdict unreachable_v6[] = { /* by code, RFC 4443 3.1 */
	{ ENETUNREACH, false }, { EACCES, true }, { EHOSTUNREACH, false },
	{ EHOSTUNREACH, false }, { ECONNREFUSED, true }, { EACCES, true },
	{ EACCES, true },
};

enum { COUNT_V4 = sizeof(unreachable_v4) / sizeof(unreachable_v4[0]),
	COUNT_V6 = sizeof(unreachable_v6) / sizeof(unreachable_v6[0]) };

static struct verdict verdict_v4(const struct icmp_message *m)
{
	switch (m->type) {
	case ICMP_UNREACHABLE:
		return m->code < COUNT_V4 ? unreachable_v4[m->code] :
					    (struct verdict){ 0 };
	case ICMP_TIME_EXCEEDED:
		return (struct verdict){ EHOSTUNREACH, false };
	default:
		return (struct verdict){ EPROTO, true };
	}
}

static struct verdict verdict_v6(const struct icmp_message *m)
{
	switch (m->type) {
	case ICMP6_UNREACHABLE:
		return m->code < COUNT_V6 ? unreachable_v6[m->code] :
					    (struct verdict){ EPROTO, true };
	case ICMP6_TOO_BIG:
		return (struct verdict){ EMSGSIZE, false };
	case ICMP6_TIME_EXCEEDED:
		return (struct verdict){ EHOSTUNREACH, false };
	default:
		return (struct verdict){ EPROTO, true };
	}
}

/* The quoted packet's network header off; false: not a whole header. */
static bool parse_quoted(uint8_t family, const uint8_t *l3, size_t len,
	struct ip_error_in *e)
{
	struct ipv4_packet v4;
	struct ipv6_packet v6;

	if (family == IP_V4 && ipv4_parse_quoted(l3, len, &v4) == 0) {
		e->src = v4.h.src;
		e->dst = v4.h.dst;
		e->proto = v4.h.proto;
		e->l4 = v4.payload;
		e->len = v4.len;
		return true;
	}
	if (family == IP_V6 && ipv6_parse_quoted(l3, len, &v6) == 0) {
		e->src = v6.h.src;
		e->dst = v6.h.dst;
		e->proto = v6.h.proto;
		e->l4 = v6.payload;
		e->len = v6.len;
		return true;
	}
	return false;
}

/* What the path takes by this message; 0: it says nothing. */
static uint32_t believed_mtu(uint8_t family, uint32_t mtu)
{
	if (family == IP_V6) /* RFC 8201 4: less is discarded */
		return mtu < IPV6_MIN_MTU ? 0 : mtu;
	return mtu < ICMP_PMTU_MIN ? ICMP_PMTU_MIN : mtu;
}

/* RFC 4884 4.4: a quote in front of extensions has 128 bytes at least. */
static uint16_t extensions_at(uint16_t quote, size_t header)
{
	return quote < 128 || quote < header ? 0 : (uint16_t)(quote - header);
}

void error_report(struct ip_host *h, struct instant now,
	const struct ip_error_in *news, const uint8_t *l3, size_t len)
{
	uint8_t family = news->from.family;
	struct ip_error_in e = *news;
	const struct iface *owner;

	e.hard = e.err != EMSGSIZE;
	if (!parse_quoted(family, l3, len, &e) || e.len < 8) {
		h->stats.icmp_malformed++; /* RFC 1122 3.2.2: 8 bytes of it */
		return;
	}
	/* Linux gives all that follows, extensions too, however long the quoted packet
	 * says that it was. */
	e.len = len - (size_t)(e.l4 - l3);
	e.ext = extensions_at(news->ext, (size_t)(e.l4 - l3));
	owner = iface_owner(h, &e.src);
	if (!owner) {
		h->stats.not_for_us++;
		return;
	}
	if (e.src.family == IP_V6 && ip_addr_is_linklocal(&e.src))
		e.src.scope = owner->ifindex;
	if (e.dst.family == IP_V6 && ip_addr_is_linklocal(&e.dst))
		e.dst.scope = owner->ifindex;
	if (e.err == EMSGSIZE)
		e.mtu = believed_mtu(family, e.info);
	h->ops.error(h->ops.user, now, &e);
}

/* RFC 1122 3.2.2.6, RFC 4443 4.2: the same data back, from the address asked, or
 * one of ours when a group was. */
static void answer_echo(struct ip_host *h, struct instant now,
	const struct ip_packet_in *pkt, const struct icmp_message *m)
{
	bool v4 = pkt->dst.family == IP_V4;
	uint32_t info = (uint32_t)m->id << 16 | m->seq;
	struct ip_packet_out p = { .src = pkt->dst, .dst = pkt->src,
		.proto = pkt->proto, .tos = pkt->tos, .nspans = 2 };
	uint8_t header[ICMP_HEADER_LEN];
	struct ip_options options;
	uint32_t mtu;

	if (pkt->broadcast && v4)
		return; /* Linux: icmp_echo_ignore_broadcasts */
	if (ip_addr_is_any(&p.dst))
		return;
	if (ip_addr_is_multicast(&p.src) &&
		ip_route(h, &p.dst, 0, &p.src, &mtu) != 0)
		return;
	if (v4) {
		ip_echo_options(h, pkt, &options); /* Linux: icmp_reply() */
		ip_set_options(&p, &options);
		icmp_emit(header, ICMP_ECHO_REPLY, 0, info, m->body, m->len);
	} else {
		icmp6_emit(header, &p.src, &p.dst, ICMP6_ECHO_REPLY, 0, info,
			m->body, m->len);
	}
	p.spans[0] = (struct span){ header, sizeof(header) };
	p.spans[1] = (struct span){ m->body, m->len };
	if (ip_addr_is_linklocal(&p.dst))
		p.ifindex = pkt->ifindex;
	if (ip_send(h, now, &p) == 0)
		h->stats.icmp_out++;
}

/* What RFC 4884 4.1 says of the quote's length; 0 nothing. */
static uint16_t quote_length(uint8_t family, const struct icmp_message *m)
{
	if (family == IP_V4)
		return m->type == ICMP_UNREACHABLE || m->type == ICMP_TIME_EXCEEDED ||
				m->type == ICMP_PARAMETER ?
			(uint16_t)((m->id & 0xff) * 4) : 0;
	return m->type == ICMP6_UNREACHABLE || m->type == ICMP6_TIME_EXCEEDED ?
		(uint16_t)((m->id >> 8) * 8) : 0;
}

static void error_input(struct ip_host *h, struct instant now,
	const struct ip_packet_in *pkt, const struct icmp_message *m)
{
	uint8_t family = pkt->dst.family;
	struct verdict v = family == IP_V4 ? verdict_v4(m) : verdict_v6(m);
	struct ip_error_in e = { .err = v.err, .fatal = v.fatal,
		.from = pkt->src, .type = m->type, .code = m->code,
		.ttl = pkt->ttl, .tos = pkt->tos, .ifindex = pkt->ifindex,
		.ext = quote_length(family, m) };

	if (v.err == 0) {
		h->stats.icmp_ignored++;
		return;
	}
	if (family == IP_V6)
		e.info = (uint32_t)m->id << 16 | m->seq;
	else if (m->type == ICMP_PARAMETER)
		e.info = m->id >> 8; /* RFC 792: the pointer */
	else
		e.info = m->info;
	error_report(h, now, &e, m->body, m->len);
}

/* RFC 3810 6.2: from a link-local address, with a hop limit of 1. */
static void mld_input(struct ip_host *h, struct instant now, const struct rx *rx,
	const struct ip_packet_in *pkt)
{
	struct group_link *l = &iface_get(h, rx->iface->ifindex)->links[1];
	struct group_message m;

	if (!rx->looped && ip_addr_is_linklocal(&pkt->src) && pkt->ttl == 1 &&
		mld_parse(pkt->l4, pkt->len, &m) == 0)
		group_input(h, now, l, &m);
	else
		h->stats.icmp_malformed++;
}

void icmp_input(struct ip_host *h, struct instant now, const struct rx *rx,
	const struct ip_packet_in *pkt)
{
	uint8_t family = pkt->dst.family;
	struct icmp_message m;
	int r;

	h->stats.icmp_in++;
	if (family == IP_V4)
		r = icmp_parse(pkt->l4, pkt->len, pkt->csum_ok, &m);
	else
		r = icmp6_parse(pkt->l4, pkt->len, &pkt->src, &pkt->dst,
			pkt->csum_ok, &m);
	if (r != 0) {
		h->stats.icmp_malformed += r == -EINVAL;
		h->stats.icmp_bad_checksum += r == -EBADMSG;
		h->stats.icmp_ignored += r == -ENOMSG;
		return;
	}
	switch (m.kind) {
	case ICMP_KIND_REQUEST:
		answer_echo(h, now, pkt, &m);
		return;
	case ICMP_KIND_REPLY:
		h->ops.input(h->ops.user, now, pkt);
		return;
	case ICMP_KIND_ND:
		nd_input(h, now, rx, pkt);
		return;
	case ICMP_KIND_GROUP:
		mld_input(h, now, rx, pkt);
		return;
	case ICMP_KIND_ERROR:
		error_input(h, now, pkt, &m);
		return;
	}
}
