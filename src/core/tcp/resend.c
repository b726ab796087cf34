/* What is sent again: segments judged lost, and the probe for a lost tail.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "conn.h"
#include "output.h"
#include "timers.h"

bool conn_cwnd_allows(struct conn *c, uint32_t len)
{
	uint32_t flight = sendq_in_flight(&c->sendq);

	if (flight == 0 || flight + len <= c->cc.cwnd)
		return true;
	c->cwnd_limited = true;
	return false;
}

bool conn_retransmit(struct conn *c, struct instant now, uint32_t i)
{
	struct sendq *q = &c->sendq;
	struct txseg *r = sendq_at(q, i);
	uint32_t mss = conn_mss(c), len;
	struct seg_out s;

	len = r->len - ((r->flags & TXSEG_FIN) ? 1 : 0);
	if (len > mss) { /* the path became narrower */
		if (!sendq_make_room(q))
			return false;
		sendq_split(q, i, mss);
		r = sendq_at(q, i);
		len = mss;
	}
	s = (struct seg_out){ .seq = r->start, .len = len,
		.flags = (uint8_t)(conn_data_flags(c, r->start, len) |
			((r->flags & TXSEG_FIN) ? TCP_FIN : 0)) };
	r->sent = now;
	sendq_mark(q, r, TXSEG_RETRANS | TXSEG_EVER, 0);
	c->retrans++;
	c->t->stats.retrans++;
	c->bytes_retrans += len;
	c->rec.prr_out += len;
	if (!c->rec.undo_ts_valid) { /* RFC 3522: the first of this episode */
		c->rec.undo_ts = conn_ts_now(c, now);
		c->rec.undo_ts_valid = true;
	}
	c->last_sent = now;
	conn_note_result(c, now, conn_emit(c, now, &s));
	timers_data_sent(c, now);
	return true;
}

/* Lost segments first, in order (RFC 6675 4, NextSeg rule 1). */
void conn_repair(struct conn *c, struct instant now)
{
	struct sendq *q = &c->sendq;

	for (uint32_t i = 0; !c->dead && q->lost && i < q->n; i++) {
		struct txseg *r = sendq_at(q, i);

		if ((r->flags & (TXSEG_LOST | TXSEG_RETRANS)) != TXSEG_LOST)
			continue;
		if (!conn_cwnd_allows(c, r->len) || !conn_retransmit(c, now, i))
			return;
	}
}

/* RFC 8985 7.3: new data if the window has room, else the last segment again.
 * False when there was nothing to send. */
bool conn_send_tlp(struct conn *c, struct instant now)
{
	struct sendq *q = &c->sendq;
	uint32_t queued, window = conn_usable_window(c), mss = conn_mss(c), last;

	if (!conn_may_send_data(c) || !conn_refresh_tx(c, now) || q->n == 0)
		return false;
	queued = c->fin_sent ? 0 : (uint32_t)seq_diff(c->tx_end, c->snd_nxt);
	if (queued > mss)
		queued = mss;
	if (queued && queued <= window && sendq_make_room(q)) {
		c->rec.tlp_retrans = false;
		conn_send_new(c, now, queued, false);
		return true;
	}
	last = q->n - 1;
	if (sendq_at(q, last)->flags & TXSEG_SACKED)
		return false; /* it has arrived: RACK sees to those before it */
	c->rec.tlp_retrans = true;
	if (!conn_retransmit(c, now, last))
		return false;
	/* Not a repair: it must not count as in flight twice. */
	sendq_mark(q, sendq_at(q, last), 0, TXSEG_RETRANS);
	return true;
}
