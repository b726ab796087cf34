/* The delay queue: frames under way, by the time they arrive and then by the
 * order they were put in (a 4-ary heap in an array that grows).
 *
 * Putting in rising order, the usual case, is one comparison; taking out is a
 * few cache lines. SPDX-License-Identifier: BSD-2-Clause */
#ifndef LINK_DQUEUE_H
#define LINK_DQUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/time.h"

struct frame;

struct dqueue_entry {
	struct instant at;
	uint64_t seq;	     /* given by dqueue_put */
	struct frame *frame; /* a reference of the entry's own */
	int32_t from;	     /* port number or LINK_DEVICE, the link's business */
	int32_t to;
};

struct dqueue {
	struct dqueue_entry *heap;
	size_t count;
	size_t room;
	uint64_t next_seq;
};

void dqueue_init(struct dqueue *q);
/* The caller has taken out what it must release. */
void dqueue_fini(struct dqueue *q);
/* Copies *e and numbers it. 0 or -ENOMEM. */
int dqueue_put(struct dqueue *q, const struct dqueue_entry *e);
/* The first entry, if it is due and was put in before number `limit`. */
bool dqueue_take(struct dqueue *q, struct instant now, uint64_t limit,
	struct dqueue_entry *out);

static inline struct instant dqueue_deadline(const struct dqueue *q)
{
	return q->count ? q->heap[0].at : INSTANT_NEVER;
}

#endif
