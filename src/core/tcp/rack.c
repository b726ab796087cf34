/* RACK-TLP (RFC 8985): a segment is lost when one that was sent enough later has
 * arrived; that finds lost retransmissions, too. "Enough" is the reordering window:
 * nothing at first, a quarter of the smallest round trip once reordering was seen,
 * more of it while D-SACKs say that we were hasty.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "ack.h"
#include "timers.h"

enum {
	STEPS_MAX = 255,
	RACK_STATIC_WINDOW = 2, RACK_NO_DUPTHRESH = 4, /* Linux tcp_recovery */
};

static bool sent_after(struct instant a, struct seq a_end, struct instant b,
	struct seq b_end)
{
	return b.ns < a.ns || (a.ns == b.ns && seq_lt(b_end, a_end));
}

/* RFC 8985 6.2 steps 1 and 2: r has arrived. */
void rack_advance(struct conn *c, struct instant now, const struct txseg *r)
{
	struct rack *k = &c->rec.rack;
	struct duration rtt = instant_sub(now, r->sent);

	/* Sooner than any: that was the original's acknowledgement. */
	if ((r->flags & TXSEG_EVER) && rtt.ns < rtt_smallest(&c->rtt).ns)
		return;
	k->advanced = true;
	k->rtt = rtt;
	if (sent_after(r->sent, txseg_end(r), k->xmit, k->end)) {
		k->xmit = r->sent;
		k->end = txseg_end(r);
	}
}

/* RFC 8985 6.2 step 4. */
static int64_t reorder_window(const struct conn *c)
{
	const struct recovery *rec = &c->rec;
	int64_t w, min = rtt_smallest(&c->rtt).ns;

	if (!rec->reord_seen) {
		if (rec->state >= CA_RECOVERY)
			return 0;
		if (c->sendq.nsacked >= rec->reordering &&
			!(c->t->rules.recovery & RACK_NO_DUPTHRESH))
			return 0;
	}
	if (min == INT64_MAX)
		return c->rtt.srtt.ns;
	w = min / 4 * rec->rack.steps;
	return w < c->rtt.srtt.ns ? w : c->rtt.srtt.ns;
}

/* RFC 8985 6.2 step 4: a D-SACK widens the window by a quarter, once a round trip,
 * for sixteen recoveries. */
void rack_update_window(struct conn *c, const struct ack *a)
{
	struct rack *k = &c->rec.rack;

	if (a->rs.prior_at.ns == 0 ||
		(c->t->rules.recovery & RACK_STATIC_WINDOW))
		return;
	if ((int32_t)(a->rs.prior_delivered - k->last_delivered) < 0)
		k->dsack_seen = false;
	if (k->dsack_seen) {
		k->steps = k->steps < STEPS_MAX ? (uint8_t)(k->steps + 1) :
			STEPS_MAX;
		k->dsack_seen = false;
		k->last_delivered = c->rate.delivered;
		k->persist = RACK_PERSIST;
	} else if (k->persist == 0) {
		k->steps = 1;
	}
}

int64_t rack_remaining(const struct conn *c, struct instant now,
	const struct txseg *r, int64_t window)
{
	return c->rec.rack.rtt.ns + window - instant_sub(now, r->sent).ns;
}

/* r is lost, or its retransmission is. */
void rack_mark(struct conn *c, struct txseg *r)
{
	if (r->flags & TXSEG_SACKED)
		return;
	if (r->flags & TXSEG_LOST) {
		if (!(r->flags & TXSEG_RETRANS))
			return;
		sendq_mark(&c->sendq, r, 0, TXSEG_RETRANS);
	} else {
		sendq_mark(&c->sendq, r, TXSEG_LOST, 0);
	}
	c->rate.lost++;
}

/* RFC 8985 6.2 step 5. Returns the time until all that may be lost is, 0: none. A
 * judgement that was undone is not repeated for the same transmission, or one path that
 * reorders much would have it undone and repeated with each acknowledgement (Linux: what
 * is judged leaves tsorted_sent_queue); if it was right after all, the RTO repairs. */
static int64_t detect(struct conn *c, struct instant now)
{
	struct sendq *q = &c->sendq;
	const struct rack *k = &c->rec.rack;
	int64_t window = reorder_window(c), longest = 0;

	for (uint32_t i = 0; i < q->n; i++) {
		struct txseg *r = sendq_at(q, i);
		int64_t left;

		if ((r->flags & (TXSEG_SACKED | TXSEG_JUDGED)) ||
			(r->flags & (TXSEG_LOST | TXSEG_RETRANS)) == TXSEG_LOST)
			continue;
		if (!sent_after(k->xmit, k->end, r->sent, txseg_end(r)))
			continue;
		left = rack_remaining(c, now, r, window);
		if (left > longest)
			longest = left;
		if (left > 0)
			continue;
		rack_mark(c, r);
		sendq_mark(q, r, TXSEG_JUDGED, 0);
	}
	return longest;
}

bool rack_mark_lost(struct conn *c, struct instant now)
{
	int64_t wait;

	if (!c->rec.rack.advanced)
		return false;
	c->rec.rack.advanced = false; /* no second look without news */
	wait = detect(c, now);
	if (wait == 0)
		return false;
	wait += DURATION_MS(TCP_TIMEOUT_MIN_MS).ns;
	timers_reorder_wait(c, instant_add(now, (struct duration){ wait }));
	return true;
}

void rack_detect_again(struct conn *c, struct instant now)
{
	detect(c, now);
}

/* RFC 8985 7.4.2: did the probe repair a loss that nobody else saw? */
void rack_tlp_answer(struct conn *c, struct instant now, const struct ack *a)
{
	struct recovery *rec = &c->rec;
	struct seq ack = a->h->ack;

	if (!rec->tlp_out || seq_lt(ack, rec->tlp_end))
		return;
	if (!rec->tlp_retrans || (a->flags & ACK_DSACK_TLP)) {
		rec->tlp_out = false; /* it was new, or came twice: no loss */
	} else if (seq_lt(rec->tlp_end, ack)) {
		cc_begin_reduction(c, now);
		cc_set_state(c, now, CA_CWR);
		cc_end_reduction(c, now);
		recovery_keep_open(c, now);
	} else if (!(a->flags & (ACK_FORWARD | ACK_NOT_DUP | ACK_SACKED))) {
		rec->tlp_out = false; /* a pure duplicate: both arrived */
	}
}
