/* Packets of a script as bytes. SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "base/checksum.h"
#include "packet.h"

#define TTL 255 /* of what the script sends */

static uint8_t *put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
	return p + 2;
}

static uint8_t *put32(uint8_t *p, uint32_t v)
{
	return put16(put16(p, v >> 16), v);
}

/* --- TCP ------------------------------------------------------------------------ */

static uint8_t *put_option(uint8_t *p, const struct script_tcp_option *o)
{
	uint8_t *len = p + 1;

	*p++ = (uint8_t)o->kind;
	if (o->kind == SCRIPT_OPT_NOP || o->kind == SCRIPT_OPT_EOL)
		return p;
	p++;
	switch (o->kind) {
	case SCRIPT_OPT_MSS:
		p = put16(p, o->a);
		break;
	case SCRIPT_OPT_WSCALE:
		*p++ = (uint8_t)o->a;
		break;
	case SCRIPT_OPT_TS:
		p = put32(put32(p, o->a), o->b);
		break;
	case SCRIPT_OPT_SACK:
		for (unsigned k = 0; k < o->nsack; k++)
			p = put32(put32(p, o->sack[k].left), o->sack[k].right);
		break;
	case SCRIPT_OPT_FASTOPEN_EXP:
		p = put16(p, 0xf989); /* RFC 7413 appendix: its magic */
		/* fall through */
	default:
		memcpy(p, o->cookie, o->cookie_len);
		p += o->cookie_len;
	}
	*len = (uint8_t)(p - len + 1);
	return p;
}

/* Header and options; returns where the payload begins, NULL: too long. */
static uint8_t *put_tcp(uint8_t *start, const struct script_packet *p,
	const struct packet_names *n)
{
	uint8_t *at = start;

	at = put16(put16(at, n->src.port), n->dst.port);
	at = put32(put32(at, p->seq), p->ack);
	at += 2; /* length and flags, below */
	at = put16(at, p->window < 0 ? 0 : (uint32_t)p->window);
	at = put16(at, 0);
	at = put16(at, p->urg);
	for (unsigned k = 0; k < p->noptions; k++) {
		at = put_option(at, &p->options[k]);
		if (at - start > 60)
			return NULL;
	}
	while ((at - start) % 4)
		*at++ = SCRIPT_OPT_EOL;
	if (at - start > 60)
		return NULL;
	put16(start + 12, (uint32_t)(at - start) / 4 << 12 | p->flags);
	return at;
}

static void finish(uint8_t *l4, size_t len, size_t field, uint8_t proto,
	const struct packet_names *n)
{
	struct checksum c = CHECKSUM_INIT;
	uint16_t sum;

	if (proto != 1) /* ICMP of IPv4 has no pseudo header */
		checksum_add_pseudo(&c, &n->src.addr, &n->dst.addr, proto,
			(uint32_t)len);
	put16(l4 + field, 0);
	checksum_add(&c, l4, len);
	sum = checksum_finish(&c);
	put16(l4 + field, proto == 17 && sum == 0 ? 0xffff : sum);
}

/* --- ICMP errors --------------------------------------------------------------------- */

struct icmp_kind {
	const char *type, *code;
	uint8_t v4[2], v6[2]; /* type and code; type 0: none in that family */
};

static const struct icmp_kind kinds[] = {
	{ "unreachable", "net_unreachable", { 3, 0 }, { 1, 0 } },
	{ "unreachable", "host_unreachable", { 3, 1 }, { 1, 3 } },
	{ "unreachable", "protocol_unreachable", { 3, 2 }, { 0, 0 } },
	{ "unreachable", "port_unreachable", { 3, 3 }, { 1, 4 } },
	{ "unreachable", "frag_needed", { 3, 4 }, { 2, 0 } },
	{ "unreachable", "source_route_failed", { 3, 5 }, { 0, 0 } },
	{ "unreachable", "net_unknown", { 3, 6 }, { 0, 0 } },
	{ "unreachable", "host_unknown", { 3, 7 }, { 0, 0 } },
	{ "unreachable", "source_host_isolated", { 3, 8 }, { 0, 0 } },
	{ "unreachable", "net_prohibited", { 3, 9 }, { 1, 1 } },
	{ "unreachable", "host_prohibited", { 3, 10 }, { 1, 1 } },
	{ "unreachable", "packet_filtered", { 3, 13 }, { 1, 1 } },
	{ "unreachable", "no_route", { 0, 0 }, { 1, 0 } },
	{ "unreachable", "admin_prohibited", { 0, 0 }, { 1, 1 } },
	{ "unreachable", "address_unreachable", { 0, 0 }, { 1, 3 } },
	{ "packet_too_big", NULL, { 0, 0 }, { 2, 0 } },
	{ "source_quench", NULL, { 4, 0 }, { 0, 0 } },
	{ "time_exceeded", "ttl_in_transit", { 11, 0 }, { 3, 0 } },
	{ "time_exceeded", "reassembly", { 11, 1 }, { 3, 1 } },
	{ "parameter_problem", NULL, { 12, 0 }, { 4, 0 } },
};

static const uint8_t *icmp_kind(const struct script_packet *p, bool six)
{
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		const struct icmp_kind *i = &kinds[k];
		const uint8_t *v = six ? i->v6 : i->v4;

		if (strcmp(i->type, p->icmp_type) != 0 || !v[0])
			continue;
		/* Without a code: the first of its type. */
		if (!p->icmp_code || (i->code && !strcmp(i->code, p->icmp_code)))
			return v;
	}
	return NULL;
}

struct ip_head {
	uint8_t proto, tos, ttl;
	const uint8_t *options; /* IPv4's */
	unsigned options_len;
};

static uint8_t *put_ip(uint8_t *out, const struct packet_names *n,
	const struct ip_head *h, size_t payload);

/* The beginning of the packet that the error is about: its network header and
 * the first eight bytes behind it (RFC 792). */
static uint8_t *put_quote(uint8_t *at, const struct script_packet *p,
	const struct packet_names *n)
{
	size_t whole = p->icmp_udp ? 8u + p->len : 20u + p->len;

	at = put_ip(at, n, &(struct ip_head){ p->icmp_udp ? 17 : 6, 0, 64, NULL, 0 },
		whole);
	at = put16(put16(at, n->src.port), n->dst.port);
	if (p->icmp_udp)
		return put16(put16(at, (uint32_t)whole), 0);
	return put32(at, p->seq);
}

static uint8_t *put_icmp(uint8_t *start, const struct script_packet *p,
	const struct packet_names *n, bool six)
{
	const uint8_t *kind = icmp_kind(p, six);
	uint8_t *at = start;
	uint32_t mtu = p->icmp_mtu < 0 ? 0 : (uint32_t)p->icmp_mtu;

	if (!kind)
		return NULL;
	*at++ = kind[0];
	*at++ = kind[1];
	at = put16(at, 0);
	at = put32(at, mtu);
	return put_quote(at, p, n);
}

/* --- the network's header ----------------------------------------------------------- */

static uint8_t *put_ip(uint8_t *out, const struct packet_names *n,
	const struct ip_head *h, size_t payload)
{
	size_t head = 20u + h->options_len;
	struct checksum c = CHECKSUM_INIT;
	bool six = n->src.addr.family == IP_V6;
	uint8_t *at = out;

	if (six) {
		at = put32(at, 6u << 28 | (uint32_t)h->tos << 20);
		at = put16(at, (uint32_t)payload);
		*at++ = h->proto;
		*at++ = h->ttl;
		memcpy(at, n->src.addr.b, 16);
		memcpy(at + 16, n->dst.addr.b, 16);
		return at + 32;
	}
	*at++ = (uint8_t)(0x40 | head / 4);
	*at++ = h->tos;
	at = put16(at, (uint32_t)(payload + head));
	at = put32(at, 0x4000); /* do not fragment */
	*at++ = h->ttl;
	*at++ = h->proto;
	at = put16(at, 0);
	memcpy(at, n->src.addr.b, 4);
	memcpy(at + 4, n->dst.addr.b, 4);
	if (h->options_len)
		memcpy(at + 8, h->options, h->options_len);
	checksum_add(&c, out, head);
	put16(out + 10, checksum_finish(&c));
	return out + head;
}

static void fill_payload(uint8_t *at, size_t len)
{
	for (size_t k = 0; k < len; k++)
		at[k] = (uint8_t)k;
}

size_t packet_encode(const struct script_packet *p, const struct packet_names *names,
	uint8_t out[PACKET_BYTES_MAX], const char **why)
{
	bool six = names->src.addr.family == IP_V6;
	uint8_t *l4 = out + (six ? 40 : 20 + p->ip_options_len), *at;
	struct ip_head head = { 6, p->tos, p->ttl ? p->ttl : TTL, p->ip_options,
		p->ip_options_len };
	struct packet_names n = *names;
	size_t field = 16;

	*why = "IPv6 has no such options";
	if (six && p->ip_options_len)
		return 0;
	*why = "its TCP options are too long";
	if (p->proto == SCRIPT_ICMP) {
		*why = "there is no such ICMP type and code in this family";
		n.src = names->dst;
		n.dst = names->src;
		at = put_icmp(l4, p, names, six);
		head.proto = six ? 58 : 1;
		field = 2;
	} else if (p->proto == SCRIPT_UDP) {
		at = put16(put16(l4, n.src.port), n.dst.port);
		at = put16(put16(at, 8u + p->len), 0);
		head.proto = 17;
		field = 6;
	} else {
		at = put_tcp(l4, p, &n);
	}
	if (!at)
		return 0;
	if (p->proto != SCRIPT_ICMP) {
		fill_payload(at, p->len);
		at += p->len;
	}
	finish(l4, (size_t)(at - l4), field, head.proto, &n);
	put_ip(out, &n, &head, (size_t)(at - l4));
	return (size_t)(at - out);
}
