/* RFC 9293 3.10.7.4, first to fourth: may this segment be what it says?
 * SPDX-License-Identifier: BSD-2-Clause */
#include "acktime.h"
#include "input.h"
#include "timers.h"

/* RFC 7323 5.5: a timestamp that has not moved for 24 days may have gone round. */
bool input_timestamp_is_old(const struct conn *c, struct instant now, uint32_t tsval)
{
	return (int32_t)(tsval - c->ts_recent) < 0 &&
		instant_sub(now, c->ts_recent_at).ns <= DURATION_S(TCP_PAWS_IDLE_S).ns;
}

/* Before "first": RFC 7323 5.3 R1. A segment from before the newest timestamp
 * is an old duplicate. */
enum verdict_of_step check_timestamp(struct conn *c, struct instant now,
	struct segment *s)
{
	if (!c->ts_on || (s->h.flags & TCP_RST))
		return STEP_NEXT;
	/* RFC 7323 3.2: SHOULD be dropped. Linux takes it, or a middlebox that strips
	 * options midway would end the connection. */
	if (!s->h.has_ts)
		return STEP_NEXT;
	if (!input_timestamp_is_old(c, now, s->h.tsval))
		return STEP_NEXT;
	c->t->stats.out_of_window++;
	return s->len ? STEP_ACK : STEP_CHALLENGE;
}

/* RFC 2883 4.1: tell what came twice. */
static void note_duplicate(struct conn *c, const struct segment *s)
{
	if (s->len == 0 || !seq_lt(s->h.seq, c->rcv_nxt))
		return;
	acktime_quick(c, TCP_QUICKACKS); /* Linux: tcp_send_dupack() */
	if (!c->sack_on)
		return;
	c->dsack.from = s->h.seq;
	c->dsack.to = seq_min(s->end, c->rcv_nxt);
}

/* Linux since 6.17: what ends beyond the window is not cut, but dropped, unless nothing
 * is unread; then it is the window that was too small. */
static bool beyond_window(struct conn *c, struct instant now, const struct segment *s)
{
	bool fin = s->h.flags & TCP_FIN; /* it needs no room */

	if (!seq_lt(c->rcv_adv, seq_add(s->end, -(uint32_t)fin)))
		return false;
	if (seq_lt(c->rcv_adv, s->h.seq))
		return true;
	rxwin_look(c, now);
	return c->rx.mem.n != 0;
}

/* First: check the sequence number. The lower bound is what we have last
 * acknowledged rather than rcv_nxt, as in Linux: a pure ACK that was overtaken
 * by data is no reason to answer. A window of zero still lets a segment at
 * rcv_nxt be looked at (its text is then cut off). */
enum verdict_of_step check_sequence(struct conn *c, struct instant now,
	struct segment *s)
{
	if (!seq_lt(s->end, c->last_ack) && !beyond_window(c, now, s)) {
		timers_heard(c, now);
		return STEP_NEXT;
	}
	c->t->stats.out_of_window++;
	if (s->h.flags & TCP_RST)
		return STEP_DROP;
	note_duplicate(c, s);
	return s->len ? STEP_ACK : STEP_CHALLENGE;
}

/* Second: check the RST bit (RFC 5961 3.2). */
enum verdict_of_step check_rst(struct conn *c, struct instant now,
	struct segment *s)
{
	if (!(s->h.flags & TCP_RST))
		return STEP_NEXT;
	return seq_eq(s->h.seq, c->rcv_nxt) ? STEP_RESET : STEP_CHALLENGE;
}

/* Fourth: check the SYN bit (RFC 5961 4.2). In a simultaneous open the other
 * SYN comes again, with an ACK: that one is taken as the ACK. */
enum verdict_of_step check_syn(struct conn *c, struct instant now,
	struct segment *s)
{
	if (!(s->h.flags & TCP_SYN))
		return STEP_NEXT;
	if (c->state == TCP_SYN_RECEIVED && (s->h.flags & TCP_ACK) &&
		seq_eq(s->h.seq, c->irs)) {
		s->h.seq = seq_add(s->h.seq, 1);
		s->h.flags &= (uint8_t)~TCP_SYN;
		s->h.wnd >>= c->snd_wscale; /* RFC 7323 2.2: it was not scaled */
		c->ack_now = true; /* or the peer would wait for it */
		if (c->sack_on) /* Linux: its SYN came twice */
			c->dsack = (struct range){ c->irs, seq_add(c->irs, 1) };
		return STEP_NEXT;
	}
	return STEP_CHALLENGE;
}
