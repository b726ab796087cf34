/* BBR, version 1 (draft-cardwell-iccrg-bbr-congestion-control-00, in Linux's integers):
 * the path is modelled by the most that it has lately delivered in a round trip (bw)
 * and by its shortest round trip of ten seconds (min_rtt). Segments leave at a multiple
 * of the first (pacing.c), and some multiple of the product of both is in flight.
 *
 *   STARTUP --bw grows no more--> DRAIN --what was queued is gone--> PROBE_BW
 *      ^                                                              ^  |
 *      \---- bw was not yet found ---- PROBE_RTT --200 ms of four ----/  |
 *                                          ^---- min_rtt is old --------/
 *
 * PROBE_BW goes round eight phases of a min_rtt each: a quarter more, a quarter less,
 * six times even. A loss reduces nothing, but for a round trip no more is sent than
 * arrives. Where a token bucket is suspected (two long intervals with much loss and the
 * same rate) that rate is taken for a while. Acknowledgements that come in lumps widen
 * the window by the largest lump of the last rounds.
 *
 * bw is in segments a us, by 2^24; gains by 256.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "ack.h"
#include "output.h"

enum {
	GAIN_SHIFT = 8, GAIN_ONE = 1 << GAIN_SHIFT,
	BW_SHIFT = 24,
	CYCLE = 8,		 /* phases of PROBE_BW */
	CYCLE_RANDOM = 7,	 /* of them it begins with, not the second */
	BW_ROUNDS = CYCLE + 2,	 /* how long bw is remembered */
	MIN_RTT_S = 10, PROBE_RTT_MS = 200,
	LEAST_WINDOW = 4,	 /* segments, and in PROBE_RTT */
	HIGH_GAIN = GAIN_ONE * 2885 / 1000 + 1, /* 2 / ln 2 */
	DRAIN_GAIN = GAIN_ONE * 1000 / 2885,
	WINDOW_GAIN = 2 * GAIN_ONE, /* acknowledgements are delayed */
	FULL_GAIN = GAIN_ONE * 5 / 4, FULL_ROUNDS = 3, /* bw grows no more */
	MARGIN = 99,		 /* % of bw: queues shall drain */
	SLOW_RATE = 1200000 / 8, /* bytes/s: single segments below */
	SUPER_GOAL_MAX = 127,	 /* segments */
	SUPER_BYTES_MAX = 65535 - 320, /* Linux: less MAX_TCP_HEADER */
	/* Token buckets. */
	LT_ROUNDS_MIN = 4, LT_ROUNDS_MAX = 4 * LT_ROUNDS_MIN,
	LT_LOSS = 50,		 /* of 256: a fifth */
	LT_SAME = GAIN_ONE / 8,	 /* rates that differ by less are the same */
	LT_SAME_BYTES = 4000 / 8, /* bytes/s, likewise */
	LT_USE_ROUNDS = 48,
	/* Lumps of acknowledgements. */
	EXTRA_ROUNDS = 5,
	EXTRA_US = 100000,	 /* of bw: the most that is added */
	EXTRA_EPOCH_MAX = 1 << 20, /* segments */
};

#define BW_ONE (1ull << BW_SHIFT)
#define RTT_UNKNOWN UINT32_MAX

static uint32_t max_u32(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static uint32_t min_u32(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t us_between(struct instant to, struct instant from)
{
	int64_t us = instant_sub(to, from).ns / 1000;

	return us < 0 ? 0 : us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
}

/* --- the model ---------------------------------------------------------------- */

static uint32_t max_bw(const struct bbr *b)
{
	return b->bw.v[0];
}

static uint32_t bw_of(const struct bbr *b)
{
	return b->lt_use ? b->lt_bw : max_bw(b);
}

/* The largest of the last BW_ROUNDS round trips, and the best two of what came
 * later, each to take the place of the one before when that has grown old (Kathleen
 * Nichols' windowed filter, as rtt.c's). */
static void bw_put(struct bbr_max *m, int from, uint32_t round, uint32_t v)
{
	for (int k = from; k < 3; k++) {
		m->v[k] = v;
		m->round[k] = round;
	}
}

static void bw_sample(struct bbr_max *m, uint32_t round, uint32_t v)
{
	uint32_t age;

	if (v >= m->v[0] || round - m->round[2] > BW_ROUNDS)
		return bw_put(m, 0, round, v);
	if (v >= m->v[1])
		bw_put(m, 1, round, v);
	else if (v >= m->v[2])
		bw_put(m, 2, round, v);
	age = round - m->round[0];
	if (age > BW_ROUNDS) {
		for (int k = 0; k < 2; k++) {
			m->v[k] = m->v[k + 1];
			m->round[k] = m->round[k + 1];
		}
		bw_put(m, 2, round, v);
		if (round - m->round[0] > BW_ROUNDS) { /* the second is as old */
			m->v[0] = m->v[1];
			m->round[0] = m->round[1];
			bw_put(m, 1, round, v);
		}
	} else if (m->round[1] == m->round[0] && age > BW_ROUNDS / 4) {
		bw_put(m, 1, round, v);
	} else if (m->round[2] == m->round[1] && age > BW_ROUNDS / 2) {
		bw_put(m, 2, round, v);
	}
}

static uint64_t bytes_per_s(const struct conn *c, uint64_t bw, uint32_t gain)
{
	unsigned __int128 rate = (unsigned __int128)bw * conn_mss(c) * gain;

	rate >>= GAIN_SHIFT;
	return (uint64_t)(rate * (1000000 / 100 * MARGIN) >> BW_SHIFT);
}

static uint64_t limited_rate(const struct conn *c, uint64_t bw, uint32_t gain)
{
	uint64_t rate = bytes_per_s(c, bw, gain), most = c->opt.max_pacing;

	return most && most < rate ? most : rate;
}

/* Before anything was measured: the window in a round trip. */
static void rate_from_rtt(struct conn *c)
{
	uint64_t us = 1000;

	if (rtt_has_sample(&c->rtt)) {
		us = (uint64_t)c->rtt.srtt.ns / 1000;
		c->cc.bbr.seen_rtt = true;
	}
	c->cc.pacing_rate = limited_rate(c, c->cc.cwnd * BW_ONE / (us ? us : 1),
		HIGH_GAIN);
}

static void set_rate(struct conn *c, uint64_t bw, uint32_t gain)
{
	uint64_t rate = limited_rate(c, bw, gain);

	if (!c->cc.bbr.seen_rtt && rtt_has_sample(&c->rtt))
		rate_from_rtt(c);
	if (c->cc.bbr.full || rate > c->cc.pacing_rate)
		c->cc.pacing_rate = rate;
}

static uint32_t least_super(const struct conn *c)
{
	return c->cc.pacing_rate < SLOW_RATE ? 1 : 2;
}

static uint32_t super_goal(const struct conn *c)
{
	uint64_t bytes = c->cc.pacing_rate >> TCP_PACING_SHIFT;

	if (bytes > SUPER_BYTES_MAX)
		bytes = SUPER_BYTES_MAX;
	return min_u32(max_u32((uint32_t)bytes / conn_mss(c), least_super(c)),
		SUPER_GOAL_MAX);
}

/* What is in flight when the queue is empty and the path full. */
static uint32_t product(const struct conn *c, uint64_t bw, uint32_t gain)
{
	const struct bbr *b = &c->cc.bbr;
	unsigned __int128 w;

	if (b->min_rtt_us == RTT_UNKNOWN)
		return TCP_INITIAL_WINDOW;
	w = (unsigned __int128)bw * b->min_rtt_us * gain >> GAIN_SHIFT;
	w = (w + BW_ONE - 1) >> BW_SHIFT;
	return w < TCP_CWND_MAX ? (uint32_t)w : TCP_CWND_MAX;
}

/* Room for super-segments and delayed acknowledgements. */
static uint32_t whole_supers(const struct conn *c, uint32_t window)
{
	const struct bbr *b = &c->cc.bbr;

	window += 3 * super_goal(c);
	window = (window + 1) & ~1u;
	if (b->mode == BBR_PROBE_BW && b->phase == 0)
		window += 2; /* or small paths would never be probed */
	return window;
}

static uint32_t inflight(const struct conn *c, uint64_t bw, uint32_t gain)
{
	return whole_supers(c, product(c, bw, gain));
}

/* What of `now_out` will be in the network when the next segment may leave. */
static uint32_t in_net(const struct conn *c, struct instant now, uint32_t now_out)
{
	const struct bbr *b = &c->cc.bbr;
	uint64_t us = (uint64_t)conn_pacing_delay(c, now).ns / 1000;
	uint64_t gone = bw_of(b) * us >> BW_SHIFT, then = now_out;

	if (b->pacing_gain > GAIN_ONE)
		then += super_goal(c);
	return gone >= then ? 0 : (uint32_t)(then - gone);
}

/* --- token buckets ---------------------------------------------------------------- */

static void lt_begin(struct conn *c)
{
	struct bbr *b = &c->cc.bbr;

	b->lt_since = c->rate.delivered_at;
	b->lt_delivered = c->rate.delivered;
	b->lt_lost = c->rate.lost;
	b->lt_rounds = 0;
}

static void lt_forget(struct conn *c)
{
	struct bbr *b = &c->cc.bbr;

	b->lt_bw = 0;
	b->lt_use = b->lt_sampling = false;
	lt_begin(c);
}

static void lt_interval(struct conn *c, uint32_t bw)
{
	struct bbr *b = &c->cc.bbr;
	uint32_t diff = bw > b->lt_bw ? bw - b->lt_bw : b->lt_bw - bw;

	if (b->lt_bw && ((uint64_t)diff * GAIN_ONE <= (uint64_t)LT_SAME * b->lt_bw ||
		bytes_per_s(c, diff, GAIN_ONE) <= LT_SAME_BYTES)) {
		b->lt_bw = (uint32_t)(((uint64_t)bw + b->lt_bw) >> 1);
		b->lt_use = true;
		b->pacing_gain = GAIN_ONE;
		b->lt_rounds = 0;
		return;
	}
	b->lt_bw = bw;
	lt_begin(c);
}

/* True: the interval has ended with a loss, and it had many. */
static bool lt_is_policed(struct conn *c, const struct rate_sample *rs)
{
	struct bbr *b = &c->cc.bbr;
	uint32_t lost = c->rate.lost - b->lt_lost;
	uint32_t delivered = c->rate.delivered - b->lt_delivered;

	if (rs->app_limited || b->lt_rounds + b->round_start > LT_ROUNDS_MAX) {
		lt_forget(c);
		return false;
	}
	b->lt_rounds += b->round_start;
	return b->lt_rounds >= LT_ROUNDS_MIN && rs->losses && delivered &&
		(uint64_t)lost << GAIN_SHIFT >= (uint64_t)LT_LOSS * delivered;
}

static void enter_probe_bw(struct conn *c);

static void lt_sample(struct conn *c, const struct rate_sample *rs)
{
	struct bbr *b = &c->cc.bbr;
	uint64_t bw;
	int64_t ms;

	if (b->lt_use) {
		if (b->mode == BBR_PROBE_BW && b->round_start &&
			++b->lt_rounds >= LT_USE_ROUNDS) {
			lt_forget(c);
			enter_probe_bw(c);
		}
		return;
	}
	if (!b->lt_sampling) {
		if (!rs->losses)
			return;
		lt_begin(c);
		b->lt_sampling = true;
	}
	if (!lt_is_policed(c, rs))
		return;
	ms = instant_sub(c->rate.delivered_at, b->lt_since).ns / 1000000;
	if (ms < 1)
		return;
	if (ms >= UINT32_MAX / 1000)
		return lt_forget(c);
	bw = (c->rate.delivered - b->lt_delivered) * BW_ONE / ((uint64_t)ms * 1000);
	lt_interval(c, bw < UINT32_MAX ? (uint32_t)bw : UINT32_MAX);
}

/* --- measuring --------------------------------------------------------------------- */

static void update_bw(struct conn *c, const struct rate_sample *rs)
{
	struct bbr *b = &c->cc.bbr;
	uint64_t bw;

	b->round_start = false;
	if (rs->delivered < 0 || rs->interval_ns <= 0)
		return;
	if ((int32_t)(rs->prior_delivered - b->round_delivered) >= 0) {
		b->round_delivered = c->rate.delivered;
		b->rounds++;
		b->round_start = true;
		b->conserve = false;
	}
	lt_sample(c, rs);
	bw = (uint64_t)rs->delivered * BW_ONE * 1000 / (uint64_t)rs->interval_ns;
	if (bw > UINT32_MAX)
		bw = UINT32_MAX;
	if (!rs->app_limited || bw >= max_bw(b))
		bw_sample(&b->bw, b->rounds, (uint32_t)bw);
}

/* How many more than bw says have arrived since the last lump began. */
static void update_extra(struct conn *c, const struct rate_sample *rs)
{
	struct bbr *b = &c->cc.bbr;
	uint64_t expected;
	uint32_t extra;

	if (rs->acked == 0 || rs->delivered < 0 || rs->interval_ns <= 0)
		return;
	if (b->round_start && ++b->extra_rounds >= EXTRA_ROUNDS) {
		b->extra_rounds = 0;
		b->extra_at = !b->extra_at;
		b->extra[b->extra_at] = 0;
	}
	expected = (uint64_t)bw_of(b) *
		us_between(c->rate.delivered_at, b->epoch_at) >> BW_SHIFT;
	if (b->epoch_acked <= expected ||
		b->epoch_acked + rs->acked >= EXTRA_EPOCH_MAX) {
		b->epoch_acked = 0;
		b->epoch_at = c->rate.delivered_at;
		expected = 0;
	}
	b->epoch_acked = min_u32(EXTRA_EPOCH_MAX - 1, b->epoch_acked + rs->acked);
	extra = min_u32(b->epoch_acked - (uint32_t)expected, c->cc.cwnd);
	if (extra > b->extra[b->extra_at])
		b->extra[b->extra_at] = extra;
}

static uint32_t extra_window(const struct bbr *b)
{
	uint64_t most = (uint64_t)bw_of(b) * EXTRA_US >> BW_SHIFT;
	uint32_t extra = max_u32(b->extra[0], b->extra[1]);

	if (!b->full)
		return 0;
	return extra < most ? extra : (uint32_t)most;
}

/* --- the modes --------------------------------------------------------------------- */

static void next_phase(struct conn *c)
{
	c->cc.bbr.phase = (c->cc.bbr.phase + 1) % CYCLE;
	c->cc.bbr.phase_at = c->rate.delivered_at;
}

static void enter_probe_bw(struct conn *c)
{
	struct bbr *b = &c->cc.bbr;

	b->mode = BBR_PROBE_BW;
	b->phase = (uint8_t)(CYCLE - 1 - rng_below(&c->t->rng, CYCLE_RANDOM));
	next_phase(c);
}

static void leave_probe_rtt(struct conn *c)
{
	if (c->cc.bbr.full)
		enter_probe_bw(c);
	else
		c->cc.bbr.mode = BBR_STARTUP;
}

static bool phase_is_over(const struct conn *c, struct instant now,
	const struct rate_sample *rs)
{
	const struct bbr *b = &c->cc.bbr;
	bool full = us_between(c->rate.delivered_at, b->phase_at) > b->min_rtt_us;
	uint32_t out;

	if (b->pacing_gain == GAIN_ONE)
		return full;
	out = in_net(c, now, rs->prior_in_flight);
	/* More: until it has filled the path, or was too much. */
	if (b->pacing_gain > GAIN_ONE)
		return full && (rs->losses ||
			out >= inflight(c, max_bw(b), b->pacing_gain));
	/* Less: until the queue is gone. */
	return full || out <= inflight(c, max_bw(b), GAIN_ONE);
}

static void check_full(struct bbr *b, const struct rate_sample *rs)
{
	if (b->full || !b->round_start || rs->app_limited)
		return;
	if (max_bw(b) >= (uint64_t)b->full_bw * FULL_GAIN >> GAIN_SHIFT) {
		b->full_bw = max_bw(b);
		b->full_rounds = 0;
		return;
	}
	b->full = ++b->full_rounds >= FULL_ROUNDS;
}

static void check_drain(struct conn *c, struct instant now)
{
	struct bbr *b = &c->cc.bbr;

	if (b->mode == BBR_STARTUP && b->full) {
		b->mode = BBR_DRAIN;
		c->cc.ssthresh = inflight(c, max_bw(b), GAIN_ONE);
	}
	if (b->mode == BBR_DRAIN && in_net(c, now, conn_in_flight(c)) <=
		inflight(c, max_bw(b), GAIN_ONE))
		enter_probe_bw(c);
}

static void save_window(struct conn *c)
{
	struct bbr *b = &c->cc.bbr;

	if (b->prev_state < CA_RECOVERY && b->mode != BBR_PROBE_RTT)
		b->prior_cwnd = c->cc.cwnd;
	else
		b->prior_cwnd = max_u32(b->prior_cwnd, c->cc.cwnd);
}

static void check_probe_rtt_done(struct conn *c, struct instant now)
{
	struct bbr *b = &c->cc.bbr;

	if (!b->probe_rtt_until.ns || !instant_before(b->probe_rtt_until, now))
		return;
	b->min_rtt_at = now;
	c->cc.cwnd = max_u32(c->cc.cwnd, b->prior_cwnd);
	leave_probe_rtt(c);
}

static void in_probe_rtt(struct conn *c, struct instant now)
{
	struct bbr *b = &c->cc.bbr;
	uint32_t until = c->rate.delivered + conn_in_flight(c);

	c->rate.app_limited = until ? until : 1; /* its samples are low */
	if (!b->probe_rtt_until.ns) {
		if (conn_in_flight(c) > LEAST_WINDOW)
			return;
		b->probe_rtt_until = instant_add(now, DURATION_MS(PROBE_RTT_MS));
		b->probe_rtt_round = false;
		b->round_delivered = c->rate.delivered;
		return;
	}
	b->probe_rtt_round |= b->round_start;
	if (b->probe_rtt_round)
		check_probe_rtt_done(c, now);
}

static void update_min_rtt(struct conn *c, struct instant now, const struct ack *a)
{
	struct bbr *b = &c->cc.bbr;
	const struct rate_sample *rs = &a->rs;
	bool old = instant_sub(now, b->min_rtt_at).ns > DURATION_S(MIN_RTT_S).ns;
	int64_t us = rs->rtt_ns / 1000;

	if (rs->rtt_ns >= 0 && (us < b->min_rtt_us ||
		(old && !(a->flags & ACK_MAYBE_DELAYED)))) {
		b->min_rtt_us = us < RTT_UNKNOWN ? (uint32_t)us : RTT_UNKNOWN - 1;
		b->min_rtt_at = now;
	}
	if (old && !b->idle_restart && b->mode != BBR_PROBE_RTT) {
		b->mode = BBR_PROBE_RTT;
		save_window(c);
		b->probe_rtt_until.ns = 0;
	}
	if (b->mode == BBR_PROBE_RTT)
		in_probe_rtt(c, now);
	if (rs->delivered > 0)
		b->idle_restart = false;
}

static void update_gains(struct bbr *b)
{
	static const uint16_t gains[CYCLE] = { GAIN_ONE * 5 / 4, GAIN_ONE * 3 / 4,
		GAIN_ONE, GAIN_ONE, GAIN_ONE, GAIN_ONE, GAIN_ONE, GAIN_ONE };

	switch ((enum bbr_mode)b->mode) {
	case BBR_STARTUP:
		b->pacing_gain = b->window_gain = HIGH_GAIN;
		break;
	case BBR_DRAIN:
		b->pacing_gain = DRAIN_GAIN;
		b->window_gain = HIGH_GAIN;
		break;
	case BBR_PROBE_BW:
		b->pacing_gain = b->lt_use ? GAIN_ONE : gains[b->phase];
		b->window_gain = WINDOW_GAIN;
		break;
	case BBR_PROBE_RTT:
		b->pacing_gain = b->window_gain = GAIN_ONE;
		break;
	}
}

/* --- the window ---------------------------------------------------------------------- */

/* The first round trip of a recovery sends as much as arrives; at its end the window
 * is what it was. True: *window is decided. */
static bool recover_or_restore(struct conn *c, const struct rate_sample *rs,
	uint32_t *window)
{
	struct bbr *b = &c->cc.bbr;
	enum ca_state prev = (enum ca_state)b->prev_state, state = c->rec.state;
	uint32_t w = c->cc.cwnd;

	if (rs->losses)
		w = w > rs->losses ? w - rs->losses : 1;
	if (state == CA_RECOVERY && prev != CA_RECOVERY) {
		b->conserve = true;
		b->round_delivered = c->rate.delivered;
		w = conn_in_flight(c) + rs->acked;
	} else if (prev >= CA_RECOVERY && state < CA_RECOVERY) {
		w = max_u32(w, b->prior_cwnd);
		b->conserve = false;
	}
	b->prev_state = state;
	if (b->conserve)
		w = max_u32(w, conn_in_flight(c) + rs->acked);
	*window = w;
	return b->conserve;
}

static void set_window(struct conn *c, const struct rate_sample *rs)
{
	struct bbr *b = &c->cc.bbr;
	uint32_t w = c->cc.cwnd, target;

	if (rs->acked && !recover_or_restore(c, rs, &w)) {
		target = product(c, bw_of(b), b->window_gain) + extra_window(b);
		target = whole_supers(c, target);
		if (b->full)
			w = min_u32(w + rs->acked, target);
		else if (w < target || c->rate.delivered < TCP_INITIAL_WINDOW)
			w += rs->acked;
		w = max_u32(w, LEAST_WINDOW);
	}
	c->cc.cwnd = min_u32(w, TCP_CWND_MAX);
	if (b->mode == BBR_PROBE_RTT)
		c->cc.cwnd = min_u32(c->cc.cwnd, LEAST_WINDOW);
}

/* --- what congestion control is asked ---------------------------------------------------- */

static void control(struct conn *c, struct instant now, const struct ack *a)
{
	struct bbr *b = &c->cc.bbr;
	const struct rate_sample *rs = &a->rs;

	update_bw(c, rs);
	update_extra(c, rs);
	if (b->mode == BBR_PROBE_BW && phase_is_over(c, now, rs))
		next_phase(c);
	check_full(b, rs);
	check_drain(c, now);
	update_min_rtt(c, now, a);
	update_gains(b);
	set_rate(c, bw_of(b), b->pacing_gain);
	set_window(c, rs);
}

static void init(struct conn *c, struct instant now)
{
	int64_t min = rtt_smallest(&c->rtt).ns;
	struct bbr *b = &c->cc.bbr;

	*b = (struct bbr){ .round_delivered = c->rate.delivered,
		.min_rtt_us = min == INT64_MAX ? RTT_UNKNOWN : (uint32_t)(min / 1000),
		.min_rtt_at = now, .epoch_at = now };
	c->cc.ssthresh = CC_SSTHRESH_NONE;
	c->cc.pacing_needed = true;
	rate_from_rtt(c);
	lt_forget(c); /* Linux: no gains before the first acknowledgement */
}

/* Not a threshold: the window to come back to. */
static uint32_t ssthresh(struct conn *c)
{
	save_window(c);
	return c->cc.ssthresh;
}

static uint32_t undo(struct conn *c)
{
	struct bbr *b = &c->cc.bbr;

	b->full_bw = 0; /* the slowing down was no sign */
	b->full_rounds = 0;
	lt_forget(c);
	return c->cc.cwnd;
}

static void on_state(struct conn *c, struct instant now, enum ca_state to)
{
	const struct rate_sample rs = { .losses = 1 };
	struct bbr *b = &c->cc.bbr;

	(void)now;
	if (to != CA_LOSS)
		return;
	b->prev_state = CA_LOSS;
	b->full_bw = 0;
	b->round_start = true;
	lt_sample(c, &rs);
}

/* After a pause the path is taken up at its rate, without a burst. */
static void on_event(struct conn *c, struct instant now, enum cc_event ev)
{
	struct bbr *b = &c->cc.bbr;

	if (ev != CC_EV_TX_START || !c->rate.app_limited)
		return;
	b->idle_restart = true;
	b->epoch_at = now;
	b->epoch_acked = 0;
	if (b->mode == BBR_PROBE_BW)
		set_rate(c, bw_of(b), GAIN_ONE);
	else if (b->mode == BBR_PROBE_RTT)
		check_probe_rtt_done(c, now);
}

void cc_bbr_info(const struct conn *c, struct tcp_bbr_view *out)
{
	const struct bbr *b = &c->cc.bbr;

	*out = (struct tcp_bbr_view){
		.bw = (uint64_t)((unsigned __int128)bw_of(b) * conn_mss(c) *
			1000000 >> BW_SHIFT),
		.min_rtt_us = b->min_rtt_us,
		.pacing_gain = b->pacing_gain,
		.window_gain = b->window_gain,
	};
}

const struct cc_ops cc_bbr = { .name = "bbr", .init = init, .ssthresh = ssthresh,
	.undo = undo, .state = on_state, .event = on_event, .control = control,
	.least_super = least_super, .send_buffer = 3 };
