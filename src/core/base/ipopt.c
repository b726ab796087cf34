/* IPv4 options: what may be sent, what may come, what each host writes into them.
 * Linux: __ip_options_compile(), ip_options_build(), __ip_options_echo(),
 * ip_options_undo(), ip_options_fragment().
 * SPDX-License-Identifier: BSD-2-Clause */
#include "base/ipopt.h"

#include <string.h>

enum {
	OPT_END = 0,
	OPT_NOP = 1,
	OPT_RECORD = 7,
	OPT_STAMP = 0x44,
	OPT_LOOSE = 0x83,
	OPT_CIPSO = 0x86,
	OPT_STRICT = 0x89,
	OPT_ALERT = 0x94, /* RFC 2113 */
	COPIED = 0x80,
	/* Kinds of time stamps. */
	STAMP_TIME = 0,
	STAMP_BOTH = 1,
	STAMP_GIVEN = 3, /* for the addresses that are named */
	STAMP_KIND = 0xf,
	STAMP_FULL = 15, /* hosts that found no room: it counts no further */
	ADDR = 4,
	POINTER_AT = 2,
	ROUTE_HOPS_AT = 3,
	KIND_AT = 3,
};

/* The next option of a list, which then begins behind it; NULL: none. The list is
 * sound as far as it has been walked: *bad if it goes on otherwise. */
static uint8_t *next(uint8_t **at, size_t *left, bool *bad)
{
	uint8_t *o;

	while (*left > 0 && **at == OPT_NOP) {
		++*at;
		--*left;
	}
	if (*left == 0 || **at == OPT_END)
		return NULL;
	o = *at;
	if (*left < 2 || o[1] < 2 || o[1] > *left) {
		*bad = true;
		return NULL;
	}
	*at += o[1];
	*left -= o[1];
	return o;
}

static bool has_slot(const uint8_t *o)
{
	return o[POINTER_AT] <= o[1];
}

static unsigned stamp_kind(const uint8_t *o)
{
	return o[KIND_AT] & STAMP_KIND;
}

/* Bytes of a time stamp's slot; 0: of a kind that nobody knows. */
static unsigned slot_len(const uint8_t *o)
{
	switch (stamp_kind(o)) {
	case STAMP_TIME:
		return ADDR;
	case STAMP_BOTH:
	case STAMP_GIVEN:
		return 2 * ADDR;
	default:
		return 0;
	}
}

/* What is wrong with one option, in Linux's order; NULL: nothing. */
static const uint8_t *record_fault(const uint8_t *o)
{
	if (o[1] < 3)
		return o + 1;
	if (o[POINTER_AT] < 4 || (has_slot(o) && o[POINTER_AT] + ADDR - 1 > o[1]))
		return o + POINTER_AT;
	return NULL;
}

/* Linux wants four bytes of room whatever the kind. */
static const uint8_t *stamp_fault(const uint8_t *o, bool strange)
{
	unsigned slot = slot_len(o);

	if (o[1] < 4)
		return o + 1;
	if (o[POINTER_AT] < 5)
		return o + POINTER_AT;
	if (!has_slot(o))
		return stamp_kind(o) != STAMP_GIVEN && o[KIND_AT] >> 4 == STAMP_FULL ?
			o + KIND_AT : NULL;
	if (o[POINTER_AT] + (slot ? slot : ADDR) - 1 > o[1])
		return o + POINTER_AT;
	return slot || strange ? NULL : o + KIND_AT;
}

static bool is_route(const uint8_t *o)
{
	return o[0] == OPT_LOOSE || o[0] == OPT_STRICT;
}

/* A program's begins with its first hop and has nothing behind its last. */
static const uint8_t *route_fault(const uint8_t *o, bool sending)
{
	if (o[1] < 3)
		return o + 1;
	if (o[POINTER_AT] < 4)
		return o + POINTER_AT;
	return sending && (o[POINTER_AT] != 4 || o[1] < ROUTE_HOPS_AT + ADDR ||
			(o[1] - ROUTE_HOPS_AT) % ADDR) ? o + 1 : NULL;
}

/* strange: also what is known to nobody here. seen: kinds that may come once. */
static const uint8_t *option_fault(const uint8_t *o, bool strange, bool sending,
	unsigned *seen)
{
	unsigned kind = o[0] == OPT_RECORD ? 1 : o[0] == OPT_STAMP ? 2 :
		is_route(o) ? 4 : 0;
	const uint8_t *bad = kind == 1 ? record_fault(o) :
		kind == 2 ? stamp_fault(o, strange) :
		kind == 4 ? route_fault(o, sending) : NULL;

	/* Linux: a second route is seen after its own faults, the others before. */
	if ((*seen & kind) && !(bad && kind == 4))
		return o;
	*seen |= kind;
	if (kind)
		return bad;
	if (o[0] == OPT_ALERT)
		return o[1] < 4 ? o + 1 : NULL;
	if (o[0] == OPT_CIPSO) /* no domain of interpretation is known */
		return o + 2;
	return strange ? NULL : o;
}

static const uint8_t *fault(uint8_t *o, size_t len, bool strange, bool sending)
{
	const uint8_t *wrong = NULL;
	unsigned seen = 0;
	bool bad = false;
	uint8_t *p;

	while (!wrong && (p = next(&o, &len, &bad)) != NULL)
		wrong = option_fault(p, strange, sending, &seen);
	return bad ? o : wrong;
}

static uint8_t *slot_of(uint8_t *o)
{
	return o + o[POINTER_AT] - 1;
}

/* Is the next slot, which names an address, for another host to fill? */
static bool is_others(const uint8_t *o, const struct ipopt_host *h)
{
	return stamp_kind(o) == STAMP_GIVEN &&
		h->elsewhere(h->user, o + o[POINTER_AT] - 1);
}

static void empty_slot(uint8_t *o, const struct ipopt_host *h)
{
	unsigned len = o[0] == OPT_RECORD ? ADDR : slot_len(o);

	if (!has_slot(o))
		return;
	if (o[0] == OPT_STAMP && stamp_kind(o) == STAMP_GIVEN) {
		if (!is_others(o, h))
			memset(slot_of(o) + ADDR, 0, ADDR);
	} else {
		memset(slot_of(o), 0, len);
	}
}

bool ipopt_may_send(uint8_t *o, size_t len, const struct ipopt_host *h,
	bool privileged)
{
	bool bad = false;
	uint8_t *p;

	if (len > IPOPT_BYTES || len % 4 || fault(o, len, privileged, true))
		return false;
	while ((p = next(&o, &len, &bad)) != NULL)
		if (p[0] == OPT_RECORD || p[0] == OPT_STAMP)
			empty_slot(p, h);
	memset(o, OPT_END, len);
	return true;
}

int ipopt_wrong(const uint8_t *o, size_t len)
{
	uint8_t copy[IPOPT_BYTES];
	const uint8_t *at;

	if (len > sizeof(copy))
		return 0;
	memcpy(copy, o, len);
	at = fault(copy, len, true, false);
	return at ? (int)(at - copy) : -1;
}

/* The source route of a list that is sound; NULL: none. */
static uint8_t *find_route(uint8_t *o, size_t len)
{
	bool bad = false;
	uint8_t *p;

	while ((p = next(&o, &len, &bad)) != NULL)
		if (is_route(p))
			break;
	return p;
}

bool ipopt_may_come(const uint8_t *o, size_t len)
{
	return ipopt_wrong(o, len) < 0 && !find_route((uint8_t *)(uintptr_t)o, len);
}

bool ipopt_hop(const struct ip_options *o, uint8_t hop[4], bool *strict)
{
	struct ip_options copy = *o;
	uint8_t *p;

	if (o->len > IPOPT_BYTES || fault(copy.bytes, copy.len, true, true))
		return false;
	p = find_route(copy.bytes, copy.len);
	if (!p)
		return false;
	memcpy(hop, p + ROUTE_HOPS_AT, ADDR);
	if (strict)
		*strict = p[0] == OPT_STRICT;
	return true;
}

struct ip_addr ipopt_first_hop(const struct ip_options *o, const struct ip_addr *dst)
{
	uint8_t hop[ADDR];

	return dst->family == IP_V4 && o && ipopt_hop(o, hop, NULL) ?
		ip_addr_from(IP_V4, hop) : *dst;
}

void ipopt_set_out(struct ip_options *o, const uint8_t dst[4])
{
	uint8_t *p = find_route(o->bytes, o->len), *hops;

	if (!p)
		return;
	hops = p + ROUTE_HOPS_AT;
	memmove(hops, hops + ADDR, p[1] - ROUTE_HOPS_AT - ADDR);
	memcpy(p + p[1] - ADDR, dst, ADDR);
}

static void put_ms(uint8_t *at, uint32_t ms)
{
	for (unsigned k = 0; k < 4; k++)
		at[k] = (uint8_t)(ms >> (24 - 8 * k));
}

static void fill_stamp(uint8_t *o, const struct ipopt_host *h, bool received)
{
	uint8_t *slot = slot_of(o);
	unsigned len = slot_len(o);

	if (!has_slot(o)) {
		if (received && stamp_kind(o) != STAMP_GIVEN)
			o[KIND_AT] = (uint8_t)(o[KIND_AT] + 0x10);
		return;
	}
	if (len == 0 || is_others(o, h))
		return;
	if (stamp_kind(o) == STAMP_BOTH)
		memcpy(slot, h->addr, ADDR);
	put_ms(slot + len - ADDR, h->ms);
	o[POINTER_AT] = (uint8_t)(o[POINTER_AT] + len);
}

void ipopt_fill(uint8_t *o, size_t len, const struct ipopt_host *h, bool received)
{
	bool bad = false;
	uint8_t *p;

	if (ipopt_wrong(o, len) >= 0)
		return; /* what lies there may be a program's word */
	while ((p = next(&o, &len, &bad)) != NULL) {
		if (p[0] == OPT_STAMP) {
			fill_stamp(p, h, received);
		} else if (p[0] == OPT_RECORD && has_slot(p)) {
			memcpy(slot_of(p), h->addr, ADDR);
			p[POINTER_AT] = (uint8_t)(p[POINTER_AT] + ADDR);
		}
	}
	if (received)
		memset(o, OPT_END, len);
}

int ipopt_echo(const uint8_t *o, size_t len, const struct ipopt_host *h, uint8_t *out)
{
	static const uint8_t order[] = { OPT_RECORD, OPT_STAMP };
	uint8_t copy[IPOPT_BYTES];
	size_t n = 0;

	if (ipopt_wrong(o, len) >= 0)
		return -1;
	memcpy(copy, o, len);
	memset(out, OPT_END, IPOPT_BYTES);
	for (unsigned k = 0; k < sizeof(order); k++) {
		uint8_t *at = copy, *p;
		size_t left = len;
		bool bad = false;

		while ((p = next(&at, &left, &bad)) != NULL) {
			if (p[0] != order[k])
				continue;
			memcpy(out + n, p, p[1]);
			empty_slot(out + n, h);
			n += p[1];
		}
	}
	return (int)((n + 3) & ~(size_t)3);
}

void ipopt_fragment(uint8_t *o, size_t len)
{
	bool bad = false;
	uint8_t *p;

	while ((p = next(&o, &len, &bad)) != NULL)
		if (!(p[0] & COPIED))
			memset(p, OPT_NOP, p[1]);
}
