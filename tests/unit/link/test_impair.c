/* The fate of frames in virtual time, with fixed seeds: the statistics are
 * exact repeatable numbers, the bounds on them are about four standard errors.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>

#include "check.h"
#include "impair.h"

#define FRAME 1500

static struct impair_fate decide(struct impair *d, const struct link_impair *c,
	int64_t ns)
{
	struct impair_fate f;

	impair_decide(d, c, (struct instant){ ns }, FRAME, &f);
	return f;
}

struct losses {
	int lost;
	int bursts;
};

static struct losses count_losses(const struct link_impair *c, uint64_t seed,
	int frames)
{
	struct losses n = { 0, 0 };
	bool before = false;
	struct impair d;

	CHECK_INT(link_check_impair(c), ==, 0);
	impair_init(&d, seed);
	for (int i = 0; i < frames; i++) {
		bool lost = decide(&d, c, i).verdict == IMPAIR_LOST;

		n.lost += lost;
		n.bursts += lost && !before;
		before = lost;
	}
	impair_fini(&d);
	return n;
}

TEST(impair_none_passes_at_once)
{
	struct link_impair c = { 0 };
	struct impair d;
	struct impair_fate f;

	CHECK(impair_is_none(&c));
	impair_init(&d, 1);
	f = decide(&d, &c, 77);
	CHECK_INT(f.verdict, ==, IMPAIR_PASS);
	CHECK_INT(f.at.ns, ==, 77);
	CHECK(!f.corrupted && !f.duplicated && !f.reordered);
	impair_fini(&d);
}

TEST(impair_loss_has_its_rate)
{
	struct link_impair c = { .loss = 0.01 };
	struct losses n = count_losses(&c, 42, 1000000);

	/* 10,000 expected, deviation 99.5 */
	CHECK_INT(n.lost, >, 10000 - 400);
	CHECK_INT(n.lost, <, 10000 + 400);
	/* independent: nearly every loss stands alone */
	CHECK_INT(n.bursts, >, n.lost * 98 / 100);
	c.loss = 1;
	CHECK_INT(count_losses(&c, 42, 1000).lost, ==, 1000);
	c.loss = 0;
	CHECK_INT(count_losses(&c, 42, 1000).lost, ==, 0);
}

TEST(impair_bursts_have_their_length_and_mean_loss)
{
	static const double bursts[] = { 2, 5, 20 };

	for (int i = 0; i < 3; i++) {
		struct link_impair c = { .loss = 0.02, .loss_burst = bursts[i] };
		struct losses n = count_losses(&c, 7, 2000000);
		double mean = (double)n.lost / n.bursts;

		CHECK(fabs(n.lost / 2e6 - 0.02) < 0.0015);
		CHECK(fabs(mean / bursts[i] - 1) < 0.06);
	}
}

TEST(impair_heavy_bursts_keep_the_mean_loss)
{
	struct link_impair c = { .loss = 0.75, .loss_burst = 10 };
	struct losses n = count_losses(&c, 3, 1000000);

	CHECK(fabs(n.lost / 1e6 - 0.75) < 0.01);
	CHECK(fabs((double)n.lost / n.bursts - 10) < 0.5);
}

TEST(impair_delay_is_exact)
{
	struct link_impair c = { .delay = DURATION_MS(10) };
	struct impair d;

	impair_init(&d, 1);
	for (int64_t t = 0; t < 1000; t += 7)
		CHECK_INT(decide(&d, &c, t).at.ns, ==, t + 10000000);
	impair_fini(&d);
}

TEST(impair_jitter_keeps_order_and_bounds)
{
	struct link_impair c = { .delay = DURATION_MS(10),
		.jitter = DURATION_MS(4) };
	int64_t last = 0, least = INT64_MAX, most = 0;
	struct impair d;

	impair_init(&d, 5);
	for (int i = 0; i < 10000; i++) {
		int64_t now = (int64_t)i * 100000000; /* far apart */
		int64_t took = decide(&d, &c, now).at.ns - now;

		least = took < least ? took : least;
		most = took > most ? took : most;
	}
	CHECK_INT(least, >=, 6000000);
	CHECK_INT(least, <, 6010000);
	CHECK_INT(most, <=, 14000000);
	CHECK_INT(most, >, 13990000);
	for (int i = 0; i < 10000; i++) {
		int64_t now = (int64_t)1000000000000 * 10 + i * 1000; /* dense */
		int64_t at = decide(&d, &c, now).at.ns;

		CHECK_INT(at, >=, last);
		CHECK_INT(at, >=, now + 6000000);
		CHECK_INT(at, <=, now + 14000000);
		last = at;
	}
	impair_fini(&d);
}

/* More jitter than delay: nothing arrives before it was sent. */
TEST(impair_jitter_never_reaches_the_past)
{
	struct link_impair c = { .delay = DURATION_MS(1),
		.jitter = DURATION_MS(50) };
	struct impair d;

	impair_init(&d, 6);
	for (int i = 0; i < 1000; i++) {
		int64_t now = (int64_t)i * 1000000000;

		CHECK_INT(decide(&d, &c, now).at.ns, >=, now);
	}
	impair_fini(&d);
}

TEST(impair_rate_paces_exactly)
{
	/* 1500 bytes at 100 Mbit/s: 120 us each, and the delay on top */
	struct link_impair c = { .rate = 100000000, .delay = DURATION_MS(1),
		.queue = 100 };
	struct impair d;

	impair_init(&d, 1);
	for (int i = 0; i < 50; i++)
		CHECK_INT(decide(&d, &c, 0).at.ns, ==,
			(i + 1) * 120000 + 1000000);
	/* after a pause the clock starts afresh */
	CHECK_INT(decide(&d, &c, 50 * 120000 + 1).at.ns, ==,
		51 * 120000 + 1 + 1000000);
	impair_fini(&d);
}

/* A rate that does not divide: the remainder is not lost. 3000 frames of 12,000
 * bits at 7 Mbit/s take 36 Mbit / 7 Mbit/s = 5.142857142... s. */
TEST(impair_rate_carries_the_remainder)
{
	struct link_impair c = { .rate = 7000000, .queue = 10000 };
	int64_t at = 0;
	struct impair d;

	impair_init(&d, 1);
	for (int i = 0; i < 3000; i++)
		at = decide(&d, &c, 0).at.ns;
	CHECK_INT(at, ==, 5142857142);
	/* but a pause ends it: 1714285.71 ns, without the 0.86 of before */
	CHECK_INT(decide(&d, &c, 6000000000).at.ns, ==, 6001714285);
	impair_fini(&d);
}

TEST(impair_queue_drops_its_tail)
{
	struct link_impair c = { .rate = 12000000, .queue = 5 }; /* 1 ms each */
	struct impair d;

	impair_init(&d, 1);
	/* one on the wire and five waiting */
	for (int i = 0; i < 6; i++)
		CHECK_INT(decide(&d, &c, 0).verdict, ==, IMPAIR_PASS);
	CHECK_INT(decide(&d, &c, 0).verdict, ==, IMPAIR_QUEUE_FULL);
	CHECK_INT(decide(&d, &c, 999999).verdict, ==, IMPAIR_QUEUE_FULL);
	/* the second has started: one place */
	CHECK_INT(decide(&d, &c, 1000000).at.ns, ==, 7000000);
	CHECK_INT(decide(&d, &c, 1000000).verdict, ==, IMPAIR_QUEUE_FULL);
	/* all gone */
	CHECK_INT(decide(&d, &c, 8000000).at.ns, ==, 9000000);
	impair_fini(&d);
}

TEST(impair_queue_grows_to_its_limit)
{
	struct link_impair c = { .rate = 1000000000, .queue = 3000 };
	struct impair d;
	int passed = 0;

	impair_init(&d, 1);
	/* interleave so that the ring wraps while it grows */
	for (int64_t t = 0; t < 4000; t++)
		passed += decide(&d, &c, t * 6000).verdict == IMPAIR_PASS;
	CHECK_INT(passed, ==, 4000);
	for (int i = 0; i < 4000; i++)
		passed += decide(&d, &c, 4000 * 6000).verdict == IMPAIR_PASS;
	/* after 24 ms of 12 us each, 2000 have gone, the next one is just
	 * starting and 1999 wait */
	CHECK_INT(passed, ==, 4000 + 1001);
	impair_fini(&d);
}

TEST(impair_loss_takes_its_share_of_the_rate)
{
	struct link_impair c = { .rate = 12000000, .loss = 1 };
	struct impair d;

	impair_init(&d, 1);
	CHECK_INT(decide(&d, &c, 0).verdict, ==, IMPAIR_LOST);
	c.loss = 0;
	CHECK_INT(decide(&d, &c, 0).at.ns, ==, 2000000);
	impair_fini(&d);
}

TEST(impair_others_have_their_rates)
{
	struct link_impair c = { .delay = DURATION_MS(5), .duplicate = 0.05,
		.corrupt = 0.02, .reorder = 0.1 };
	int dup = 0, bad = 0, early = 0;
	uint32_t high = 0;
	struct impair d;

	impair_init(&d, 11);
	for (int i = 0; i < 100000; i++) {
		struct impair_fate f = decide(&d, &c, i);

		dup += f.duplicated;
		bad += f.corrupted;
		early += f.reordered;
		CHECK_INT(f.at.ns, ==, f.reordered ? i : i + 5000000);
		if (f.corrupted) {
			CHECK_INT(f.bit, <, FRAME * 8);
			high = f.bit > high ? f.bit : high;
		}
	}
	CHECK(dup > 4700 && dup < 5300);
	CHECK(bad > 1800 && bad < 2200);
	CHECK(early > 9600 && early < 10400);
	CHECK_INT(high, >, FRAME * 8 - 200); /* every bit has its turn */
	impair_fini(&d);
}

TEST(impair_same_seed_same_fate)
{
	struct link_impair c = { .delay = DURATION_MS(5), .jitter = DURATION_MS(2),
		.loss = 0.1, .loss_burst = 3, .duplicate = 0.05, .corrupt = 0.05,
		.reorder = 0.05, .rate = 50000000, .queue = 20 };
	struct impair a, b, other;
	int differ = 0;

	impair_init(&a, 99);
	impair_init(&b, 99);
	impair_init(&other, 100);
	for (int i = 0; i < 5000; i++) {
		int64_t now = (int64_t)i * 200000;
		struct impair_fate x = decide(&a, &c, now);
		struct impair_fate y = decide(&b, &c, now);

		CHECK_INT(x.verdict, ==, y.verdict);
		CHECK_INT(x.at.ns, ==, y.at.ns);
		CHECK_INT(x.bit, ==, y.bit);
		CHECK_INT(x.duplicated, ==, y.duplicated);
		differ += decide(&other, &c, now).verdict != x.verdict;
	}
	CHECK_INT(differ, >, 100);
	impair_fini(&a);
	impair_fini(&b);
	impair_fini(&other);
}

TEST(impair_refuses_what_cannot_be)
{
	static const struct link_impair bad[] = {
		{ .delay = { -1 } },
		{ .delay = DURATION_S(3601) },
		{ .jitter = { -1 } },
		{ .loss = -0.1 },
		{ .loss = 1.1 },
		{ .loss = NAN },
		{ .duplicate = 2 },
		{ .corrupt = NAN },
		{ .reorder = -1 },
		{ .rate = 999 },
		{ .rate = LINK_RATE_MAX + 1 },
		{ .queue = LINK_QUEUE_MAX + 1 },
		{ .loss_burst = 0.5 },
		{ .loss_burst = -1 },
		{ .loss_burst = NAN },
		{ .loss_burst = 1e9 },
		{ .loss = 0.9, .loss_burst = 2 }, /* needs at least 9 */
	};

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (link_check_impair(&bad[i]) == 0)
			check_failed(__FILE__, __LINE__, "entry %u accepted", i);
}
