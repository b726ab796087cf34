/* RFC 9293 3.10.7.4, fifth: check the ACK field.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "ecn.h"
#include "input.h"
#include "recovery.h"
#include "timers.h"

static uint32_t window_of(const struct conn *c, const struct segment *s)
{
	return (uint32_t)s->h.wnd << c->snd_wscale;
}

/* RFC 9293 3.10.7.4: old segments may not set the window; nor, as in Linux
 * (tcp_may_update_window()), may a duplicate that draws it back, but to zero. True:
 * it was set. */
static bool update_window(struct conn *c, struct instant now,
	const struct segment *s)
{
	uint32_t wnd = window_of(c, s), before = c->snd_wnd;

	if (!seq_lt(c->snd_una, s->h.ack) && !seq_lt(c->snd_wl1, s->h.seq) &&
		!(seq_eq(c->snd_wl1, s->h.seq) && (wnd > before || wnd == 0)))
		return false;
	c->snd_wnd = wnd;
	c->snd_wl1 = s->h.seq;
	/* RFC 5681 4.1: a shut window is idleness too (Linux: tcp_ack_update_window()) */
	if (wnd != before && c->wq.n)
		cc_restart_after_idle(c, now);
	if (wnd > c->max_snd_wnd) {
		c->max_snd_wnd = wnd;
		conn_update_mss(c);
	}
	return true;
}

/* RFC 9293 3.10.7.4, fifth, SYN-RECEIVED; RFC 5961 5. */
static enum verdict_of_step leave_syn_received(struct conn *c,
	struct instant now, const struct segment *s)
{
	struct seq first = seq_add(c->iss, 1);

	if (c->fo.child || c->fo.syn_data ? seq_lt(s->h.ack, first) ||
		seq_lt(c->snd_nxt, s->h.ack) : !seq_eq(s->h.ack, first))
		return STEP_RST;
	c->snd_una = first;
	/* RFC 6298 3; a request's was taken when it became this */
	if (!rtt_has_sample(&c->rtt) && c->rec.timeouts == 0)
		conn_take_rtt(c, now, instant_sub(now, c->syn_sent));
	c->snd_wnd = window_of(c, s);
	c->snd_wl1 = s->h.seq;
	c->max_snd_wnd = c->snd_wnd;
	c->rtt.backoff = 0;
	timers_stop(c);
	conn_established(c, now);
	if (c->sendq.n) /* what followed the SYN-ACK is on its own now */
		timers_acked(c, now);
	if (c->opened_actively)
		c->events |= TCP_EV_CONNECTED;
	return STEP_NEXT;
}

/* RFC 7323 4.3 (2): TS.Recent; of a segment that is right in all else (Linux). */
static void note_timestamp(struct conn *c, struct instant now,
	const struct segment *s)
{
	if (!c->ts_on || !s->h.has_ts || !seq_le(s->h.seq, c->last_ack) ||
		input_timestamp_is_old(c, now, s->h.tsval))
		return;
	c->ts_recent = s->h.tsval;
	c->ts_recent_at = now;
}

/* The FIN of ours is acknowledged. */
static enum verdict_of_step fin_was_acked(struct conn *c, struct instant now)
{
	switch (c->state) {
	case TCP_FIN_WAIT_1:
		conn_set_state(c, now, TCP_FIN_WAIT_2);
		return STEP_NEXT;
	case TCP_CLOSING:
		conn_set_state(c, now, TCP_TIME_WAIT);
		return STEP_DROP;
	case TCP_LAST_ACK:
		conn_set_state(c, now, TCP_CLOSED);
		return STEP_DROP;
	default:
		return STEP_NEXT;
	}
}

static uint32_t oldest_ack(const struct conn *c)
{
	uint64_t acked = c->tally.bytes_acked;

	return acked < c->max_snd_wnd ? (uint32_t)acked : c->max_snd_wnd;
}

enum verdict_of_step check_ack(struct conn *c, struct instant now,
	struct segment *s)
{
	if (!(s->h.flags & TCP_ACK))
		return STEP_DROP;
	if (c->state == TCP_SYN_RECEIVED) {
		enum verdict_of_step v = leave_syn_received(c, now, s);

		if (v != STEP_NEXT)
			return v;
	}
	/* RFC 5961 5.2: older than any window we have seen, or (Linux) than all that
	 * was ever acknowledged */
	if (seq_lt(s->h.ack, seq_add(c->snd_una, -oldest_ack(c))))
		return STEP_CHALLENGE;
	/* Of what was never sent: acknowledge, but let no two confused ends answer each
	 * other for ever (RFC 5961 5.2). */
	if (seq_lt(c->snd_nxt, s->h.ack))
		return STEP_CHALLENGE;
	ecn_peer_reduced(c, s);
	if (seq_lt(s->h.ack, c->snd_una)) {
		recovery_old_ack(c, now, s);
	} else {
		bool window;

		note_timestamp(c, now, s);
		window = update_window(c, now, s);
		if (c->sendq.n == 0)
			timers_window(c, now);
		recovery_ack(c, now, s, window);
	}
	if (c->fin_sent && seq_eq(c->snd_una, c->snd_nxt))
		return fin_was_acked(c, now);
	return STEP_NEXT;
}
