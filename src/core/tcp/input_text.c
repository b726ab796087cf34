/* RFC 9293 3.10.7.4, sixth to eighth: urgency, the text, and the FIN behind it.
 *
 * Text goes to its final place in the receive fifo at once, whether it is in
 * order or not; what lies beyond rcv_nxt is noted in c->ooo and published when
 * the hole before it has been filled.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include "acktime.h"
#include "ecn.h"
#include "input.h"
#include "output.h"
#include "timers.h"

void segment_poke(const struct segment *s, const struct fifo_end *w, uint32_t off)
{
	const struct ip_packet_in *p = s->pkt;
	struct span whole = { p->l4 + s->header, p->len - s->header };
	struct span part[IP_OUT_SPANS];
	unsigned n = p->ntext <= IP_OUT_SPANS ? p->ntext : IP_OUT_SPANS;

	n = span_slice(n ? p->text : &whole, n ? n : 1, s->skip, s->len, part);
	for (unsigned k = 0; k < n; off += (uint32_t)part[k].len, k++)
		fifo_poke(w, off, part[k].base, (uint32_t)part[k].len);
}

static bool receives_text(const struct conn *c)
{
	return c->state == TCP_ESTABLISHED || c->state == TCP_FIN_WAIT_1 ||
		c->state == TCP_FIN_WAIT_2 || c->fo.child;
}

/* RFC 2018 4: the newest arrival's block is reported first. */
static void note_recent(struct conn *c, struct seq at)
{
	enum { N = TCP_SACK_MAX };
	const struct range *here = ranges_find(&c->ooo, at);
	struct seq keep[N] = { at };
	uint8_t n = 1;

	for (uint8_t i = 0; i < c->nrecent && n < N; i++) {
		const struct range *r = ranges_find(&c->ooo, c->recent[i]);

		if (r && r != here)
			keep[n++] = c->recent[i];
	}
	for (uint8_t i = 0; i < n; i++)
		c->recent[i] = keep[i];
	c->nrecent = n;
}

/* What came twice (RFC 2883 4); of several pieces only what touches the first, as one
 * (Linux: tcp_dsack_extend()). */
static void came_twice(struct conn *c, struct seq from, struct seq to)
{
	struct range *d = &c->dsack;

	if (!c->sack_on || !seq_lt(from, to))
		return;
	if (d->from.v == d->to.v) {
		*d = (struct range){ from, to };
	} else if (seq_le(from, d->to) && seq_le(d->from, to)) {
		d->from = seq_min(d->from, from);
		d->to = seq_max(d->to, to);
	}
}

/* Of [from, to) the first that is there already. */
static void find_overlap(struct conn *c, struct seq from, struct seq to)
{
	const struct range *r = ranges_behind(&c->ooo, from);

	if (r)
		came_twice(c, seq_max(r->from, from), seq_min(r->to, to));
}

/* Would what begins there be a block of its own, and the reports be full? */
static bool needs_block(const struct conn *c, const struct segment *s)
{
	const struct range *r = ranges_behind(&c->ooo, seq_add(s->h.seq, -1u));

	return c->nrecent >= TCP_SACK_MAX &&
		(!r || seq_lt(seq_add(s->h.seq, s->len), r->from));
}

static void out_of_order(struct conn *c, struct instant now, struct segment *s)
{
	uint32_t off = (uint32_t)seq_diff(s->h.seq, c->rcv_nxt);
	struct seq end = seq_add(s->h.seq, s->len);
	struct range merged;

	rxwin_measure(c, s);
	c->ack_wanted = true;
	c->tally.ooo++;
	find_overlap(c, s->h.seq, end);
	if (needs_block(c, s))
		acktime_flush(c, now);
	if (ranges_add(&c->ooo, s->h.seq, end, &merged)) {
		segment_poke(s, &c->bufs.rx, off);
		note_recent(c, s->h.seq);
		rxwin_out_of_order(c, s);
	} else if (merged.from.v != merged.to.v) {
		note_recent(c, s->h.seq);
	}
}

static void in_order(struct conn *c, struct instant now, struct segment *s)
{
	bool had_holes = c->ooo.n != 0;
	struct seq end = seq_add(s->h.seq, s->len);
	uint32_t n;

	segment_poke(s, &c->bufs.rx, 0);
	if (had_holes) {
		find_overlap(c, s->h.seq, end);
		end = ranges_take(&c->ooo, end);
	}
	n = (uint32_t)seq_diff(end, c->rcv_nxt);
	fifo_publish(&c->bufs.rx, n);
	c->rcv_nxt = end;
	c->rcv_adv = seq_max(c->rcv_adv, end);
	c->tally.bytes_received += n;
	c->events |= TCP_EV_READABLE;
	rxwin_in_order(c, now, s, n);
	acktime_text(c, now);
	ecn_received(c, s);
	rxwin_grow(c, s);
	if (had_holes && c->ooo.n == 0)
		c->ack_now = true; /* RFC 5681 4.2: the gap is filled */
}

/* Cut off what is below rcv_nxt, and what lies beyond the fifo's room (the reader's
 * counter is not ours). What lies beyond the window has come in only because nothing
 * is unread (check_sequence()), and is taken (Linux). False: nothing is left. */
static bool trim(struct conn *c, struct segment *s)
{
	int32_t old = seq_diff(c->rcv_nxt, s->h.seq), room;

	if (old > 0) {
		uint32_t n = (uint32_t)old < s->len ? (uint32_t)old : s->len;

		came_twice(c, s->h.seq, seq_add(s->h.seq, n));
		s->h.seq = seq_add(s->h.seq, n);
		s->skip += n;
		s->len -= n;
	}
	if (s->len == 0 || !seq_lt(s->h.seq, seq_add(c->rcv_nxt, rxwin_now(c)))) {
		acktime_quick(c, TCP_QUICKACKS); /* Linux: tcp_data_queue() */
		c->ack_now = true;
		s->len = 0;
		return false;
	}
	room = (int32_t)rxwin_ring_free(c) - seq_diff(s->h.seq, c->rcv_nxt);
	if ((int32_t)s->len > room) {
		s->len = room > 0 ? (uint32_t)room : 0;
		s->h.flags &= (uint8_t)~TCP_FIN; /* it comes again */
		c->ack_now = true;
	}
	return s->len != 0;
}

/* Is there memory? In order and with nothing unread it is taken all the same. */
static bool admitted(struct conn *c, const struct segment *s)
{
	if (rxwin_admit(c, s))
		return true;
	if (!seq_eq(s->h.seq, c->rcv_nxt))
		return false;
	c->rx.no_memory = c->ack_now = true;
	c->events |= TCP_EV_READABLE;
	return c->rx.mem.n == 0;
}

/* Sixth: check the URG bit. As Linux (tcp_check_urg()): the pointer is the number
 * after the urgent byte, what points into the past is ignored, and so is what is
 * not newer than the last. */
enum verdict_of_step check_urg(struct conn *c, struct instant now,
	struct segment *s)
{
	const struct tcp_ops *ops = &c->t->cfg.ops;
	struct seq at = seq_add(s->h.seq, s->h.urgent ? s->h.urgent - 1u : 0);

	if (!(s->h.flags & TCP_URG) || !ops->urgent || c->detached ||
		!receives_text(c) || seq_lt(at, c->rcv_nxt) ||
		(c->urgent_known && !seq_lt(c->rcv_up, at)))
		return STEP_NEXT;
	c->urgent_known = true;
	c->rcv_up = at;
	ops->urgent(ops->user, c->id, c->cookie,
		c->bufs.rx.own + (uint32_t)seq_diff(at, c->rcv_nxt));
	return STEP_NEXT;
}

/* Seventh: process the segment text. */
enum verdict_of_step take_text(struct conn *c, struct instant now,
	struct segment *s)
{
	if (s->len == 0 || !receives_text(c))
		return STEP_NEXT;
	/* RFC 9293 3.6.1: the user is gone, or has shut both ways: nobody will
	 * read this, if it is new (Linux: tcp_rcv_state_process()). */
	if ((c->detached || (c->opt.rcv_shut && c->state != TCP_ESTABLISHED)) &&
		seq_lt(c->rcv_nxt, seq_add(s->h.seq, s->len))) {
		tcp_send_reset(c->t, now, s, c->e.device); /* as to a stranger (Linux) */
		conn_kill(c, now, ECONNRESET);
		return STEP_DROP;
	}
	if (fifo_writer_used(&c->bufs.rx) < 0) {
		conn_send_rst(c, now);
		conn_kill(c, now, EPROTO);
		return STEP_DROP;
	}
	rxwin_look(c, now);
	rxwin_echo(c, now, s);
	if (!trim(c, s))
		return STEP_NEXT;
	if (!admitted(c, s)) {
		s->len = 0;
		s->h.flags &= (uint8_t)~TCP_FIN;
	} else if (seq_eq(s->h.seq, c->rcv_nxt)) {
		in_order(c, now, s);
	} else {
		ecn_received(c, s);
		out_of_order(c, now, s);
	}
	return STEP_NEXT;
}

static void fin_received(struct conn *c, struct instant now)
{
	c->rcv_nxt = seq_add(c->rcv_nxt, 1);
	c->rcv_adv = seq_max(c->rcv_adv, c->rcv_nxt);
	c->fin_received = true;
	if (c->state == TCP_ESTABLISHED) {
		/* Linux (tcp_fin()): the user's own FIN may follow, wait for it, as for
		 * any answer. */
		c->ack_wanted = c->answering = true;
	} else {
		c->ack_now = true;
	}
	ranges_fini(&c->ooo); /* text behind a FIN is nonsense */
	c->rx.ooo_mem = 0;
	c->nrecent = 0;
	c->events |= TCP_EV_EOF;
	switch (c->state) {
	case TCP_ESTABLISHED:
		conn_set_state(c, now, TCP_CLOSE_WAIT);
		break;
	case TCP_FIN_WAIT_1: /* ours is not acknowledged yet */
		conn_set_state(c, now, TCP_CLOSING);
		break;
	case TCP_FIN_WAIT_2:
		conn_set_state(c, now, TCP_TIME_WAIT);
		break;
	default:
		break;
	}
}

/* Eighth: check the FIN bit. One behind a hole waits until that is filled. */
enum verdict_of_step take_fin(struct conn *c, struct instant now,
	struct segment *s)
{
	struct seq at = seq_add(s->h.seq, s->len);

	if (c->fin_received) /* again, or (nonsense, as Linux has it) another one */
		return (s->h.flags & TCP_FIN) && seq_lt(s->h.seq, c->rcv_nxt) ?
			STEP_ACK : STEP_NEXT;
	if ((s->h.flags & TCP_FIN) && !seq_lt(at, c->rcv_nxt)) {
		c->fin_waiting = true;
		c->rcv_fin = at;
		c->ack_now |= !seq_eq(at, c->rcv_nxt);
	}
	if (c->fin_waiting && receives_text(c) && seq_eq(c->rcv_fin, c->rcv_nxt)) {
		if (s->len == 0 && !c->detached) /* it comes in, memory or not */
			admitted(c, s);
		fin_received(c, now);
	}
	return STEP_NEXT;
}
