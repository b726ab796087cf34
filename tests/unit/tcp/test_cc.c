/* SPDX-License-Identifier: BSD-2-Clause */
#include "cc.h"

#include "check.h"

enum { MSS = 1000 };

static const struct duration rtt = { 100000000 };

TEST(initial_window_is_ten_segments)
{
	CHECK_INT(cc_initial_window(1460), ==, 14600);
	CHECK_INT(cc_initial_window(536), ==, 5360);
	CHECK_INT(cc_initial_window(9000), ==, 18000); /* RFC 6928 2 */
}

TEST(slow_start_doubles_and_stops_at_ssthresh)
{
	struct cc cc;

	cc_init(&cc, &cc_reno, MSS);
	cc_acked(&cc, (struct instant){ 0 }, 10000, rtt, true);
	CHECK_INT(cc.cwnd, ==, 20000);
	cc.ssthresh = 22000;
	cc_acked(&cc, (struct instant){ 0 }, 4000, rtt, true);
	CHECK_INT(cc.cwnd, ==, 22000); /* 2000 left over: not a window yet */
	cc_acked(&cc, (struct instant){ 0 }, 20000, rtt, true);
	CHECK_INT(cc.cwnd, ==, 23000); /* one segment a window */
}

TEST(another_algorithm_keeps_the_window)
{
	struct cc cc;

	cc_init(&cc, &cc_cubic, MSS);
	cc.cwnd = 40000;
	cc.ssthresh = 30000;
	cc_switch(&cc, &cc_reno);
	CHECK(cc.ops == &cc_reno);
	CHECK_INT(cc.cwnd, ==, 40000);
	cc_acked(&cc, (struct instant){ 0 }, 40000, rtt, true);
	CHECK_INT(cc.cwnd, ==, 41000); /* Reno: one segment a window */
}

TEST(unused_window_does_not_grow)
{
	struct cc cc;

	cc_init(&cc, &cc_cubic, MSS);
	cc_acked(&cc, (struct instant){ 0 }, 10000, rtt, false);
	CHECK_INT(cc.cwnd, ==, 10000);
}

TEST(reductions)
{
	struct cc cc;

	cc_init(&cc, &cc_reno, MSS);
	cc.cwnd = 100000;
	cc_loss(&cc, (struct instant){ 0 });
	CHECK_INT(cc.ssthresh, ==, 50000);
	cc_init(&cc, &cc_cubic, MSS);
	cc.cwnd = 100000;
	cc_loss(&cc, (struct instant){ 0 });
	CHECK_INT(cc.ssthresh, ==, 70000);
	cc.cwnd = 1000;
	cc_loss(&cc, (struct instant){ 0 });
	CHECK_INT(cc.ssthresh, ==, 2000); /* never below two */
}

/* RFC 9438 4.2: with W_max 100 segments and cwnd 70, K = cbrt(30 / 0.4) =
 * 4.217 s; the window is flat there, and steeper on both sides. */
TEST(cubic_reaches_its_plateau_at_k)
{
	static const int64_t step = 100000000; /* one round trip */
	struct instant now = { 1000000000 };
	struct cc cc;
	uint32_t at_k = 0;

	cc_init(&cc, &cc_cubic, MSS);
	cc.cwnd = 100000;
	cc_loss(&cc, now);
	cc.cwnd = cc.ssthresh;
	for (int i = 0; i < 80; i++) {
		cc_acked(&cc, now, cc.cwnd, rtt, true);
		now.ns += step;
		if (i == 42)
			at_k = cc.cwnd;
	}
	CHECK_INT(cc.k_ms, ==, 4217);
	CHECK_INT(at_k, >, 97000);
	CHECK_INT(at_k, <, 103000);
	CHECK_INT(cc.cwnd, >, 115000); /* convex: on to new ground */
}

/* On a short path the Reno estimate rules (4.3). */
TEST(cubic_is_no_slower_than_reno_on_a_short_path)
{
	struct instant now = { 1000000000 };
	struct duration ms = { 1000000 };
	struct cc cc;

	cc_init(&cc, &cc_cubic, MSS);
	cc.cwnd = 20000;
	cc_loss(&cc, now);
	cc.cwnd = cc.ssthresh;
	for (int i = 0; i < 40; i++) {
		cc_acked(&cc, now, cc.cwnd, ms, true);
		now.ns += ms.ns;
	}
	CHECK_INT(cc.cwnd, >, 14000 + 15 * MSS);
}

TEST(restart_after_idle)
{
	struct cc cc;

	cc_init(&cc, &cc_cubic, MSS);
	cc.cwnd = 80000;
	cc.ssthresh = 40000;
	cc_restart(&cc);
	CHECK_INT(cc.cwnd, ==, 10000);
	CHECK_INT(cc.ssthresh, ==, 60000);
}
