/* Pacing: what leaves, leaves no faster than the rate of congestion control. Linux's
 * own (tcp_pacing_check(), tcp_update_skb_after_send()), not a queueing discipline's:
 * each transmission puts the next one off by its length over the rate. What was sent
 * late is made good, by half of the wait at most, so that a little lateness costs no
 * rate and yet sends no burst. Where Linux differs: its timer is not late for long, that
 * of a process may be, by many such waits. What waited for nothing but the clock is made
 * good as far as an eighth of the path, which a queue must bear (what it does to both
 * kinds of hosts: tests/sim/golden/late.txt). Who is paced: whom congestion control
 * (BBR) or the program (SO_MAX_PACING_RATE) wants to be, and all whose path is long, if
 * the host has the rule.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "output.h"
#include "timers.h"

enum {
	UNPACED_SEGMENTS = 10, /* Linux: the first ones go at once */
	LATE_SHARE = 8,	       /* of the path, that is made good at most */
	SLOW_START_SHARE = 16, /* there the rate is twice the path's */
};

bool conn_pacing_holds(struct conn *c, struct instant now)
{
	if (!c->cc.pacing_needed || !instant_before(now, c->next_send))
		return false;
	timers_pace(c, c->next_send);
	c->clock_holds = conn_cwnd_room(c) > 0;
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

/* How much of a wait is made good at most, ns. */
static int64_t credit_most(const struct conn *c, int64_t wait)
{
	int64_t path = rtt_smallest(&c->rtt).ns;
	int64_t share = cc_in_slow_start(&c->cc) ? SLOW_START_SHARE : LATE_SHARE;

	if (!c->clock_holds || path == INT64_MAX || path / share < wait / 2)
		return wait / 2;
	return path / share;
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
	if (credit > credit_most(c, wait))
		credit = credit_most(c, wait);
	c->next_send.ns += wait - credit;
}
