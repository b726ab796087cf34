/* What an acknowledgement says has arrived: by its SACK blocks (RFC 2018, RFC 2883)
 * and by its number. Each segment counts as delivered once. Blocks are only hints,
 * and a peer may lie: a block that makes no sense is skipped, what is SACKed stays
 * until its number is acknowledged (RFC 2018 8), and no memory is taken.
 *
 *          SND.UNA                    highest            SND.NXT
 *   |--- acknowledged ---|  hole  |SACKed| hole |SACKed|------|
 *     D-SACK lies here or within the second block
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#include "ack.h"
#include "output.h"

/* The end of what was ever SACKed and is not acknowledged. */
struct seq sack_highest(const struct conn *c)
{
	return c->sendq.nsacked ? seq_max(c->rec.fack, c->snd_una) : c->snd_una;
}

/* RFC 3522 3.2: the echoed timestamp is from before ts. */
bool sack_echo_is_before(const struct conn *c, const struct tcp_header *h,
	uint32_t ts)
{
	return c->ts_on && h->has_ts && h->tsecr &&
		(int32_t)(h->tsecr - ts) < 0;
}

/* --- reordering --------------------------------------------------------------- */

/* RFC 8985 6.2 step 2, with the distance that Linux keeps as tcpi_reordering. */
void sack_saw_reordering(struct conn *c, struct seq low)
{
	struct seq high = sack_highest(c);
	uint32_t mss = conn_mss(c), far, most = c->t->rules.max_reordering;

	if (!seq_lt(low, high))
		return;
	far = (uint32_t)seq_diff(high, low);
	if (far > c->rec.reordering * mss) {
		far = (far + mss - 1) / mss;
		c->rec.reordering = far < most ? far : most;
	}
	c->rec.reord_seen++;
}

/* Without SACK: as many duplicates as are in flight cannot all be of a loss. */
void sack_check_reno(struct conn *c, uint32_t more)
{
	struct recovery *rec = &c->rec;
	uint32_t out = c->sendq.n, holes = c->sendq.nlost ? c->sendq.nlost : 1;
	uint32_t most = c->t->rules.max_reordering;

	if (holes > out)
		holes = out;
	if (rec->reno_sacked + holes <= out)
		return;
	rec->reno_sacked = out - holes;
	rec->reordering = out + more < most ? out + more : most;
	rec->reord_seen++;
}

/* RFC 5681 3.2: each duplicate says that one segment has left the network; what that
 * lets out before the third is RFC 3042's limited transmit. */
void sack_add_reno(struct conn *c, unsigned dupacks)
{
	uint32_t before = c->rec.reno_sacked;

	if (!dupacks)
		return;
	c->rec.reno_sacked += dupacks;
	sack_check_reno(c, 0);
	if (c->rec.reno_sacked > before)
		c->rate.delivered += c->rec.reno_sacked - before;
}

/* One of the acknowledged was the hole; the others were what duplicates told of. */
static void remove_reno(struct conn *c, uint32_t acked)
{
	struct recovery *rec = &c->rec;

	if (acked) {
		c->rate.delivered += acked > rec->reno_sacked + 1 ?
			acked - rec->reno_sacked : 1;
		rec->reno_sacked -= acked - 1 < rec->reno_sacked ? acked - 1 :
			rec->reno_sacked;
	}
	sack_check_reno(c, acked);
}

/* --- SACK blocks ------------------------------------------------------------------ */

/* Which blocks are believed. Spoofed ones may be anything. */
static bool is_valid(const struct conn *c, const struct tcp_sack *b, bool dsack)
{
	const struct recovery *rec = &c->rec;

	if (!seq_lt(b->from, b->to) || seq_lt(c->snd_nxt, b->to) ||
		!seq_lt(b->from, c->snd_nxt))
		return false;
	if (seq_lt(c->snd_una, b->from))
		return true; /* SND.UNA itself cannot be SACKed: RFC 2018 4 */
	if (!dsack || !rec->undo_on || seq_lt(c->snd_una, b->to))
		return false;
	if (seq_le(rec->undo_from, b->from))
		return true;
	return seq_lt(rec->undo_from, b->to) && seq_le(seq_add(b->to,
		-c->max_snd_wnd), b->from);
}

/* How many segments came twice; 0: it cannot be. A receiver that tells of more than
 * we ever sent twice is duplicated by the network, or lies. */
static uint32_t dsack_segments(struct conn *c, struct ack *a,
	const struct tcp_sack *b)
{
	uint32_t mss = conn_mss(c), len, n = 1;

	if (!seq_lt(b->from, b->to))
		return 0;
	len = (uint32_t)seq_diff(b->to, b->from);
	if (len > c->max_snd_wnd)
		return 0;
	if (len > mss)
		n = (len + mss - 1) / mss;
	else if (c->rec.tlp_out && seq_eq(c->rec.tlp_end, b->to))
		a->flags |= ACK_DSACK_TLP;
	c->rec.dsack_dups += n;
	if (c->rec.dsack_dups > c->retrans)
		return 0;
	/* RFC 8985 6.2 step 4: reordering made us hasty. A probe is no haste. */
	if (c->rec.reord_seen && !(a->flags & ACK_DSACK_TLP))
		c->rec.rack.dsack_seen = true;
	a->flags |= ACK_DSACK;
	a->sack_delivered += n;
	return n;
}

static void count_needless(struct recovery *rec, uint32_t n)
{
	if (rec->undo_retrans > 0)
		rec->undo_retrans -= rec->undo_retrans < (int32_t)n ?
			rec->undo_retrans : (int32_t)n;
}

/* RFC 2883 4: the first block is below the acknowledgement, or in the second. */
static bool take_dsack(struct conn *c, struct ack *a)
{
	const struct tcp_sack *b = a->h->sack;
	uint32_t n;

	if (!seq_lt(b[0].from, a->h->ack) && (a->h->nsack < 2 ||
		seq_lt(b[1].to, b[0].to) || seq_lt(b[0].from, b[1].from)))
		return false;
	n = dsack_segments(c, a, &b[0]);
	if (n == 0)
		return false;
	if (c->rec.undo_on && seq_le(b[0].to, a->prior_una) &&
		seq_lt(c->rec.undo_from, b[0].to))
		count_needless(&c->rec, n);
	return true;
}

static void sack_one(struct conn *c, struct instant now, struct txseg *r,
	struct ack *a)
{
	struct sendq *q = &c->sendq;
	bool again = r->flags & TXSEG_RETRANS, lost = r->flags & TXSEG_LOST;

	rack_advance(c, now, r);
	/* A retransmission of what was not judged lost is believed to be still
	 * under way. */
	if (again && lost)
		sendq_mark(q, r, 0, TXSEG_LOST | TXSEG_RETRANS);
	if (!(r->flags & TXSEG_EVER)) {
		if (seq_lt(r->start, sack_highest(c)) && seq_lt(r->start, a->reord))
			a->reord = r->start;
		if (seq_le(txseg_end(r), c->rec.point))
			a->flags |= ACK_ORIGINAL;
		/* After timeouts in a row what is late is the acknowledgement,
		 * not the segment: not a round trip (Linux takes it). */
		if (!lost || c->rtt.backoff < 2) {
			if (!a->has_sack)
				a->sack_first = r->sent;
			a->sack_last = r->sent;
			a->has_sack = true;
		}
	}
	sendq_mark(q, r, TXSEG_SACKED, TXSEG_LOST);
	a->flags |= ACK_SACKED;
	a->sack_delivered++;
	rate_delivered(c, r, a);
}

/* RFC 2883 5: a retransmission that was needless has arrived. */
static void dsack_one(struct conn *c, struct txseg *r, struct ack *a)
{
	if (!(r->flags & TXSEG_EVER))
		return;
	if (c->rec.undo_on && seq_lt(c->rec.undo_from, txseg_end(r)))
		count_needless(&c->rec, 1);
	if ((r->flags & TXSEG_SACKED) && seq_lt(r->start, a->reord))
		a->reord = r->start;
}

static void take_block(struct conn *c, struct instant now,
	const struct tcp_sack *b, bool dsack, struct ack *a)
{
	struct sendq *q = &c->sendq;

	for (uint32_t i = sendq_find(q, b->from); i < q->n; i++) {
		struct txseg *r = sendq_at(q, i);

		if (seq_lt(b->to, txseg_end(r)))
			break; /* not whole: it says nothing */
		if (seq_lt(r->start, b->from))
			continue;
		if (dsack)
			dsack_one(c, r, a);
		if (!(r->flags & TXSEG_SACKED))
			sack_one(c, now, r, a);
		if (dsack && (r->flags & TXSEG_RETRANS))
			sendq_mark(q, r, 0, TXSEG_RETRANS);
		c->rec.fack = seq_max(c->rec.fack, txseg_end(r));
	}
}

void sack_take(struct conn *c, struct instant now, struct ack *a)
{
	const struct tcp_header *h = a->h;
	bool dsack;

	if (!c->sack_on || !h->nsack)
		return;
	if (c->sendq.nsacked == 0)
		c->rec.fack = c->snd_una;
	a->reord = c->snd_nxt;
	dsack = take_dsack(c, a);
	if (seq_lt(h->ack, seq_add(a->prior_una, -c->max_snd_wnd)))
		return; /* too old to be believed */
	for (unsigned i = 0; i < h->nsack; i++) {
		const struct tcp_sack *b = &h->sack[i];

		if (is_valid(c, b, i == 0 && dsack) && seq_lt(a->prior_una, b->to))
			take_block(c, now, b, i == 0 && dsack, a);
	}
	c->rate.delivered += a->sack_delivered;
	if (c->rec.state != CA_LOSS || c->rec.undo_on)
		sack_saw_reordering(c, a->reord);
}

/* --- what is acknowledged --------------------------------------------------------- */

static void acked_one(struct conn *c, struct instant now, struct txseg *r,
	struct ack *a, struct seq *reord)
{
	if (r->flags & TXSEG_EVER) {
		a->flags |= ACK_RETRANS_ACKED;
	} else if (!(r->flags & TXSEG_SACKED)) {
		a->last_sent = r->sent;
		if (!a->has_first)
			a->first_sent = r->sent;
		a->has_first = true;
		*reord = seq_min(*reord, r->start);
		if (seq_le(txseg_end(r), c->rec.point))
			a->flags |= ACK_ORIGINAL;
	}
	if (c->sack_on && !(r->flags & TXSEG_SACKED)) {
		c->rate.delivered++;
		/* RFC 8985 6.2 step 2: not if the echo tells of the original. */
		if (!(r->flags & TXSEG_EVER) || !sack_echo_is_before(c, a->h,
			conn_ts_now(c, r->sent)))
			rack_advance(c, now, r);
	}
	rate_delivered(c, r, a);
	a->acked++;
	a->flags |= ACK_DATA_ACKED;
}

/* Bytes go back to the program as soon as their number is acknowledged. */
static void release(struct conn *c, struct seq ack)
{
	struct seq end = seq_min(ack, c->tx_end);
	uint32_t n;

	if (!seq_lt(c->tx_seq, end))
		return;
	n = (uint32_t)seq_diff(end, c->tx_seq);
	fifo_release(&c->bufs.tx, n);
	c->tx_seq = end;
	c->tally.bytes_acked += n;
	c->events |= TCP_EV_WRITABLE;
}

/* RFC 6298 3 (Karn), RFC 7323 4.1: our own clock before the echoed timestamp, which
 * a middlebox may have spoilt; what was sent twice tells by timestamp alone. */
static bool take_rtt(struct conn *c, struct instant now, struct ack *a)
{
	int64_t rtt = -1, newest = -1;

	if (a->has_first && !(a->flags & ACK_RETRANS_ACKED)) {
		rtt = instant_sub(now, a->first_sent).ns;
		newest = instant_sub(now, a->last_sent).ns;
	}
	if (a->has_sack) {
		if (rtt < 0)
			rtt = instant_sub(now, a->sack_first).ns;
		newest = instant_sub(now, a->sack_last).ns;
	}
	/* A D-SACK after timeouts in a row: the acknowledgements were lost, and
	 * the echo is of the original (Linux takes that for a round trip). */
	if (rtt < 0 && (a->flags & ACK_DATA_ACKED) &&
		!((a->flags & ACK_DSACK) && c->rtt.backoff > 1)) {
		struct duration d = conn_ts_rtt(c, now, a->h);

		if (d.ns)
			rtt = newest = d.ns;
	}
	a->rs.rtt_ns = newest;
	if (rtt < 0)
		return false;
	/* Linux: a lone small segment may have waited for a delayed ACK. */
	if (!(a->flags & ACK_MAYBE_DELAYED) ||
		newest <= rtt_smallest(&c->rtt).ns)
		rtt_sample_min(&c->rtt, now, (struct duration){ newest });
	rtt_sample(&c->rtt, (struct duration){ rtt }, c->snd_una, c->snd_nxt);
	return true;
}

static void note_progress(struct conn *c, struct ack *a, struct seq reord)
{
	a->flags |= ACK_SET_TIMER;
	if (c->sack_on) {
		/* RFC 8985 6.2 step 2: a hole was filled that we had not. */
		if (seq_lt(reord, a->prior_fack))
			sack_saw_reordering(c, reord);
		return;
	}
	remove_reno(c, a->acked);
	if (a->flags & ACK_RETRANS_ACKED)
		a->flags &= ~(unsigned)ACK_ORIGINAL; /* cannot be told apart */
}

void sack_clean(struct conn *c, struct instant now, struct ack *a)
{
	struct sendq *q = &c->sendq;
	struct seq reord = c->snd_nxt;
	uint32_t last_len = 0, before = c->rate.delivered;
	bool sampled;

	while (q->n && seq_le(txseg_end(sendq_at(q, 0)), c->snd_una)) {
		last_len = sendq_at(q, 0)->len;
		acked_one(c, now, sendq_at(q, 0), a, &reord);
		sendq_pop(q);
	}
	if (q->n && seq_lt(sendq_at(q, 0)->start, c->snd_una))
		sendq_trim(q, (uint32_t)seq_diff(c->snd_una,
			sendq_at(q, 0)->start));
	release(c, c->snd_una);
	if (q->n == 0)
		tally_go_on(c, now, TALLY_BUSY);
	if (q->n && (sendq_at(q, 0)->flags & TXSEG_SACKED))
		a->flags |= ACK_RENEGED;
	if (a->acked == 1 && last_len < conn_mss(c) && a->rs.prior_at.ns &&
		a->rs.prior_delivered == before && !(a->flags & ACK_ALERT))
		a->flags |= ACK_MAYBE_DELAYED;
	sampled = take_rtt(c, now, a);
	mtuprobe_acked(c, now);
	if (a->flags & ACK_DATA_ACKED)
		note_progress(c, a, reord);
	else if (q->n && sampled && a->has_sack &&
		instant_before(a->sack_first, sendq_at(q, 0)->sent))
		a->flags |= ACK_SET_TIMER; /* later ones must not put it off */
	if (c->cc.ops->acked)
		c->cc.ops->acked(c, now, a);
}
