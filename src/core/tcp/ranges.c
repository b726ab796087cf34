/* Sorted array with binary search: holes are few, and moving a few hundred
 * bytes costs less than a tree's misses.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "ranges.h"

#include <stdlib.h>
#include <string.h>

#include "limits.h"

enum { RANGES_FIRST = 8 };

void ranges_init(struct ranges *r)
{
	*r = (struct ranges){ 0 };
}

void ranges_fini(struct ranges *r)
{
	free(r->at);
	ranges_init(r);
}

static bool make_room(struct ranges *r)
{
	uint32_t cap = r->cap ? r->cap * 2 : RANGES_FIRST;
	struct range *p;

	if (r->n < r->cap)
		return true;
	if (cap > TCP_RANGES_MAX)
		return false;
	p = realloc(r->at, cap * sizeof(*p));
	if (!p)
		return false;
	r->at = p;
	r->cap = cap;
	return true;
}

/* The first range that ends at or after s. */
static uint32_t lower(const struct ranges *r, struct seq s)
{
	uint32_t lo = 0, hi = r->n;

	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;

		if (seq_lt(r->at[mid].to, s))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void erase(struct ranges *r, uint32_t first, uint32_t n)
{
	if (n == 0)
		return;
	memmove(r->at + first, r->at + first + n,
		(r->n - first - n) * sizeof(*r->at));
	r->n -= n;
}

bool ranges_add(struct ranges *r, struct seq from, struct seq to,
	struct range *merged)
{
	uint32_t i = lower(r, from), j = i;
	struct range all = { from, to };

	*merged = (struct range){ from, from };
	/* [i, j): the ranges that touch or overlap the new one */
	while (j < r->n && seq_le(r->at[j].from, to))
		j++;
	if (i == j) {
		if (!make_room(r))
			return false;
		memmove(r->at + i + 1, r->at + i, (r->n - i) * sizeof(*r->at));
		r->n++;
	} else {
		if (j - i == 1 && seq_le(r->at[i].from, from) &&
			seq_le(to, r->at[i].to)) {
			*merged = r->at[i];
			return false;
		}
		all.from = seq_min(all.from, r->at[i].from);
		all.to = seq_max(all.to, r->at[j - 1].to);
		erase(r, i + 1, j - i - 1);
	}
	r->at[i] = all;
	*merged = all;
	return true;
}

struct seq ranges_take(struct ranges *r, struct seq to)
{
	uint32_t n = 0;

	while (n < r->n && seq_le(r->at[n].from, to))
		to = seq_max(to, r->at[n++].to);
	erase(r, 0, n);
	if (r->n == 0)
		ranges_fini(r);
	return to;
}

void ranges_cut(struct ranges *r, struct seq from)
{
	while (r->n && seq_le(from, r->at[r->n - 1].from))
		r->n--;
	if (r->n == 0)
		ranges_fini(r);
	else if (seq_lt(from, r->at[r->n - 1].to))
		r->at[r->n - 1].to = from;
}

const struct range *ranges_behind(const struct ranges *r, struct seq s)
{
	uint32_t i = lower(r, seq_add(s, 1));

	return i < r->n ? &r->at[i] : NULL;
}

const struct range *ranges_find(const struct ranges *r, struct seq s)
{
	const struct range *at = ranges_behind(r, s);

	return at && seq_le(at->from, s) ? at : NULL;
}

uint32_t ranges_bytes(const struct ranges *r)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < r->n; i++)
		n += (uint32_t)seq_diff(r->at[i].to, r->at[i].from);
	return n;
}
