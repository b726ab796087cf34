/* Putting fragments together.
 *
 *   reasm_input_v4, _v6 -> check the part -> find or make its datagram
 *                       -> add (holes) -> complete? -> header mended -> input
 *   reasm_tick          -> time exceeded, if the first part had come
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#include "reasm.h"

#include <string.h>

#include "base/checksum.h"
#include "base/cursor.h"
#include "host_priv.h"
#include "wire/icmp6.h"
#include "wire/ipv4.h"
#include "wire/ipv6.h"

enum {
	REASM_HEADER = 128, /* bytes before the payload, for the header */
	PAYLOAD_MAX = 65535,
	ECN_BITS = 3, /* RFC 3168 5 */
	ECN_CE = 3,
};

_Static_assert(REASM_HEADER + PAYLOAD_MAX + 1 <= POOL_BIG, "fits the pool's");

/* One part, whatever its family. */
struct part {
	uint32_t from, to; /* bytes of the datagram's payload */
	bool last;
	const uint8_t *data;
	uint8_t tos;
	size_t header_len; /* in front of the (fragment header and) data */
};

void reasm_init(struct reasm_table *t)
{
	list_init(&t->waiting);
	list_init(&t->free);
	timerq_init(&t->timers);
	t->n = 0;
	for (unsigned i = 0; i < REASM_MAX; i++) {
		timer_node_init(&t->places[i].timer);
		list_push_back(&t->free, &t->places[i].node);
	}
}

static void drop(struct ip_host *h, struct reasm *r)
{
	timerq_cancel(&h->reasm.timers, &r->timer);
	if (r->buf)
		pool_put(&h->pool, r->buf);
	r->buf = NULL;
	list_remove(&r->node);
	list_push_front(&h->reasm.free, &r->node);
	h->reasm.n--;
}

static void fail(struct ip_host *h, struct reasm *r)
{
	h->stats.ip_reasm_fail++;
	drop(h, r);
}

void reasm_fini(struct ip_host *h)
{
	LIST_FOREACH_SAFE (pos, tmp, &h->reasm.waiting)
		drop(h, LIST_ENTRY(pos, struct reasm, node));
}

static bool same(const struct reasm_key *a, const struct reasm_key *b)
{
	return a->id == b->id && a->proto == b->proto && a->looped == b->looped &&
		ip_addr_equal(&a->src, &b->src) && ip_addr_equal(&a->dst, &b->dst);
}

static struct reasm *find(const struct reasm_table *t, const struct reasm_key *key)
{
	LIST_FOREACH (pos, &t->waiting) {
		struct reasm *r = LIST_ENTRY(pos, struct reasm, node);

		if (same(&r->key, key))
			return r;
	}
	return NULL;
}

/* Room for one more from this source: its oldest, or the oldest of all, goes. */
static void make_room(struct ip_host *h, const struct ip_addr *src)
{
	struct reasm *oldest = NULL;
	unsigned n = 0;

	LIST_FOREACH (pos, &h->reasm.waiting) {
		struct reasm *r = LIST_ENTRY(pos, struct reasm, node);

		if (!ip_addr_equal(&r->key.src, src))
			continue;
		oldest = oldest ? oldest : r;
		n++;
	}
	if (n >= REASM_PER_SOURCE)
		fail(h, oldest);
	else if (h->reasm.n == REASM_MAX)
		fail(h, LIST_ENTRY(h->reasm.waiting.next, struct reasm, node));
}

static struct reasm *begin(struct ip_host *h, struct instant now,
	const struct reasm_key *key)
{
	int64_t wait = key->src.family == IP_V4 ? REASM_V4_S : REASM_V6_S;
	struct ip_buf *buf;
	struct reasm *r;

	make_room(h, &key->src);
	buf = pool_get(&h->pool, POOL_BIG);
	if (!buf)
		return NULL;
	r = LIST_ENTRY(h->reasm.free.next, struct reasm, node);
	list_remove(&r->node);
	*r = (struct reasm){ .key = *key, .buf = buf };
	list_push_back(&h->reasm.waiting, &r->node);
	h->reasm.n++;
	timer_node_init(&r->timer);
	timerq_set(&h->reasm.timers, &r->timer, instant_add(now, DURATION_S(wait)));
	holes_init(&r->holes, buf->data + REASM_HEADER);
	return r;
}

/* The first part brings the header; others' headers do not matter. */
static bool add_header(struct reasm *r, const struct rx *rx, const struct part *p)
{
	if (p->header_len > REASM_HEADER - IPV6_FRAGMENT_LEN)
		return false;
	memcpy(r->buf->data + REASM_HEADER - p->header_len, rx->l3, p->header_len);
	r->header_len = (uint16_t)p->header_len;
	r->first_len = (uint16_t)(p->to - p->from);
	r->ifindex = rx->iface->ifindex;
	r->link_group = rx->link_group;
	return true;
}

/* Linux: ip_frag_queue(), ip6_frag_queue(). False: the datagram must go. */
static bool fits(struct reasm *r, const struct part *p)
{
	if (p->to <= p->from || p->to > PAYLOAD_MAX)
		return false;
	if (p->last) {
		if (p->to < r->len || (r->whole_known && p->to != r->len))
			return false;
	} else if (p->to > r->len && r->whole_known) {
		return false;
	}
	return true;
}

/* 1 taken, 0 a duplicate, -1 the datagram must go. */
static int add(struct reasm *r, const struct rx *rx, const struct part *p)
{
	if (!fits(r, p))
		return -1;
	switch (holes_fill(&r->holes, p->from, p->to, p->last)) {
	case HOLES_TAKEN:
		break;
	case HOLES_KNOWN:
		return 0;
	default:
		return -1;
	}
	if (p->to > r->len)
		r->len = p->to;
	r->whole_known |= p->last;
	r->ecn |= (uint8_t)(1u << (p->tos & ECN_BITS));
	memcpy(r->buf->data + REASM_HEADER + p->from, p->data, p->to - p->from);
	return p->from != 0 || add_header(r, rx, p) ? 1 : -1;
}

/* RFC 3168 5.3: one CE marks the whole, Not-ECT does not go with the others. */
static bool mend_ecn(const struct reasm *r, uint8_t *ecn)
{
	if ((r->ecn & 1) && r->ecn != 1)
		return false;
	if (r->ecn & 1 << ECN_CE)
		*ecn = ECN_CE;
	return true;
}

/* The datagram's own header; false: too long, or marked in a way that cannot be. */
static bool mend_v4(const struct reasm *r, uint8_t *header)
{
	struct checksum sum = CHECKSUM_INIT;
	uint8_t ecn = 0;

	if (r->header_len + r->len > IPV4_PACKET_MAX || !mend_ecn(r, &ecn))
		return false;
	header[1] |= ecn;
	put_be16(header + 2, (uint16_t)(r->header_len + r->len));
	put_be16(header + 6, 0);
	put_be16(header + 10, 0);
	checksum_add(&sum, header, r->header_len);
	put_be16(header + 10, checksum_finish(&sum));
	return true;
}

static bool mend_v6(const struct reasm *r, uint8_t *header)
{
	size_t payload = r->header_len - IPV6_HEADER_LEN + r->len;
	uint8_t ecn = 0;

	if (payload > IPV6_PAYLOAD_MAX || !mend_ecn(r, &ecn))
		return false;
	header[1] |= (uint8_t)(ecn << 4);
	put_be16(header + 4, (uint16_t)payload);
	header[r->named_at] = r->fragment[0];
	return true;
}

static void complete(struct ip_host *h, struct instant now, struct reasm *r,
	const struct rx *last)
{
	uint8_t *header = r->buf->data + REASM_HEADER - r->header_len;
	bool v4 = r->key.src.family == IP_V4;
	struct ip_buf *buf = r->buf;
	struct rx rx = *last;

	if (!(v4 ? mend_v4(r, header) : mend_v6(r, header))) {
		fail(h, r);
		return;
	}
	rx.reassembled = true;
	rx.link_group = r->link_group;
	rx.l3 = header;
	rx.l3_len = r->header_len + r->len;
	h->stats.ip_reasm_ok++;
	r->buf = NULL; /* ours while the transports look at it */
	drop(h, r);
	if (v4)
		input_ipv4(h, now, &rx);
	else
		input_ipv6(h, now, &rx);
	pool_put(&h->pool, buf);
}

static struct reasm *find_or_begin(struct ip_host *h, struct instant now,
	const struct reasm_key *key)
{
	struct reasm *r = find(&h->reasm, key);

	h->stats.ip_fragments++;
	if (!r)
		r = begin(h, now, key);
	if (!r)
		h->stats.ip_reasm_fail++;
	return r;
}

static void finish(struct ip_host *h, struct instant now, struct reasm *r,
	const struct rx *rx, int added)
{
	if (added < 0)
		fail(h, r);
	else if (added > 0 && r->whole_known && holes_none(&r->holes))
		complete(h, now, r, rx);
}

void reasm_input_v4(struct ip_host *h, struct instant now, const struct rx *rx,
	const struct ipv4_packet *p)
{
	struct reasm_key key = { p->h.src, p->h.dst, p->h.id, p->h.proto,
		rx->looped };
	struct part part = { .from = p->h.fragment_offset,
		.last = !p->h.more_fragments, .data = p->payload,
		.tos = p->h.tos, .header_len = p->header_len };
	struct reasm *r = find_or_begin(h, now, &key);

	if (!r)
		return;
	/* Linux cuts what is not a multiple of eight. */
	part.to = part.from + (uint32_t)(part.last ? p->len : p->len & ~7u);
	finish(h, now, r, rx, add(r, rx, &part));
}

/* RFC 8200 4.5: what the sender is told about a part that cannot be. */
static bool sound_v6(struct ip_host *h, struct instant now, const struct rx *rx,
	const struct ipv6_packet *p)
{
	const struct ipv6_fragment *f = &p->fragment;
	struct complaint c = { .what = ICMP_PROBLEM };

	if (f->more && p->len % 8 != 0)
		c.pointer = 4; /* the payload length */
	else if (f->offset + p->len > IPV6_PAYLOAD_MAX)
		c.pointer = (uint32_t)f->at + 2; /* the offset */
	else if (f->offset == 0 &&
		!ipv6_chain_is_whole(rx->l3[f->at], p->payload, p->len))
		c.code = ICMP6_PARAMETER_SHORT; /* RFC 7112 5 */
	else
		return true;
	h->stats.ip_fragments++;
	h->stats.ip_malformed++;
	icmp_send_error(h, now, rx, &p->h.src, &p->h.dst, p->h.tclass, &c);
	return false;
}

void reasm_input_v6(struct ip_host *h, struct instant now, const struct rx *rx,
	const struct ipv6_packet *p)
{
	const struct ipv6_fragment *f = &p->fragment;
	struct reasm_key key = { p->h.src, p->h.dst, f->id, 0, rx->looped };
	struct part part = { .from = f->offset, .last = !f->more,
		.to = f->offset + (uint32_t)p->len, .data = p->payload,
		.tos = p->h.tclass, .header_len = f->at };
	struct reasm *r;
	int added;

	if (!sound_v6(h, now, rx, p))
		return;
	r = find_or_begin(h, now, &key);
	if (!r)
		return;
	added = add(r, rx, &part);
	if (added > 0 && f->offset == 0) {
		r->named_at = (uint16_t)f->named_at;
		memcpy(r->fragment, rx->l3 + f->at, sizeof(r->fragment));
	}
	finish(h, now, r, rx, added);
}

/* The first part as it had come, for the quotation. */
static struct rx first_part(const struct ip_host *h, struct reasm *r)
{
	uint8_t *l3 = r->buf->data + REASM_HEADER - r->header_len;
	size_t len = r->header_len + r->first_len;

	if (r->key.src.family == IP_V6) {
		memmove(l3 - IPV6_FRAGMENT_LEN, l3, r->header_len);
		l3 -= IPV6_FRAGMENT_LEN;
		len += IPV6_FRAGMENT_LEN;
		memcpy(l3 + r->header_len, r->fragment, sizeof(r->fragment));
	}
	return (struct rx){ .iface = iface_get(h, r->ifindex),
		.ifindex = r->ifindex, .link_group = r->link_group,
		.looped = r->key.looped, .l3 = l3, .l3_len = len };
}

static void expire(struct ip_host *h, struct instant now, struct reasm *r)
{
	static const struct complaint late = { .what = ICMP_LATE };

	h->stats.ip_reasm_timeout++;
	if (r->header_len) {
		struct rx rx = first_part(h, r);
		uint8_t tos = r->key.src.family == IP_V4 ? rx.l3[1] : 0;

		icmp_send_error(h, now, &rx, &r->key.src, &r->key.dst, tos, &late);
	}
	fail(h, r);
}

void reasm_tick(struct ip_host *h, struct instant now)
{
	struct timer_node *t;

	while ((t = timerq_take_due(&h->reasm.timers, now)))
		expire(h, now, LIST_ENTRY(t, struct reasm, timer));
}
