/* A 4-ary heap ordered by (time, number).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "dqueue.h"

#include <errno.h>
#include <stdlib.h>

#define DQUEUE_ARITY 4
#define DQUEUE_ROOM_MIN 64 /* entries of the first allocation */

void dqueue_init(struct dqueue *q)
{
	*q = (struct dqueue){ 0 };
}

void dqueue_fini(struct dqueue *q)
{
	free(q->heap);
	dqueue_init(q);
}

static inline bool sooner(const struct dqueue_entry *a,
	const struct dqueue_entry *b)
{
	return a->at.ns < b->at.ns || (a->at.ns == b->at.ns && a->seq < b->seq);
}

static int dqueue_grow(struct dqueue *q)
{
	size_t room = q->room ? q->room * 2 : DQUEUE_ROOM_MIN;
	struct dqueue_entry *heap;

	heap = realloc(q->heap, room * sizeof(*heap));
	if (!heap)
		return -ENOMEM;
	q->heap = heap;
	q->room = room;
	return 0;
}

int dqueue_put(struct dqueue *q, const struct dqueue_entry *e)
{
	struct dqueue_entry entry = *e;
	size_t i;

	if (q->count == q->room && dqueue_grow(q) < 0)
		return -ENOMEM;
	entry.seq = q->next_seq++;
	for (i = q->count++; i > 0;) {
		size_t up = (i - 1) / DQUEUE_ARITY;

		if (!sooner(&entry, &q->heap[up]))
			break;
		q->heap[i] = q->heap[up];
		i = up;
	}
	q->heap[i] = entry;
	return 0;
}

/* Let `e`, taken from the end, sink from the top to its place. */
static void dqueue_sink(struct dqueue *q, const struct dqueue_entry *e)
{
	size_t i = 0;

	for (;;) {
		size_t child = i * DQUEUE_ARITY + 1, end, best;

		if (child >= q->count)
			break;
		end = child + DQUEUE_ARITY;
		if (end > q->count)
			end = q->count;
		best = child;
		while (++child < end)
			if (sooner(&q->heap[child], &q->heap[best]))
				best = child;
		if (!sooner(&q->heap[best], e))
			break;
		q->heap[i] = q->heap[best];
		i = best;
	}
	q->heap[i] = *e;
}

bool dqueue_take(struct dqueue *q, struct instant now, uint64_t limit,
	struct dqueue_entry *out)
{
	struct dqueue_entry end;

	if (!q->count || instant_before(now, q->heap[0].at) ||
		q->heap[0].seq >= limit)
		return false;
	*out = q->heap[0];
	end = q->heap[--q->count];
	if (q->count)
		dqueue_sink(q, &end);
	return true;
}
