/* Sightings of the same packet at several points: the marks are equal, the points are
 * not. Sightings are in order of time; a table by mark leads to those that wait to be
 * joined.
 *
 *   point A   1     2     3            1 is joined to 1', 3 to 3'; 2 was never seen
 *   point B      1'          3'        at B although later ones were: it is lost
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "room.h"
#include "sighting.h"
#include "words.h"

#define JOIN_WITHIN 10000000000 /* ns: no packet is under way longer */
#define WAYS_MAX 256

struct table {
	int *head; /* by mark, the latest first */
	int *older;
	size_t mask;
};

static size_t slot(const struct table *t, const struct sighting *s)
{
	return (size_t)(s->s.mark ^ s->s.mark >> 32) & t->mask;
}

static bool has_point(const struct sighting *all, int i, unsigned point)
{
	for (; i >= 0; i = all[i].next) {
		if (all[i].point == point)
			return true;
	}
	return false;
}

static int last_of(const struct sighting *all, int i)
{
	while (all[i].next >= 0)
		i = all[i].next;
	return i;
}

/* The packet that sighting k may be another view of, or -1. The latest that this point
 * has not seen: of two equal segments in flight at most one was lost before. */
static int find(const struct table *t, const struct sighting *all, int k)
{
	int i = t->head[slot(t, &all[k])];
	int found = -1;

	for (int tries = 0; i >= 0 && tries < 64; i = t->older[i], tries++) {
		if (all[i].s.mark != all[k].s.mark)
			continue;
		if (all[k].at - all[last_of(all, i)].at > JOIN_WITHIN)
			break;
		if (has_point(all, i, all[k].point))
			break; /* a later sending of the same bytes */
		if (!all[i].fate.lost)
			found = i;
		if (all[k].s.len)
			break;
	}
	return found;
}

/* Between two addresses: where their packets are seen first and last. */
struct way {
	struct ip_addr src, dst;
	unsigned first, last; /* points */
	int64_t latest;	      /* when the last that came by both was sent */
};

struct ways {
	struct way *list;
	size_t n, room;
};

static struct way *way_of(const struct ways *w, const struct seen *s)
{
	for (size_t i = 0; i < w->n; i++) {
		if (ip_addr_equal(&w->list[i].src, &s->src) &&
			ip_addr_equal(&w->list[i].dst, &s->dst))
			return &w->list[i];
	}
	return NULL;
}

static int learn(const struct sighting *all, size_t n, struct ways *w)
{
	for (size_t i = 0; i < n; i++) {
		int last = last_of(all, (int)i);
		struct way *way;

		if (all[i].joined || last == (int)i)
			continue;
		way = way_of(w, &all[i].s);
		if (!way && w->n < WAYS_MAX) {
			if (!room_for_one(&w->list, &w->room, w->n, sizeof(*way)))
				return -ENOMEM;
			way = &w->list[w->n++];
			way->src = all[i].s.src;
			way->dst = all[i].s.dst;
		}
		if (!way)
			continue;
		way->first = all[i].point;
		way->last = all[last].point;
		way->latest = all[i].at;
	}
	return 0;
}

static void mark_missing(struct sighting *all, size_t n, const struct ways *w)
{
	for (size_t i = 0; i < n; i++) {
		int last = last_of(all, (int)i);
		const struct way *way = way_of(w, &all[i].s);

		if (!way || all[i].joined || all[last].fate.lost ||
			all[i].point != way->first || all[last].point == way->last ||
			all[i].at >= way->latest)
			continue;
		all[last].fate.lost = true;
		snprintf(all[last].fate.why, sizeof(all[last].fate.why), "%s",
			words(all[i].s.lang, "not seen at the other end",
				"no visto en el otro extremo"));
	}
}

int sightings_join(struct sighting *s, size_t n, size_t n_points)
{
	struct table t = { .mask = 1023 };
	struct ways w = { 0 };
	int err = 0;

	for (size_t i = 0; i < n; i++)
		s[i].next = -1;
	if (n_points < 2 || !n)
		return 0;
	while (t.mask < n)
		t.mask = t.mask * 2 + 1;
	t.head = malloc((t.mask + 1) * sizeof(*t.head));
	t.older = malloc(n * sizeof(*t.older));
	if (!t.head || !t.older)
		err = -ENOMEM;
	for (size_t i = 0; !err && i <= t.mask; i++)
		t.head[i] = -1;
	for (size_t k = 0; !err && k < n; k++) {
		int i = s[k].s.mark ? find(&t, s, (int)k) : -1;

		if (i >= 0) {
			s[last_of(s, i)].next = (int)k;
			s[k].joined = true;
		} else {
			t.older[k] = t.head[slot(&t, &s[k])];
			t.head[slot(&t, &s[k])] = (int)k;
		}
	}
	free(t.head);
	free(t.older);
	if (!err)
		err = learn(s, n, &w);
	if (!err)
		mark_missing(s, n, &w);
	free(w.list);
	return err;
}
