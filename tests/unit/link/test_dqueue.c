/* The delay queue against a naive twin: an array searched from end to end.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>

#include "base/rng.h"
#include "check.h"
#include "dqueue.h"

struct twin {
	struct dqueue_entry e[4096];
	size_t count;
	uint64_t next_seq;
};

static void twin_put(struct twin *t, const struct dqueue_entry *e)
{
	t->e[t->count] = *e;
	t->e[t->count++].seq = t->next_seq++;
}

static size_t twin_first(const struct twin *t)
{
	size_t best = 0;

	for (size_t i = 1; i < t->count; i++)
		if (t->e[i].at.ns < t->e[best].at.ns ||
			(t->e[i].at.ns == t->e[best].at.ns &&
				t->e[i].seq < t->e[best].seq))
			best = i;
	return best;
}

static bool twin_take(struct twin *t, struct instant now, uint64_t limit,
	struct dqueue_entry *out)
{
	size_t i;

	if (!t->count)
		return false;
	i = twin_first(t);
	if (t->e[i].at.ns > now.ns || t->e[i].seq >= limit)
		return false;
	*out = t->e[i];
	t->e[i] = t->e[--t->count];
	return true;
}

static void compare_take(struct dqueue *q, struct twin *t, struct instant now,
	uint64_t limit)
{
	struct dqueue_entry a, b;
	bool got = dqueue_take(q, now, limit, &a);

	CHECK_INT(got, ==, twin_take(t, now, limit, &b));
	if (!got)
		return;
	CHECK_INT(a.at.ns, ==, b.at.ns);
	CHECK_INT(a.seq, ==, b.seq);
	CHECK_INT(a.to, ==, b.to);
}

static void compare_random(uint64_t seed, uint32_t spread)
{
	static struct twin t;
	struct instant now = { 0 };
	struct dqueue q;
	struct rng r;

	rng_init(&r, seed);
	dqueue_init(&q);
	t.count = 0;
	t.next_seq = 0;
	for (int i = 0; i < 20000; i++) {
		struct dqueue_entry e = { .to = i };
		uint32_t dice = rng_below(&r, 100);

		if (dice < 45 && t.count < 500) {
			e.at.ns = now.ns + rng_below(&r, spread);
			CHECK_INT(dqueue_put(&q, &e), ==, 0);
			twin_put(&t, &e);
		} else if (dice < 95) {
			compare_take(&q, &t, now, UINT64_MAX);
		} else if (dice < 97) {
			compare_take(&q, &t, now, t.next_seq / 2);
		} else {
			now.ns += rng_below(&r, spread);
		}
		CHECK_INT(q.count, ==, t.count);
		CHECK_INT(dqueue_deadline(&q).ns, ==,
			t.count ? t.e[twin_first(&t)].at.ns : INT64_MAX);
	}
	now = INSTANT_NEVER;
	while (t.count)
		compare_take(&q, &t, now, UINT64_MAX);
	CHECK_INT(q.count, ==, 0);
	dqueue_fini(&q);
}

TEST(dqueue_equals_its_twin)
{
	compare_random(1, 1000);
	compare_random(2, 1000000);
}

/* Nearly all times equal: the order of putting in decides. */
TEST(dqueue_equals_its_twin_with_ties)
{
	compare_random(3, 2);
	compare_random(4, 1);
}

TEST(dqueue_is_first_in_first_out_at_equal_times)
{
	struct dqueue_entry e = { .at = { 5 } };
	struct dqueue q;

	dqueue_init(&q);
	for (int i = 0; i < 1000; i++) {
		e.to = i;
		CHECK_INT(dqueue_put(&q, &e), ==, 0);
	}
	CHECK(!dqueue_take(&q, (struct instant){ 4 }, UINT64_MAX, &e));
	for (int i = 0; i < 1000; i++) {
		CHECK(dqueue_take(&q, (struct instant){ 5 }, UINT64_MAX, &e));
		CHECK_INT(e.to, ==, i);
	}
	CHECK(instant_is_never(dqueue_deadline(&q)));
	dqueue_fini(&q);
}
