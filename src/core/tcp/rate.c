/* How fast segments are delivered (draft-ietf-ccwg-bbr 4.1.2, Linux's tcp_rate.c):
 * for each that arrives, how many others did since it was sent, and in what time,
 * the longer of sending and acknowledging. A sample during which the program gave
 * too little tells what it used, not what the path can bear.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "ack.h"

/* Before r is counted in flight; first: nothing is. */
void rate_sent(struct conn *c, struct txseg *r, struct instant now, bool first)
{
	struct rate *rt = &c->rate;

	if (first)
		rt->first_at = rt->delivered_at = now;
	r->first_at = rt->first_at;
	r->delivered_at = rt->delivered_at;
	r->delivered = rt->delivered;
	r->flags &= (uint16_t)~TXSEG_APP_LIMITED;
	if (rt->app_limited)
		r->flags |= TXSEG_APP_LIMITED;
}

void rate_delivered(struct conn *c, struct txseg *r, struct ack *a)
{
	struct rate_sample *rs = &a->rs;
	bool newest = rs->prior_at.ns == 0 || c->rate.first_at.ns < r->sent.ns ||
		(c->rate.first_at.ns == r->sent.ns && seq_lt(rs->end, txseg_end(r)));

	if (r->delivered_at.ns == 0)
		return;
	if (newest) {
		rs->prior_delivered = r->delivered;
		rs->prior_at = r->delivered_at;
		rs->app_limited = r->flags & TXSEG_APP_LIMITED;
		rs->retrans = r->flags & TXSEG_EVER;
		rs->end = txseg_end(r);
		c->rate.first_at = r->sent;
		rs->interval_ns = instant_sub(r->sent, r->first_at).ns;
	}
	r->delivered_at.ns = 0; /* not again when it is acknowledged */
}

void rate_generate(struct conn *c, struct instant now, struct ack *a,
	uint32_t delivered, uint32_t lost, bool reneged)
{
	struct rate *rt = &c->rate;
	struct rate_sample *rs = &a->rs;
	int64_t acking;

	if (rt->app_limited && (int32_t)(rt->delivered - rt->app_limited) > 0)
		rt->app_limited = 0;
	if (delivered)
		rt->delivered_at = now;
	rs->acked = delivered;
	rs->losses = lost;
	if (rs->prior_at.ns == 0 || reneged) {
		rs->delivered = -1;
		rs->interval_ns = -1;
		return;
	}
	rs->delivered = (int32_t)(rt->delivered - rs->prior_delivered);
	acking = instant_sub(now, rs->prior_at).ns;
	if (rs->interval_ns < acking)
		rs->interval_ns = acking;
	/* Faster than a round trip: acknowledgements were compressed. */
	if (rs->interval_ns < rtt_smallest(&c->rtt).ns || rs->interval_ns == 0) {
		rs->interval_ns = -1;
		return;
	}
	if (!rs->app_limited || (unsigned __int128)rs->delivered *
		(uint64_t)rt->interval_ns >= (unsigned __int128)rt->rate_delivered *
		(uint64_t)rs->interval_ns) {
		rt->rate_delivered = (uint32_t)rs->delivered;
		rt->interval_ns = rs->interval_ns;
		rt->rate_app_limited = rs->app_limited;
	}
}

void rate_check_app_limited(struct conn *c, uint32_t queued)
{
	uint32_t flight = conn_in_flight(c);

	if (queued < conn_mss(c) && flight < c->cc.cwnd &&
		c->sendq.nlost <= c->sendq.nretrans)
		c->rate.app_limited = c->rate.delivered + flight ?
			c->rate.delivered + flight : 1;
}
