/* What is sent again: segments judged lost, and the probe for a lost tail.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "ack.h"
#include "output.h"
#include "recovery.h"
#include "timers.h"

/* Small neighbours go as one segment (Linux: tcp_retrans_try_collapse(); RFC 9293
 * 3.10.8 lets us). */
static void join_small(struct conn *c, uint32_t i, uint32_t mss)
{
	struct sendq *q = &c->sendq;
	struct seq edge = conn_window_end(c);

	while (i + 1 < q->n) {
		struct txseg *r = sendq_at(q, i), *next = sendq_at(q, i + 1);
		uint32_t window = (uint32_t)seq_diff(edge, r->start);

		if (!(r->flags & TXSEG_LAST) || !(next->flags & TXSEG_LAST) ||
			((r->flags | next->flags) & TXSEG_SYN) ||
			(r->flags & TXSEG_EOR) || (next->flags & TXSEG_SACKED) ||
			r->len + next->len > mss + !!(next->flags & TXSEG_FIN) ||
			seq_lt(edge, txseg_end(next)) || r->len > window)
			return;
		if ((r->flags ^ next->flags) & TXSEG_LOST)
			sendq_mark(q, next, r->flags & TXSEG_LOST,
				(uint16_t)~r->flags & TXSEG_LOST);
		if (next->flags & TXSEG_RETRANS)
			sendq_mark(q, next, 0, TXSEG_RETRANS);
		sendq_join(q, i);
	}
}

/* The path became narrower: what went out as one is cut anew as a whole, as far as all of
 * it is to be sent again, so that one short segment comes of it, not one of each. Linux
 * has it in one skb (tcp_set_skb_tso_segs()). False: memory is short. */
static bool cut_anew(struct conn *c, uint32_t i, uint32_t mss)
{
	const unsigned fate = TXSEG_SACKED | TXSEG_LOST | TXSEG_RETRANS;
	struct sendq *q = &c->sendq;

	while (i + 1 < q->n && !(sendq_at(q, i)->flags & TXSEG_LAST) &&
		!((sendq_at(q, i)->flags ^ sendq_at(q, i + 1)->flags) & fate))
		sendq_join(q, i);
	for (; sendq_at(q, i)->len > mss + !!(sendq_at(q, i)->flags & TXSEG_FIN); i++) {
		if (!sendq_make_room(q))
			return false;
		sendq_split(q, i, mss);
	}
	return true;
}

static void note_again(struct conn *c, struct instant now, uint32_t i, uint32_t n,
	bool probe)
{
	struct sendq *q = &c->sendq;

	for (uint32_t k = i; k < i + n; k++) {
		struct txseg *r = sendq_at(q, k);

		r->sent = now;
		sendq_mark(q, r, 0, TXSEG_JUDGED);
		rate_sent(c, r, now, false);
		recovery_resent(c, now, r, probe);
		c->tally.bytes_retrans += r->len - ((r->flags & TXSEG_FIN) ? 1 : 0);
	}
	if (!probe && cc_is_reducing(c))
		c->cc.prr_out += n;
	c->retrans += n;
	c->events |= TCP_EV_STATE;
	c->t->stats.retrans += n;
	c->last_sent = now;
}

/* Records that may go with record i as one, at most `max`. */
static uint32_t run_of(const struct sendq *q, uint32_t i, uint32_t max)
{
	uint32_t n = 1;

	while (n < max && i + n < q->n) {
		const struct txseg *r = sendq_at(q, i + n);

		if ((sendq_at(q, i + n - 1)->flags & TXSEG_LAST) ||
			(r->flags & (TXSEG_LOST | TXSEG_RETRANS)) != TXSEG_LOST ||
			r->len > sendq_at(q, i)->len) /* the first is the measure */
			break;
		n++;
	}
	return n;
}

/* Linux: __tcp_retransmit_skb(). How many records went, 0: none. */
static uint32_t retransmit_run(struct conn *c, struct instant now, uint32_t i,
	uint32_t max, bool probe)
{
	struct sendq *q = &c->sendq;
	uint32_t mss = conn_mss_now(c), n, len;
	struct txseg *r = sendq_at(q, i), *last;
	struct seg_out s = { .seq = r->start, .mss = mss };

	c->probe.size = 0; /* what comes now tells nothing of it (Linux) */

	len = r->len - ((r->flags & TXSEG_FIN) ? 1 : 0);
	if (len > mss) {
		if (!cut_anew(c, i, mss))
			return 0;
	} else if (len < mss) {
		join_small(c, i, mss);
	}
	n = run_of(q, i, max);
	last = sendq_at(q, i + n - 1);
	sendq_mark(q, last, TXSEG_LAST, 0);
	s.len = (uint32_t)seq_diff(txseg_end(last), s.seq) -
		((last->flags & TXSEG_FIN) ? 1 : 0);
	s.flags = (uint8_t)(TCP_ACK |
		(n > 1 || (last->flags & TXSEG_PSH) ? TCP_PSH : 0) |
		(last->flags & TXSEG_FIN ? TCP_FIN : 0));
	if (n > 1) /* as they were cut, whatever the size is now */
		s.mss = sendq_at(q, i)->len;
	note_again(c, now, i, n, probe);
	conn_note_result(c, now, conn_emit(c, now, &s));
	return n;
}

bool conn_retransmit(struct conn *c, struct instant now, uint32_t i)
{
	return retransmit_run(c, now, i, 1, false) > 0;
}

/* Lost segments first, in order (RFC 6675 4, NextSeg rule 1). Linux:
 * tcp_xmit_retransmit_queue(). */
void conn_repair(struct conn *c, struct instant now)
{
	struct sendq *q = &c->sendq;

	for (uint32_t i = 0; !c->dead && q->nretrans < q->nlost && i < q->n; i++) {
		uint32_t flight = conn_in_flight(c), most;
		struct txseg *r = sendq_at(q, i);

		if ((r->flags & (TXSEG_LOST | TXSEG_RETRANS)) != TXSEG_LOST)
			continue;
		if (flight >= c->cc.cwnd || conn_pacing_holds(c, now))
			return;
		most = conn_super_segs(c, conn_mss_now(c));
		if (most > c->cc.cwnd - flight)
			most = c->cc.cwnd - flight;
		if (!retransmit_run(c, now, i, most, false))
			return;
		if (i == 0) /* RFC 6298 5.1: the oldest is timed anew (Linux) */
			timers_head_resent(c, now);
	}
}

/* RFC 8985 7.3: new data if the window has room, else the last segment again.
 * False when there was nothing to send. */
bool conn_send_tlp(struct conn *c, struct instant now)
{
	struct sendq *q = &c->sendq;

	if (!conn_may_send_data(c) || q->n == 0)
		return false;
	c->rec.tlp_retrans = false;
	if (conn_send_beyond(c, now))
		return true;
	if (conn_pacing_holds(c, now))
		return false; /* soon, by itself */
	if (sendq_at(q, q->n - 1)->flags & TXSEG_SACKED)
		return false; /* it has arrived: RACK sees to those before it */
	c->rec.tlp_retrans = true;
	return retransmit_run(c, now, q->n - 1, 1, true) > 0;
}
