/* IPv6 packets. A walk keeps the offset of the field that named the header at
 * hand, for that is where a complaint has to point (RFC 4443 3.4).
 *
 *   | IPv6 header ..next.. | ext ..next.. | ext ..next.. | payload
 *                    ^named_at      ^then         ^then
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#include "wire/ipv6.h"

#include <errno.h>

#include "base/cursor.h"
#include "wire/icmp6.h"

enum {
	NEXT_HEADER_AT = 6, /* offset in the fixed header */
	CODE_FIELD = 0,	    /* RFC 4443 3.4 */
	CODE_NEXT = 1,
	CODE_OPTION = 2,
	OPTION_PAD1 = 0,
	OPTION_PADN = 1,
	MORE_BIT = 1, /* of the fragment header's third and fourth byte */
	OFFSET_BITS = 0xfff8, /* bytes */
};

struct walk {
	struct cursor c;
	const uint8_t *packet;
	uint8_t next;
	size_t named_at;
	bool multicast; /* destination */
	struct ipv6_problem *problem;
	struct ipv6_fragment fragment;
	bool quoted; /* in an ICMP error: go on behind a first fragment's header */
};

static size_t offset(const struct walk *w)
{
	return (size_t)(w->c.at - w->packet);
}

static int complain(struct walk *w, uint8_t code, size_t pointer)
{
	*w->problem = (struct ipv6_problem){ .report = !w->multicast,
		.code = code, .pointer = (uint32_t)pointer };
	return -EPROTO;
}

/* RFC 8200 4.2: the two high bits of an unknown option say what to do. */
static int unknown_option(struct walk *w, uint8_t type, size_t at)
{
	switch (type >> 6) {
	case 0:
		return 0;
	case 1:
		*w->problem = (struct ipv6_problem){ .report = false };
		return -EPROTO;
	case 2:
		complain(w, CODE_OPTION, at);
		w->problem->report = true;
		w->problem->even_multicast = true;
		return -EPROTO;
	default:
		return complain(w, CODE_OPTION, at);
	}
}

static int walk_options(struct walk *w, size_t at, struct cursor c)
{
	while (c.left > 0) {
		size_t here = at;
		uint8_t type = cursor_u8(&c), len;
		int r;

		at++;
		if (type == OPTION_PAD1)
			continue;
		len = cursor_u8(&c);
		cursor_skip(&c, len);
		if (!cursor_ok(&c))
			return -EINVAL;
		at += 1u + len;
		if (type == OPTION_PADN)
			continue;
		r = unknown_option(w, type, here);
		if (r != 0)
			return r;
	}
	return cursor_ok(&c) ? 0 : -EINVAL;
}

static bool is_extension(uint8_t kind)
{
	return kind == IPV6_NEXT_HOP || kind == IPV6_NEXT_DEST ||
		kind == IPV6_NEXT_ROUTING || kind == IPV6_NEXT_FRAGMENT;
}

/* Behind the header of a fragment: 0 go on, 1 the walk ends here. */
static int walk_fragment(struct walk *w, const uint8_t *body, size_t start,
	size_t named_at)
{
	uint16_t word = get_be16(body);

	if (!(word & (OFFSET_BITS | MORE_BIT)))
		return 0; /* RFC 6946 4: atomic */
	if (w->fragment.is)
		return -EINVAL; /* a fragment of a fragment: nobody makes them */
	w->fragment = (struct ipv6_fragment){ true, word & MORE_BIT,
		word & OFFSET_BITS, get_be32(body + 2), start, named_at };
	return w->quoted && w->fragment.offset == 0 ? 0 : 1;
}

/* One extension header; 1: there was none, w->next is the payload's. */
static int walk_header(struct walk *w, bool first)
{
	size_t start = offset(w), named_at = w->named_at, len;
	uint8_t kind = w->next, next;
	struct cursor body;

	if (kind == IPV6_NEXT_HOP && !first) /* RFC 8200 4.3 */
		return complain(w, CODE_NEXT, w->named_at);
	if (!is_extension(kind))
		return 1;
	next = cursor_u8(&w->c);
	len = cursor_u8(&w->c);
	len = kind == IPV6_NEXT_FRAGMENT ? 6 : 6 + 8 * len;
	body = cursor_sub(&w->c, len);
	if (!cursor_ok(&body))
		return -EINVAL;
	w->named_at = start;
	w->next = next;
	if (kind == IPV6_NEXT_FRAGMENT)
		return walk_fragment(w, body.at, start, named_at);
	if (kind == IPV6_NEXT_ROUTING) /* RFC 8200 4.4, RFC 5095 3 */
		return body.at[1] == 0 ? 0 :
			complain(w, CODE_FIELD, start + 2);
	return walk_options(w, start + 2, body);
}

/* The fixed header; *payload_len as it says. */
static int parse_header(struct cursor *c, struct ipv6_packet *out,
	size_t *payload_len)
{
	uint32_t word = cursor_u32(c);

	*payload_len = cursor_u16(c);
	out->h.proto = cursor_u8(c);
	out->h.hop_limit = cursor_u8(c);
	if (c->bad || c->left < 32 || word >> 28 != 6)
		return -EINVAL;
	out->h.tclass = (uint8_t)(word >> 20);
	out->h.flow = word & 0xfffff;
	out->h.src = ip_addr_from(IP_V6, cursor_bytes(c, 16));
	out->h.dst = ip_addr_from(IP_V6, cursor_bytes(c, 16));
	return 0;
}

/* Walk the extension headers of c, the bytes behind the fixed header. */
static int walk(const void *data, struct cursor c, bool quoted,
	struct ipv6_packet *out, struct ipv6_problem *problem)
{
	struct walk w = { .c = c, .packet = data, .next = out->h.proto,
		.named_at = NEXT_HEADER_AT, .problem = problem, .quoted = quoted,
		.multicast = ip_addr_is_multicast(&out->h.dst) };
	bool first = true;
	int r;

	do {
		r = walk_header(&w, first);
		first = false;
	} while (r == 0);
	if (r < 0)
		return r;
	out->h.proto = w.next;
	out->fragment = w.fragment;
	out->proto_at = w.named_at;
	out->len = w.c.left;
	out->payload = w.c.at;
	return 0;
}

int ipv6_parse(const void *data, size_t len, struct ipv6_packet *out,
	struct ipv6_problem *problem)
{
	struct cursor c = cursor_of(data, len), payload;
	size_t payload_len;

	if (parse_header(&c, out, &payload_len) != 0)
		return -EINVAL;
	payload = cursor_sub(&c, payload_len);
	return cursor_ok(&payload) ? walk(data, payload, false, out, problem) :
				     -EINVAL;
}

int ipv6_parse_quoted(const void *data, size_t len, struct ipv6_packet *out)
{
	struct cursor c = cursor_of(data, len);
	struct ipv6_problem ignored;
	size_t payload_len;

	if (parse_header(&c, out, &payload_len) != 0)
		return -EINVAL;
	if (payload_len < c.left)
		c = cursor_sub(&c, payload_len);
	return walk(data, c, true, out, &ignored) == 0 &&
			out->fragment.offset == 0 ?
		0 :
		-EINVAL;
}

/* What a transport's header takes at least; others: one byte, as Linux. */
static size_t upper_len(uint8_t proto)
{
	switch (proto) {
	case 6: /* TCP */
		return 20;
	case 17: /* UDP */
	case ICMP6_PROTO:
		return 8;
	default:
		return 1;
	}
}

bool ipv6_chain_is_whole(uint8_t next, const void *data, size_t len)
{
	struct cursor c = cursor_of(data, len);

	while (is_extension(next)) {
		uint8_t kind = next, units;

		next = cursor_u8(&c);
		units = cursor_u8(&c);
		cursor_skip(&c, kind == IPV6_NEXT_FRAGMENT ? 6 : 6 + 8u * units);
		if (!cursor_ok(&c))
			return false;
	}
	return next == IPV6_NEXT_NONE || c.left >= upper_len(next);
}

void ipv6_emit_fragment(uint8_t out[IPV6_FRAGMENT_LEN], uint8_t next,
	uint16_t offset, bool more, uint32_t id)
{
	out[0] = next;
	out[1] = 0;
	put_be16(out + 2, (uint16_t)(offset | (more ? MORE_BIT : 0)));
	put_be32(out + 4, id);
}

bool ipv6_is_icmp_error(const void *data, size_t len)
{
	struct cursor c = cursor_of(data, len);
	struct ipv6_packet p;
	bool fragment = false;
	size_t payload_len;
	uint8_t next;

	if (parse_header(&c, &p, &payload_len) != 0)
		return true;
	for (next = p.h.proto; is_extension(next);) {
		uint8_t kind = next, units;

		next = cursor_u8(&c);
		units = cursor_u8(&c);
		if (kind == IPV6_NEXT_FRAGMENT && c.left >= 2 &&
			(get_be16(c.at) & OFFSET_BITS))
			return false; /* RFC 8200 4.5: not the beginning */
		fragment |= kind == IPV6_NEXT_FRAGMENT;
		cursor_skip(&c, kind == IPV6_NEXT_FRAGMENT ? 6 : 6 + 8u * units);
		if (!cursor_ok(&c))
			return !fragment;
	}
	if (next != ICMP6_PROTO)
		return false;
	next = cursor_u8(&c);
	return cursor_ok(&c) ? next < ICMP6_ECHO_REQUEST : /* RFC 4443 2.1 */
			       !fragment;
}

void ipv6_emit(uint8_t out[IPV6_HEADER_LEN], const struct ipv6_header *h,
	size_t payload_len)
{
	put_be32(out, 6u << 28 | (uint32_t)h->tclass << 20 | (h->flow & 0xfffff));
	put_be16(out + 4, (uint16_t)payload_len);
	out[6] = h->proto;
	out[7] = h->hop_limit;
	memcpy(out + 8, h->src.b, 16);
	memcpy(out + 24, h->dst.b, 16);
}
