/* What is sent, and when.
 *
 * conn_output() is called after anything that may have changed the answer. It sends
 * what is new (what is lost: resend.c), while the congestion window (RFC 5681), the
 * peer's window, silly-window avoidance (RFC 9293 3.8.6.2.1), Nagle's rule (3.7.4, in
 * Minshall's form as Linux) and TCP_CORK let it, and last an acknowledgement, if no
 * segment has carried it.
 *
 * What goes out as one may be many segments long (a super-segment), by Linux's
 * rules; it is cut where the link needs single frames (ip/super.c). It is recorded
 * segment by segment, so that loss recovery knows no other unit.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include "ack.h"
#include "acktime.h"
#include "ecn.h"
#include "output.h"
#include "recovery.h"
#include "timers.h"

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

	/* RFC 3168 6.1.1.1: a SYN that is lost may have been dropped for it. */
	c->ecn_asked = c->state == TCP_SYN_SENT && ecn_syn_flags(c->t) &&
		(c->rec.timeouts == 0 || !c->t->rules.ecn_fallback);
	if (c->ecn_asked)
		s.flags |= ecn_syn_flags(c->t);
	if (c->fo.syn_data && c->retrans == 0 && c->state == TCP_SYN_SENT)
		s.len = c->sendq.out; /* RFC 7413 4.2.1; never again */
	c->syn_sent = now;
	conn_emit(c, now, &s);
	timers_syn_sent(c, now);
}

/* Linux's tcp_simple_retransmit(): at once, and without data. */
void conn_send_smaller_syn(struct conn *c, struct instant now, uint32_t mtu)
{
	uint32_t before = c->mtu;

	recovery_resize(c, now, mtu);
	if (c->mtu >= before || !c->fo.syn_data)
		return;
	c->retrans++;
	c->t->stats.retrans++;
	conn_send_syn(c, now);
}

unsigned conn_nagle(const struct conn *c)
{
	return (c->opt.nodelay ? NAGLE_OFF : 0u) | (c->opt.cork ? NAGLE_CORK : 0u) |
		(c->nagle_push ? NAGLE_PUSH : 0u);
}

struct seq conn_window_end(const struct conn *c)
{
	/* A child of fast open counts from behind its SYN (RFC 7413 4.2.2; Linux). */
	return seq_add(c->snd_una, c->snd_wnd + c->fo.child);
}

/* --- how much -------------------------------------------------------------- */

/* Segments that may go out as one: what the rate sends in about a millisecond,
 * more on short paths (Linux: tcp_tso_autosize()). */
uint32_t conn_super_segs(const struct conn *c, uint32_t mss)
{
	uint64_t rate = c->cc.pacing_rate >> TCP_PACING_SHIFT;
	int64_t min = rtt_smallest(&c->rtt).ns;
	uint64_t r = min == INT64_MAX ? 32 :
		(uint64_t)min / 1000 >> TCP_SUPER_RTT_LOG;
	uint32_t least = c->cc.ops && c->cc.ops->least_super ?
		c->cc.ops->least_super(c) : c->t->rules.min_tso_segs, n;

	if (rate > TCP_SUPER_MAX)
		rate = TCP_SUPER_MAX;
	if (r < 32)
		rate += TCP_SUPER_MAX >> r;
	if (rate > TCP_SUPER_MAX)
		rate = TCP_SUPER_MAX;
	n = (uint32_t)rate / mss;
	if (n < least)
		n = least;
	return n < TCP_SUPER_SEGS ? n : TCP_SUPER_SEGS;
}

/* Segments that the congestion window (RFC 5681) lets go. */
uint32_t conn_cwnd_room(const struct conn *c)
{
	uint32_t flight = conn_in_flight(c);

	return c->cc.cwnd > flight ? c->cc.cwnd - flight : 0;
}

/* At once: two super-segments at least are to be in flight. Linux: tcp_cwnd_test(). */
uint32_t conn_cwnd_quota(const struct conn *c)
{
	uint32_t room = conn_cwnd_room(c);
	uint32_t half = c->cc.cwnd > 1 ? c->cc.cwnd / 2 : 1;

	return half < room ? half : room;
}

/* --- new data -------------------------------------------------------------- */

uint32_t conn_first_len(const struct conn *c)
{
	return (uint32_t)seq_diff(writeq_first(&c->wq)->end, c->snd_nxt);
}

/* RFC 9293 3.7.4 in Minshall's form. Linux: tcp_nagle_check(). */
static bool nagle_holds(const struct conn *c, bool partial, unsigned nagle)
{
	return partial && ((nagle & NAGLE_CORK) ||
		(!nagle && c->sendq.n && seq_lt(c->snd_una, c->snd_sml)));
}

/* Linux: tcp_nagle_test(). */
static bool nagle_allows(const struct conn *c, uint32_t len, uint32_t mss,
	unsigned nagle)
{
	if ((nagle & NAGLE_PUSH) || c->urgent ||
		(writeq_first(&c->wq)->flags & PIECE_FIN))
		return true;
	return !nagle_holds(c, len < mss, nagle);
}

/* RFC 9293 3.8.6.2.1: a whole segment fits, or all that there is. */
static bool window_allows(const struct conn *c, uint32_t len, uint32_t mss)
{
	bool fin = writeq_first(&c->wq)->flags & PIECE_FIN;
	struct seq end = seq_add(c->snd_nxt, len > mss ? mss : len + fin);

	return !seq_lt(conn_window_end(c), end);
}

/* How much of the first piece goes, when it is longer than a segment. Linux:
 * tcp_mss_split_point(). */
static uint32_t split_point(const struct conn *c, uint32_t len, uint32_t mss,
	uint32_t segs, unsigned nagle)
{
	uint32_t window = (uint32_t)seq_diff(conn_window_end(c), c->snd_nxt);
	uint64_t most = (uint64_t)mss * segs;
	uint32_t needed = len < window ? len : window, partial;

	if (most <= window && c->wq.n > 1)
		return (uint32_t)most;
	if (most <= needed)
		return (uint32_t)most;
	partial = needed % mss;
	return nagle_holds(c, partial != 0, nagle) ? needed - partial : needed;
}

/* Wait for more, so that what goes is long? As long as the next acknowledgement is
 * soon. Linux: tcp_tso_should_defer(). */
static bool should_defer(struct conn *c, struct instant now, uint32_t len,
	uint32_t quota, uint32_t segs)
{
	uint32_t mss = conn_mss(c), chunk, limit;
	uint32_t divisor = c->t->rules.tso_win_divisor;
	uint32_t window = (uint32_t)seq_diff(conn_window_end(c), c->snd_nxt);
	uint64_t cong = (uint64_t)quota * mss;
	int64_t how_far, threshold = c->rtt.srtt.ns / 2;
	const struct piece *p = writeq_first(&c->wq);

	if (c->rec.state >= CA_RECOVERY ||
		instant_sub(now, c->last_sent).ns >= DURATION_MS(1).ns)
		return false;
	limit = cong < window ? (uint32_t)cong : window;
	if (limit >= segs * mss || (c->wq.n > 1 && limit >= len))
		return false;
	chunk = c->snd_wnd / mss < c->cc.cwnd ? c->snd_wnd : c->cc.cwnd * mss;
	if (divisor ? limit >= chunk / divisor :
		limit > TCP_SUPER_MAX_DEFER * mss)
		return false;
	if (c->sendq.n == 0)
		return false;
	if (threshold > DURATION_MS(1).ns)
		threshold = DURATION_MS(1).ns;
	how_far = sendq_at(&c->sendq, 0)->sent.ns + c->rtt.srtt.ns - now.ns;
	if (how_far > threshold)
		return false;
	if (cong < window && cong <= len) {
		c->cwnd_limited = true;
		return true;
	}
	if (cong >= window && window <= len) {
		c->rwnd_limited = true;
		return true;
	}
	return !(p->flags & (PIECE_FIN | PIECE_EOR));
}

/* Records of what goes out as one, a segment each. */
static bool note_sent(struct conn *c, struct instant now, uint32_t len,
	uint32_t mss, uint16_t flags)
{
	bool first = c->sendq.n == 0;
	uint32_t at = 0;

	if (conn_in_flight(c) == 0)
		cc_event(c, now, CC_EV_TX_START);
	do {
		uint32_t n = len - at < mss ? len - at : mss;
		bool last = at + n == len;

		if (!sendq_make_room(&c->sendq))
			return at > 0;
		rate_sent(c, sendq_push(&c->sendq, c->snd_nxt,
			n + (last && (flags & TXSEG_FIN)),
			last ? flags | TXSEG_LAST : 0, now), now, first);
		if (cc_is_reducing(c))
			c->cc.prr_out++;
		c->snd_nxt = seq_add(c->snd_nxt, n);
		at += n;
	} while (at < len);
	return true;
}

/* The first piece, `len` bytes of it. */
static bool send_first(struct conn *c, struct instant now, uint32_t len,
	uint32_t mss)
{
	struct piece *p = writeq_first(&c->wq);
	struct seg_out s = { .seq = c->snd_nxt, .len = len, .mss = mss,
		.fresh = true };
	bool first = c->sendq.n == 0;
	bool whole = len == conn_first_len(c);
	bool fin = whole && (p->flags & PIECE_FIN);
	uint16_t flags = fin ? TXSEG_FIN : 0;

	/* A super-segment always has it (Linux: __tcp_transmit_skb()). */
	if (whole && (p->flags & PIECE_PSH))
		flags |= TXSEG_PSH;
	if (whole && (p->flags & PIECE_EOR))
		flags |= TXSEG_EOR;
	s.flags = (uint8_t)(TCP_ACK | (len > mss || (flags & TXSEG_PSH) ? TCP_PSH :
		0) | (fin ? TCP_FIN : 0));
	if (!note_sent(c, now, len, mss, flags))
		return false;
	s.len = (uint32_t)seq_diff(c->snd_nxt, s.seq);
	if (s.len != len)
		fin = false; /* memory is short: the rest later */
	if (whole && s.len == len)
		writeq_pop(&c->wq);
	if (len % mss) /* Minshall; Linux: tcp_minshall_update() */
		c->snd_sml = c->snd_nxt;
	c->snd_nxt = seq_add(c->snd_nxt, fin);
	c->fin_sent |= fin;
	c->last_sent = now;
	if (c->tell_sent)
		c->events |= TCP_EV_STATE;
	if (len) /* not a FIN alone */
		acktime_data_sent(c, now);
	conn_note_result(c, now, conn_emit(c, now, &s));
	timers_data_sent(c, now, first);
	return true;
}

enum { ALL, ONE, PROBE }; /* how much: one: the first only; probe: even so */

/* What may go of the first piece; 0 with *wait set: nothing now. Linux: the body
 * of tcp_write_xmit()'s loop. */
static uint32_t may_go(struct conn *c, struct instant now, unsigned nagle, int how,
	bool *wait)
{
	uint32_t mss = conn_mss_now(c), quota = conn_cwnd_quota(c), len, segs;
	uint32_t most = conn_super_segs(c, mss), allowed = quota;

	*wait = true;
	if (quota == 0 && how == PROBE)
		allowed = quota = 1;
	if (quota == 0) {
		c->cwnd_limited = true;
		return 0;
	}
	if (allowed > most)
		allowed = most;
	len = conn_first_len(c);
	if (len < allowed * mss)
		writeq_grow(&c->wq, allowed * mss - len);
	len = conn_first_len(c);
	if (!window_allows(c, len, mss)) {
		c->rwnd_limited = true;
		return 0;
	}
	segs = len <= mss ? 1 : 2;
	if (segs == 1) {
		if (!nagle_allows(c, len, mss, c->wq.n == 1 ? nagle : NAGLE_PUSH))
			return 0;
	} else if (how == ALL && should_defer(c, now, len, quota, most)) {
		return 0;
	}
	*wait = false;
	if (segs > 1) {
		uint32_t limit = c->urgent ? mss :
			split_point(c, len, mss, allowed, nagle);

		if (len > limit)
			len = limit;
	}
	return len;
}

/* RFC 4821: a longer segment than usual, if it is time. False: wait for it. */
static bool send_probe(struct conn *c, struct instant now, uint32_t *sent)
{
	uint32_t size;
	enum mtuprobe_verdict v = mtuprobe_next(c, now, &size);

	if (v == MTUPROBE_SEND && send_first(c, now, size, size)) {
		mtuprobe_sent(c, size);
		*sent = 1;
	}
	return v != MTUPROBE_WAIT;
}

/* Linux: tcp_write_xmit(). True: something waits and nothing is in flight that would
 * bring an acknowledgement. */
static bool write_xmit(struct conn *c, struct instant now, unsigned nagle, int how)
{
	bool wait = false;
	uint32_t sent = 0;

	c->rwnd_limited = c->cwnd_limited = false;
	conn_follow_path(c);
	if (how == ALL && !send_probe(c, now, &sent))
		return false;
	while (!c->dead && c->wq.n && !conn_pacing_holds(c, now)) {
		uint32_t len = may_go(c, now, nagle, how, &wait);

		if (wait || !send_first(c, now, len, conn_mss_now(c)))
			break;
		sent++;
		if (how != ALL)
			break;
	}
	if (wait || !c->wq.n)
		c->clock_holds = false;
	if (!c->dead && c->rwnd_limited)
		tally_wait(c, now, TALLY_RWND);
	else
		tally_go_on(c, now, TALLY_RWND);
	if (!c->dead && conn_in_flight(c) >= c->cc.cwnd)
		c->cwnd_limited = true;
	if (!c->dead && (sent || c->cwnd_limited))
		cc_validate(c, now, c->cwnd_limited);
	return !sent && c->sendq.n == 0 && c->wq.n && !c->dead;
}

/* Linux: __tcp_push_pending_frames(). */
void conn_push(struct conn *c, struct instant now, unsigned nagle)
{
	if (c->wq.n && write_xmit(c, now, nagle, ALL))
		timers_send_blocked(c, now);
}

void conn_push_one(struct conn *c, struct instant now)
{
	write_xmit(c, now, conn_nagle(c), ONE);
}

bool conn_may_send_data(const struct conn *c)
{
	return !c->dead && c->bufs.tx.sh &&
		(c->state >= TCP_ESTABLISHED || c->fo.child) &&
		c->state != TCP_FIN_WAIT_2 && c->state != TCP_TIME_WAIT;
}

void conn_output(struct conn *c, struct instant now)
{
	if (conn_may_send_data(c))
		conn_push(c, now, conn_nagle(c));
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

/* The override timeout of RFC 9293 3.8.6.2.1 (4): whatever fits the window. Linux:
 * tcp_write_wakeup(). False: only a probe went. */
bool conn_persist_push(struct conn *c, struct instant now)
{
	struct piece *p = writeq_first(&c->wq);
	uint32_t mss = conn_mss_now(c), len, window;

	if (!conn_may_send_data(c))
		return false;
	if (!p || !seq_lt(c->snd_nxt, conn_window_end(c))) {
		conn_send_probe(c, now);
		return false;
	}
	window = (uint32_t)seq_diff(conn_window_end(c), c->snd_nxt);
	len = conn_first_len(c);
	c->pushed = seq_max(c->pushed, p->end);
	if (window < len + !!(p->flags & PIECE_FIN) || len > mss) {
		len = window < len ? window : len;
		if (len > mss)
			len = mss;
		if (!writeq_cut(&c->wq, seq_add(c->snd_nxt, len)))
			return false;
		p = writeq_first(&c->wq);
	}
	p->flags |= PIECE_PSH;
	return send_first(c, now, len, mss);
}

/* A segment of new data even if the congestion window is full (RFC 8985 7.3). */
bool conn_send_beyond(struct conn *c, struct instant now)
{
	uint32_t before = c->sendq.n;

	if (c->wq.n && window_allows(c, conn_first_len(c), conn_mss_now(c)))
		write_xmit(c, now, NAGLE_OFF, PROBE);
	return c->sendq.n != before;
}
