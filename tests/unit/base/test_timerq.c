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

/* The naive twin: an array searched for its minimum. */
TEST(behaves_as_its_naive_twin)
{
	static struct timer_node n[N];
	static int64_t twin[N]; /* INT64_MAX: not set */
	struct timerq q;
	struct rng g;

	rng_init(&g, 11);
	timerq_init(&q);
	for (int i = 0; i < N; i++) {
		timer_node_init(&n[i]);
		twin[i] = INT64_MAX;
	}
	for (int step = 0; step < 100000; step++) {
		uint32_t i = rng_below(&g, N), what = rng_below(&g, 8);
		int64_t min = INT64_MAX;
		struct timer_node *t;

		for (int j = 0; j < N; j++)
			min = twin[j] < min ? twin[j] : min;
		CHECK_INT(timerq_deadline(&q).ns, ==, min);
		if (what < 4) {
			twin[i] = rng_below(&g, 1000);
			timerq_set(&q, &n[i], (struct instant){ twin[i] });
		} else if (what < 6) {
			twin[i] = INT64_MAX;
			timerq_cancel(&q, &n[i]);
		} else {
			struct instant now = { rng_below(&g, 400) };

			t = timerq_take_due(&q, now);
			CHECK((t != NULL) == (min <= now.ns));
			if (t) {
				CHECK_INT(twin[t - n], ==, min);
				CHECK(!timer_node_is_set(t));
				twin[t - n] = INT64_MAX;
			}
		}
	}
}
