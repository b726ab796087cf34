/* Pacing: what leaves, leaves no faster than the rate of congestion control. Linux's
 * own (tcp_pacing_check(), tcp_update_skb_after_send()), not a queueing discipline's:
 * each transmission puts the next one off by its length over the rate. What the clock
 * was late for is made good, by half of the wait at most, so that a timer that fires
 * late costs no rate and yet sends no burst. Who is paced: whom congestion control
 * (BBR) or the program (SO_MAX_PACING_RATE) wants to be, and all whose path is long,
 * if the host has the rule.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "output.h"
#include "timers.h"

enum { UNPACED_SEGMENTS = 10 }; /* Linux: the first ones go at once */

bool conn_pacing_holds(struct conn *c, struct instant now)
{
	if (!c->cc.pacing_needed || !instant_before(now, c->next_send))
		return false;
	timers_pace(c, c->next_send);
	return true;
}

bool conn_path_is_paced(const struct conn *c)
{
	uint32_t least = c->t->rules.pace_path;
	int64_t path = rtt_smallest(&c->rtt).ns;

	return least && path != INT64_MAX && path / 1000 >= least;
}

struct duration conn_pacing_delay(const struct conn *c, struct instant now)
{
	struct duration left = instant_sub(c->next_send, now);

	return left.ns > 0 ? left : DURATION_MS(0);
}

void conn_paced(struct conn *c, struct instant now, uint32_t len)
{
	struct instant before = c->next_send;
	uint64_t rate = c->cc.pacing_rate;
	int64_t wait, credit;

	if (instant_before(c->next_send, now))
		c->next_send = now;
	if (!c->cc.pacing_needed || rate == 0 || len == 0 ||
		c->tally.data_segs_out < UNPACED_SEGMENTS)
		return;
	wait = (int64_t)((uint64_t)len * 1000000000 / rate);
	credit = instant_sub(c->next_send, before).ns;
	if (credit > wait / 2)
		credit = wait / 2;
	c->next_send.ns += wait - credit;
}
