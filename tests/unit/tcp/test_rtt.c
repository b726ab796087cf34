/* SPDX-License-Identifier: BSD-2-Clause */
#include "rtt.h"

#include "check.h"

enum { MS = 1000000 };

TEST(one_second_before_any_sample)
{
	struct rtt r;

	rtt_init(&r);
	CHECK_INT(rtt_rto(&r).ns, ==, 1000 * MS);
	rtt_backoff(&r);
	CHECK_INT(rtt_rto(&r).ns, ==, 2000 * MS);
	CHECK(!rtt_has_sample(&r));
}

/* RFC 6298 2.2 and 2.3 by hand. */
TEST(samples_follow_rfc_6298)
{
	struct rtt r;

	rtt_init(&r);
	rtt_sample(&r, DURATION_MS(400));
	CHECK_INT(r.srtt.ns, ==, 400 * MS);
	CHECK_INT(r.rttvar.ns, ==, 200 * MS);
	CHECK_INT(rtt_rto(&r).ns, ==, 1200ll * MS);
	rtt_sample(&r, DURATION_MS(480));
	CHECK_INT(r.rttvar.ns, ==, 170 * MS); /* 3/4 200 + 1/4 80 */
	CHECK_INT(r.srtt.ns, ==, 410 * MS);   /* 7/8 400 + 1/8 480 */
	CHECK_INT(r.min.ns, ==, 400 * MS);
}

TEST(floor_of_200_ms_is_above_srtt)
{
	struct rtt r;

	rtt_init(&r);
	for (int i = 0; i < 200; i++)
		rtt_sample(&r, DURATION_MS(300));
	CHECK_INT(rtt_rto(&r).ns, >=, 500 * MS);
	CHECK_INT(rtt_rto(&r).ns, <, 501 * MS);
}

TEST(backoff_stops_at_120_s)
{
	struct rtt r;

	rtt_init(&r);
	rtt_sample(&r, DURATION_MS(10));
	CHECK_INT(rtt_rto(&r).ns, ==, 210 * MS);
	for (int i = 0; i < 100; i++)
		rtt_backoff(&r);
	CHECK_INT(rtt_rto(&r).ns, ==, 120000ll * MS);
	CHECK_INT(rtt_rto_base(&r).ns, ==, 210 * MS);
}

TEST(sample_of_nothing_is_a_sample)
{
	struct rtt r;

	rtt_init(&r);
	rtt_sample(&r, DURATION_MS(0));
	CHECK(rtt_has_sample(&r));
}
