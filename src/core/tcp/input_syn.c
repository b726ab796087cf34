/* RFC 9293 3.10.7.3: a segment in SYN-SENT.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "acktime.h"
#include "ecn.h"
#include "input.h"
#include "output.h"
#include "recovery.h"
#include "timers.h"

/* Linux's tcp_rcv_synsent_state_process(): an echo of what we have not sent since
 * the first SYN is of another life. */
static bool echoes_ours(const struct conn *c, struct instant now,
	const struct tcp_header *h)
{
	uint32_t newest = conn_ts_now(c, now);

	return !c->t->rules.timestamps || !h->has_ts || h->tsecr == 0 ||
		(newest - h->tsecr) <= newest - c->syn_ts;
}

/* First: check the ACK bit. */
enum verdict_of_step syn_check_ack(struct conn *c, struct instant now,
	struct segment *s)
{
	if (!(s->h.flags & TCP_ACK))
		return STEP_NEXT;
	if (seq_le(s->h.ack, c->iss) || seq_lt(c->snd_nxt, s->h.ack)) {
		/* Linux: the peer had an old connection, which our reset ends: ask
		 * again at once. */
		if (c->rec.timeouts == 0)
			timers_syn_again(c, now);
		return s->h.flags & TCP_RST ? STEP_DROP : STEP_RST;
	}
	if (!echoes_ours(c, now, &s->h))
		return s->h.flags & TCP_RST ? STEP_DROP : STEP_RST;
	return STEP_NEXT;
}

/* Second: check the RST bit. Without an acceptable ACK it says nothing. */
enum verdict_of_step syn_check_rst(struct conn *c, struct instant now,
	struct segment *s)
{
	if (!(s->h.flags & TCP_RST))
		return STEP_NEXT;
	return s->h.flags & TCP_ACK ? STEP_RESET : STEP_DROP;
}

/* What both ends offered (RFC 7323 1.3, RFC 2018 2, RFC 9293 3.7.1). */
static void negotiate(struct conn *c, struct instant now,
	const struct tcp_header *h)
{
	const struct tcp_rules *rules = &c->t->rules;

	c->peer_mss = h->mss;
	c->sack_on = rules->sack && h->sack_ok;
	c->wscale_on = rules->window_scaling && h->wscale != TCP_WSCALE_NONE;
	if (c->wscale_on)
		c->snd_wscale = (uint8_t)h->wscale;
	else
		c->rcv_wscale = 0;
	c->ts_on = rules->timestamps && h->has_ts;
	c->ts_recent = h->tsval;
	c->ts_recent_at = now;
	conn_update_mss(c);
}

/* What went with our SYN (RFC 7413 4.2.1). False: something of it is to be sent
 * again, which is no sign of congestion. */
static bool syn_data_acked(struct conn *c, struct instant now,
	const struct segment *s)
{
	struct sendq *q = &c->sendq;

	if (!c->fo.syn_data)
		return true;
	recovery_ack(c, now, s, false);
	for (uint32_t i = 0; i < q->n; i++)
		sendq_mark(q, sendq_at(q, i), TXSEG_LOST, 0);
	if (q->n) {
		c->fo.fail = c->retrans ? FO_SYN_SENT_AGAIN : FO_DATA_NOT_ACKED;
		recovery_no_congestion(c, now);
	}
	c->fo.acked = q->n == 0;
	/* It and the SYN are one segment, of two that were counted. */
	if (c->fo.acked && c->rate.delivered > 1)
		c->rate.delivered--;
	return c->fo.acked;
}

/* Fourth: check the SYN bit. (Third is security.) */
enum verdict_of_step syn_check_syn(struct conn *c, struct instant now,
	struct segment *s)
{
	struct duration rtt;

	if (!(s->h.flags & TCP_SYN))
		return STEP_NEXT;
	c->irs = s->h.seq;
	c->rcv_nxt = c->last_ack = seq_add(c->irs, 1);
	c->rcv_adv = seq_add(c->rcv_nxt,
		(uint32_t)seq_diff(c->rcv_adv, seq_of(0)));
	negotiate(c, now, &s->h);
	ecn_syn_answered(c, s);
	c->snd_wnd = c->max_snd_wnd = s->h.wnd; /* RFC 7323 2.2: not scaled */
	c->snd_wl1 = s->h.seq;
	timers_heard(c, now);
	if (!(s->h.flags & TCP_ACK)) { /* simultaneous open, figure 8 */
		conn_set_state(c, now, TCP_SYN_RECEIVED);
		conn_send_syn(c, now);
		return STEP_DROP;
	}
	rtt = c->retrans ? conn_ts_rtt(c, now, &s->h) :
		instant_sub(now, c->syn_sent);
	if (rtt.ns || c->retrans == 0)
		conn_take_rtt(c, now, rtt);
	fastopen_learn(c, &s->h);
	c->snd_una = seq_add(c->iss, 1);
	c->rtt.backoff = 0;
	timers_stop(c);
	conn_established(c, now);
	c->events |= TCP_EV_CONNECTED;
	c->ack_now = true; /* with data, if tx holds some */
	/* Linux: a sender waits for us, so this is a dialogue. */
	if (c->wq.n) {
		c->last_text = now;
		acktime_quick(c, TCP_QUICKACKS);
	}
	if (!syn_data_acked(c, now, s))
		return STEP_DROP;
	/* "If there are other controls or text in the segment, then continue at
	 * the sixth step": the steps after the ACK's. Linux does so only in answer
	 * to fast open; the peer sends it again. */
	if (!c->fo.asked && !c->fo.syn_data)
		return STEP_DROP;
	s->h.seq = seq_add(s->h.seq, 1);
	if (take_text(c, now, s) == STEP_NEXT && !c->dead)
		return take_fin(c, now, s);
	return STEP_DROP;
}

/* Fifth: neither SYN nor RST. */
enum verdict_of_step syn_check_rest(struct conn *c, struct instant now,
	struct segment *s)
{
	return STEP_DROP;
}
