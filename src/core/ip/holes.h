/* Which parts of a datagram have not come yet: RFC 815's list of holes, kept in
 * the holes themselves, so that it needs no memory beside the datagram's.
 *
 *   data:  |######|-> end, next .......|######|-> end, next ......
 *          first hole ^                        ^ last hole: no end yet
 *
 * Units of eight bytes. SPDX-License-Identifier: BSD-2-Clause */
#ifndef IP_HOLES_H
#define IP_HOLES_H

#include <stdint.h>

struct holes {
	uint8_t *data;	/* caller's: 65536 bytes */
	uint16_t first; /* unit where the first hole begins */
	uint16_t n;
};

enum holes_verdict {
	HOLES_TAKEN,   /* the part was missing, all of it */
	HOLES_KNOWN,   /* it had come, all of it: a duplicate */
	HOLES_OVERLAP, /* some of it had come */
	HOLES_TOO_MANY,
};

/* One hole, from the beginning, without end. */
void holes_init(struct holes *h, uint8_t *data);
/* Bytes [from, to) have come (from a multiple of eight; to likewise, unless
 * `last`: there is nothing behind them). The caller then copies them to their
 * place, before it asks again. */
enum holes_verdict holes_fill(struct holes *h, uint32_t from, uint32_t to,
	int last);
/* Nothing is missing. */
static inline int holes_none(const struct holes *h)
{
	return h->n == 0;
}

#endif
