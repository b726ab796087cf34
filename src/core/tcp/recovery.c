/* What was lost, and what is done about it.
 *
 *   OPEN <--> DISORDER --something judged lost--> RECOVERY --point acked--> OPEN
 *     |           \-------timeout------> LOSS --point acked--> OPEN
 *     \--ECN echo--> CWR --beyond the point acked--> OPEN
 *
 * With SACK, RACK judges (rack.c); without, three duplicate acknowledgements and
 * partial ones (RFC 5681, RFC 6582). In RECOVERY and CWR the window follows PRR, in
 * LOSS slow start. What proves to have been a mistake is undone: every retransmission
 * came twice (RFC 2883, RFC 3708), an echoed timestamp is older than the first (RFC
 * 3522, RFC 4015), or after a timeout originals arrive (F-RTO, RFC 5682). The order
 * of the steps is Linux's (tcp_fastretrans_alert()).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "recovery.h"

#include "ack.h"
#include "ecn.h"
#include "output.h"
#include "timers.h"

void recovery_init(struct conn *c)
{
	unsigned timeouts = c->rec.timeouts;

	c->rec = (struct recovery){
		.fack = c->snd_una,
		.point = c->snd_una,
		.rack = { .end = c->snd_una, .steps = 1 },
		.reordering = c->t->rules.reordering,
		.timeouts = timeouts,
	};
	c->rate.delivered = 1; /* the SYN */
}

/* --- undo ---------------------------------------------------------------------- */

static bool any_resent(const struct conn *c)
{
	return c->sendq.nretrans ||
		(c->sendq.n && (sendq_at(&c->sendq, 0)->flags & TXSEG_EVER));
}

/* RFC 3522 3.2: this answers an original, or nothing was sent again at all. But
 * must_wait() forgets what was, without SACK. */
static bool was_delayed(const struct conn *c, const struct ack *a)
{
	if (c->rec.resent)
		return sack_echo_is_before(c, a->h, c->rec.resent_ts);
	return c->sack_on || seq_lt(c->snd_una, c->rec.point);
}

static bool may_undo(const struct conn *c, const struct ack *a)
{
	return c->rec.undo_on &&
		(c->rec.undo_retrans == 0 || was_delayed(c, a));
}

static void begin_undo(struct conn *c)
{
	struct recovery *rec = &c->rec;

	rec->undo_on = true;
	rec->undo_from = c->snd_una;
	/* What is still under way may come twice, the probe too. */
	rec->undo_retrans = (int32_t)c->sendq.nretrans +
		(rec->tlp_out && rec->tlp_retrans);
	if (rec->undo_retrans == 0)
		rec->undo_retrans = -1; /* none yet */
}

static void forget_losses(struct conn *c)
{
	for (uint32_t i = 0; c->sendq.nlost && i < c->sendq.n; i++)
		sendq_mark(&c->sendq, sendq_at(&c->sendq, i), 0, TXSEG_LOST);
}

static void set_open(struct conn *c, struct instant now)
{
	cc_set_state(c, now, CA_OPEN);
	c->rec.reneged = false;
}

/* RFC 6582 4: without SACK only beyond the point, lest the duplicates of our own
 * retransmissions look like a new loss. */
static bool must_wait(struct conn *c)
{
	if (c->sack_on || !seq_eq(c->snd_una, c->rec.point))
		return false;
	if (!any_resent(c))
		c->rec.resent = false;
	return true;
}

/* The point is acknowledged. True: the state stays. */
static bool undo_recovery(struct conn *c, struct instant now,
	const struct ack *a)
{
	if (may_undo(c, a))
		cc_undo(c, now);
	else if (c->rec.rack.persist)
		c->rec.rack.persist--;
	if (must_wait(c))
		return true;
	set_open(c, now);
	return false;
}

/* RFC 3708: each retransmission was told to have come twice. */
static bool undo_by_dsack(struct conn *c, struct instant now)
{
	struct recovery *rec = &c->rec;

	if (!rec->undo_on || rec->undo_retrans)
		return false;
	if (rec->rack.persist < RACK_PERSIST)
		rec->rack.persist++;
	cc_undo(c, now);
	return true;
}

static bool undo_loss(struct conn *c, struct instant now, const struct ack *a,
	bool frto)
{
	if (!frto && !may_undo(c, a))
		return false;
	forget_losses(c);
	cc_undo(c, now);
	c->rec.timeouts = 0;
	if (must_wait(c))
		return true;
	if (frto || c->sack_on)
		set_open(c, now);
	return true;
}

void recovery_keep_open(struct conn *c, struct instant now)
{
	enum ca_state to = CA_OPEN;

	if (conn_sacked(c) || c->sendq.nlost || any_resent(c))
		to = CA_DISORDER;
	if (c->rec.state == to)
		return;
	cc_set_state(c, now, to);
	c->rec.point = c->snd_nxt;
}

static void try_to_open(struct conn *c, struct instant now,
	const struct ack *a)
{
	if (!any_resent(c))
		c->rec.resent = false;
	if (a->flags & ACK_ECE)
		cc_enter_cwr(c, now);
	if (c->rec.state != CA_CWR)
		recovery_keep_open(c, now);
}

/* A partial acknowledgement by an original: the hole was reordered, not lost. True:
 * wait for what is under way. */
static bool undo_partial(struct conn *c, struct instant now,
	const struct ack *a)
{
	if (!c->rec.undo_on || !was_delayed(c, a))
		return false;
	if (c->sack_on)
		sack_saw_reordering(c, a->prior_una);
	if (c->sendq.nretrans)
		return true;
	if (!any_resent(c))
		c->rec.resent = false;
	forget_losses(c);
	cc_undo(c, now);
	recovery_keep_open(c, now);
	return false;
}

/* --- judging ------------------------------------------------------------------------ */

/* RFC 5681 3.2 and RFC 6582 3.2 step 3: the first of what is left. */
static void mark_first(struct conn *c, bool forward)
{
	struct recovery *rec = &c->rec;

	if ((rec->state < CA_RECOVERY && rec->reno_sacked >= rec->reordering) ||
		(rec->state == CA_RECOVERY && forward)) {
		struct txseg *r = sendq_at(&c->sendq, 0);

		if (!(r->flags & TXSEG_LOST))
			rack_mark(c, r);
	}
}

static void judge(struct conn *c, struct instant now, struct ack *a)
{
	uint32_t before = c->sendq.nretrans;

	if (c->sendq.n == 0)
		return;
	if (!c->sack_on) {
		mark_first(c, a->flags & ACK_FORWARD);
		return;
	}
	if (rack_mark_lost(c, now))
		a->flags &= ~(unsigned)ACK_SET_TIMER;
	if (before > c->sendq.nretrans)
		a->flags |= ACK_RETRANS_LOST;
}

static void enter_recovery(struct conn *c, struct instant now, bool ece)
{
	if (!any_resent(c))
		c->rec.resent = false;
	c->cc.prior_ssthresh = 0;
	begin_undo(c);
	if (!cc_is_reducing(c)) {
		if (!ece)
			c->cc.prior_ssthresh = cc_current_ssthresh(c);
		cc_begin_reduction(c, now);
	}
	c->t->stats.fast_retrans++;
	cc_set_state(c, now, CA_RECOVERY);
}

/* --- the states ----------------------------------------------------------------------- */

/* RFC 5682 3.1, the SACK version, which serves without SACK as well. True: done. */
static bool frto(struct conn *c, struct instant now, struct ack *a,
	bool recovered)
{
	struct recovery *rec = &c->rec;

	/* Step 3.b: what was never sent again has arrived. */
	if ((a->flags & ACK_ORIGINAL) && undo_loss(c, now, a, true))
		return true;
	if (seq_lt(rec->point, c->snd_nxt)) {
		if ((a->flags & ACK_SACKED) || a->dupacks)
			rec->frto = false; /* step 3.a: a real loss */
	} else if ((a->flags & ACK_FORWARD) && !recovered) {
		rec->point = c->snd_nxt;
		/* Step 2.b: new data, if there is some, is the test. */
		if (c->wq.n && seq_lt(c->snd_nxt, conn_window_end(c))) {
			a->resend = RESEND_NEW;
			return true;
		}
		rec->frto = false;
	}
	return false;
}

static void in_loss(struct conn *c, struct instant now, struct ack *a)
{
	bool recovered = seq_le(c->rec.point, c->snd_una);

	if ((a->flags & ACK_FORWARD) && undo_loss(c, now, a, false))
		return;
	if (c->rec.frto && frto(c, now, a, recovered))
		return;
	if (recovered) { /* RFC 5682 step 2.a, too */
		undo_recovery(c, now, a);
		return;
	}
	if (!c->sack_on) {
		if (seq_lt(c->rec.point, c->snd_nxt) && a->dupacks)
			sack_add_reno(c, a->dupacks);
		else if (a->flags & ACK_FORWARD)
			c->rec.reno_sacked = 0;
	}
	a->resend = RESEND_LOST;
}

/* RFC 2018 8: the first segment left was SACKed and yet not acknowledged: the
 * receiver has dropped it. A timeout soon makes all unSACKed again (Linux waits
 * half a round trip, 10 ms at least: the acknowledgement may be on its way). */
static bool check_reneging(struct conn *c, struct instant now,
	struct ack *a)
{
	int64_t wait = c->rtt.srtt.ns / 2;

	if (!(a->flags & ACK_RENEGED) || !(a->flags & ACK_FORWARD))
		return false;
	if (wait < DURATION_MS(TCP_RENEGE_MS).ns)
		wait = DURATION_MS(TCP_RENEGE_MS).ns;
	timers_rto_in(c, now, (struct duration){ wait });
	a->flags &= ~(unsigned)ACK_SET_TIMER;
	return true;
}

/* True: nothing more is to be done. */
static bool leave_state(struct conn *c, struct instant now,
	const struct ack *a)
{
	struct recovery *rec = &c->rec;

	if (rec->state == CA_OPEN) {
		rec->resent = false;
		return false;
	}
	if (seq_lt(c->snd_una, rec->point))
		return false;
	if (rec->state == CA_CWR && !seq_eq(c->snd_una, rec->point)) {
		/* RFC 3168 6.1.2: the CWR itself has arrived. */
		cc_end_reduction(c, now);
		cc_set_state(c, now, CA_OPEN);
	} else if (rec->state == CA_RECOVERY) {
		if (!c->sack_on)
			rec->reno_sacked = 0;
		if (undo_recovery(c, now, a))
			return true;
		cc_end_reduction(c, now);
	}
	return false;
}

/* True: a new recovery must begin. */
static bool in_recovery(struct conn *c, struct instant now, struct ack *a)
{
	if (!(a->flags & ACK_FORWARD)) {
		if (!c->sack_on)
			sack_add_reno(c, a->dupacks);
	} else if (undo_partial(c, now, a)) {
		return false;
	}
	if (undo_by_dsack(c, now))
		try_to_open(c, now, a);
	judge(c, now, a);
	a->resend = RESEND_LOST;
	if (c->rec.state == CA_RECOVERY)
		return false;
	if (c->sendq.nlost == 0) {
		a->resend = RESEND_NONE;
		return false;
	}
	return true;
}

static bool otherwise(struct conn *c, struct instant now, struct ack *a)
{
	if (!c->sack_on) {
		if (a->flags & ACK_FORWARD)
			c->rec.reno_sacked = 0;
		sack_add_reno(c, a->dupacks);
	}
	if (c->rec.state <= CA_DISORDER)
		undo_by_dsack(c, now);
	judge(c, now, a);
	if (c->sendq.nlost)
		return true;
	try_to_open(c, now, a);
	return false;
}

/* Linux: tcp_non_congestion_loss_retransmit(). */
static void not_for_congestion(struct conn *c, struct instant now)
{
	if (c->rec.state == CA_LOSS)
		return;
	c->rec.point = c->snd_nxt;
	c->cc.ssthresh = cc_current_ssthresh(c);
	c->cc.prior_ssthresh = 0;
	c->rec.undo_on = false;
	cc_set_state(c, now, CA_LOSS);
}

/* The path became narrower (RFC 1191 6.3): what no longer fits must be cut and
 * sent again; that is no sign of congestion. Linux: tcp_simple_retransmit(). True:
 * something must. */
static bool mark_too_long(struct conn *c)
{
	struct sendq *q = &c->sendq;
	bool is_long = false; /* of what went out as one, with its short end */

	for (uint32_t i = 0; i < q->n; i++) {
		struct txseg *r = sendq_at(q, i);

		is_long |= r->len > conn_mss(c);
		if (is_long && !(r->flags & TXSEG_SACKED))
			sendq_mark(q, r, TXSEG_LOST, TXSEG_RETRANS);
		if (r->flags & TXSEG_LAST)
			is_long = false;
	}
	if (q->nlost && !c->sack_on)
		sack_check_reno(c, 0);
	return q->nlost;
}

static void process(struct conn *c, struct instant now, struct ack *a)
{
	bool begin;

	if (c->sendq.n == 0)
		c->rec.reno_sacked = 0;
	if (a->flags & ACK_ECE)
		c->cc.prior_ssthresh = 0; /* that reduction was no mistake */
	if (check_reneging(c, now, a) || leave_state(c, now, a))
		return;
	if (c->rec.state == CA_RECOVERY) {
		begin = in_recovery(c, now, a);
	} else {
		if (c->rec.state == CA_LOSS) {
			in_loss(c, now, a);
			if (c->rec.state != CA_LOSS)
				tally_rto_over(c, now);
			judge(c, now, a);
			/* Undone, or retransmissions were lost as well. */
			if (c->rec.state != CA_OPEN &&
				!(a->flags & ACK_RETRANS_LOST))
				return;
		}
		begin = otherwise(c, now, a);
	}
	if (begin && mtuprobe_was_lost(c)) {
		mark_too_long(c);
		not_for_congestion(c, now);
		a->resend = RESEND_LOST;
	} else if (begin) {
		enter_recovery(c, now, a->flags & ACK_ECE);
		a->resend = RESEND_LOST;
	}
}

/* --- acknowledgements ----------------------------------------------------------------- */

static void begin_ack(const struct conn *c, const struct segment *s,
	struct ack *a)
{
	*a = (struct ack){ .h = &s->h, .prior_una = c->snd_una,
		.prior_fack = sack_highest(c), .reord = c->snd_nxt };
	a->rs.prior_in_flight = conn_in_flight(c);
	a->rs.rtt_ns = -1;
	if (!seq_eq(s->h.seq, s->end))
		a->flags |= ACK_TEXT;
}

static bool is_dubious(const struct conn *c, const struct ack *a)
{
	return !(a->flags & ACK_NOT_DUP) || (a->flags & ACK_ALERT) ||
		c->rec.state != CA_OPEN;
}

static void resend(struct conn *c, struct instant now, const struct ack *a)
{
	if (a->resend == RESEND_NONE)
		return;
	if (a->resend == RESEND_NEW) {
		/* RFC 5682 2.b: as the window lets; then wait for its answer. */
		conn_push(c, now, NAGLE_OFF);
		if (seq_lt(c->rec.point, c->snd_nxt))
			return;
		c->rec.frto = false;
	}
	conn_repair(c, now);
}

void recovery_ack(struct conn *c, struct instant now, const struct segment *s,
	bool window)
{
	uint32_t out = c->sendq.n, lost = c->rate.lost;
	uint32_t delivered = c->rate.delivered;
	bool reneged = c->rec.reneged;
	struct ack a;

	begin_ack(c, s, &a);
	c->tally.heard_ack = now;
	if (window)
		a.flags |= ACK_WINDOW;
	if (seq_lt(c->snd_una, s->h.ack)) {
		a.flags |= ACK_FORWARD;
		c->snd_una = s->h.ack;
		timers_progress(c);
	}
	sack_take(c, now, &a);
	if (ecn_echoed(c, &s->h))
		a.flags |= ACK_ECE;
	sack_clean(c, now, &a);
	if (out == 0) { /* a duplicate from after the end may undo yet */
		if (a.flags & ACK_DSACK)
			process(c, now, &a);
		rack_tlp_answer(c, now, &a);
		return;
	}
	rack_update_window(c, &a);
	rack_tlp_answer(c, now, &a);
	if (is_dubious(c, &a)) {
		c->events |= TCP_EV_STATE;
		if (!(a.flags & (ACK_FORWARD | ACK_NOT_DUP | ACK_DSACK)))
			a.dupacks = 1;
		process(c, now, &a);
		if (a.dupacks)
			c->t->stats.dup_acks_in++;
	}
	if (a.flags & ACK_SET_TIMER)
		timers_acked(c, now);
	rate_generate(c, now, &a, c->rate.delivered - delivered,
		c->rate.lost - lost, reneged);
	if (a.flags & ACK_ECE)
		c->rate.delivered_ce += a.rs.acked;
	cc_control(c, now, &a);
	resend(c, now, &a);
}

void recovery_old_ack(struct conn *c, struct instant now,
	const struct segment *s)
{
	struct ack a;

	if (!c->sack_on || s->h.nsack == 0)
		return;
	begin_ack(c, s, &a);
	sack_take(c, now, &a);
	c->events |= TCP_EV_STATE;
	process(c, now, &a);
	resend(c, now, &a);
}

/* --- timers ------------------------------------------------------------------------------- */

/* RFC 8985 6.3: with SACK, what was sent lately may still arrive. */
static void mark_all(struct conn *c, struct instant now)
{
	struct sendq *q = &c->sendq;
	bool reneged = sendq_at(q, 0)->flags & TXSEG_SACKED;

	if (reneged)
		c->rec.reneged = true;
	else if (!c->sack_on)
		c->rec.reno_sacked = 0;
	for (uint32_t i = 0; i < q->n; i++) {
		struct txseg *r = sendq_at(q, i);

		if (reneged) /* RFC 2018 8 */
			sendq_mark(q, r, 0, TXSEG_SACKED);
		else if (i && c->sack_on && rack_remaining(c, now, r, 0) > 0)
			continue;
		rack_mark(c, r);
	}
}

/* RFC 5681 3.1; RFC 5682 3.1 step 1. */
void recovery_timeout(struct conn *c, struct instant now)
{
	struct recovery *rec = &c->rec;
	bool first = rec->state < CA_RECOVERY, again = rec->timeouts > 1;
	uint32_t sacked = conn_sacked(c), usual = c->t->rules.reordering;

	mark_all(c, now);
	/* ssthresh once for each flight. */
	if (rec->state <= CA_DISORDER || !seq_lt(c->snd_una, rec->point) ||
		(rec->state == CA_LOSS && !again)) {
		c->cc.prior_ssthresh = cc_current_ssthresh(c);
		c->cc.prior_cwnd = c->cc.cwnd;
		c->cc.ssthresh = c->cc.ops->ssthresh(c);
		cc_event(c, now, CC_EV_LOSS);
		begin_undo(c);
	}
	c->cc.cwnd = conn_in_flight(c) + 1;
	c->cc.cnt = 0;
	c->cc.stamp = now;
	/* Linux: so many duplicates and yet a timeout: not that much is out of
	 * order. */
	if (rec->state <= CA_DISORDER && sacked >= usual &&
		rec->reordering > usual)
		rec->reordering = usual;
	cc_set_state(c, now, CA_LOSS);
	rec->point = c->snd_nxt;
	rec->tlp_out = false;
	ecn_queue_cwr(c);
	rec->frto = c->t->rules.frto && (first || again);
}

/* RFC 8985 6.2 step 5: what might have been lost is. */
void recovery_reorder_timeout(struct conn *c, struct instant now)
{
	uint32_t flight = conn_in_flight(c), lost = c->rate.lost;

	rack_detect_again(c, now);
	if (conn_in_flight(c) != flight && c->rec.state != CA_RECOVERY) {
		enter_recovery(c, now, false);
		if (!c->cc.ops->control)
			cc_reduce(c, NULL, 1, c->rate.lost - lost);
	}
	conn_repair(c, now);
	timers_reorder_done(c, now);
}

void recovery_resent(struct conn *c, struct instant now, struct txseg *r,
	bool probe)
{
	struct recovery *rec = &c->rec;

	if (probe) {
		sendq_mark(&c->sendq, r, TXSEG_EVER, 0);
		return;
	}
	sendq_mark(&c->sendq, r, TXSEG_RETRANS | TXSEG_EVER, 0);
	if (!rec->resent) { /* RFC 3522: the first of this episode */
		rec->resent = true;
		rec->resent_ts = conn_ts_now(c, now);
	}
	if (rec->undo_retrans < 0)
		rec->undo_retrans = 0;
	rec->undo_retrans++;
}

void recovery_no_congestion(struct conn *c, struct instant now)
{
	not_for_congestion(c, now);
	conn_repair(c, now);
}

void recovery_resize(struct conn *c, struct instant now, uint32_t mtu)
{
	if (!conn_path_said(c, now, mtu) || !mark_too_long(c))
		return;
	not_for_congestion(c, now);
	timers_reorder_wait(c, now);
}
