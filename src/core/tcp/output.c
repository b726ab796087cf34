/* What is sent, and when.
 *
 * conn_output() is called after anything that may have changed the answer. It
 * first repairs (segments judged lost: resend.c), then sends what is new, while the
 * congestion window (RFC 5681), the peer's window, silly-window avoidance (RFC
 * 9293 3.8.6.2.1), Nagle's rule (3.7.4, in Minshall's form as Linux) and
 * TCP_CORK let it, and last an acknowledgement, if no segment has carried it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include "conn.h"
#include "output.h"
#include "recovery.h"
#include "timers.h"

uint32_t conn_usable_window(const struct conn *c)
{
	int32_t n = seq_diff(seq_add(c->snd_una, c->snd_wnd), c->snd_nxt);

	return n > 0 ? (uint32_t)n : 0;
}

/* PSH with the last byte that is there (RFC 9293 3.9.1.2); a bare FIN has none,
 * as in Linux. */
uint8_t conn_data_flags(const struct conn *c, struct seq start, uint32_t len)
{
	return TCP_ACK | (len && seq_eq(seq_add(start, len), c->tx_end) ? TCP_PSH : 0);
}

void conn_note_result(struct conn *c, struct instant now, int err)
{
	if (err == -EMSGSIZE)
		recovery_resize(c, now, 0);
	/* Others: lost on the way; the timers see to it. */
}

void conn_send_syn(struct conn *c, struct instant now)
{
	struct seg_out s = { .seq = c->iss, .flags = TCP_SYN |
		(c->state == TCP_SYN_RECEIVED ? TCP_ACK : 0) };

	conn_emit(c, now, &s);
	timers_syn_sent(c, now);
}

/* May a segment of len bytes (full: as long as one can be; last: nothing is
 * queued behind it) go now? *blocked tells what holds it. */
enum hold { HOLD_NOT, HOLD_WINDOW, HOLD_CORK, HOLD_NAGLE };

static enum hold hold_back(const struct conn *c, uint32_t len, bool full,
	bool last)
{
	if (full)
		return HOLD_NOT; /* RFC 9293 3.8.6.2.1 (1) */
	if (!last) /* the window cuts it: (3), Fs = 1/2 */
		return len && len >= c->max_snd_wnd / 2 ? HOLD_NOT : HOLD_WINDOW;
	if (c->fin_queued || c->urgent)
		return HOLD_NOT; /* Linux's tcp_nagle_test() */
	if (c->opt.cork && !c->cork_expired)
		return HOLD_CORK;
	if (!c->opt.nodelay && c->sendq.n && seq_lt(c->snd_una, c->snd_sml))
		return HOLD_NAGLE; /* RFC 1122 4.2.3.4, Minshall */
	return HOLD_NOT;
}

void conn_send_new(struct conn *c, struct instant now, uint32_t len, bool fin)
{
	struct seq end = seq_add(c->snd_nxt, len);
	struct seg_out s = { .seq = c->snd_nxt, .len = len,
		.flags = (uint8_t)(conn_data_flags(c, c->snd_nxt, len) | (fin ? TCP_FIN : 0)) };

	sendq_push(&c->sendq, c->snd_nxt, len + fin, fin ? TXSEG_FIN : 0, now);
	if (len && len < conn_mss(c))
		c->snd_sml = end;
	c->snd_nxt = seq_add(end, fin);
	c->fin_sent |= fin;
	if (c->rec.state != RECOVERY_OPEN)
		c->rec.prr_out += len;
	c->last_sent = now;
	/* An answer: the peer talks and we do, ACKs ride on data (Linux's
	 * pingpong mode). */
	if (c->quickacks && c->last_text.ns && instant_sub(now, c->last_text).ns <
		DURATION_MS(TCP_DELACK_MS).ns)
		c->quickacks = 0;
	conn_note_result(c, now, conn_emit(c, now, &s));
	timers_data_sent(c, now);
}

/* The payload limit of the next segment: SACK blocks take their share. */
static uint32_t segment_limit(const struct conn *c)
{
	uint32_t mss = conn_mss(c), sack = 0;

	if (c->sack_on && c->ooo.n && !c->dead)
		sack = 4 + 8; /* one block at least */
	return mss > sack + TCP_MSS_MIN ? mss - sack : mss;
}

/* The next new segment; false when nothing may go. */
static bool try_new(struct conn *c, struct instant now)
{
	uint32_t queued = (uint32_t)seq_diff(c->tx_end, c->snd_nxt);
	uint32_t window = conn_usable_window(c), limit = segment_limit(c), len;
	bool fin = c->fin_queued, last;
	enum hold hold;

	if (c->fin_sent || (queued == 0 && !fin))
		return false;
	len = queued < limit ? queued : limit;
	if (len > window)
		len = window;
	last = len == queued;
	fin = fin && last && window > len;
	if (len == 0 && !fin) {
		hold = HOLD_WINDOW;
	} else {
		hold = hold_back(c, len, len == limit || (len == 0 && fin), last);
		if (hold == HOLD_NOT && !conn_cwnd_allows(c, len))
			return false;
	}
	if (hold == HOLD_WINDOW || hold == HOLD_CORK) {
		if (c->sendq.n == 0 || hold == HOLD_CORK)
			timers_send_blocked(c, now, hold == HOLD_CORK);
		return false;
	}
	if (hold != HOLD_NOT || !sendq_make_room(&c->sendq))
		return false;
	conn_send_new(c, now, len, fin);
	return true;
}

bool conn_may_send_data(const struct conn *c)
{
	return !c->dead && c->bufs.tx.sh && c->state >= TCP_ESTABLISHED &&
		c->state != TCP_FIN_WAIT_2 && c->state != TCP_TIME_WAIT;
}

void conn_output(struct conn *c, struct instant now)
{
	if (conn_may_send_data(c) && conn_refresh_tx(c, now)) {
		if (c->sendq.n == 0 && instant_sub(now, c->last_sent).ns >
			rtt_rto(&c->rtt).ns && !seq_eq(c->tx_end, c->snd_nxt))
			cc_restart(&c->cc); /* RFC 5681 4.1 */
		c->cwnd_limited = false;
		conn_repair(c, now);
		while (!c->dead && try_new(c, now))
			;
	}
	if (!c->dead && c->ack_now && c->state >= TCP_SYN_RECEIVED)
		conn_send_ack(c, now);
}

/* RFC 9293 3.8.6.1, as Linux does it: a number that is already acknowledged, so
 * that the peer must answer with its window. */
void conn_send_probe(struct conn *c, struct instant now)
{
	struct seg_out s = { .seq = seq_of(c->snd_una.v - 1), .flags = TCP_ACK };

	/* RFC 9293 3.8.5: urgency is told even to a closed window. */
	if (c->urgent && seq_lt(c->snd_una, c->snd_up)) {
		s.seq = c->snd_una;
		conn_emit(c, now, &s);
		s.seq = seq_of(c->snd_una.v - 1);
	}
	conn_emit(c, now, &s);
}

/* The override timeout of RFC 9293 3.8.6.2.1 (4): whatever fits the window. */
void conn_persist_push(struct conn *c, struct instant now)
{
	uint32_t queued, window = conn_usable_window(c), len, mss = conn_mss(c);
	bool fin;

	if (!conn_may_send_data(c) || !conn_refresh_tx(c, now) || c->fin_sent)
		return;
	queued = (uint32_t)seq_diff(c->tx_end, c->snd_nxt);
	len = queued < window ? queued : window;
	if (len > mss)
		len = mss;
	fin = c->fin_queued && len == queued && window > len;
	if ((len || fin) && sendq_make_room(&c->sendq)) {
		conn_send_new(c, now, len, fin);
		return;
	}
	if (queued || c->fin_queued)
		conn_send_probe(c, now);
}
