/* SPDX-License-Identifier: BSD-2-Clause */
#include "hystart.h"

#include "check.h"
#include "host.h"

struct ground {
	struct tcp t;
	struct conn c;
	struct instant now;
};

static void begin(struct ground *g, uint32_t how)
{
	*g = (struct ground){ .now = { 1000000000 } };
	tcp_rules_default(&g->t.rules);
	g->t.rules.hystart_detect = how;
	g->c.t = &g->t;
	g->c.cc.cwnd = 20;
	g->c.cc.ssthresh = CC_SSTHRESH_NONE;
	hystart_begin(&g->c, g->now);
}

/* A round trip of eight samples, each of `us`. */
static void round_of(struct ground *g, uint32_t us)
{
	g->c.snd_nxt = seq_add(g->c.snd_nxt, 20000);
	for (int k = 1; k <= 8; k++) {
		g->now.ns += 5000000; /* no train */
		g->c.snd_una = seq_add(g->c.snd_una, 2500);
		hystart_acked(&g->c, g->now, us);
	}
}

static bool is_css(const struct ground *g)
{
	return g->c.cc.cubic.hystart.css;
}

/* RFC 9406 4.2: the threshold is an eighth, 4 ms at least, 16 ms at most. */
TEST(what_begins_css)
{
	static const struct {
		uint32_t first, second;
		bool css;
	} rounds[] = {
		{ 100000, 112400, false }, { 100000, 112500, true },
		{ 10000, 13999, false }, { 10000, 14000, true },
		{ 400000, 415999, false }, { 400000, 416000, true },
		{ 100000, 50000, false },
	};

	for (unsigned k = 0; k < sizeof(rounds) / sizeof(rounds[0]); k++) {
		struct ground g;

		begin(&g, 4);
		round_of(&g, rounds[k].first);
		CHECK(!is_css(&g));
		round_of(&g, rounds[k].second);
		CHECK_INT(is_css(&g), ==, rounds[k].css);
		CHECK_INT(g.c.cc.ssthresh, ==, CC_SSTHRESH_NONE);
	}
}

TEST(css_ends_after_five_rounds)
{
	struct ground g;

	begin(&g, 4);
	round_of(&g, 100000);
	round_of(&g, 120000);
	CHECK(is_css(&g));
	for (int k = 0; k < 4; k++) {
		round_of(&g, 120000);
		CHECK_INT(g.c.cc.ssthresh, ==, CC_SSTHRESH_NONE);
	}
	round_of(&g, 120000);
	CHECK_INT(g.c.cc.ssthresh, ==, 20);
	CHECK(!is_css(&g));
	CHECK_INT(hystart_share(&g.c, 8), ==, 8);
}

TEST(css_goes_back_when_the_delay_falls)
{
	struct ground g;

	begin(&g, 4);
	round_of(&g, 100000);
	round_of(&g, 120000);
	CHECK(is_css(&g));
	round_of(&g, 119000);
	CHECK(!is_css(&g));
	CHECK_INT(g.c.cc.ssthresh, ==, CC_SSTHRESH_NONE);
}

/* A quarter, whatever pieces it comes in. */
TEST(css_grows_by_a_quarter)
{
	struct ground g;
	uint32_t sum = 0;

	begin(&g, 4);
	CHECK_INT(hystart_share(&g.c, 3), ==, 3);
	round_of(&g, 100000);
	round_of(&g, 120000);
	for (uint32_t k = 0; k < 40; k++)
		sum += hystart_share(&g.c, k % 4);
	CHECK_INT(sum, ==, 60 / 4);
}

/* RFC 9406 4.3: after a loss slow start is as ever. */
TEST(only_the_first_slow_start)
{
	struct ground g;

	begin(&g, 4);
	g.c.cc.ssthresh = 100;
	round_of(&g, 100000);
	round_of(&g, 120000);
	CHECK(!is_css(&g));
}

TEST(linux_leaves_at_once)
{
	struct ground g;

	begin(&g, 2);
	g.c.cc.cubic.delay_min = 100000;
	round_of(&g, 100000);
	round_of(&g, 120000);
	g.now.ns += 5000000;
	g.c.snd_una = seq_add(g.c.snd_una, -1); /* the ninth of this round */
	hystart_acked(&g.c, g.now, 120000);
	CHECK_INT(g.c.cc.ssthresh, ==, 20);
	CHECK(!is_css(&g));
}
