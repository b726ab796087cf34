/* A queue of timers ordered by instant: an intrusive hierarchical wheel.
 *
 * A node belongs to the structure that it is in; nothing is allocated. Setting and
 * cancelling are O(1), and so is taking, but for at most TIMERQ_LEVELS moves of each
 * node in its life: nothing depends on how many there are. Timers of the same instant
 * come out in the order in which they were set, so that a run is the same on every
 * machine.
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
	struct timer_node *next; /* queue's: in its slot, a ring */
	struct timer_node *prev;
	uint8_t level, slot;	 /* queue's */
};

enum { TIMERQ_LEVELS = 16, TIMERQ_SLOTS = 16 };

struct timerq {
	struct instant base; /* nothing is before it */
	uint32_t levels;     /* those that hold any, a bit each */
	uint32_t slots[TIMERQ_LEVELS]; /* likewise */
	struct timer_node *first[TIMERQ_LEVELS][TIMERQ_SLOTS];
};

void timerq_init(struct timerq *q);
void timer_node_init(struct timer_node *n);
bool timer_node_is_set(const struct timer_node *n);
/* Set or move; INSTANT_NEVER cancels. n was initialised. What is earlier than what has
 * been taken already is due at once. */
void timerq_set(struct timerq *q, struct timer_node *n, struct instant at);
/* Harmless on a node that is not set. */
void timerq_cancel(struct timerq *q, struct timer_node *n);
/* When to look again, INSTANT_NEVER when empty: the earliest instant; where many timers
 * lie together, perhaps a little before (timerq_take_due() then brings it nearer). */
struct instant timerq_deadline(const struct timerq *q);
/* Takes out and returns the earliest node that is due (at <= now), or NULL. now never
 * goes back. */
struct timer_node *timerq_take_due(struct timerq *q, struct instant now);

#endif
