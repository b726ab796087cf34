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

static bool record_is_sound(const uint8_t *o)
{
	return o[1] >= 3 && o[POINTER_AT] >= 4 &&
		(!has_slot(o) || o[POINTER_AT] + ADDR - 1 <= o[1]);
}

/* Linux wants four bytes of room whatever the kind. */
static bool stamp_is_sound(const uint8_t *o, bool any_kind)
{
	unsigned slot;

	if (o[1] < 4 || o[POINTER_AT] < 5)
		return false;
	if (!has_slot(o))
		return stamp_kind(o) == STAMP_GIVEN || o[KIND_AT] >> 4 != STAMP_FULL;
	slot = slot_len(o);
	return o[POINTER_AT] + (slot ? slot : ADDR) - 1 <= o[1] && (slot || any_kind);
}

/* strange: also what is known to nobody here. */
static bool is_sound(uint8_t *o, size_t len, bool strange)
{
	bool bad = false, record = false, stamp = false;
	uint8_t *p;

	while ((p = next(&o, &len, &bad)) != NULL) {
		switch (p[0]) {
		case OPT_RECORD:
			bad = record || !record_is_sound(p);
			record = true;
			break;
		case OPT_STAMP:
			bad = stamp || !stamp_is_sound(p, strange);
			stamp = true;
			break;
		case OPT_ALERT:
			bad = p[1] < 4;
			break;
		case OPT_LOOSE:
		case OPT_STRICT:
		case OPT_CIPSO: /* no domain of interpretation is known */
			bad = true;
			break;
		default:
			bad = !strange;
		}
		if (bad)
			return false;
	}
	return !bad;
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

	if (len > IPOPT_BYTES || len % 4 || !is_sound(o, len, privileged))
		return false;
	while ((p = next(&o, &len, &bad)) != NULL)
		if (p[0] == OPT_RECORD || p[0] == OPT_STAMP)
			empty_slot(p, h);
	memset(o, OPT_END, len);
	return true;
}

bool ipopt_may_come(const uint8_t *o, size_t len)
{
	uint8_t copy[IPOPT_BYTES];

	if (len > sizeof(copy))
		return false;
	memcpy(copy, o, len);
	return is_sound(copy, len, true);
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

	if (len > IPOPT_BYTES || !ipopt_may_come(o, len))
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

	if (!ipopt_may_come(o, len))
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
