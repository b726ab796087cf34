/* Impairments of one direction: given a frame's length and the time it enters,
 * say what becomes of it and when it arrives. Touches no frame, so that any
 * link can be wrapped.
 *
 *   enters ->[ drop-tail queue ]-> serialised at `rate` ->( lost? )-> delay
 *        \                                                 +- jitter -> arrives
 *         `--- reordered: neither queued nor delayed ---------------------^
 *
 * The queue and the rate stand before the loss, as a sender's card stands
 * before the wire: a lost frame has used its share of the rate.
 *
 * Same seed and same frames at the same times: same fates.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef LINK_IMPAIR_H
#define LINK_IMPAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"
#include "base/time.h"
#include "link/link.h"

struct impair {
	struct rng rng;
	bool burst;		/* Gilbert's bad state: frames are being lost */
	struct instant idle_at; /* when the last frame will have been serialised */
	uint64_t carry;		/* of that time, in 1/rate ns: exact pacing */
	struct instant last;	/* latest arrival of those kept in order */
	/* When each waiting frame starts to be serialised, a ring. */
	int64_t *starts;
	uint32_t starts_room; /* power of two, or 0 */
	uint32_t starts_first;
	uint32_t starts_count;
};

enum impair_verdict {
	IMPAIR_PASS,
	IMPAIR_LOST,
	IMPAIR_QUEUE_FULL,
};

struct impair_fate {
	enum impair_verdict verdict;
	struct instant at; /* arrival; of a passed frame only */
	bool duplicated;   /* arrives twice */
	bool reordered;
	bool corrupted;
	uint32_t bit; /* which is turned, counted from the first byte's lowest */
};

void impair_init(struct impair *d, uint64_t seed);
void impair_fini(struct impair *d);
/* Does this do anything at all? */
bool impair_is_none(const struct link_impair *cfg);
/* The fate of a frame of len > 0 bytes. cfg has passed link_check_impair(). */
void impair_decide(struct impair *d, const struct link_impair *cfg,
	struct instant now, size_t len, struct impair_fate *out);

#endif
