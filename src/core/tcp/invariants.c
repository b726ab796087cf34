/* The rules that tie a connection's numbers, scoreboard, buffers, state and timers
 * together, and the tables that it lies in, as one list of things to look at.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "invariants.h"

#include "conn.h"
#include "request.h"
#include "timewait.h"

#define HOLDS(cond) \
	do { \
		if (!(cond)) \
			return #cond; \
	} while (0)

#define IMPLIES(a, b) HOLDS(!(a) || (b))

static bool is_set(const struct conn *c, enum conn_timer k)
{
	return !instant_is_never(c->due[k]);
}

/* Our numbers: una <= nxt <= what there is to send, and the buffer holds it. */
static const char *sender(const struct conn *c)
{
	struct seq end = seq_add(c->tx_end, c->fin_sent);

	HOLDS(seq_le(c->snd_una, c->snd_nxt));
	HOLDS(seq_le(c->snd_nxt, end));
	HOLDS(seq_le(c->tx_seq, c->tx_end));
	HOLDS((uint32_t)seq_diff(c->tx_end, c->tx_seq) <= c->bufs.tx.size);
	IMPLIES(c->state >= TCP_ESTABLISHED,
		seq_eq(c->tx_seq, seq_min(c->snd_una, c->tx_end)));
	IMPLIES(c->fin_sent, c->fin_queued);
	IMPLIES(c->fin_sent, seq_eq(c->snd_nxt, end));
	IMPLIES(c->state >= TCP_ESTABLISHED, c->cc.cwnd >= 1);
	IMPLIES(c->state >= TCP_ESTABLISHED, c->cc.ssthresh >= 1);
	HOLDS(conn_mss(c) >= 1 && conn_mss(c) < 65536);
	return NULL;
}

/* The segments in flight cover una to nxt without a gap, and the sums are theirs. */
static const char *scoreboard(const struct conn *c)
{
	const struct sendq *q = &c->sendq;
	uint32_t out = 0, sacked = 0, lost = 0, retrans = 0;
	struct seq at = c->snd_una;

	HOLDS(q->n <= q->cap);
	for (uint32_t i = 0; i < q->n; i++) {
		const struct txseg *s = sendq_at(q, i);

		HOLDS(s->len > 0);
		HOLDS(seq_eq(s->start, at));
		IMPLIES(s->flags & TXSEG_SACKED, !(s->flags & TXSEG_LOST));
		IMPLIES(s->flags & TXSEG_RETRANS, s->flags & TXSEG_EVER);
		IMPLIES(s->flags & TXSEG_FIN, i == q->n - 1 && c->fin_sent);
		at = txseg_end(s);
		out += s->len;
		sacked += s->flags & TXSEG_SACKED ? s->len : 0;
		lost += s->flags & TXSEG_LOST ? s->len : 0;
		retrans += s->flags & TXSEG_RETRANS ? s->len : 0;
	}
	IMPLIES(c->state >= TCP_ESTABLISHED, seq_eq(at, c->snd_nxt));
	HOLDS(out == q->out);
	HOLDS(sacked == q->sacked);
	HOLDS(lost == q->lost);
	HOLDS(retrans == q->retrans);
	HOLDS(sacked + lost <= out + retrans);
	return NULL;
}

/* The peer's numbers, and where its bytes lie. */
static const char *receiver(const struct conn *c)
{
	const struct ranges *o = &c->ooo;

	HOLDS(o->n <= o->cap);
	HOLDS(c->nrecent <= TCP_SACK_MAX);
	if (c->state == TCP_SYN_SENT)
		return NULL;
	HOLDS(seq_le(c->last_ack, c->rcv_nxt));
	HOLDS(seq_le(c->rcv_nxt, c->rcv_adv));
	HOLDS((uint32_t)seq_diff(c->rcv_adv, c->rcv_nxt) <= c->bufs.rx.size + 1);
	for (uint32_t i = 0; i < o->n; i++) {
		HOLDS(seq_lt(c->rcv_nxt, o->at[i].from));
		HOLDS(seq_lt(o->at[i].from, o->at[i].to));
		IMPLIES(i > 0, seq_lt(o->at[i - 1].to, o->at[i].from));
	}
	IMPLIES(o->n, (uint32_t)seq_diff(o->at[o->n - 1].to, c->rcv_nxt) <=
		c->bufs.rx.size);
	IMPLIES(c->fin_received, o->n == 0);
	return NULL;
}

/* RFC 9293 3.3.2: what each state says about the two FINs. */
static const char *state(const struct conn *c)
{
	bool ours_acked = c->fin_sent && seq_eq(c->snd_una, c->snd_nxt);

	HOLDS(c->state > TCP_LISTEN && c->state < TCP_TIME_WAIT);
	HOLDS(!c->dead && !c->embryo && c->events == 0);
	IMPLIES(c->state == TCP_ESTABLISHED, !c->fin_queued && !c->fin_received);
	IMPLIES(c->state == TCP_CLOSE_WAIT, !c->fin_queued && c->fin_received);
	IMPLIES(c->state == TCP_FIN_WAIT_1, c->fin_queued && !ours_acked);
	IMPLIES(c->state == TCP_FIN_WAIT_1, !c->fin_received);
	IMPLIES(c->state == TCP_FIN_WAIT_2, ours_acked && !c->fin_received);
	IMPLIES(c->state == TCP_FIN_WAIT_2, !c->detached);
	IMPLIES(c->state == TCP_CLOSING || c->state == TCP_LAST_ACK,
		c->fin_queued && c->fin_received && !ours_acked);
	return NULL;
}

/* Whatever it waits for, something will wake it. */
static const char *timers(const struct conn *c)
{
	bool handshake = c->state < TCP_ESTABLISHED;
	bool to_send = seq_lt(c->snd_nxt, c->tx_end) ||
		(c->fin_queued && !c->fin_sent);
	struct instant first = INSTANT_NEVER;

	for (int k = 0; k < CONN_TIMERS; k++)
		first = instant_min(first, c->due[k]);
	HOLDS(!instant_before(first, c->e.timer.at));
	IMPLIES(handshake, is_set(c, CONN_TIMER_RTO));
	IMPLIES(c->sendq.n && !handshake, is_set(c, CONN_TIMER_RTO) ||
		is_set(c, CONN_TIMER_TLP) || is_set(c, CONN_TIMER_REORDER));
	IMPLIES(!handshake && to_send && c->sendq.n == 0,
		is_set(c, CONN_TIMER_PERSIST));
	IMPLIES(c->ack_pending, is_set(c, CONN_TIMER_DELACK));
	HOLDS(!c->ack_now || handshake);
	IMPLIES(c->opt.keepalive && !handshake, is_set(c, CONN_TIMER_KEEPALIVE));
	return NULL;
}

static const char *connection(const struct conn *c)
{
	static const char *(*const rules[])(const struct conn *) = { sender,
		scoreboard, receiver, state, timers };
	const char *broken = NULL;

	for (unsigned i = 0; !broken && i < sizeof(rules) / sizeof(*rules); i++)
		broken = rules[i](c);
	return broken;
}

static const char *entry(const struct tcp *t, const struct entry *e,
	uint32_t bucket)
{
	HOLDS((e->hash & (t->table.size - 1)) == bucket);
	HOLDS(e->hash == tuple_hash(&t->table.key, &e->tuple));
	if (e->kind == ENTRY_CONN) {
		const struct conn *c = (const struct conn *)(const void *)e;

		HOLDS(c->id.index < t->nslots);
		HOLDS(t->slots[c->id.index].conn == c);
		HOLDS(t->slots[c->id.index].gen == c->id.gen);
		return connection(c);
	}
	HOLDS(timer_node_is_set(&e->timer));
	return NULL;
}

const char *tcp_broken_invariant(const struct tcp *t)
{
	uint32_t n[3] = { 0 };

	for (uint32_t i = 0; i < t->table.size; i++) {
		for (const struct entry *e = t->table.buckets[i]; e; e = e->next) {
			const char *broken = entry(t, e, i);

			if (broken)
				return broken;
			n[e->kind]++;
		}
	}
	HOLDS(n[ENTRY_CONN] == t->nconns);
	HOLDS(n[ENTRY_REQUEST] == t->nrequests);
	HOLDS(n[ENTRY_TIME_WAIT] == t->ntime_waits);
	HOLDS(n[ENTRY_CONN] + n[ENTRY_REQUEST] + n[ENTRY_TIME_WAIT] == t->table.n);
	return NULL;
}
