/* CUBIC (RFC 9438) in Linux's integers: time in 1/1024 s of a clock of milliseconds,
 * the curve's C as 410/1024, beta as 717/1024. Slow start ends by HyStart (hystart.c).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "ack.h"
#include "hystart.h"

enum {
	BETA = 717, BETA_SCALE = 1024, /* RFC 9438 4.6: 0.7 */
	CUBIC_HZ_SHIFT = 10,	       /* the curve's time: 1/1024 s */
	CUBE_SCALE = 410,	       /* C = 0.4, by 1024 */
	RENO_SCALE = 8 * (BETA_SCALE + BETA) / 3 / (BETA_SCALE - BETA),
	START_CNT = 20,		 /* before any loss: 5 % a round trip at least */
	AFTER_RECOVERY_MS = 1000, /* Linux: no delays are believed */
};

static uint32_t clock_ms(struct instant now)
{
	uint32_t ms = (uint32_t)(now.ns / 1000000);

	return ms ? ms : 1; /* 0 means none */
}

static void on_acked(struct conn *c, struct instant now, const struct ack *a)
{
	struct cubic *cu = &c->cc.cubic;
	uint32_t delay;

	if (a->rs.rtt_ns < 0)
		return;
	if (cu->epoch_ms &&
		(int32_t)(clock_ms(now) - cu->epoch_ms) < AFTER_RECOVERY_MS)
		return;
	delay = (uint32_t)(a->rs.rtt_ns / 1000);
	if (delay == 0)
		delay = 1;
	if (cu->delay_min == 0 || cu->delay_min > delay)
		cu->delay_min = delay;
	hystart_acked(c, now, delay);
}

/* --- the curve -------------------------------------------------------------------- */

static void reset(struct cubic *cu)
{
	cu->cnt = cu->w_max = cu->last_cwnd = cu->last_ms = cu->origin = 0;
	cu->k = cu->delay_min = cu->epoch_ms = cu->ack_cnt = cu->w_est = 0;
}

static void init(struct conn *c, struct instant now)
{
	reset(&c->cc.cubic);
	hystart_begin(c, now);
}

static uint32_t cube_root(uint64_t v)
{
	uint64_t r = 0;

	for (int bit = 20; bit >= 0; bit--) {
		uint64_t t = r | (uint64_t)1 << bit;

		if (t * t * t <= v)
			r = t;
	}
	return (uint32_t)r;
}

/* RFC 9438 4.2 figure 2: K = cbrt((W_max - cwnd) / C). */
static void begin_epoch(struct cubic *cu, uint32_t now_ms, uint32_t cwnd,
	uint32_t acked)
{
	static const uint64_t one_over_c =
		(1ull << (10 + 3 * CUBIC_HZ_SHIFT)) / CUBE_SCALE;

	cu->epoch_ms = now_ms;
	cu->ack_cnt = acked;
	cu->w_est = cwnd;
	if (cu->w_max <= cwnd) {
		cu->k = 0;
		cu->origin = cwnd;
	} else {
		cu->k = cube_root(one_over_c * (cu->w_max - cwnd));
		cu->origin = cu->w_max;
	}
}

/* RFC 9438 4.2 figure 1, one round trip (its smallest, as Linux) ahead. */
static void follow_curve(struct cubic *cu, uint32_t now_ms, uint32_t cwnd)
{
	uint64_t t = (uint64_t)(int32_t)(now_ms - cu->epoch_ms) +
		(cu->delay_min + 999) / 1000, off, delta;
	uint64_t target;

	t = (t << CUBIC_HZ_SHIFT) / 1000;
	off = t < cu->k ? cu->k - t : t - cu->k;
	if (off > UINT64_C(1) << 17) /* two minutes: enough, and no overflow */
		off = UINT64_C(1) << 17;
	delta = (CUBE_SCALE * off * off * off) >> (10 + 3 * CUBIC_HZ_SHIFT);
	if (t < cu->k)
		target = cu->origin > delta ? cu->origin - delta : 0;
	else
		target = cu->origin + delta;
	if (target > cwnd)
		cu->cnt = (uint32_t)(cwnd / (target - cwnd));
	else
		cu->cnt = 100 * cwnd; /* next to nothing */
	if (cu->w_max == 0 && cu->cnt > START_CNT)
		cu->cnt = START_CNT;
}

/* RFC 9438 4.3: never slower than Reno would be; alpha = 3 (1 - b) / (1 + b). */
static void no_slower_than_reno(struct cubic *cu, uint32_t cwnd)
{
	uint32_t step = (cwnd * RENO_SCALE) >> 3, most;

	if (step == 0)
		step = 1;
	while (cu->ack_cnt > step) {
		cu->ack_cnt -= step;
		cu->w_est++;
	}
	if (cu->w_est <= cwnd)
		return;
	most = cwnd / (cu->w_est - cwnd);
	if (cu->cnt > most)
		cu->cnt = most;
}

static void update(struct conn *c, struct instant now, uint32_t acked)
{
	struct cubic *cu = &c->cc.cubic;
	uint32_t cwnd = c->cc.cwnd, ms = clock_ms(now);

	cu->ack_cnt += acked;
	if (cu->last_cwnd == cwnd && (int32_t)(ms - cu->last_ms) <= 1000 / 32)
		return;
	/* The curve is looked at once a tick, but for a new epoch. */
	if (!cu->epoch_ms || ms != cu->last_ms) {
		cu->last_cwnd = cwnd;
		cu->last_ms = ms;
		if (!cu->epoch_ms)
			begin_epoch(cu, ms, cwnd, acked);
		follow_curve(cu, ms, cwnd);
	}
	no_slower_than_reno(cu, cwnd);
	if (cu->cnt < 2) /* Linux: at most 1.5 times a round trip */
		cu->cnt = 2;
}

static void avoid(struct conn *c, struct instant now, uint32_t acked)
{
	struct cc *cc = &c->cc;

	if (!cc_is_limited(cc)) /* RFC 9438 5.8 */
		return;
	if (cc_in_slow_start(cc)) {
		acked = cc_slow_start(cc, hystart_share(c, acked));
		if (acked == 0)
			return;
	}
	update(c, now, acked);
	cc_grow_by(cc, cc->cubic.cnt, acked);
}

static uint32_t ssthresh(struct conn *c)
{
	struct cubic *cu = &c->cc.cubic;
	uint32_t cwnd = c->cc.cwnd, w;

	cu->epoch_ms = 0;
	/* RFC 9438 4.7: fast convergence, (1 + beta) / 2 */
	cu->w_max = cwnd < cu->w_max ? (uint32_t)((uint64_t)cwnd *
		(BETA_SCALE + BETA) / (2 * BETA_SCALE)) : cwnd;
	w = (uint32_t)((uint64_t)cwnd * BETA / BETA_SCALE); /* 4.6 */
	return w > 2 ? w : 2;
}

static void on_state(struct conn *c, struct instant now, enum ca_state to)
{
	if (to != CA_LOSS)
		return;
	reset(&c->cc.cubic); /* RFC 9438 4.8 */
	hystart_begin(c, now);
}

/* RFC 9438 5.8: time without data is no time on the curve. */
static void on_event(struct conn *c, struct instant now, enum cc_event ev)
{
	struct cubic *cu = &c->cc.cubic;
	int32_t idle = (int32_t)(instant_sub(now, c->last_sent).ns / 1000000);

	if (ev != CC_EV_TX_START || !cu->epoch_ms || idle <= 0)
		return;
	cu->epoch_ms += (uint32_t)idle;
	if ((int32_t)(cu->epoch_ms - clock_ms(now)) > 0)
		cu->epoch_ms = clock_ms(now);
}

const struct cc_ops cc_cubic = { .name = "cubic", .init = init, .avoid = avoid,
	.ssthresh = ssthresh, .undo = cc_reno_undo, .state = on_state,
	.event = on_event, .acked = on_acked };
