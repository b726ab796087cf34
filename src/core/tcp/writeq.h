/* What the user has written and TCP has not sent: the pieces into which it was cut
 * when it was written, in order of sequence number (Linux: sk_write_queue, whose
 * skbs decide which segments carry PSH and what may go out as one).
 *
 *   snd_nxt                                               tx_end
 *     |=== piece ===|======= piece =======|== tail, may grow ==|
 *
 * Only ends are kept: the first piece begins where nothing was sent yet.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_WRITEQ_H
#define TCP_WRITEQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/seq.h"

enum piece_flag {
	PIECE_PSH = 1 << 0,
	PIECE_EOR = 1 << 1, /* nothing is put behind it (MSG_EOR) */
	PIECE_FIN = 1 << 2, /* the end of all */
};

struct piece {
	struct seq end; /* number after its last byte; a FIN does not count */
	uint8_t flags;	/* set of enum piece_flag */
};

struct writeq {
	struct piece *ring; /* own, `cap` of them, a power of two */
	uint32_t cap, head, n;
};

void writeq_init(struct writeq *q);
void writeq_fini(struct writeq *q);
static inline struct piece *writeq_at(const struct writeq *q, uint32_t i)
{
	return &q->ring[(q->head + i) & (q->cap - 1)];
}
/* NULL: nothing waits. */
static inline struct piece *writeq_first(const struct writeq *q)
{
	return q->n ? writeq_at(q, 0) : NULL;
}
static inline struct piece *writeq_tail(const struct writeq *q)
{
	return q->n ? writeq_at(q, q->n - 1) : NULL;
}
/* A new tail; NULL when memory is short or there are too many. */
struct piece *writeq_push(struct writeq *q, struct seq end, uint8_t flags);
void writeq_pop(struct writeq *q);
/* Cuts the first piece at `at`: flags stay with the rest. False: no memory. */
bool writeq_cut(struct writeq *q, struct seq at);
/* Makes the first piece up to `want` bytes longer, at the cost of the second. */
void writeq_grow(struct writeq *q, uint32_t want);

#endif
