/* Slow start and Reno's congestion avoidance (RFC 5681), byte-counted (RFC
 * 3465), and CUBIC (RFC 9438) in integers: the same on every machine.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "cc.h"

#include "limits.h"

enum { CWND_MAX = 1 << 30, CUBIC_SPAN_MS = 60000 };

static uint32_t max_u32(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

uint32_t cc_initial_window(uint32_t mss)
{
	uint32_t cap = max_u32(2 * mss, 14600); /* RFC 6928 2 */
	uint32_t w = TCP_INITIAL_WINDOW * mss;

	/* As Linux, ten segments whatever their size up to Ethernet's. */
	return mss <= 1460 || w < cap ? w : cap;
}

void cc_init(struct cc *cc, const struct cc_ops *ops, uint32_t mss)
{
	*cc = (struct cc){ .ops = ops, .mss = mss, .ssthresh = CWND_MAX,
		.cwnd = cc_initial_window(mss), .epoch = INSTANT_NEVER };
}

void cc_switch(struct cc *cc, const struct cc_ops *ops)
{
	if (cc->ops == ops)
		return;
	cc->ops = ops;
	cc->credit = 0;
	cc->epoch = INSTANT_NEVER;
}

void cc_set_mss(struct cc *cc, uint32_t mss)
{
	cc->mss = mss;
	cc->cwnd = max_u32(cc->cwnd, mss);
}

void cc_restart(struct cc *cc)
{
	uint32_t w = cc_initial_window(cc->mss);

	if (cc->cwnd > w) { /* RFC 5681 4.1; ssthresh remembers, as Linux */
		cc->ssthresh = max_u32(cc->ssthresh, cc->cwnd / 4 * 3);
		cc->cwnd = w;
	}
	cc->epoch = INSTANT_NEVER;
}

void cc_acked(struct cc *cc, struct instant now, uint32_t acked,
	struct duration srtt, bool full)
{
	if (!full) { /* RFC 7661: a window not used was not tested */
		cc->epoch = INSTANT_NEVER;
		return;
	}
	if (cc->cwnd < cc->ssthresh) { /* RFC 5681 3.1, L of RFC 3465 as Linux */
		uint32_t room = cc->ssthresh - cc->cwnd;
		uint32_t n = acked < room ? acked : room;

		cc->cwnd += n;
		acked -= n;
	}
	if (acked)
		cc->ops->avoid(cc, now, acked, srtt);
	if (cc->cwnd > CWND_MAX)
		cc->cwnd = CWND_MAX;
}

void cc_loss(struct cc *cc, struct instant now)
{
	cc->ssthresh = max_u32(cc->ops->reduce(cc, now), 2 * cc->mss);
	cc->credit = 0;
}

static void reno_avoid(struct cc *cc, struct instant now, uint32_t acked,
	struct duration srtt)
{
	cc->credit += acked; /* RFC 3465 2.1 */
	while (cc->credit >= cc->cwnd) {
		cc->credit -= cc->cwnd;
		cc->cwnd += cc->mss;
	}
}

static uint32_t reno_reduce(struct cc *cc, struct instant now)
{
	return cc->cwnd / 2; /* RFC 5681 3.1 (4), by cwnd as Linux */
}

const struct cc_ops cc_reno = { "reno", reno_avoid, reno_reduce };

static int64_t cube_root(int64_t v)
{
	int64_t r = 0;

	for (int bit = 20; bit >= 0; bit--) {
		int64_t t = r | (int64_t)1 << bit;

		if (t * t * t <= v)
			r = t;
	}
	return r;
}

/* RFC 9438 4.2: W_cubic(t) = C (t - K)^3 + W_max, C = 0.4 segments / s^3. */
static uint32_t cubic_window(const struct cc *cc, int64_t t_ms)
{
	int64_t d = t_ms - cc->k_ms, w;

	if (d > CUBIC_SPAN_MS)
		d = CUBIC_SPAN_MS;
	if (d < -CUBIC_SPAN_MS)
		d = -CUBIC_SPAN_MS;
	w = d * d * d / 1000000 * 4 * cc->mss / 10000 + cc->w_max;
	if (w < cc->mss)
		w = cc->mss;
	return w > CWND_MAX ? CWND_MAX : (uint32_t)w;
}

static void cubic_begin(struct cc *cc, struct instant now)
{
	cc->epoch = now;
	cc->w_est = cc->cwnd;
	cc->credit = 0;
	if (cc->w_max <= cc->cwnd) {
		cc->w_max = cc->cwnd;
		cc->k_ms = 0;
		return;
	}
	/* RFC 9438 4.2, figure 2; ms^3 = 10^9 s^3, 1/C = 2.5 */
	cc->k_ms = cube_root((int64_t)(cc->w_max - cc->cwnd) / cc->mss *
		2500000000);
}

/* RFC 9438 4.3: what Reno would have reached, with alpha = 0.529 until the
 * window before the loss is reached again, then 1. */
static void cubic_reno_estimate(struct cc *cc, uint32_t acked)
{
	cc->credit += cc->w_est < cc->w_prior ? acked / 1000 * 529 +
		acked % 1000 * 529 / 1000 : acked;
	while (cc->credit >= cc->cwnd) {
		cc->credit -= cc->cwnd;
		cc->w_est += cc->mss;
	}
}

static void cubic_avoid(struct cc *cc, struct instant now, uint32_t acked,
	struct duration srtt)
{
	uint32_t target, grow;

	if (instant_is_never(cc->epoch))
		cubic_begin(cc, now);
	cubic_reno_estimate(cc, acked);
	/* Aim at where the curve will be in one round trip (4.2). */
	target = cubic_window(cc,
		(instant_sub(now, cc->epoch).ns + srtt.ns) / 1000000);
	if (target > cc->cwnd / 2 * 3)
		target = cc->cwnd / 2 * 3;
	if (target > cc->cwnd) {
		grow = (uint32_t)((uint64_t)(target - cc->cwnd) * acked /
			cc->cwnd);
		cc->cwnd += grow;
	}
	if (cc->w_est > cc->cwnd)
		cc->cwnd = cc->w_est;
}

static uint32_t cubic_reduce(struct cc *cc, struct instant now)
{
	cc->w_prior = cc->cwnd;
	/* RFC 9438 4.7: fast convergence */
	cc->w_max = cc->cwnd < cc->w_max ?
		(uint32_t)((uint64_t)cc->cwnd * 85 / 100) : cc->cwnd;
	cc->epoch = INSTANT_NEVER;
	return (uint32_t)((uint64_t)cc->cwnd * 7 / 10); /* 4.6: beta 0.7 */
}

const struct cc_ops cc_cubic = { "cubic", cubic_avoid, cubic_reduce };
