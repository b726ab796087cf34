/* A queue of timers ordered by instant: an intrusive pairing heap.
 *
 * A node belongs to the structure that it is in; nothing is allocated. Setting
 * is O(1), cancelling and taking the first O(log n) amortised. Timers of the
 * same instant come out in the order in which they were set, so that a run is
 * the same on every machine.
 *
 * Sans-IO; calls nobody back.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef BASE_TIMERQ_H
#define BASE_TIMERQ_H

#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"

struct timer_node {
	struct instant at;	 /* INSTANT_NEVER: not set */
	uint64_t seq;		 /* queue's: order of setting */
	struct timer_node *child; /* queue's: first child */
	struct timer_node *next; /* queue's: next sibling */
	struct timer_node *prev; /* queue's: previous sibling, or the parent */
};

struct timerq {
	struct timer_node *root;
	uint64_t seq;
};

void timerq_init(struct timerq *q);
void timer_node_init(struct timer_node *n);
bool timer_node_is_set(const struct timer_node *n);
/* Set or move; INSTANT_NEVER cancels. n was initialised. */
void timerq_set(struct timerq *q, struct timer_node *n, struct instant at);
/* Harmless on a node that is not set. */
void timerq_cancel(struct timerq *q, struct timer_node *n);
/* The earliest instant, INSTANT_NEVER when empty. */
struct instant timerq_deadline(const struct timerq *q);
/* Takes out and returns the earliest node that is due (at <= now), or NULL. */
struct timer_node *timerq_take_due(struct timerq *q, struct instant now);

#endif
