/* The life of one connection.
 *
 * A connection is made by tcp_connect() or by a request whose handshake is done
 * (request.c). conn_set_state() alone changes its state and checks that RFC 9293
 * 3.3.2's diagram has the arrow. What the user must learn is collected in
 * c->events and told once, at the end of the verb or segment, when no code of
 * ours still holds the connection: from there the user may call anything.
 * SPDX-License-Identifier: BSD-2-Clause */

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "conn.h"
#include "output.h"
#include "recovery.h"
#include "timers.h"
#include "timewait.h"

#define BIT(s) (1u << (s))

/* RFC 9293 3.3.2, figure 5. Anything may go to CLOSED. */
static const unsigned legal[] = {
	[TCP_CLOSED] = BIT(TCP_SYN_SENT) | BIT(TCP_SYN_RECEIVED),
	[TCP_SYN_SENT] = BIT(TCP_SYN_RECEIVED) | BIT(TCP_ESTABLISHED),
	[TCP_SYN_RECEIVED] = BIT(TCP_ESTABLISHED),
	[TCP_ESTABLISHED] = BIT(TCP_FIN_WAIT_1) | BIT(TCP_CLOSE_WAIT),
	[TCP_FIN_WAIT_1] = BIT(TCP_FIN_WAIT_2) | BIT(TCP_CLOSING) |
		BIT(TCP_TIME_WAIT),
	[TCP_FIN_WAIT_2] = BIT(TCP_TIME_WAIT),
	[TCP_CLOSE_WAIT] = BIT(TCP_LAST_ACK),
	[TCP_CLOSING] = BIT(TCP_TIME_WAIT),
	[TCP_LAST_ACK] = 0,
	[TCP_TIME_WAIT] = 0,
};

static bool counts_as_established(enum tcp_state s)
{
	return s == TCP_ESTABLISHED || s == TCP_CLOSE_WAIT; /* RFC 4022 */
}

static bool was_handshake(enum tcp_state s)
{
	return s == TCP_SYN_SENT || s == TCP_SYN_RECEIVED;
}

void conn_set_state(struct conn *c, struct instant now, enum tcp_state to)
{
	enum tcp_state from = c->state;
	struct tcp_stats *st = &c->t->stats;

	if (from == to)
		return;
	assert(to == TCP_CLOSED || (legal[from] & BIT(to)));
	c->state = to;
	c->events |= TCP_EV_STATE;
	if (c->fo.child) {
		c->fo.child = false;
		fastopen_done(c->t, now, c->listener, c->fo.reset);
	}
	if (counts_as_established(from) && !counts_as_established(to))
		st->current_estab--;
	if (!counts_as_established(from) && counts_as_established(to))
		st->current_estab++;
	if (to == TCP_TIME_WAIT) {
		/* Neither fifo is needed any more: a small record stays. */
		time_wait_start(c, now, to);
		c->events |= TCP_EV_CLOSED | TCP_EV_TIME_WAIT;
		c->dead = true;
		timers_stop(c);
	}
	c->tally.ended = now;
	if (to == TCP_CLOSED) {
		c->events |= TCP_EV_CLOSED;
		c->dead = true;
		timers_stop(c);
	}
}

void conn_kill(struct conn *c, struct instant now, int err)
{
	if (c->dead)
		return;
	if (was_handshake(c->state))
		c->t->stats.attempt_fails++;
	else if (err == ECONNRESET || err == EPIPE)
		c->t->stats.estab_resets++;
	if (err) {
		c->err = err;
		c->events |= TCP_EV_ERROR;
	}
	conn_set_state(c, now, TCP_CLOSED);
}

/* FIN-WAIT-2 whose user is gone needs no fifo either. */
void conn_retire(struct conn *c, struct instant now)
{
	if (c->dead || !c->detached || c->state != TCP_FIN_WAIT_2)
		return;
	if (c->opt.fin_wait2 >= 0) {
		time_wait_start(c, now, TCP_FIN_WAIT_2);
		c->events |= TCP_EV_TIME_WAIT | TCP_EV_FIN_WAIT;
	}
	conn_set_state(c, now, TCP_CLOSED);
}

static int slot_take(struct tcp *t, struct conn *c)
{
	uint32_t i;

	if (t->free_slot == 0) {
		uint32_t n = t->nslots ? t->nslots * 2 : 16;
		struct slot *p = realloc(t->slots, n * sizeof(*p));

		if (!p)
			return -ENOMEM;
		for (i = n; i-- > t->nslots;) {
			p[i] = (struct slot){ NULL, 0, t->free_slot };
			t->free_slot = i + 1;
		}
		t->slots = p;
		t->nslots = n;
	}
	i = t->free_slot - 1;
	t->free_slot = t->slots[i].next_free;
	t->slots[i].conn = c;
	if (++t->slots[i].gen == 0) /* 0 means no connection */
		t->slots[i].gen = 1;
	c->id = (struct tcp_id){ i, t->slots[i].gen };
	return 0;
}

static void slot_give(struct tcp *t, struct tcp_id id)
{
	t->slots[id.index].conn = NULL;
	t->slots[id.index].next_free = t->free_slot;
	t->free_slot = id.index + 1;
}

struct conn *conn_find_ended(const struct tcp *t, struct tcp_id id)
{
	const struct slot *s;

	if (id.gen == 0 || id.index >= t->nslots)
		return NULL;
	s = &t->slots[id.index];
	return s->gen == id.gen ? s->conn : NULL;
}

struct conn *conn_find(const struct tcp *t, struct tcp_id id)
{
	struct conn *c = conn_find_ended(t, id);

	return c && !c->dead && !c->embryo ? c : NULL;
}

struct conn *conn_new(struct tcp *t, const struct tcp_tuple *tuple)
{
	struct conn *c;

	if (t->nconns >= t->cfg.max_connections)
		return NULL;
	c = calloc(1, sizeof(*c));
	if (!c || slot_take(t, c) < 0) {
		free(c);
		return NULL;
	}
	t->nconns++;
	c->t = t;
	c->e.kind = ENTRY_CONN;
	c->e.tuple = *tuple;
	timer_node_init(&c->e.timer);
	sendq_init(&c->sendq);
	writeq_init(&c->wq);
	ranges_init(&c->ooo);
	rtt_init(&c->rtt);
	timers_init(c);
	c->rcv_mss = TCP_MSS_DEFAULT_V4; /* Linux TCP_MIN_RCVMSS */
	c->challenged = (struct instant){ INT64_MIN / 2 };
	table_add(&t->table, &c->e);
	return c;
}

/* Hardly any has some; without memory for them it goes on without. */
void conn_take_options(struct conn *c, const struct tcp_options *opt)
{
	struct ip_options *own = (struct ip_options *)(uintptr_t)c->opt.ip;

	if (!opt->ip || opt->ip->len == 0) {
		free(own);
		own = NULL;
	} else {
		if (!own)
			own = malloc(sizeof(*own));
		if (own)
			*own = *opt->ip;
	}
	c->opt = *opt;
	c->opt.ip = own;
}

void conn_free(struct conn *c)
{
	struct tcp *t = c->t;

	timerq_cancel(&t->timers, &c->e.timer);
	table_remove(&t->table, &c->e);
	slot_give(t, c->id);
	t->nconns--;
	t->norphans -= c->detached;
	sendq_fini(&c->sendq);
	writeq_fini(&c->wq);
	ranges_fini(&c->ooo);
	rxmem_fini(&c->rx.mem);
	free((void *)(uintptr_t)c->opt.ip);
	free(c);
}

static void end(struct conn *c)
{
	const struct tcp_ops *ops = &c->t->cfg.ops;
	struct tcp_info_view v;

	if (ops->ended && !c->detached) {
		tally_fill(c, c->tally.ended, &v);
		ops->ended(ops->user, c->cookie, &v);
	}
	conn_free(c);
}

void conn_deliver(struct conn *c)
{
	const struct tcp_ops *ops = &c->t->cfg.ops;
	struct tcp_id id = c->id;
	uint64_t cookie = c->cookie;
	unsigned events = c->events;
	int err = c->err;

	c->events = 0;
	if (c->detached) /* nobody listens, but for the fifos' sake */
		events &= TCP_EV_CLOSED | TCP_EV_TIME_WAIT | TCP_EV_FIN_WAIT;
	if (!c->dead)
		timers_settle(c);
	else
		end(c);
	if (events)
		ops->event(ops->user, id, cookie, events,
			events & (TCP_EV_ERROR | TCP_EV_SOFT_ERROR) ? err : 0);
}

/* RFC 9293 3.10.4, CLOSE: queue the FIN behind what is there. */
void conn_queue_fin(struct conn *c, struct instant now)
{
	struct piece *tail;

	if (c->fin_queued || !conn_take_all(c, now))
		return;
	c->fin_queued = true;
	tail = writeq_tail(&c->wq);
	if (tail)
		tail->flags |= PIECE_FIN;
	else if (!writeq_push(&c->wq, c->tx_end, PIECE_FIN))
		conn_kill(c, now, ENOBUFS); /* no memory for 8 bytes */
	if (c->dead)
		return;
	if (c->state == TCP_ESTABLISHED)
		conn_set_state(c, now, TCP_FIN_WAIT_1);
	else if (c->state == TCP_CLOSE_WAIT)
		conn_set_state(c, now, TCP_LAST_ACK);
	/* in a handshake: conn_established() goes on */
}

/* Data may flow from here on. */
void conn_start(struct conn *c, struct instant now)
{
	conn_update_mss(c);
	mtuprobe_init(c, now);
	recovery_init(c);
	cc_init(c, now, cc_by_number(c->opt.cc));
	if (c->rec.timeouts > 1) /* RFC 5681 3.1; Linux forgives one lost SYN */
		c->cc.cwnd = 1;
	c->rec.timeouts = 0;
}

void conn_established(struct conn *c, struct instant now)
{
	bool flows = c->fo.child; /* it does already */

	c->tally.began = now;
	tally_rto_over(c, now);
	conn_set_state(c, now, TCP_ESTABLISHED);
	rtt_none(&c->rtt);
	if (!flows) {
		conn_start(c, now);
	} else {
		c->rate.delivered++;
		c->rec.timeouts = 0;
	}
	if (!flows)
		rxwin_established(c, now);
	timers_keepalive_changed(c, now);
	if (c->fin_received) /* with the SYN */
		conn_set_state(c, now, TCP_CLOSE_WAIT);
	if (c->fin_queued)
		conn_set_state(c, now, c->fin_received ? TCP_LAST_ACK :
			TCP_FIN_WAIT_1);
}

void conn_take_rtt(struct conn *c, struct instant now, struct duration rtt)
{
	rtt_sample_min(&c->rtt, now, rtt);
	rtt_sample(&c->rtt, rtt, c->snd_una, c->snd_nxt);
}
