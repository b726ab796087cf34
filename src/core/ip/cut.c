/* Cutting a datagram into packets.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "cut.h"

#include <string.h>

#include "base/ipopt.h"
#include "host_priv.h"
#include "wire/ipv4.h"
#include "wire/ipv6.h"

static bool may_cut(uint8_t pmtu)
{
	return pmtu == IP_PMTU_DONT || pmtu == IP_PMTU_WANT || pmtu == IP_PMTU_OMIT;
}

/* Linux: __ip_make_skb(). */
static bool wants_df(uint8_t pmtu, bool fits)
{
	return pmtu == IP_PMTU_DO || pmtu == IP_PMTU_PROBE ||
		(pmtu == IP_PMTU_WANT && fits);
}

bool cut_begin(struct ip_host *h, struct cut *c, const struct ip_packet_out *p,
	const struct ip_addr *src, uint32_t mtu, size_t payload)
{
	bool v4 = p->dst.family == IP_V4;
	size_t header = v4 ? IPV4_HEADER_LEN + p->options_len : IPV6_HEADER_LEN;
	size_t most = v4 ? IPV4_PACKET_MAX - header : IPV6_PAYLOAD_MAX;
	bool fits = payload <= most && header + payload <= mtu;

	*c = (struct cut){ .p = p, .src = src, .whole_len = payload,
		.step = payload, .dont_fragment = wants_df(p->pmtu, fits) };
	if (fits) {
		/* An atomic datagram's identification means nothing, RFC 6864
		 * 4.1. */
		if (v4 && !c->dont_fragment)
			c->id = h->ip_id++;
		return true;
	}
	if (!v4)
		header += IPV6_FRAGMENT_LEN;
	if (payload > most || !may_cut(p->pmtu) || mtu < header + 8)
		return false;
	c->step = (mtu - header) & ~(size_t)7;
	/* RFC 7739: nobody else should be able to tell the next one. */
	c->id = v4 ? h->ip_id++ : (uint32_t)rng_next(&h->rng);
	return true;
}

static size_t piece_len(const struct cut *c)
{
	size_t left = c->whole_len - c->at;

	return left < c->step ? left : c->step;
}

/* Behind the fixed header, which has to know. RFC 791 3.1: the copied flag. */
static size_t put_options(const struct cut *c, uint8_t *header)
{
	size_t n = c->p->options_len;
	uint8_t *o = header + IPV4_HEADER_LEN;

	memcpy(o, c->p->options, n);
	if (c->at > 0)
		ipopt_fragment(o, n);
	ipv4_lengthen(header, n);
	return IPV4_HEADER_LEN + n;
}

size_t cut_header(struct ip_host *h, const struct cut *c, uint8_t *out)
{
	const struct ip_packet_out *p = c->p;
	uint8_t ttl = p->ttl ? p->ttl : IP_TTL_DEFAULT;
	size_t len = piece_len(c);
	bool more = c->at + len < c->whole_len, pieces = c->whole_len > c->step;
	struct ipv6_header v6 = { .src = *c->src, .dst = p->dst,
		.proto = p->proto, .hop_limit = ttl, .tclass = p->tos };

	h->stats.ip_frag_made += pieces;
	if (p->dst.family == IP_V4) {
		ipv4_emit(out, &(struct ipv4_header){ .src = *c->src,
			.dst = p->via.family == IP_V4 ? p->via : p->dst,
			.proto = p->proto, .ttl = ttl, .tos = p->tos,
			.dont_fragment = c->dont_fragment,
			.more_fragments = more, .id = (uint16_t)c->id,
			.fragment_offset = (uint16_t)c->at }, len);
		return p->options_len ? put_options(c, out) : IPV4_HEADER_LEN;
	}
	if (!pieces) {
		ipv6_emit(out, &v6, len);
		return IPV6_HEADER_LEN;
	}
	v6.proto = IPV6_NEXT_FRAGMENT;
	ipv6_emit(out, &v6, IPV6_FRAGMENT_LEN + len);
	ipv6_emit_fragment(out + IPV6_HEADER_LEN, p->proto, (uint16_t)c->at, more,
		c->id);
	return IPV6_HEADER_LEN + IPV6_FRAGMENT_LEN;
}

unsigned cut_payload(const struct cut *c, struct span *out)
{
	return span_slice(c->p->spans, c->p->nspans, c->at, piece_len(c), out);
}

bool cut_next(struct cut *c)
{
	c->at += piece_len(c);
	return c->at < c->whole_len;
}
