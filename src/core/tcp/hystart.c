/* HyStart: slow start is to end before anything is lost.
 *
 *   Linux's (the default)  ends it at once, when a round's smallest delay has risen
 *                          by an eighth, or when acknowledgements have come in a
 *                          train for half of the smallest round trip (Ha and Rhee
 *                          2011)
 *   HyStart++ (RFC 9406)   a risen delay begins conservative slow start (CSS), which
 *                          grows by a quarter and ends after five rounds; a round
 *                          whose delay is smaller again goes back to slow start
 * SPDX-License-Identifier: BSD-2-Clause */
#include "ack.h"
#include "hystart.h"

enum {
	HYSTART_BY_TRAIN = 1, HYSTART_BY_DELAY = 2, HYSTART_PLUS = 4,
	HYSTART_LOW = 16,	  /* segments; Linux: no HyStart below */
	HYSTART_SAMPLES = 8,	  /* RFC 9406 4.3: N_RTT_SAMPLE */
	HYSTART_DELAY_MIN = 4000, /* us, MIN_RTT_THRESH */
	HYSTART_DELAY_MAX = 16000, /* us, MAX_RTT_THRESH */
	HYSTART_CSS_GROWTH = 4,	  /* CSS_GROWTH_DIVISOR */
	HYSTART_CSS_ROUNDS = 5,	  /* CSS_ROUNDS */
	HYSTART_TRAIN_GAP = 2000, /* us between acknowledgements of a train */
	HYSTART_TRAIN_MAX = 1000, /* us that super-segments may hold back */
	SUPER_SEGMENT = 65536,	  /* bytes: Linux's sk_gso_max_size */
};

static uint32_t clock_us(struct instant now)
{
	return (uint32_t)(now.ns / 1000);
}

static void begin_round(struct conn *c, struct instant now)
{
	struct hystart *h = &c->cc.cubic.hystart;

	h->round_us = h->last_ack_us = clock_us(now);
	h->round_end = c->snd_nxt;
	h->last_rtt = h->round_rtt;
	h->round_rtt = UINT32_MAX;
	h->samples = 0;
}

void hystart_begin(struct conn *c, struct instant now)
{
	c->cc.cubic.hystart = (struct hystart){ .round_rtt = UINT32_MAX };
	begin_round(c, now);
}

static void leave_slow_start(struct conn *c)
{
	c->cc.cubic.hystart.found = true;
	c->cc.cubic.hystart.css = false;
	c->cc.ssthresh = c->cc.cwnd;
}

/* What a round's delay may be above that of another. */
static uint32_t threshold(uint32_t base)
{
	uint32_t rise = base >> 3;

	if (rise < HYSTART_DELAY_MIN)
		return HYSTART_DELAY_MIN;
	return rise < HYSTART_DELAY_MAX ? rise : HYSTART_DELAY_MAX;
}

/* --- Linux's ------------------------------------------------------------------------- */

/* Super-segments make the acknowledgements lumpy: what four of them take. */
static uint32_t train_slack(const struct conn *c)
{
	uint64_t us;

	if (c->cc.pacing_rate == 0)
		return 0;
	us = (uint64_t)SUPER_SEGMENT * 4 * 1000000 / c->cc.pacing_rate;
	return us < HYSTART_TRAIN_MAX ? (uint32_t)us : HYSTART_TRAIN_MAX;
}

static void train(struct conn *c, struct instant now)
{
	struct hystart *h = &c->cc.cubic.hystart;
	uint32_t t = clock_us(now), longest;

	if ((int32_t)(t - h->last_ack_us) > HYSTART_TRAIN_GAP)
		return;
	h->last_ack_us = t;
	longest = c->cc.cubic.delay_min + train_slack(c);
	if (!c->cc.pacing_needed)
		longest >>= 1;
	if ((int32_t)(t - h->round_us) > (int32_t)longest)
		leave_slow_start(c);
}

/* Against the smallest of all rounds; RFC 9406 would take the last one's. */
static void delayed(struct conn *c, uint32_t delay)
{
	struct hystart *h = &c->cc.cubic.hystart;
	uint32_t least = c->cc.cubic.delay_min;

	if (h->round_rtt > delay)
		h->round_rtt = delay;
	if (h->samples < HYSTART_SAMPLES)
		h->samples++;
	else if (h->round_rtt > least + threshold(least))
		leave_slow_start(c);
}

/* --- HyStart++ ------------------------------------------------------------------------ */

/* RFC 9406 4.2. */
static void plus(struct conn *c, uint32_t delay)
{
	struct hystart *h = &c->cc.cubic.hystart;

	if (h->round_rtt > delay)
		h->round_rtt = delay;
	if (h->samples < HYSTART_SAMPLES)
		h->samples++;
	if (h->samples < HYSTART_SAMPLES)
		return;
	if (h->css && h->round_rtt < h->css_rtt) {
		h->css = false; /* it was no queue */
	} else if (!h->css && h->last_rtt != UINT32_MAX &&
		h->round_rtt >= h->last_rtt + threshold(h->last_rtt)) {
		h->css = true;
		h->css_rtt = h->round_rtt;
		h->css_rounds = h->credit = 0;
	}
}

/* RFC 9406 4.2: the round in which CSS began counts. */
static void plus_round(struct conn *c)
{
	struct hystart *h = &c->cc.cubic.hystart;

	if (h->css && ++h->css_rounds == HYSTART_CSS_ROUNDS)
		leave_slow_start(c);
}

uint32_t hystart_share(struct conn *c, uint32_t acked)
{
	struct hystart *h = &c->cc.cubic.hystart;
	uint32_t n;

	if (!h->css || c->cc.ssthresh != CC_SSTHRESH_NONE)
		return acked;
	n = h->credit + acked;
	h->credit = n % HYSTART_CSS_GROWTH;
	return n / HYSTART_CSS_GROWTH;
}

void hystart_acked(struct conn *c, struct instant now, uint32_t delay)
{
	uint32_t how = c->t->rules.hystart_detect;
	struct hystart *h = &c->cc.cubic.hystart;
	/* RFC 9406 4.3: for the first slow start only. */
	bool by_rfc = (how & HYSTART_PLUS) && c->cc.ssthresh == CC_SSTHRESH_NONE;

	if (h->found || !cc_in_slow_start(&c->cc) || !c->t->rules.hystart)
		return;
	if (seq_lt(h->round_end, c->snd_una)) {
		plus_round(c);
		begin_round(c, now);
	}
	if (how & HYSTART_PLUS) {
		if (by_rfc && !h->found)
			plus(c, delay);
		return;
	}
	if (c->cc.cwnd < HYSTART_LOW)
		return;
	if (how & HYSTART_BY_TRAIN)
		train(c, now);
	if (how & HYSTART_BY_DELAY)
		delayed(c, delay);
}
