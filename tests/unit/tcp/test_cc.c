/* SPDX-License-Identifier: BSD-2-Clause */
#include "ack.h"

#include "check.h"

/* A connection of which only what congestion control looks at is there. */
struct ground {
	struct tcp t;
	struct conn c;
	struct instant now;
};

static void begin(struct ground *g, const struct cc_ops *ops)
{
	*g = (struct ground){ .now = { 1000000000 } };
	g->c.t = &g->t;
	tcp_rules_default(&g->t.rules);
	g->c.mss_wire = 1000;
	g->c.sack_on = true;
	sendq_init(&g->c.sendq);
	rtt_init(&g->c.rtt);
	rtt_sample(&g->c.rtt, DURATION_MS(100), seq_of(0), seq_of(0));
	cc_init(&g->c, g->now, ops);
	g->c.cc.limited = true;
}

/* So many segments are acknowledged, a millisecond after the last. */
static void acked(struct ground *g, uint32_t n)
{
	struct ack a = { .flags = ACK_DATA_ACKED, .rs = { .acked = n,
		.rtt_ns = 100000000 } };

	g->now.ns += 1000000;
	if (g->c.cc.ops->acked)
		g->c.cc.ops->acked(&g->c, g->now, &a);
	cc_control(&g->c, g->now, &a);
}

static void loss(struct ground *g)
{
	cc_begin_reduction(&g->c, g->now);
	g->c.rec.undo_on = true;
	cc_set_state(&g->c, g->now, CA_RECOVERY);
	cc_end_reduction(&g->c, g->now);
	cc_set_state(&g->c, g->now, CA_OPEN);
}

TEST(initial_window_is_ten_segments)
{
	struct ground g;

	begin(&g, &cc_reno);
	CHECK_INT(cc_initial_window(&g.c), ==, 10);
	g.c.mss_wire = 8960;
	CHECK_INT(cc_initial_window(&g.c), ==, 10); /* as Linux */
	g.t.rules.route_initcwnd = 4;
	CHECK_INT(cc_initial_window(&g.c), ==, 4);
}

TEST(slow_start_doubles_and_stops_at_ssthresh)
{
	struct ground g;

	begin(&g, &cc_reno);
	acked(&g, 10);
	CHECK_INT(g.c.cc.cwnd, ==, 20);
	g.c.cc.ssthresh = 22;
	acked(&g, 4);
	CHECK_INT(g.c.cc.cwnd, ==, 22); /* 2 left over: not a window yet */
	acked(&g, 20);
	CHECK_INT(g.c.cc.cwnd, ==, 23); /* one segment a window */
}

TEST(another_algorithm_keeps_the_window)
{
	struct ground g;

	begin(&g, &cc_cubic);
	g.c.cc.cwnd = 40;
	g.c.cc.ssthresh = 30;
	cc_switch(&g.c, g.now, &cc_reno);
	CHECK(g.c.cc.ops == &cc_reno);
	CHECK_INT(g.c.cc.cwnd, ==, 40);
	acked(&g, 40);
	CHECK_INT(g.c.cc.cwnd, ==, 41); /* Reno: one segment a window */
}

TEST(unused_window_does_not_grow)
{
	struct ground g;

	begin(&g, &cc_cubic);
	g.c.cc.limited = false;
	acked(&g, 10);
	CHECK_INT(g.c.cc.cwnd, ==, 10);
	g.c.cc.max_out = 8; /* slow start may reach twice what was used */
	acked(&g, 8);
	CHECK_INT(g.c.cc.cwnd, ==, 18);
	acked(&g, 8);
	CHECK_INT(g.c.cc.cwnd, ==, 18);
}

TEST(reductions)
{
	struct ground g;

	begin(&g, &cc_reno);
	g.c.cc.cwnd = 100;
	loss(&g);
	CHECK_INT(g.c.cc.ssthresh, ==, 50);
	CHECK_INT(g.c.cc.cwnd, ==, 50);
	begin(&g, &cc_cubic);
	g.c.cc.cwnd = 100;
	loss(&g);
	CHECK_INT(g.c.cc.ssthresh, ==, 70);
	g.c.cc.cwnd = 1;
	loss(&g);
	CHECK_INT(g.c.cc.ssthresh, ==, 2); /* never below two */
}

/* RFC 6937: over all of a recovery as many leave as ssthresh has room for. */
TEST(proportional_reduction)
{
	struct ground g;
	uint32_t sent = 0;

	begin(&g, &cc_reno);
	for (uint32_t i = 0; i < 20; i++) {
		CHECK(sendq_make_room(&g.c.sendq));
		sendq_push(&g.c.sendq, seq_of(i * 1000), 1000, 0, g.now);
	}
	g.c.cc.cwnd = 20;
	cc_begin_reduction(&g.c, g.now);
	cc_set_state(&g.c, g.now, CA_RECOVERY);
	for (uint32_t i = 1; i <= 10; i++) {
		struct ack a = { .flags = ACK_SACKED };

		sendq_mark(&g.c.sendq, sendq_at(&g.c.sendq, i), TXSEG_SACKED, 0);
		cc_reduce(&g.c, &a, 1, 0);
		while (conn_in_flight(&g.c) < g.c.cc.cwnd) {
			CHECK(sendq_make_room(&g.c.sendq));
			sendq_push(&g.c.sendq, seq_of(0), 1000, 0, g.now);
			g.c.cc.prr_out++;
			sent++;
		}
	}
	CHECK_INT(sent, ==, 5); /* every second one, as 10 is half of 20 */
	sendq_fini(&g.c.sendq);
}

/* RFC 9438 4.2: with W_max 1000 segments and cwnd 700, K = cbrt(300 / 0.4) =
 * 9.086 s; the window is flat there, and steeper on both sides. */
TEST(cubic_reaches_its_plateau_at_k)
{
	uint32_t at_k = 0;
	struct ground g;

	begin(&g, &cc_cubic);
	g.c.cc.cwnd = 1000;
	loss(&g);
	CHECK_INT(g.c.cc.cwnd, ==, 700);
	for (int i = 0; i < 16000; i++) { /* a millisecond each */
		acked(&g, g.c.cc.cwnd / 100); /* a window in 100 ms */
		if (i == 9086)
			at_k = g.c.cc.cwnd;
	}
	CHECK_INT(g.c.cc.cubic.k, >, 9086 * 1024 / 1000 - 20);
	CHECK_INT(g.c.cc.cubic.k, <, 9086 * 1024 / 1000 + 20);
	CHECK_INT(at_k, >, 970);
	CHECK_INT(at_k, <, 1030);
	CHECK_INT(g.c.cc.cwnd, >, 1100); /* convex: on to new ground */
}

/* On a short path the Reno estimate rules (4.3). */
TEST(cubic_is_no_slower_than_reno_on_a_short_path)
{
	struct ground g;

	begin(&g, &cc_cubic);
	g.c.cc.cwnd = 20;
	loss(&g);
	for (int i = 0; i < 40; i++)
		acked(&g, g.c.cc.cwnd);
	CHECK_INT(g.c.cc.cwnd, >, 14 + 15);
}

/* A delay that has risen by an eighth ends slow start after nine samples. */
TEST(hystart_by_delay)
{
	struct ground g;

	begin(&g, &cc_cubic);
	g.c.cc.cwnd = 20;
	acked(&g, 1);
	CHECK_INT(g.c.cc.cubic.delay_min, ==, 100000);
	g.c.snd_una = seq_of(10); /* another round */
	g.c.snd_nxt = seq_of(1000000);
	g.now.ns += 50000000;
	for (int i = 0; i < 20 && cc_in_slow_start(&g.c.cc); i++) {
		struct ack a = { .flags = ACK_DATA_ACKED, .rs = { .acked = 1,
			.rtt_ns = 120000000 } };

		g.now.ns += 3000000; /* no train */
		cc_cubic.acked(&g.c, g.now, &a);
		cc_control(&g.c, g.now, &a);
	}
	CHECK(!cc_in_slow_start(&g.c.cc));
	CHECK_INT(g.c.cc.cwnd, ==, 29); /* the ninth tells */
}

/* Acknowledgements in one train for half a round trip end it, too. */
TEST(hystart_by_train)
{
	struct ground g;
	int i;

	begin(&g, &cc_cubic);
	g.c.cc.cwnd = 20;
	g.c.snd_una = seq_of(10);
	g.c.snd_nxt = seq_of(1000000);
	for (i = 0; i < 200 && cc_in_slow_start(&g.c.cc); i++)
		acked(&g, 1);
	CHECK_INT(i, >=, 50);
	CHECK_INT(i, <, 54);
}

TEST(undo_gives_back_what_was_taken)
{
	struct ground g;

	begin(&g, &cc_cubic);
	g.c.cc.cwnd = 100;
	g.c.cc.ssthresh = 90;
	g.c.cc.prior_ssthresh = cc_current_ssthresh(&g.c);
	cc_begin_reduction(&g.c, g.now);
	g.c.cc.cwnd = 30;
	cc_undo(&g.c, g.now);
	CHECK_INT(g.c.cc.cwnd, ==, 100);
	CHECK_INT(g.c.cc.ssthresh, ==, 90);
}

TEST(restart_after_idle)
{
	struct ground g;

	begin(&g, &cc_cubic);
	g.c.cc.cwnd = 80;
	g.c.cc.ssthresh = 40;
	g.c.last_sent = g.now;
	g.now.ns += 2 * rtt_rto(&g.c.rtt).ns + 1;
	cc_restart_after_idle(&g.c, g.now);
	CHECK_INT(g.c.cc.cwnd, ==, 20); /* halved twice: Linux */
	CHECK_INT(g.c.cc.ssthresh, ==, 60);
	g.c.cc.cwnd = 80;
	g.now.ns += DURATION_S(100).ns;
	cc_restart_after_idle(&g.c, g.now);
	CHECK_INT(g.c.cc.cwnd, ==, 10);
	g.t.rules.slow_start_after_idle = 0;
	g.c.cc.cwnd = 80;
	cc_restart_after_idle(&g.c, g.now);
	CHECK_INT(g.c.cc.cwnd, ==, 80);
}
