/* Hierarchical timing wheel (Varghese, Lauck 1987), exact to the nanosecond.
 *
 * An instant is a number of sixteen digits in base sixteen. Against `base` a node lies
 * on the level of the highest digit in which it differs, in the slot of its own digit
 * there: so all of a level is before all of a higher one, and a slot before the next.
 * On level 0 a slot is one instant. When a higher slot's time has come, base moves to
 * its beginning and its nodes fall to lower levels, each at most once a level.
 *
 *            base   ...3 7 2
 *     level 0        3 7 5     slot 5 of level 0
 *     level 1        3 9 0     slot 9 of level 1, as 391 .. 39f
 *     level 2        4 0 0     slot 4 of level 2
 *
 * Nodes of the same instant lie in the same slot whenever they were set, and slots keep
 * their order when they fall.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "base/timerq.h"

#include <stddef.h>
#include <string.h>

enum {
	DIGIT = 4, /* bits */
	LOOK = 16, /* nodes of a slot that a deadline is sought among */
};

void timerq_init(struct timerq *q)
{
	memset(q, 0, sizeof(*q));
}

void timer_node_init(struct timer_node *n)
{
	*n = (struct timer_node){ .at = INSTANT_NEVER };
}

bool timer_node_is_set(const struct timer_node *n)
{
	return !instant_is_never(n->at);
}

static void put(struct timerq *q, struct timer_node *n)
{
	uint64_t base = (uint64_t)q->base.ns;
	uint64_t at = n->at.ns < q->base.ns ? base : (uint64_t)n->at.ns;
	unsigned level = at == base ? 0 :
		(63u - (unsigned)__builtin_clzll(at ^ base)) / DIGIT;
	unsigned slot = (unsigned)(at >> (DIGIT * level)) % TIMERQ_SLOTS;
	struct timer_node **head = &q->first[level][slot], *first = *head;

	n->level = (uint8_t)level;
	n->slot = (uint8_t)slot;
	if (!first) {
		*head = n->next = n->prev = n;
		q->slots[level] |= 1u << slot;
		q->levels |= 1u << level;
		return;
	}
	n->next = first;
	n->prev = first->prev;
	first->prev->next = n;
	first->prev = n;
}

static void slot_is_empty(struct timerq *q, unsigned level, unsigned slot)
{
	q->first[level][slot] = NULL;
	q->slots[level] &= ~(1u << slot);
	if (q->slots[level] == 0)
		q->levels &= ~(1u << level);
}

void timerq_cancel(struct timerq *q, struct timer_node *n)
{
	struct timer_node **head = &q->first[n->level][n->slot];

	if (!timer_node_is_set(n))
		return;
	if (n->next == n) {
		slot_is_empty(q, n->level, n->slot);
	} else {
		n->prev->next = n->next;
		n->next->prev = n->prev;
		if (*head == n)
			*head = n->next;
	}
	timer_node_init(n);
}

void timerq_set(struct timerq *q, struct timer_node *n, struct instant at)
{
	timerq_cancel(q, n);
	if (instant_is_never(at))
		return;
	n->at = at;
	put(q, n);
}

/* The slot of the earliest; *begin: the first instant that it is for. NULL: empty. */
static struct timer_node *earliest(const struct timerq *q, struct instant *begin)
{
	unsigned level, slot, shift;
	uint64_t mask;

	if (q->levels == 0)
		return NULL;
	level = (unsigned)__builtin_ctz(q->levels);
	slot = (unsigned)__builtin_ctz(q->slots[level]);
	shift = DIGIT * level;
	mask = shift + DIGIT < 64 ? ~0ull << (shift + DIGIT) : 0;
	begin->ns = (int64_t)(((uint64_t)q->base.ns & mask) |
		(uint64_t)slot << shift);
	return q->first[level][slot];
}

struct instant timerq_deadline(const struct timerq *q)
{
	struct instant begin = INSTANT_NEVER, least;
	const struct timer_node *first = earliest(q, &begin), *n = first;

	if (!first || first->level == 0)
		return begin;
	least = n->at;
	for (int i = 0; i < LOOK; i++) {
		n = n->next;
		if (n == first)
			return least;
		least = instant_min(least, n->at);
	}
	return begin;
}

/* The time of a higher slot has come: its nodes, in their order, to lower levels. */
static void fall(struct timerq *q, struct timer_node *first, struct instant begin)
{
	struct timer_node *n = first, *next;

	slot_is_empty(q, first->level, first->slot);
	q->base = begin;
	do {
		next = n->next;
		put(q, n);
		n = next;
	} while (n != first);
}

struct timer_node *timerq_take_due(struct timerq *q, struct instant now)
{
	struct instant begin;
	struct timer_node *first = earliest(q, &begin);

	for (; first && !instant_before(now, begin); first = earliest(q, &begin)) {
		if (first->level == 0) {
			q->base = begin;
			timerq_cancel(q, first);
			return first;
		}
		fall(q, first, begin);
	}
	return NULL;
}
