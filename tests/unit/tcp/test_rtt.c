/* SPDX-License-Identifier: BSD-2-Clause */
#include "rtt.h"

#include "check.h"

enum { MS = 1000000 };

/* A sample of another round trip each time. */
static void sample(struct rtt *r, int64_t ms)
{
	struct seq una = seq_add(r->round, 1);

	rtt_sample(r, DURATION_MS(ms), una, una);
}

TEST(one_second_before_any_sample)
{
	struct rtt r;

	rtt_init(&r);
	CHECK_INT(rtt_rto(&r).ns, ==, 1000 * MS);
	rtt_backoff(&r);
	CHECK_INT(rtt_rto(&r).ns, ==, 2000 * MS);
	CHECK(!rtt_has_sample(&r));
	CHECK_INT(rtt_smallest(&r).ns, ==, INT64_MAX);
}

/* RFC 6298 2.2 and 2.3 by hand. */
TEST(samples_follow_rfc_6298)
{
	struct rtt r;

	rtt_init(&r);
	sample(&r, 400);
	CHECK_INT(r.srtt.ns, ==, 400 * MS);
	CHECK_INT(r.mdev.ns, ==, 800 * MS); /* four times 200 */
	CHECK_INT(rtt_rto(&r).ns, ==, 1200ll * MS);
	sample(&r, 480);
	CHECK_INT(r.mdev.ns, ==, 680 * MS); /* 3/4 200 + 1/4 80, times 4 */
	CHECK_INT(r.srtt.ns, ==, 410 * MS); /* 7/8 400 + 1/8 480 */
}

/* Linux: a round trip that falls far counts an eighth. */
TEST(falling_round_trip_raises_the_variance_less)
{
	struct rtt up, down;

	rtt_init(&up);
	rtt_init(&down);
	for (int i = 0; i < 50; i++) {
		sample(&up, 300);
		sample(&down, 300);
	}
	sample(&up, 500);
	sample(&down, 100);
	CHECK_INT(down.mdev.ns, >, 0);
	CHECK_INT(down.mdev.ns * 7, <, up.mdev.ns);
}

TEST(floor_of_200_ms_is_above_srtt)
{
	struct rtt r;

	rtt_init(&r);
	for (int i = 0; i < 200; i++)
		sample(&r, 300);
	CHECK_INT(rtt_rto(&r).ns, >=, 500 * MS);
	CHECK_INT(rtt_rto(&r).ns, <, 501 * MS);
}

TEST(backoff_stops_at_120_s_and_ends_with_a_sample)
{
	struct rtt r;

	rtt_init(&r);
	sample(&r, 10);
	CHECK_INT(rtt_rto(&r).ns, ==, 210 * MS);
	for (int i = 0; i < 100; i++)
		rtt_backoff(&r);
	CHECK_INT(rtt_rto(&r).ns, ==, 120000ll * MS);
	CHECK_INT(rtt_rto_base(&r).ns, ==, 210 * MS);
	sample(&r, 10);
	CHECK_INT(rtt_rto(&r).ns, ==, 210 * MS);
}

TEST(sample_of_nothing_is_a_sample)
{
	struct rtt r;

	rtt_init(&r);
	sample(&r, 0);
	CHECK(rtt_has_sample(&r));
}

/* Against the plain minimum of a window: never below it, and right when the
 * samples come often. */
TEST(smallest_of_300_s)
{
	struct rtt r;
	struct instant now = { 1 };

	rtt_init(&r);
	rtt_sample_min(&r, now, DURATION_MS(10));
	rtt_sample_min(&r, now, DURATION_MS(30));
	CHECK_INT(rtt_smallest(&r).ns, ==, 10 * MS);
	for (int s = 0; s < 299; s++) {
		now.ns += 1000ll * MS;
		rtt_sample_min(&r, now, DURATION_MS(20));
		CHECK_INT(rtt_smallest(&r).ns, ==, 10 * MS);
	}
	for (int s = 0; s < 3; s++) {
		now.ns += 1000ll * MS;
		rtt_sample_min(&r, now, DURATION_MS(20));
	}
	CHECK_INT(rtt_smallest(&r).ns, ==, 20 * MS); /* forgotten */
	now.ns += 1000000ll * MS;
	rtt_sample_min(&r, now, DURATION_MS(50));
	CHECK_INT(rtt_smallest(&r).ns, ==, 50 * MS);
}
