/* RFC 815's list of holes.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "holes.h"

#include <string.h>

#include "ip/limits.h"

enum { UNIT = 8, NO_END = 0xffff, NONE = 0xffff };

struct hole {
	uint16_t end;  /* unit behind it, or NO_END */
	uint16_t next; /* unit where the next one begins, or NONE */
};

static struct hole get(const struct holes *h, uint16_t at)
{
	struct hole x;

	memcpy(&x, h->data + (size_t)at * UNIT, sizeof(x));
	return x;
}

static void put(struct holes *h, uint16_t at, uint16_t end, uint16_t next)
{
	struct hole x = { end, next };

	memcpy(h->data + (size_t)at * UNIT, &x, sizeof(x));
}

/* The hole before names another one behind it. */
static void link_to(struct holes *h, uint16_t before, uint16_t at)
{
	if (before == NONE)
		h->first = at;
	else
		put(h, before, get(h, before).end, at);
}

void holes_init(struct holes *h, uint8_t *data)
{
	*h = (struct holes){ .data = data, .first = 0, .n = 1 };
	put(h, 0, NO_END, NONE);
}

enum holes_verdict holes_fill(struct holes *h, uint32_t from, uint32_t to,
	int last)
{
	uint16_t a = (uint16_t)(from / UNIT), b = (uint16_t)((to + UNIT - 1) / UNIT);
	uint16_t before = NONE, at = h->n ? h->first : NONE, behind;
	struct hole x = { 0, NONE };

	/* The first hole that ends behind our beginning. */
	for (; at != NONE; before = at, at = x.next) {
		x = get(h, at);
		if (x.end > a)
			break;
	}
	if (at == NONE || at >= b)
		return HOLES_KNOWN;
	if (at > a || (x.end != NO_END && x.end < b))
		return HOLES_OVERLAP;
	behind = x.next;
	if (x.end != b && !(x.end == NO_END && last)) { /* room is left behind */
		if (at < a && h->n == REASM_HOLES_MAX)
			return HOLES_TOO_MANY;
		put(h, b, x.end, x.next);
		behind = b;
		h->n++;
	}
	if (at < a) {
		put(h, at, a, behind);
	} else {
		link_to(h, before, behind);
		h->n--;
	}
	return HOLES_TAKEN;
}
