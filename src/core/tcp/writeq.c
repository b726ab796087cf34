/* The ring of pieces that wait to be sent.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "writeq.h"

#include <stdlib.h>

#include "limits.h"
#include "ring.h"

enum { WRITEQ_FIRST = 4 };

static const struct ring_kind kind = { sizeof(struct piece), WRITEQ_FIRST, TCP_WRITEQ_MAX };

void writeq_init(struct writeq *q)
{
	*q = (struct writeq){ 0 };
}

void writeq_fini(struct writeq *q)
{
	free(q->ring);
	writeq_init(q);
}

static bool make_room(struct writeq *q)
{
	struct piece *ring = ring_room(q->ring, &kind, &q->cap, &q->head, q->n);

	if (ring)
		q->ring = ring;
	return ring;
}

struct piece *writeq_push(struct writeq *q, struct seq end, uint8_t flags)
{
	struct piece *p;

	if (!make_room(q))
		return NULL;
	p = writeq_at(q, q->n++);
	*p = (struct piece){ end, flags };
	return p;
}

void writeq_pop(struct writeq *q)
{
	q->head = (q->head + 1) & (q->cap - 1);
	q->n--;
	if (q->n == 0 && q->cap > WRITEQ_FIRST * 4)
		writeq_fini(q); /* idle connections stay small */
}

bool writeq_cut(struct writeq *q, struct seq at)
{
	if (!make_room(q))
		return false;
	q->head = (q->head - 1) & (q->cap - 1);
	q->n++;
	*writeq_at(q, 0) = (struct piece){ at, 0 };
	return true;
}

/* Linux: tcp_grow_skb(). */
void writeq_grow(struct writeq *q, uint32_t want)
{
	struct piece *p, *next;

	if (q->n < 2 || (writeq_at(q, 0)->flags & PIECE_EOR))
		return;
	p = writeq_at(q, 0);
	next = writeq_at(q, 1);
	if (want < (uint32_t)seq_diff(next->end, p->end)) {
		p->end = seq_add(p->end, want);
		return;
	}
	next->flags |= p->flags;
	writeq_pop(q);
}
