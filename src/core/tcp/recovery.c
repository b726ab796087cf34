/* What was lost, and how fast it may be sent again.
 *
 *   OPEN --something judged lost--> FAST --point acknowledged--> OPEN
 *     \--timeout--> LOSS --point acknowledged--> OPEN      (FAST --timeout--> LOSS)
 *
 * With SACK, RACK judges (RFC 8985): a segment is lost when one that was sent
 * enough later has arrived; that finds lost retransmissions too. Without SACK,
 * three duplicate acknowledgements and partial ones (RFC 6582). In FAST the
 * window follows PRR (RFC 6937), in LOSS slow start. A timestamp that proves the
 * first retransmission needless takes everything back (RFC 3522, RFC 4015).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "conn.h"
#include "output.h"
#include "recovery.h"
#include "timers.h"

enum { REO_MULT_MAX = 16 };

/* What one acknowledgement told. */
struct verdict {
	uint32_t delivered; /* bytes newly acknowledged or SACKed */
	uint32_t acked;	    /* of them by the cumulative number */
	bool forward;	    /* snd_una moved */
	bool dsack;
	struct duration rtt; /* 0: no sample */
};

void recovery_init(struct conn *c)
{
	c->rec = (struct recovery){
		.fack = c->snd_una,
		.point = c->snd_una,
		.reo_round = c->snd_una,
		.xmit_end = c->snd_una,
		.reo_mult = 1,
	};
}

/* RFC 8985 6.2 steps 1 to 3: r has arrived for the first time. */
static void delivered(struct conn *c, struct instant now, struct txseg *r,
	struct verdict *v)
{
	struct recovery *rec = &c->rec;
	struct duration rtt = instant_sub(now, r->sent);
	struct seq end = txseg_end(r);

	v->delivered += r->len;
	if (!(r->flags & TXSEG_EVER)) {
		if (v->rtt.ns == 0) /* RFC 6298 3, Karn */
			v->rtt.ns = rtt.ns ? rtt.ns : 1;
		if (seq_lt(end, rec->fack))
			rec->reordered = true;
	} else if (rtt.ns < c->rtt.min.ns) {
		rec->fack = seq_max(rec->fack, end);
		return; /* the original's acknowledgement, surely */
	}
	rec->fack = seq_max(rec->fack, end);
	if (instant_before(rec->xmit, r->sent) ||
		(rec->xmit.ns == r->sent.ns && seq_lt(rec->xmit_end, end))) {
		rec->xmit = r->sent;
		rec->xmit_end = end;
		rec->rtt = rtt;
	}
}

static void sack_block(struct conn *c, struct instant now,
	const struct tcp_sack *b, struct verdict *v)
{
	struct sendq *q = &c->sendq;

	for (uint32_t i = sendq_find(q, b->from); i < q->n; i++) {
		struct txseg *r = sendq_at(q, i);

		if (seq_lt(b->to, txseg_end(r)))
			break;
		if (seq_lt(r->start, b->from) || (r->flags & TXSEG_SACKED))
			continue;
		delivered(c, now, r, v);
		sendq_mark(q, r, TXSEG_SACKED, TXSEG_LOST | TXSEG_RETRANS);
	}
}

/* RFC 2883 4: a block below the acknowledgement, or inside the second one. */
static bool is_dsack(const struct conn *c, const struct segment *s)
{
	const struct tcp_sack *b = s->h.sack;

	if (seq_le(b[0].to, s->h.ack))
		return true;
	return s->h.nsack > 1 && seq_le(b[1].from, b[0].from) &&
		seq_le(b[0].to, b[1].to);
}

static void take_sacks(struct conn *c, struct instant now,
	const struct segment *s, struct verdict *v)
{
	for (unsigned i = 0; c->sack_on && i < s->h.nsack; i++) {
		const struct tcp_sack *b = &s->h.sack[i];

		if (!seq_lt(b->from, b->to) || seq_lt(c->snd_nxt, b->to))
			continue; /* nonsense: RFC 2018 does not bind us to it */
		if (i == 0 && is_dsack(c, s)) {
			v->dsack = true;
			continue;
		}
		if (!seq_lt(b->from, c->snd_una))
			sack_block(c, now, b, v);
	}
	if (v->dsack && seq_le(c->rec.reo_round, c->snd_una)) {
		/* RFC 8985 6.2 step 4: too hasty; once a round trip */
		c->rec.reo_round = c->snd_nxt;
		if (c->rec.reo_mult < REO_MULT_MAX)
			c->rec.reo_mult++;
	}
}

static void take_ack(struct conn *c, struct instant now,
	const struct segment *s, struct verdict *v)
{
	struct sendq *q = &c->sendq;
	struct seq ack = s->h.ack, data_end;
	bool original = false;

	v->forward = seq_lt(c->snd_una, ack);
	if (!v->forward)
		return;
	v->acked = (uint32_t)seq_diff(ack, c->snd_una);
	while (q->n && seq_le(txseg_end(sendq_at(q, 0)), ack)) {
		struct txseg *r = sendq_at(q, 0);

		original |= !(r->flags & TXSEG_EVER);
		if (!(r->flags & TXSEG_SACKED))
			delivered(c, now, r, v);
		sendq_pop(q);
	}
	if (q->n && seq_lt(sendq_at(q, 0)->start, ack)) {
		uint32_t n = (uint32_t)seq_diff(ack, sendq_at(q, 0)->start);

		v->delivered += n;
		sendq_trim(q, n);
	}
	c->snd_una = ack;
	/* All were sent twice: only a timestamp tells (RFC 7323 4.1). */
	if (v->rtt.ns == 0 && !original)
		v->rtt = conn_ts_rtt(c, now, &s->h);
	data_end = seq_min(ack, c->tx_end);
	if (seq_lt(c->tx_seq, data_end)) {
		uint32_t n = (uint32_t)seq_diff(data_end, c->tx_seq);

		fifo_release(&c->bufs.tx, n);
		c->tx_seq = data_end;
		c->bytes_acked += n;
		c->events |= TCP_EV_WRITABLE;
	}
}

/* RFC 8985 6.2 step 4. */
static int64_t reorder_window(const struct conn *c)
{
	const struct recovery *rec = &c->rec;
	int64_t w = c->rtt.min.ns / 4 * rec->reo_mult;

	if (!rec->reordered && (rec->state != RECOVERY_OPEN ||
		c->sendq.sacked >= TCP_DUP_THRESH * conn_mss(c)))
		return 0;
	if (!rtt_has_sample(&c->rtt))
		return 0;
	return w < c->rtt.srtt.ns ? w : c->rtt.srtt.ns;
}

/* RFC 8985 6.2 step 5. */
static void rack_detect(struct conn *c, struct instant now)
{
	struct sendq *q = &c->sendq;
	const struct recovery *rec = &c->rec;
	int64_t limit = rec->rtt.ns + reorder_window(c);
	struct instant wait = INSTANT_NEVER;

	for (uint32_t i = 0; i < q->n; i++) {
		struct txseg *r = sendq_at(q, i);
		struct instant due = instant_add(r->sent,
			(struct duration){ limit });

		if ((r->flags & TXSEG_SACKED) ||
			(r->flags & (TXSEG_LOST | TXSEG_RETRANS)) == TXSEG_LOST)
			continue;
		if (instant_before(rec->xmit, r->sent) ||
			(rec->xmit.ns == r->sent.ns &&
			seq_le(rec->xmit_end, txseg_end(r))))
			continue;
		if (due.ns <= now.ns)
			sendq_mark(q, r, TXSEG_LOST, TXSEG_RETRANS);
		else
			wait = instant_min(wait, due);
	}
	timers_reorder_wait(c, wait);
}

/* Without SACK a duplicate acknowledgement says that some segment arrived:
 * pretend that it was the next one (Linux's way), so that the sums are right. */
static void reno_detect(struct conn *c, const struct segment *s,
	bool window_same, struct verdict *v)
{
	struct sendq *q = &c->sendq;
	struct txseg *r;

	if (q->n == 0)
		return;
	if (v->forward) {
		c->rec.dup_acks = 0;
		for (uint32_t i = 0; q->sacked && i < q->n; i++)
			sendq_mark(q, sendq_at(q, i), 0, TXSEG_SACKED);
		r = sendq_at(q, 0);
		/* RFC 6582 3.2 step 3: a partial acknowledgement */
		if (c->rec.state == RECOVERY_FAST &&
			seq_lt(c->snd_una, c->rec.point))
			sendq_mark(q, r, TXSEG_LOST, TXSEG_RETRANS);
		return;
	}
	/* RFC 5681 2: what makes it a duplicate */
	if (s->len || (s->h.flags & (TCP_SYN | TCP_FIN)) || !window_same)
		return;
	c->rec.dup_acks++;
	for (uint32_t i = 1; i < q->n; i++) {
		r = sendq_at(q, i);
		if (r->flags & (TXSEG_SACKED | TXSEG_LOST))
			continue;
		sendq_mark(q, r, TXSEG_SACKED, 0);
		v->delivered += r->len;
		break;
	}
	if (c->rec.dup_acks >= TCP_DUP_THRESH &&
		c->rec.state == RECOVERY_OPEN)
		sendq_mark(q, sendq_at(q, 0), TXSEG_LOST, 0);
}

static void remember_for_undo(struct conn *c)
{
	if (c->rec.state != RECOVERY_OPEN)
		return;
	c->rec.undo_cwnd = c->cc.cwnd;
	c->rec.undo_ssthresh = c->cc.ssthresh;
	c->rec.undo_ts_valid = false;
}

static void enter_fast(struct conn *c, struct instant now, uint32_t flight)
{
	remember_for_undo(c);
	c->rec.state = RECOVERY_FAST;
	c->rec.point = c->snd_nxt;
	c->rec.prr_flight = flight ? flight : 1;
	c->rec.prr_delivered = c->rec.prr_out = 0;
	c->rec.tlp_out = false;
	c->t->stats.fast_retrans++;
	cc_loss(&c->cc, now);
}

/* RFC 6937 3.1, with the slow-start reduction bound. */
static void prr(struct conn *c, const struct verdict *v)
{
	struct recovery *rec = &c->rec;
	uint32_t flight = sendq_in_flight(&c->sendq), ssthresh = c->cc.ssthresh;
	int64_t n;

	rec->prr_delivered += v->delivered;
	if (flight > ssthresh) {
		n = (int64_t)(((uint64_t)rec->prr_delivered * ssthresh +
			rec->prr_flight - 1) / rec->prr_flight) - rec->prr_out;
	} else {
		n = (int64_t)rec->prr_delivered - rec->prr_out;
		if (n < (int64_t)v->delivered)
			n = v->delivered;
		if (v->forward)
			n += conn_mss(c);
		if (n > (int64_t)ssthresh - flight)
			n = (int64_t)ssthresh - flight;
	}
	if (rec->prr_out == 0 && n < (int64_t)conn_mss(c))
		n = conn_mss(c); /* the first one goes at once */
	c->cc.cwnd = flight + (n > 0 ? (uint32_t)n : 0);
	if (c->cc.cwnd < conn_mss(c))
		c->cc.cwnd = conn_mss(c);
}

/* RFC 3522 3.2: the acknowledgement echoes a timestamp from before our first
 * retransmission, hence answers the original. */
static bool was_needless(const struct conn *c, const struct segment *s,
	const struct verdict *v)
{
	const struct recovery *rec = &c->rec;

	return rec->state != RECOVERY_OPEN && v->forward && rec->undo_cwnd &&
		rec->undo_ts_valid && c->ts_on && s->h.has_ts &&
		(int32_t)(s->h.tsecr - rec->undo_ts) < 0;
}

static void undo(struct conn *c)
{
	struct sendq *q = &c->sendq;

	for (uint32_t i = 0; i < q->n; i++)
		sendq_mark(q, sendq_at(q, i), 0, TXSEG_LOST | TXSEG_RETRANS);
	if (c->cc.cwnd < c->rec.undo_cwnd)
		c->cc.cwnd = c->rec.undo_cwnd;
	c->cc.ssthresh = c->rec.undo_ssthresh;
	c->rec.state = RECOVERY_OPEN;
	c->rec.undo_cwnd = 0;
	c->rec.reordered = true;
}

static void maybe_exit(struct conn *c)
{
	/* RFC 6582 4: without SACK, only beyond the point, lest the duplicates
	 * of our own retransmissions look like a new loss. */
	if (c->sack_on || c->sendq.n == 0 ? seq_lt(c->snd_una, c->rec.point) :
		seq_le(c->snd_una, c->rec.point))
		return;
	if (c->rec.state == RECOVERY_FAST)
		c->cc.cwnd = c->cc.ssthresh;
	c->rec.state = RECOVERY_OPEN;
	c->rec.undo_cwnd = 0;
	c->rec.dup_acks = 0;
}

/* RFC 8985 7.4.2: did the probe repair a loss that nobody else saw? */
static void tlp_answer(struct conn *c, struct instant now,
	const struct segment *s, const struct verdict *v)
{
	struct recovery *rec = &c->rec;

	if (!rec->tlp_out || seq_lt(s->h.ack, rec->tlp_end))
		return;
	if (!rec->tlp_retrans || v->dsack) {
		rec->tlp_out = false;
	} else if (seq_lt(rec->tlp_end, s->h.ack)) {
		rec->tlp_out = false;
		if (rec->state == RECOVERY_OPEN) {
			cc_loss(&c->cc, now);
			c->cc.cwnd = c->cc.ssthresh;
		}
	} else if (!v->forward) {
		rec->tlp_out = false;
	}
}

static void grow(struct conn *c, struct instant now, const struct verdict *v,
	uint32_t flight)
{
	bool full = c->cwnd_limited || c->rec.state == RECOVERY_LOSS;

	/* Linux: slow start goes on while half the window is used. */
	if (c->cc.cwnd < c->cc.ssthresh && flight * 2 > c->cc.cwnd)
		full = true;
	if (v->acked)
		cc_acked(&c->cc, now, v->acked, c->rtt.srtt, full);
}

void recovery_ack(struct conn *c, struct instant now, const struct segment *s,
	bool window_same)
{
	uint32_t flight = sendq_in_flight(&c->sendq);
	enum recovery_state before = c->rec.state;
	struct verdict v = { 0 };

	take_sacks(c, now, s, &v);
	take_ack(c, now, s, &v);
	if (v.rtt.ns)
		rtt_sample(&c->rtt, v.rtt);
	if (was_needless(c, s, &v))
		undo(c);
	else if (v.forward)
		c->rec.undo_cwnd = 0; /* only the first can tell */
	if (c->rec.state != RECOVERY_OPEN)
		maybe_exit(c);
	if (!c->sack_on)
		reno_detect(c, s, window_same, &v);
	else if (c->sendq.sacked || c->rec.state != RECOVERY_OPEN)
		rack_detect(c, now);
	else
		timers_reorder_wait(c, INSTANT_NEVER);
	if (c->rec.state == RECOVERY_OPEN && c->sendq.lost)
		enter_fast(c, now, flight);
	tlp_answer(c, now, s, &v);
	if (c->rec.state == RECOVERY_FAST)
		prr(c, &v);
	else if (before != RECOVERY_FAST)
		grow(c, now, &v, flight);
	if (v.forward)
		timers_acked(c, now);
	else if (s->len == 0 && c->sendq.n)
		c->t->stats.dup_acks_in++;
}

/* RFC 6298 5.4 to 5.6, RFC 5681 3.1: nothing came back. */
void recovery_timeout(struct conn *c, struct instant now)
{
	struct sendq *q = &c->sendq;
	bool reneged = sendq_at(q, 0)->flags & TXSEG_SACKED;

	if (c->rec.state != RECOVERY_LOSS) { /* else ssthresh is held */
		remember_for_undo(c);
		cc_loss(&c->cc, now);
	}
	c->rec.state = RECOVERY_LOSS;
	c->rec.point = c->snd_nxt;
	c->rec.tlp_out = false;
	c->rec.dup_acks = 0;
	for (uint32_t i = 0; i < q->n; i++) {
		struct txseg *r = sendq_at(q, i);

		if (reneged || !c->sack_on) /* RFC 2018 8 */
			sendq_mark(q, r, 0, TXSEG_SACKED);
		if (!(r->flags & TXSEG_SACKED))
			sendq_mark(q, r, TXSEG_LOST, TXSEG_RETRANS);
	}
	c->cc.cwnd = conn_mss(c);
}

void recovery_reorder_timeout(struct conn *c, struct instant now)
{
	uint32_t flight = sendq_in_flight(&c->sendq);
	struct verdict none = { 0 };

	if (c->sack_on)
		rack_detect(c, now);
	if (c->rec.state == RECOVERY_OPEN && c->sendq.lost)
		enter_fast(c, now, flight);
	if (c->rec.state == RECOVERY_FAST)
		prr(c, &none);
}

/* The path became narrower (RFC 1191 6.3): what no longer fits must be cut and
 * sent again; that is no sign of congestion. */
void recovery_resize(struct conn *c, struct instant now, uint32_t mtu)
{
	struct sendq *q = &c->sendq;
	uint32_t old = conn_mss(c), floor;

	if (conn_route(c) < 0)
		return;
	floor = c->e.tuple.remote.addr.family == IP_V6 ? TCP_MTU_MIN_V6 :
		TCP_MTU_MIN_V4;
	if (mtu && mtu < floor) /* RFC 5927 7.2: no smaller is believed */
		mtu = floor;
	if (mtu && mtu < c->mtu)
		c->mtu = mtu;
	conn_update_mss(c);
	if (conn_mss(c) >= old)
		return;
	for (uint32_t i = 0; i < q->n; i++) {
		struct txseg *r = sendq_at(q, i);

		if (r->len > conn_mss(c) && !(r->flags & TXSEG_SACKED))
			sendq_mark(q, r, TXSEG_LOST, TXSEG_RETRANS);
	}
	if (q->lost && c->rec.state == RECOVERY_OPEN) {
		c->rec.state = RECOVERY_LOSS;
		c->rec.point = c->snd_nxt;
	}
	timers_reorder_wait(c, now);
}
