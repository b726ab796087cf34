/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/timerq.h"

#include "base/rng.h"
#include "check.h"

enum { N = 200 };

TEST(empty_queue_has_no_deadline)
{
	struct timerq q;
	struct timer_node n;

	timerq_init(&q);
	timer_node_init(&n);
	CHECK(instant_is_never(timerq_deadline(&q)));
	CHECK(timerq_take_due(&q, (struct instant){ 5 }) == NULL);
	timerq_cancel(&q, &n); /* harmless */
	timerq_set(&q, &n, (struct instant){ 7 });
	CHECK(timerq_take_due(&q, (struct instant){ 6 }) == NULL);
	timerq_set(&q, &n, INSTANT_NEVER);
	CHECK(!timer_node_is_set(&n));
	CHECK(instant_is_never(timerq_deadline(&q)));
}

TEST(equal_instants_come_in_the_order_of_setting)
{
	struct timerq q;
	struct timer_node n[N];

	timerq_init(&q);
	for (int i = 0; i < N; i++) {
		timer_node_init(&n[i]);
		timerq_set(&q, &n[i], (struct instant){ 9 });
	}
	for (int i = 0; i < N; i++)
		CHECK(timerq_take_due(&q, (struct instant){ 9 }) == &n[i]);
	CHECK(timerq_take_due(&q, (struct instant){ 9 }) == NULL);
}

/* Against an array that is searched for its minimum: times near and far, some gone by,
 * and a clock that goes on. A deadline is exact among few, never late among many. */
static void against_its_twin(uint32_t used, unsigned spread)
{
	static struct timer_node n[N];
	static int64_t twin[N], order[N]; /* INT64_MAX: not set */
	struct instant now = { 1000000007 };
	int64_t set = 0;
	struct timerq q;
	struct rng g;

	rng_init(&g, 11 + spread);
	timerq_init(&q);
	for (uint32_t i = 0; i < N; i++) {
		timer_node_init(&n[i]);
		twin[i] = INT64_MAX;
	}
	for (int step = 0; step < 50000; step++) {
		uint32_t i = rng_below(&g, used), what = rng_below(&g, 8), at = 0;
		struct timer_node *t;

		for (uint32_t j = 1; j < used; j++)
			if (twin[j] < twin[at] || (twin[j] == twin[at] &&
				order[j] < order[at]))
				at = j;
		CHECK(timerq_deadline(&q).ns <= twin[at]);
		if (used <= 16)
			CHECK_INT(timerq_deadline(&q).ns, ==, twin[at]);
		if (what < 4) {
			twin[i] = now.ns + (int64_t)(rng_next(&g) >>
				(63 - rng_below(&g, spread)));
			order[i] = set++;
			timerq_set(&q, &n[i], (struct instant){ twin[i] });
		} else if (what < 6) {
			twin[i] = INT64_MAX;
			timerq_cancel(&q, &n[i]);
		} else {
			if (what == 7 && twin[at] != INT64_MAX)
				now.ns = twin[at] > now.ns ? twin[at] : now.ns;
			now.ns += rng_below(&g, 100);
			t = timerq_take_due(&q, now);
			CHECK((t != NULL) == (twin[at] <= now.ns));
			if (t) {
				CHECK(t == &n[at]);
				CHECK(!timer_node_is_set(t));
				twin[at] = INT64_MAX;
			}
		}
	}
}

TEST(behaves_as_its_naive_twin)
{
	for (unsigned spread = 2; spread <= 50; spread += 8)
		against_its_twin(N, spread);
}

TEST(among_few_the_deadline_is_exact)
{
	for (unsigned spread = 2; spread <= 50; spread += 8)
		against_its_twin(10, spread);
}

/* The last is asked for when it is there, and the clock goes there in few steps. */
TEST(a_far_one_among_many_is_reached_in_few_steps)
{
	static struct timer_node n[N];
	struct timerq q;
	int steps = 0, taken = 0;

	timerq_init(&q);
	for (int i = 0; i < N; i++) {
		timer_node_init(&n[i]);
		timerq_set(&q, &n[i], (struct instant){ 7200000000000 + i });
	}
	while (!instant_is_never(timerq_deadline(&q))) {
		struct instant now = timerq_deadline(&q);

		steps++;
		while (timerq_take_due(&q, now))
			taken++;
	}
	CHECK_INT(taken, ==, N);
	CHECK_INT(steps, <=, N + TIMERQ_LEVELS);
}

TEST(what_is_gone_by_is_due_at_once)
{
	struct timer_node a, b;
	struct timerq q;

	timerq_init(&q);
	timer_node_init(&a);
	timer_node_init(&b);
	timerq_set(&q, &a, (struct instant){ 5000 });
	CHECK(timerq_take_due(&q, (struct instant){ 6000 }) == &a);
	timerq_set(&q, &a, (struct instant){ 6000 });
	timerq_set(&q, &b, (struct instant){ 100 });
	CHECK(!instant_before((struct instant){ 6000 }, timerq_deadline(&q)));
	CHECK(timerq_take_due(&q, (struct instant){ 6000 }) == &b);
	CHECK(timerq_take_due(&q, (struct instant){ 6000 }) == &a);
}
