/* Pairing heap (Fredman, Sedgewick, Sleator, Tarjan 1986). Each node has its
 * first child and a doubly linked list of siblings; `prev` of a first child is
 * the parent. Merging is iterative: no recursion whatever the shape.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "base/timerq.h"

#include <stddef.h>

void timerq_init(struct timerq *q)
{
	q->root = NULL;
	q->seq = 0;
}

void timer_node_init(struct timer_node *n)
{
	n->at = INSTANT_NEVER;
	n->seq = 0;
	n->child = n->next = n->prev = NULL;
}

bool timer_node_is_set(const struct timer_node *n)
{
	return !instant_is_never(n->at);
}

static bool earlier(const struct timer_node *a, const struct timer_node *b)
{
	return a->at.ns != b->at.ns ? a->at.ns < b->at.ns : a->seq < b->seq;
}

/* Both are roots without siblings; either may be NULL. */
static struct timer_node *meld(struct timer_node *a, struct timer_node *b)
{
	if (!a || !b)
		return a ? a : b;
	if (earlier(b, a)) {
		struct timer_node *t = a;

		a = b;
		b = t;
	}
	b->prev = a;
	b->next = a->child;
	if (a->child)
		a->child->prev = b;
	a->child = b;
	return a;
}

/* Two passes: meld siblings in pairs from left to right (the results are kept
 * as a stack through `next`), then meld that stack into one. */
static struct timer_node *meld_siblings(struct timer_node *n)
{
	struct timer_node *stack = NULL, *root = NULL;

	while (n) {
		struct timer_node *a = n, *b = n->next;

		n = b ? b->next : NULL;
		a->next = a->prev = NULL;
		if (b)
			b->next = b->prev = NULL;
		a = meld(a, b);
		a->next = stack;
		stack = a;
	}
	while (stack) {
		struct timer_node *a = stack;

		stack = a->next;
		a->next = NULL;
		root = meld(root, a);
	}
	return root;
}

void timerq_cancel(struct timerq *q, struct timer_node *n)
{
	if (!timer_node_is_set(n))
		return;
	if (n == q->root) {
		q->root = meld_siblings(n->child);
	} else {
		if (n->prev->child == n)
			n->prev->child = n->next;
		else
			n->prev->next = n->next;
		if (n->next)
			n->next->prev = n->prev;
		q->root = meld(q->root, meld_siblings(n->child));
	}
	if (q->root)
		q->root->prev = q->root->next = NULL;
	timer_node_init(n);
}

void timerq_set(struct timerq *q, struct timer_node *n, struct instant at)
{
	timerq_cancel(q, n);
	if (instant_is_never(at))
		return;
	n->at = at;
	n->seq = q->seq++;
	q->root = meld(q->root, n);
}

struct instant timerq_deadline(const struct timerq *q)
{
	return q->root ? q->root->at : INSTANT_NEVER;
}

struct timer_node *timerq_take_due(struct timerq *q, struct instant now)
{
	struct timer_node *n = q->root;

	if (!n || instant_before(now, n->at))
		return NULL;
	timerq_cancel(q, n);
	return n;
}
