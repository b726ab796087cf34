/* What all algorithms share: slow start, the reduction of the window (RFC 6937bis),
 * and whether it is used at all (RFC 7661, in Linux's way).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "ack.h"
#include "output.h"

static uint32_t max_u32(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static uint32_t min_u32(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* RFC 6928 2, but ten segments whatever their size, as Linux. */
uint32_t cc_initial_window(const struct conn *c)
{
	uint32_t route = c->t->rules.route_initcwnd;

	return route ? route : TCP_INITIAL_WINDOW;
}

/* SO_MAX_PACING_RATE. */
void cc_limit_rate(struct conn *c)
{
	uint64_t most = c->opt.max_pacing;

	if (most == 0)
		return;
	c->cc.pacing_needed = true; /* and stays so, as in Linux */
	if (c->cc.pacing_rate == 0 || c->cc.pacing_rate > most)
		c->cc.pacing_rate = most;
}

/* Linux (tcp_update_pacing_rate()): twice the window a round trip in slow start, so
 * that it is not slowed, then a fifth more. */
static void update_pacing_rate(struct conn *c)
{
	struct cc *cc = &c->cc;
	uint64_t rate = (uint64_t)conn_mss(c) * max_u32(cc->cwnd, c->sendq.n);
	int64_t srtt_us = c->rtt.srtt.ns / 1000;

	rate *= cc->cwnd < cc->ssthresh / 2 ? c->t->rules.pacing_ss_ratio :
		c->t->rules.pacing_ca_ratio;
	rate *= 10000; /* % and us */
	cc->pacing_rate = srtt_us > 0 ? rate / (uint64_t)srtt_us : rate;
	if (conn_path_is_paced(c))
		cc->pacing_needed = true;
	cc_limit_rate(c);
}

const struct cc_ops *cc_by_number(unsigned k)
{
	static const struct cc_ops *const all[TCP_CCS] = {
		[TCP_CC_CUBIC] = &cc_cubic,
		[TCP_CC_RENO] = &cc_reno,
		[TCP_CC_BBR] = &cc_bbr,
	};

	return all[k < TCP_CCS ? k : TCP_CC_CUBIC];
}

void cc_init(struct conn *c, struct instant now, const struct cc_ops *ops)
{
	c->cc = (struct cc){ .ops = ops, .ssthresh = CC_SSTHRESH_NONE,
		.cwnd = cc_initial_window(c), .stamp = now,
		.usage_end = c->snd_una };
	update_pacing_rate(c);
	if (ops->init)
		ops->init(c, now);
}

void cc_switch(struct conn *c, struct instant now, const struct cc_ops *ops)
{
	if (c->cc.ops == ops)
		return;
	c->cc.ops = ops;
	c->cc.cnt = 0;
	c->cc.cubic = (struct cubic){ 0 };
	if (ops->init)
		ops->init(c, now);
}

void cc_event(struct conn *c, struct instant now, enum cc_event ev)
{
	if (c->cc.ops->event)
		c->cc.ops->event(c, now, ev);
}

void cc_set_state(struct conn *c, struct instant now, enum ca_state to)
{
	if (c->cc.ops->state)
		c->cc.ops->state(c, now, to);
	c->rec.state = to;
	c->events |= TCP_EV_STATE;
}

bool cc_in_slow_start(const struct cc *cc)
{
	return cc->cwnd < cc->ssthresh;
}

bool cc_is_limited(const struct cc *cc)
{
	if (cc->limited)
		return true;
	/* Linux (tcp_is_cwnd_limited()): in slow start the window may grow to
	 * twice of what was used. */
	return cc_in_slow_start(cc) && cc->cwnd < 2 * cc->max_out;
}

bool cc_is_reducing(const struct conn *c)
{
	return c->rec.state == CA_CWR || c->rec.state == CA_RECOVERY;
}

/* RFC 2861 3.2: what was once reached is not forgotten at once. */
uint32_t cc_current_ssthresh(const struct conn *c)
{
	if (cc_is_reducing(c))
		return c->cc.ssthresh;
	return max_u32(c->cc.ssthresh, (c->cc.cwnd >> 1) + (c->cc.cwnd >> 2));
}

/* RFC 5681 3.1, by the segment; RFC 3465's L is no limit, as in Linux. */
uint32_t cc_slow_start(struct cc *cc, uint32_t acked)
{
	uint32_t cwnd = min_u32(cc->cwnd + acked, cc->ssthresh);

	acked -= cwnd - cc->cwnd;
	cc->cwnd = min_u32(cwnd, TCP_CWND_MAX);
	return acked;
}

/* Credit from when w was larger is paid out gently, one segment (Linux). */
void cc_grow_by(struct cc *cc, uint32_t w, uint32_t acked)
{
	if (cc->cnt >= w) {
		cc->cnt = 0;
		cc->cwnd++;
	}
	cc->cnt += acked;
	if (cc->cnt >= w) {
		cc->cwnd += cc->cnt / w;
		cc->cnt %= w;
	}
	cc->cwnd = min_u32(cc->cwnd, TCP_CWND_MAX);
}

uint32_t cc_reno_undo(struct conn *c)
{
	return max_u32(c->cc.cwnd, c->cc.prior_cwnd);
}

void cc_begin_reduction(struct conn *c, struct instant now)
{
	struct cc *cc = &c->cc;

	c->rec.point = c->snd_nxt;
	c->rec.tlp_out = false;
	cc->cnt = 0;
	cc->prior_cwnd = cc->cwnd;
	cc->prr_delivered = cc->prr_out = 0;
	cc->ssthresh = cc->ops->ssthresh(c);
	ecn_queue_cwr(c);
}

/* RFC 3168 6.1.2: once a round trip. */
void cc_enter_cwr(struct conn *c, struct instant now)
{
	c->cc.prior_ssthresh = 0;
	if (c->rec.state >= CA_CWR)
		return;
	c->rec.undo_on = false;
	cc_begin_reduction(c, now);
	cc_set_state(c, now, CA_CWR);
}

/* RFC 6937bis 6.2: proportional while more is in flight than ssthresh, then up to
 * it as fast as segments arrive, one more when nothing else was lost. */
void cc_reduce(struct conn *c, const struct ack *a, uint32_t delivered,
	uint32_t lost)
{
	struct cc *cc = &c->cc;
	int64_t flight = conn_in_flight(c), delta = cc->ssthresh - flight, n;

	if (delivered == 0 || cc->prior_cwnd == 0)
		return;
	cc->prr_delivered += delivered;
	if (delta < 0) {
		n = (int64_t)(((uint64_t)cc->ssthresh * cc->prr_delivered +
			cc->prior_cwnd - 1) / cc->prior_cwnd) - cc->prr_out;
	} else {
		n = (int64_t)cc->prr_delivered - cc->prr_out;
		if (n < delivered)
			n = delivered;
		if (a && (a->flags & ACK_FORWARD) && !lost)
			n++;
		if (n > delta)
			n = delta;
	}
	if (cc->prr_out == 0 && n < 1)
		n = 1; /* the fast retransmission goes at once */
	if (n < 0)
		n = 0;
	cc->cwnd = (uint32_t)(flight + n);
}

void cc_end_reduction(struct conn *c, struct instant now)
{
	struct cc *cc = &c->cc;

	if (cc->ops->control)
		return;
	if (cc->ssthresh < CC_SSTHRESH_NONE &&
		(c->rec.state == CA_CWR || c->rec.undo_on)) {
		cc->cwnd = cc->ssthresh; /* RFC 6937 3.1, at the end */
		cc->stamp = now;
	}
	cc_event(c, now, CC_EV_COMPLETE_CWR);
}

void cc_undo(struct conn *c, struct instant now)
{
	struct cc *cc = &c->cc;

	if (cc->prior_ssthresh) {
		cc->cwnd = cc->ops->undo(c);
		if (cc->prior_ssthresh > cc->ssthresh) {
			cc->ssthresh = cc->prior_ssthresh;
			ecn_withdraw_cwr(c);
		}
	}
	cc->stamp = now;
	c->rec.undo_on = false;
	c->rec.rack.advanced = true; /* what is lost is judged anew */
}

/* RFC 5681 3.2; Linux (tcp_may_raise_cwnd()): where segments are often out of
 * order, SACKed ones count as arrived. */
static bool may_raise(const struct conn *c, const struct ack *a)
{
	return a->flags & (c->rec.reordering > c->t->rules.reordering ? ACK_PROGRESS :
		ACK_DATA_ACKED);
}

void cc_control(struct conn *c, struct instant now, const struct ack *a)
{
	struct cc *cc = &c->cc;

	if (cc->ops->control) {
		cc->ops->control(c, now, a);
		return;
	}
	if (cc_is_reducing(c)) {
		cc_reduce(c, a, a->rs.acked, a->rs.losses);
	} else if (may_raise(c, a)) {
		cc->ops->avoid(c, now, a->rs.acked);
		cc->stamp = now;
	}
	update_pacing_rate(c);
}

/* RFC 2861 3.2: a window that was not used for a timeout is halved towards what
 * was. */
static void application_limited(struct conn *c, struct instant now)
{
	struct cc *cc = &c->cc;
	uint32_t used = max_u32(cc->used, cc_initial_window(c));

	if (c->rec.state == CA_OPEN && used < cc->cwnd) {
		cc->ssthresh = cc_current_ssthresh(c);
		cc->cwnd = (cc->cwnd + used) >> 1;
	}
	cc->used = 0;
	cc->stamp = now;
}

/* All is sent, more would go, and the program waits for room. */
static bool is_starved(const struct conn *c)
{
	const struct tcp_ops *ops = &c->t->cfg.ops;

	return (c->state == TCP_ESTABLISHED || c->state == TCP_CLOSE_WAIT) &&
		ops->starved && ops->starved(ops->user, c->cookie);
}

void cc_validate(struct conn *c, struct instant now, bool limited)
{
	struct cc *cc = &c->cc;
	uint32_t out = c->sendq.n;

	/* The strongest sign of this flight: stopped by it, else the most used. */
	if (seq_le(cc->usage_end, c->snd_una) || limited ||
		(!cc->limited && out > cc->max_out)) {
		cc->limited = limited;
		cc->max_out = out;
		cc->usage_end = c->snd_nxt;
	}
	if (cc_is_limited(cc)) {
		cc->used = 0;
		cc->stamp = now;
		return;
	}
	if (out > cc->used)
		cc->used = out;
	if (c->t->rules.slow_start_after_idle && !cc->ops->control &&
		instant_sub(now, cc->stamp).ns >= rtt_rto(&c->rtt).ns)
		application_limited(c, now);
	if (c->wq.n == 0 && is_starved(c))
		tally_wait(c, now, TALLY_SNDBUF);
}

/* RFC 5681 4.1 by RFC 2861 3.2: idle for longer than an RTO, half the window goes
 * with each, down to the initial one. */
void cc_restart_after_idle(struct conn *c, struct instant now)
{
	struct cc *cc = &c->cc;
	int64_t rto = rtt_rto(&c->rtt).ns, idle;
	uint32_t restart = min_u32(cc_initial_window(c), cc->cwnd);

	if (!c->t->rules.slow_start_after_idle || c->sendq.n || cc->ops->control)
		return;
	idle = instant_sub(now, c->last_sent).ns;
	if (idle <= rto)
		return;
	cc_event(c, now, CC_EV_CWND_RESTART);
	c->events |= TCP_EV_STATE;
	cc->ssthresh = cc_current_ssthresh(c);
	while ((idle -= rto) > 0 && cc->cwnd > restart)
		cc->cwnd >>= 1;
	cc->cwnd = max_u32(cc->cwnd, restart);
	cc->stamp = now;
	cc->used = 0;
}
