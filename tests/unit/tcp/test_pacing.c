/* SPDX-License-Identifier: BSD-2-Clause */
#include "output.h"

#include "check.h"

/* A connection of which only what pacing looks at is there. */
static void begin(struct conn *c, uint64_t rate)
{
	*c = (struct conn){ .tally.data_segs_out = 10, .cc = { .pacing_needed = true,
		.pacing_rate = rate } };
	for (int k = 0; k < CONN_TIMERS; k++)
		c->due[k] = INSTANT_NEVER;
}

static struct instant ms(int64_t n)
{
	return (struct instant){ n * 1000000 };
}

TEST(each_puts_the_next_one_off)
{
	struct conn c;

	begin(&c, 100000);
	c.next_send = ms(1000);
	CHECK(!conn_pacing_holds(&c, ms(1000)));
	conn_paced(&c, ms(1000), 1000);
	CHECK_INT(c.next_send.ns, ==, ms(1010).ns);
	CHECK(conn_pacing_holds(&c, ms(1009)));
	CHECK_INT(c.due[CONN_TIMER_PACE].ns, ==, ms(1010).ns);
	CHECK_INT(conn_pacing_delay(&c, ms(1004)).ns, ==, DURATION_MS(6).ns);
	CHECK_INT(conn_pacing_delay(&c, ms(1020)).ns, ==, 0);
	CHECK(!conn_pacing_holds(&c, ms(1010)));
}

TEST(what_the_clock_was_late_for_is_made_good_by_half)
{
	struct conn c;

	begin(&c, 100000);
	c.next_send = ms(1000);
	conn_paced(&c, ms(1003), 1000); /* three late */
	CHECK_INT(c.next_send.ns, ==, ms(1010).ns);
	conn_paced(&c, ms(1110), 1000); /* a hundred late: five */
	CHECK_INT(c.next_send.ns, ==, ms(1115).ns);
}

TEST(who_waited_for_the_clock_alone_is_made_good_more)
{
	struct conn c;

	begin(&c, 100000); /* 1000 bytes are worth 10 ms */
	rtt_init(&c.rtt);
	rtt_sample_min(&c.rtt, ms(900), DURATION_MS(200)); /* an eighth: 25 */
	c.cc.cwnd = 10;
	c.cc.ssthresh = 5;
	c.next_send = ms(1000);
	CHECK(conn_pacing_holds(&c, ms(990)));
	CHECK(!conn_pacing_holds(&c, ms(1021))); /* 21 late: three at once */
	conn_paced(&c, ms(1021), 1000);
	CHECK_INT(c.next_send.ns, ==, ms(1010).ns);
	conn_paced(&c, ms(1021), 1000);
	conn_paced(&c, ms(1021), 1000);
	CHECK(conn_pacing_holds(&c, ms(1021)));
	CHECK_INT(c.next_send.ns, ==, ms(1030).ns);
	conn_paced(&c, ms(1130), 1000); /* a hundred late: 25 */
	CHECK_INT(c.next_send.ns, ==, ms(1115).ns);
	c.cc.ssthresh = 100; /* slow start: 12.5 */
	c.next_send = ms(2000);
	conn_paced(&c, ms(2100), 1000);
	CHECK_INT(c.next_send.ns, ==, ms(2097).ns + 500000);
	c.cc.cwnd = 0; /* the window held it back as well */
	c.next_send = ms(3000);
	CHECK(conn_pacing_holds(&c, ms(2990)));
	conn_paced(&c, ms(3100), 1000);
	CHECK_INT(c.next_send.ns, ==, ms(3105).ns);
}

TEST(the_first_ten_and_empty_ones_are_free)
{
	struct conn c;

	begin(&c, 100000);
	c.tally.data_segs_out = 9;
	conn_paced(&c, ms(1000), 1000);
	CHECK(!conn_pacing_holds(&c, ms(1000)));
	c.tally.data_segs_out = 10;
	conn_paced(&c, ms(1000), 0);
	CHECK(!conn_pacing_holds(&c, ms(1000)));
}

TEST(a_long_path_is_paced_if_the_host_has_the_rule)
{
	struct tcp t = { .rules.pace_path = 5000 };
	struct conn c = { .t = &t };

	rtt_init(&c.rtt);
	CHECK(!conn_path_is_paced(&c)); /* nothing known of it */
	rtt_sample_min(&c.rtt, ms(1000), DURATION_MS(5));
	CHECK(conn_path_is_paced(&c));
	rtt_sample_min(&c.rtt, ms(1001), DURATION_US(4999)); /* the rest was a queue */
	CHECK(!conn_path_is_paced(&c));
	t.rules.pace_path = 0;
	rtt_sample_min(&c.rtt, ms(900000), DURATION_MS(90));
	CHECK(!conn_path_is_paced(&c));
}

TEST(without_need_nothing_waits)
{
	struct conn c;

	begin(&c, 100000);
	c.cc.pacing_needed = false;
	conn_paced(&c, ms(1000), 1000);
	CHECK(!conn_pacing_holds(&c, ms(1000)));
	begin(&c, 0); /* Linux: a rate of nothing is none */
	conn_paced(&c, ms(1000), 1000);
	CHECK(!conn_pacing_holds(&c, ms(1000)));
}
