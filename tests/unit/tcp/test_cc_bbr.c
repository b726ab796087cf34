/* SPDX-License-Identifier: BSD-2-Clause */
#include "ack.h"

#include "check.h"

enum { MSS = 1000, RTT_MS = 100, RATE = 100 }; /* bytes; ms; segments a round trip */

/* A connection of which only what congestion control looks at is there. Its path
 * delivers `rate` segments in each round trip. */
struct ground {
	struct tcp t;
	struct conn c;
	struct instant now;
	uint32_t lost; /* by the next acknowledgement */
	bool app_limited;
};

static void begin(struct ground *g)
{
	*g = (struct ground){ .now = { 1000000000 } };
	g->c.t = &g->t;
	tcp_rules_default(&g->t.rules);
	rng_init(&g->t.rng, 1);
	g->c.mss_wire = MSS;
	g->c.sack_on = true;
	g->c.rate.delivered = 1;
	g->c.rate.delivered_at = g->now;
	sendq_init(&g->c.sendq);
	rtt_init(&g->c.rtt);
	rtt_sample(&g->c.rtt, DURATION_MS(RTT_MS), seq_of(0), seq_of(0));
	rtt_sample_min(&g->c.rtt, g->now, DURATION_MS(RTT_MS));
	cc_init(&g->c, g->now, &cc_bbr);
}

/* After a round trip all that was sent at its begin is acknowledged: n segments. */
static void round_trip(struct ground *g, uint32_t n)
{
	struct ack a = { .rs = { .acked = n, .delivered = (int32_t)n,
		.interval_ns = DURATION_MS(RTT_MS).ns,
		.rtt_ns = DURATION_MS(RTT_MS).ns,
		.prior_delivered = g->c.rate.delivered,
		.prior_in_flight = n * g->c.cc.bbr.pacing_gain / 256 + 10,
		.losses = g->lost, .app_limited = g->app_limited } };

	g->now.ns += DURATION_MS(RTT_MS).ns;
	g->c.rate.delivered += n;
	g->c.rate.lost += g->lost;
	g->c.rate.delivered_at = g->now;
	cc_control(&g->c, g->now, &a);
	g->lost = 0;
}

static void fill(struct ground *g)
{
	for (int k = 0; k < 8; k++)
		round_trip(g, RATE);
}

/* 99 % of so many by 256 of RATE segments a round trip, in bytes a second. */
static uint64_t rate_at(unsigned gain)
{
	return (uint64_t)RATE * MSS * 1000 / RTT_MS * gain / 256 * 99 / 100;
}

TEST(begins_at_the_window_in_a_round_trip_times_two_over_ln_2)
{
	struct ground g;

	begin(&g);
	CHECK(g.c.cc.pacing_needed);
	CHECK_INT(g.c.cc.bbr.mode, ==, BBR_STARTUP);
	/* Linux: what TCP_CC_INFO shows before the first acknowledgement. */
	CHECK_INT(g.c.cc.bbr.pacing_gain, ==, 0);
	CHECK_INT(g.c.cc.bbr.window_gain, ==, 0);
	/* 10 * 1000 bytes in 100 ms * 739 / 256 * 0.99 */
	CHECK_INT(g.c.cc.pacing_rate, >, 285000);
	CHECK_INT(g.c.cc.pacing_rate, <, 286000);
	CHECK_INT(g.c.cc.ssthresh, ==, CC_SSTHRESH_NONE);
}

TEST(startup_ends_when_bw_has_not_grown_for_three_rounds)
{
	struct ground g;

	begin(&g);
	round_trip(&g, 10);
	round_trip(&g, 20);
	round_trip(&g, 40);
	CHECK_INT(g.c.cc.cwnd, ==, 80);
	for (int k = 0; k < 3; k++) {
		CHECK_INT(g.c.cc.bbr.mode, ==, BBR_STARTUP);
		round_trip(&g, 45);
	}
	/* Nothing is in flight: drained at once. */
	CHECK_INT(g.c.cc.bbr.mode, ==, BBR_PROBE_BW);
	CHECK(g.c.cc.bbr.full);
}

TEST(what_the_program_limited_does_not_end_startup)
{
	struct ground g;

	begin(&g);
	g.app_limited = true;
	for (int k = 0; k < 20; k++)
		round_trip(&g, 10);
	CHECK_INT(g.c.cc.bbr.mode, ==, BBR_STARTUP);
}

TEST(probing_goes_round_all_gains)
{
	unsigned seen[3] = { 0 };
	struct ground g;

	begin(&g);
	fill(&g);
	/* A phase lasts longer than a round trip: acknowledgements come in two. */
	for (int k = 0; k < 32; k++) {
		round_trip(&g, RATE);
		CHECK_INT(g.c.cc.bbr.mode, ==, BBR_PROBE_BW);
		CHECK_INT(g.c.cc.pacing_rate, >=, rate_at(192) - 100);
		CHECK_INT(g.c.cc.pacing_rate, <=, rate_at(320) + 100);
		seen[0] += g.c.cc.bbr.pacing_gain == 192;
		seen[1] += g.c.cc.bbr.pacing_gain == 256;
		seen[2] += g.c.cc.bbr.pacing_gain == 320;
	}
	CHECK_INT(seen[0], >, 0);
	CHECK_INT(seen[1], >, seen[0]);
	CHECK_INT(seen[2], >, 0);
	/* Two products, the largest lump, three super-segments. */
	CHECK_INT(g.c.cc.cwnd, >=, 2 * RATE + 3);
	CHECK_INT(g.c.cc.cwnd, <=, 3 * RATE + 10);
}

TEST(bw_is_remembered_for_ten_rounds)
{
	struct tcp_bbr_view v;
	struct ground g;

	begin(&g);
	fill(&g);
	for (int k = 0; k < 9; k++)
		round_trip(&g, RATE / 2);
	cc_bbr_info(&g.c, &v);
	CHECK_INT(v.bw, >, 990000);
	for (int k = 0; k < 3; k++)
		round_trip(&g, RATE / 2);
	cc_bbr_info(&g.c, &v);
	CHECK_INT(v.bw, <, 510000);
	CHECK_INT(v.min_rtt_us, ==, RTT_MS * 1000);
}

TEST(an_old_min_rtt_is_measured_anew_with_four_segments)
{
	struct ground g;
	uint32_t before;
	int rounds = 0;

	begin(&g);
	fill(&g);
	before = g.c.cc.cwnd;
	/* The same round trip, not less: for ten seconds it is believed. */
	while (g.c.cc.bbr.mode == BBR_PROBE_BW && rounds++ < 200)
		round_trip(&g, RATE);
	CHECK_INT(rounds, >, 80);
	CHECK_INT(rounds, <, 110);
	CHECK_INT(g.c.cc.cwnd, ==, 4);
	CHECK(g.c.rate.app_limited != 0);
	/* 200 ms and a round trip; what is measured meanwhile is no bw. */
	g.app_limited = true;
	for (rounds = 0; g.c.cc.bbr.mode == BBR_PROBE_RTT && rounds < 10; rounds++)
		round_trip(&g, 4);
	CHECK_INT(rounds, >=, 2);
	CHECK_INT(rounds, <=, 4);
	CHECK_INT(g.c.cc.bbr.mode, ==, BBR_PROBE_BW);
	CHECK_INT(g.c.cc.cwnd, >=, before);
}

TEST(a_recovery_sends_what_arrives_and_restores_the_window)
{
	struct ground g;
	uint32_t before;

	begin(&g);
	fill(&g);
	before = g.c.cc.cwnd;
	cc_begin_reduction(&g.c, g.now);
	cc_set_state(&g.c, g.now, CA_RECOVERY);
	g.lost = 3;
	round_trip(&g, 1);
	CHECK_INT(g.c.cc.cwnd, <=, 4); /* nothing in flight here, one arrived */
	cc_end_reduction(&g.c, g.now);
	cc_set_state(&g.c, g.now, CA_OPEN);
	round_trip(&g, 1);
	CHECK_INT(g.c.cc.cwnd, >=, before - 2);
}

TEST(a_token_bucket_is_taken_at_its_rate)
{
	struct ground g;

	begin(&g);
	fill(&g);
	for (int k = 0; k < 12 && !g.c.cc.bbr.lt_use; k++) {
		g.lost = RATE / 3;
		round_trip(&g, RATE / 2);
	}
	CHECK(g.c.cc.bbr.lt_use);
	CHECK_INT(g.c.cc.bbr.pacing_gain, ==, 256);
	CHECK_INT(g.c.cc.pacing_rate, >, rate_at(128) - 5000);
	CHECK_INT(g.c.cc.pacing_rate, <, rate_at(128) + 5000);
	for (int k = 0; k < 50 && g.c.cc.bbr.lt_use; k++)
		round_trip(&g, RATE / 2);
	CHECK(!g.c.cc.bbr.lt_use); /* after 48 rounds it is tried again */
}

TEST(a_few_losses_are_no_token_bucket)
{
	struct ground g;

	begin(&g);
	fill(&g);
	for (int k = 0; k < 40; k++) {
		g.lost = RATE / 10;
		round_trip(&g, RATE);
		CHECK(!g.c.cc.bbr.lt_use);
	}
}

/* The same path, and acknowledgements that come evenly, ten in a round trip. */
static void even_round_trip(struct ground *g)
{
	for (uint32_t k = 0; k < 10; k++) {
		struct ack a = { .rs = { .acked = RATE / 10, .delivered = RATE,
			.interval_ns = DURATION_MS(RTT_MS).ns, .rtt_ns = -1,
			.prior_delivered = g->c.rate.delivered - RATE + RATE / 10,
			.prior_in_flight = RATE } };

		g->now.ns += DURATION_MS(RTT_MS).ns / 10;
		g->c.rate.delivered += RATE / 10;
		g->c.rate.delivered_at = g->now;
		cc_control(&g->c, g->now, &a);
	}
}

TEST(lumps_of_acknowledgements_widen_the_window)
{
	struct ground lumpy, even;

	begin(&lumpy);
	begin(&even);
	for (int k = 0; k < 30; k++) {
		round_trip(&lumpy, RATE);
		even_round_trip(&even);
	}
	CHECK_INT(even.c.cc.cwnd, >=, 2 * RATE);
	CHECK_INT(lumpy.c.cc.cwnd, >, even.c.cc.cwnd + RATE / 2);
}

TEST(the_users_limit_is_the_rates)
{
	struct ground g;

	begin(&g);
	g.c.opt.max_pacing = 50000;
	fill(&g);
	CHECK_INT(g.c.cc.pacing_rate, ==, 50000);
}

TEST(slow_paths_send_single_segments)
{
	struct ground g;

	begin(&g);
	CHECK_INT(cc_bbr.least_super(&g.c), ==, 2);
	g.c.cc.pacing_rate = 149999; /* 1.2 Mbit/s */
	CHECK_INT(cc_bbr.least_super(&g.c), ==, 1);
}

TEST(after_a_pause_the_rate_is_bw)
{
	struct ground g;

	begin(&g);
	fill(&g);
	g.c.rate.app_limited = 1;
	cc_event(&g.c, g.now, CC_EV_TX_START);
	CHECK(g.c.cc.bbr.idle_restart);
	CHECK_INT(g.c.cc.pacing_rate, >, rate_at(256) - 100);
	CHECK_INT(g.c.cc.pacing_rate, <, rate_at(256) + 100);
}
