/* The analysis of TCP connections: its two passes, and which numbers came by.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "watch.h"

static void hole_add(struct track *t, struct seq from, struct seq to)
{
	if (t->n_holes == HOLES_MAX)
		return; /* what fills it will count as sent again */
	t->hole[t->n_holes].from = from;
	t->hole[t->n_holes++].to = to;
}

/* Takes from..to out of the holes; did any of it lie in one? */
static bool holes_fill(struct track *t, struct seq from, struct seq to)
{
	bool filled = false;

	for (unsigned i = 0; i < t->n_holes; i++) {
		struct seq a = t->hole[i].from, b = t->hole[i].to;

		if (!seq_lt(from, b) || !seq_lt(a, to))
			continue;
		filled = true;
		t->hole[i] = t->hole[--t->n_holes];
		if (seq_lt(a, from))
			hole_add(t, a, from);
		if (seq_lt(to, b))
			hole_add(t, to, b);
		i--; /* the one moved here; parts that remain do not overlap */
	}
	return filled;
}

enum track_verdict track_take(struct track *t, struct seq from, struct seq to)
{
	enum track_verdict v = TRACK_NEW;

	if (!t->any) {
		t->any = true;
		t->next = to;
		return TRACK_NEW;
	}
	if (seq_lt(t->next, from))
		hole_add(t, t->next, from);
	if (seq_lt(from, t->next))
		v = holes_fill(t, from, to) ? TRACK_FILLS : TRACK_AGAIN;
	t->next = seq_max(t->next, to);
	return v;
}

/* So that one end's changes are found without looking at those of all others. */
static void link_changes(struct talk *t)
{
	for (size_t i = 0; i < t->n_changes; i++) {
		struct talk_change *c = &t->changes[i];
		size_t *last = &t->flows[c->flow].changed[c->side];

		c->before = *last;
		*last = i + 1;
	}
}

int watch_all(struct talk *t)
{
	int err = marks_set(t);

	if (!err)
		err = states_follow(t);
	if (!err)
		link_changes(t);
	return err;
}
