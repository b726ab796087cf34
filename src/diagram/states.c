/* The states that the segments imply (RFC 9293 3.3.2), and what is under way, seen in
 * the order in which things happen: a segment counts for its sender when it is sent,
 * for its receiver when it arrives, and for nobody else when it is lost.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>

#include "room.h"
#include "watch.h"

enum state { CLOSED, LISTEN, SYN_SENT, SYN_RECEIVED, ESTABLISHED, FIN_WAIT_1,
	FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT };

static const char *const names[] = { "CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED",
	"ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK",
	"TIME-WAIT" };

struct end {
	bool begun;
	enum state state;
	bool has_fin; /* it was sent */
	struct seq fin; /* the number after it */
	bool has_una, has_nxt;
	struct seq una, nxt;
	struct track got;
	bool fin_came;
	uint32_t window_most, held;
};

struct ends {
	struct end end[2];
	bool accepts; /* side 1 answers a SYN with a SYN */
};

struct event {
	int64_t at;
	size_t arrow;
	bool arrives;
};

static int by_time(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	if (x->arrow != y->arrow)
		return x->arrow < y->arrow ? -1 : 1;
	return x->arrives - y->arrives;
}

struct follow {
	struct talk *t;
	struct ends *ends; /* a flow each */
	int err;
};

static void enter(struct follow *w, const struct event *e, unsigned side,
	enum state state)
{
	const struct talk_arrow *a = &w->t->arrows[e->arrow];
	struct end *x = &w->ends[a->flow].end[side];
	struct talk *t = w->t;
	struct talk_change *c;

	if (x->begun && x->state == state)
		return;
	x->begun = true;
	x->state = state;
	/* A FIN with the ACK of ours passes FIN-WAIT-2 at once: not worth a word. */
	if (state == TIME_WAIT && t->n_changes && t->changes[t->n_changes - 1].at == e->at &&
		t->changes[t->n_changes - 1].state == names[FIN_WAIT_2])
		t->n_changes--;
	if (!room_for_one(&t->changes, &t->changes_room, t->n_changes, sizeof(*c))) {
		w->err = -ENOMEM;
		return;
	}
	c = &t->changes[t->n_changes++];
	c->at = e->at;
	c->flow = a->flow;
	c->side = side;
	c->state = names[state];
}

/* Before the first segment: closed and listening, or in the midst of it. */
static void begin(struct follow *w, const struct event *e)
{
	const struct talk_arrow *a = &w->t->arrows[e->arrow];
	struct ends *p = &w->ends[a->flow];
	bool syn = (a->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;

	if (p->end[0].begun)
		return;
	p->end[0].begun = p->end[1].begun = true; /* CLOSED is not worth a word */
	if (!syn) {
		enter(w, e, 0, a->flags & TCP_RST ? CLOSED : ESTABLISHED);
		enter(w, e, 1, a->flags & TCP_RST ? CLOSED : ESTABLISHED);
	} else if (p->accepts) {
		enter(w, e, 1, LISTEN);
	}
}

static void send_state(struct follow *w, const struct event *e)
{
	const struct talk_arrow *a = &w->t->arrows[e->arrow];
	struct end *x = &w->ends[a->flow].end[a->side];

	if (a->flags & TCP_RST) {
		enter(w, e, a->side, CLOSED);
		return;
	}
	if ((a->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN && x->state == CLOSED)
		enter(w, e, a->side, SYN_SENT);
	if (!(a->flags & TCP_FIN))
		return;
	x->has_fin = true;
	x->fin = seq_add(a->tcp.seq, segment_len(a));
	if (x->state == ESTABLISHED || x->state == SYN_RECEIVED)
		enter(w, e, a->side, FIN_WAIT_1);
	else if (x->state == CLOSE_WAIT)
		enter(w, e, a->side, LAST_ACK);
}

/* RFC 9293 3.10.7.4, fifth: the ACK field. */
static void arrive_ack(struct follow *w, const struct event *e)
{
	const struct talk_arrow *a = &w->t->arrows[e->arrow];
	unsigned side = !a->side;
	struct end *x = &w->ends[a->flow].end[side];
	bool of_fin = x->has_fin && !seq_lt(a->tcp.ack, x->fin);

	if (x->state == SYN_RECEIVED)
		enter(w, e, side, x->has_fin ? FIN_WAIT_1 : ESTABLISHED);
	if (x->state == SYN_SENT && (a->flags & TCP_SYN))
		enter(w, e, side, ESTABLISHED);
	if (!of_fin)
		return;
	if (x->state == FIN_WAIT_1)
		enter(w, e, side, FIN_WAIT_2);
	else if (x->state == CLOSING)
		enter(w, e, side, TIME_WAIT);
	else if (x->state == LAST_ACK)
		enter(w, e, side, CLOSED);
}

/* Eighth: the FIN, once all before it has come. */
static void arrive_fin(struct follow *w, const struct event *e)
{
	const struct talk_arrow *a = &w->t->arrows[e->arrow];
	unsigned side = !a->side;
	struct end *x = &w->ends[a->flow].end[side];

	if (segment_len(a))
		track_take(&x->got, a->tcp.seq, seq_add(a->tcp.seq, segment_len(a)));
	x->fin_came |= a->flags & TCP_FIN;
	if (!x->fin_came || x->got.n_holes)
		return;
	if (x->state == ESTABLISHED || x->state == SYN_RECEIVED)
		enter(w, e, side, CLOSE_WAIT);
	else if (x->state == FIN_WAIT_1)
		enter(w, e, side, CLOSING);
	else if (x->state == FIN_WAIT_2)
		enter(w, e, side, TIME_WAIT);
}

static void arrive_state(struct follow *w, const struct event *e)
{
	const struct talk_arrow *a = &w->t->arrows[e->arrow];
	unsigned side = !a->side;
	struct end *x = &w->ends[a->flow].end[side];

	if (a->flags & TCP_RST) {
		if (x->state != LISTEN && x->state != TIME_WAIT)
			enter(w, e, side, CLOSED);
		return;
	}
	if ((a->flags & TCP_SYN) && (x->state == LISTEN ||
			(x->state == SYN_SENT && !(a->flags & TCP_ACK))))
		enter(w, e, side, SYN_RECEIVED);
	if (a->flags & TCP_ACK)
		arrive_ack(w, e);
	arrive_fin(w, e);
}

/* --- levels ------------------------------------------------------------------------- */

static void level(struct follow *w, const struct event *e, unsigned side)
{
	const struct talk_arrow *a = &w->t->arrows[e->arrow];
	struct end *x = &w->ends[a->flow].end[side];
	struct talk *t = w->t;
	struct talk_level *l;
	int32_t under_way = x->has_una && x->has_nxt ? seq_diff(x->nxt, x->una) : 0;

	if (!room_for_one(&t->levels, &t->levels_room, t->n_levels, sizeof(*l))) {
		w->err = -ENOMEM;
		return;
	}
	l = &t->levels[t->n_levels++];
	l->at = e->at;
	l->flow = a->flow;
	l->side = side;
	l->sent = under_way > 0 ? (uint32_t)under_way : 0;
	l->received = x->held;
}

static void send_level(struct follow *w, const struct event *e)
{
	const struct talk_arrow *a = &w->t->arrows[e->arrow];
	struct end *x = &w->ends[a->flow].end[a->side];
	struct seq end = seq_add(a->tcp.seq, segment_len(a));

	if (a->flags & TCP_RST) {
		x->has_una = false;
		x->held = 0;
	} else {
		if (!x->has_nxt || seq_lt(x->nxt, end))
			x->nxt = end;
		if (!x->has_una)
			x->una = a->tcp.seq;
		x->has_una = x->has_nxt = true;
		if (!(a->flags & TCP_SYN) && a->window > x->window_most)
			x->window_most = a->window;
		if (!(a->flags & TCP_SYN))
			x->held = x->window_most - a->window;
	}
	level(w, e, a->side);
}

static void arrive_level(struct follow *w, const struct event *e)
{
	const struct talk_arrow *a = &w->t->arrows[e->arrow];
	struct end *x = &w->ends[a->flow].end[!a->side];

	if (!(a->flags & TCP_ACK) || !x->has_una || !seq_lt(x->una, a->tcp.ack))
		return;
	x->una = a->tcp.ack;
	level(w, e, !a->side);
}

/* --- all -------------------------------------------------------------------------------- */

static size_t gather(const struct talk *t, struct event *e, struct ends *ends)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n_arrows; i++) {
		const struct talk_arrow *a = &t->arrows[i];

		if (a->kind != SEEN_TCP)
			continue;
		e[n++] = (struct event){ a->sent, i, false };
		if (a->arrival != ARRIVAL_NEVER)
			e[n++] = (struct event){ a->arrived, i, true };
		if (a->side == 1 && (a->flags & TCP_SYN))
			ends[a->flow].accepts = true;
	}
	qsort(e, n, sizeof(*e), by_time);
	return n;
}

int states_follow(struct talk *t)
{
	struct event *e = malloc((2 * t->n_arrows + 1) * sizeof(*e));
	struct follow w = { .t = t };
	size_t n;

	w.ends = calloc(t->n_flows + 1, sizeof(*w.ends));
	if (!e || !w.ends) {
		free(e);
		free(w.ends);
		return -ENOMEM;
	}
	n = gather(t, e, w.ends);
	for (size_t i = 0; i < n && !w.err; i++) {
		begin(&w, &e[i]);
		if (e[i].arrives) {
			arrive_state(&w, &e[i]);
			arrive_level(&w, &e[i]);
		} else {
			send_state(&w, &e[i]);
			send_level(&w, &e[i]);
		}
	}
	free(e);
	free(w.ends);
	return w.err;
}
