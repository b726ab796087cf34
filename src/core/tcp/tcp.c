/* The border of TCP (tcp/tcp.h): handles in, connections found, facts told to
 * the files that know what follows; the queue of timers.
 *
 * Theory of operation. A host's TCP is one table of entries: connections, the
 * half-open requests of listeners and TIME-WAIT records (table.h). Everything
 * that happens does so inside tcp_input(), tcp_tick() or a verb, and ends in
 * conn_output() (what may be sent now?) and conn_deliver() (what must the user
 * know?). Bytes stay in the user's fifos: out of tx they are cut into segments
 * in place and released when acknowledged, into rx they are put where they
 * belong. Limits: limits.h.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "tcp/tcp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "acktime.h"
#include "conn.h"
#include "output.h"
#include "pending.h"
#include "request.h"
#include "timers.h"
#include "timewait.h"

struct tcp *tcp_new(const struct tcp_config *cfg)
{
	struct tcp *t = calloc(1, sizeof(*t));
	struct siphash_key key;

	if (!t)
		return NULL;
	t->cfg = *cfg;
	t->cfg.rules = NULL; /* the caller's */
	if (cfg->rules)
		t->rules = *cfg->rules;
	else
		tcp_rules_default(&t->rules);
	if (t->cfg.max_connections == 0)
		t->cfg.max_connections = TCP_CONNECTIONS;
	if (t->cfg.time_wait.ns == 0)
		t->cfg.time_wait = DURATION_S(TCP_TIME_WAIT_S);
	t->challenge_from = (struct instant){ INT64_MIN / 2 };
	rng_init(&t->rng, cfg->seed);
	key.k[0] = rng_next(&t->rng);
	key.k[1] = rng_next(&t->rng);
	timerq_init(&t->timers);
	if (table_init(&t->table, &key) < 0) {
		free(t);
		return NULL;
	}
	list_init(&t->pending);
	fastopen_init(&t->fo, &t->rng);
	synqueues_init(&t->syn, &t->rng);
	return t;
}

void tcp_set_rules(struct tcp *t, const struct tcp_rules *rules)
{
	t->rules = *rules;
	t->routes++;
}

static void entry_free(struct tcp *t, struct entry *e)
{
	if (e->kind == ENTRY_CONN)
		conn_free(conn_of(e));
	else if (e->kind == ENTRY_REQUEST)
		request_free(t, request_of(e));
	else
		time_wait_free(t, time_wait_of(e));
}

void tcp_free(struct tcp *t)
{
	if (!t)
		return;
	for (uint32_t i = 0; i < t->table.size; i++)
		while (t->table.buckets[i])
			entry_free(t, t->table.buckets[i]);
	table_fini(&t->table);
	fastopen_fini(t);
	free(t->slots);
	free(t);
}

struct instant tcp_deadline(const struct tcp *t)
{
	return timerq_deadline(&t->timers);
}

void tcp_tick(struct tcp *t, struct instant now)
{
	struct timer_node *n;

	while ((n = timerq_take_due(&t->timers, now)) != NULL) {
		struct entry *e = LIST_ENTRY(n, struct entry, timer);

		switch (e->kind) {
		case ENTRY_CONN:
			timers_run(conn_of(e), now);
			conn_deliver(conn_of(e));
			break;
		case ENTRY_REQUEST:
			request_timeout(t, now, request_of(e));
			break;
		case ENTRY_TIME_WAIT:
			time_wait_free(t, time_wait_of(e));
			break;
		}
	}
}

/* 0: the four-tuple is free (now). *isn, if a TIME-WAIT record made room. */
static int claim_tuple(struct tcp *t, struct instant now,
	const struct tcp_tuple *tuple, uint32_t device, struct seq *isn)
{
	struct entry *e = table_find(&t->table, tuple, device);

	*isn = tcp_new_isn(t, now, tuple);
	if (!e)
		return 0;
	if (e->kind != ENTRY_TIME_WAIT ||
		!time_wait_may_reuse(t, now, time_wait_of(e)))
		return -EADDRINUSE;
	*isn = seq_add(time_wait_of(e)->snd_nxt, 65535 + 2);
	time_wait_free(t, time_wait_of(e));
	return 0;
}

/* RFC 7413 4.2.1: what is in tx may go with the SYN. */
static void send_first_syn(struct conn *c, struct instant now)
{
	uint32_t n = 0;

	if ((c->opt.fastopen & TCP_FO_ASK) && conn_take_all(c, now))
		n = fastopen_open(c, now);
	if (n && sendq_make_room(&c->sendq)) {
		sendq_push(&c->sendq, c->snd_nxt, n, TXSEG_PSH | TXSEG_LAST, now);
		c->snd_nxt = seq_add(c->snd_nxt, n);
		c->fo.syn_data = true;
	}
	while (c->wq.n && !seq_lt(c->snd_nxt, writeq_first(&c->wq)->end))
		writeq_pop(&c->wq);
	if (!c->dead)
		conn_send_syn(c, now);
}

/* Linux: tcp_connect_init(). */
static void offer_window(struct conn *c)
{
	const struct tcp_rules *rules = &c->t->rules;
	struct rx_offer o = {
		.rcvbuf = c->opt.rcvbuf ? c->opt.rcvbuf : rules->rmem[1],
		.locked = c->opt.rcvbuf != 0,
		.clamp = c->opt.window_clamp,
		.scaled = rules->window_scaling,
	};
	uint32_t ring = c->bufs.rx.size;

	c->advmss = tcp_advmss(c->t, c->mtu, c->e.tuple.remote.addr.family,
		c->user_mss);
	o.mss = c->advmss;
	rxwin_offer(rules, &o);
	if (c->bufs.rx_limit && c->bufs.rx_limit < ring)
		ring = c->bufs.rx_limit;
	if (o.wnd > ring)
		o.wnd = ring;
	rxwin_init(c, &o);
}

int tcp_connect(struct tcp *t, struct instant now, const struct tcp_tuple *tuple,
	const struct tcp_bufs *bufs, const struct tcp_options *opt,
	uint64_t cookie, struct tcp_id *out)
{
	struct conn *c;
	struct seq isn;
	int r = claim_tuple(t, now, tuple, opt->ifindex, &isn);

	if (r < 0)
		return r;
	c = conn_new(t, tuple);
	if (!c)
		return -ENOBUFS;
	c->opened_actively = true;
	c->cookie = cookie;
	c->bufs = *bufs;
	conn_take_options(c, opt);
	c->e.device = opt->ifindex;
	c->user_mss = opt->mss;
	r = conn_route(c, now);
	if (r < 0) {
		conn_free(c);
		return r;
	}
	if (opt->rx_limit)
		c->bufs.rx_limit = opt->rx_limit;
	c->iss = c->snd_una = isn;
	c->snd_nxt = c->tx_seq = c->tx_end = c->snd_sml = c->pushed =
		seq_add(isn, 1);
	c->ts_offset = tcp_new_ts_offset(t, tuple);
	c->syn_ts = conn_ts_now(c, now);
	mtuprobe_init(c, now);
	conn_update_mss(c);
	offer_window(c);
	conn_set_state(c, now, TCP_SYN_SENT);
	t->stats.active_opens++;
	c->last_sent = now;
	*out = c->id;
	send_first_syn(c, now);
	conn_deliver(c);
	return 0;
}

int tcp_user_sent(struct tcp *t, struct instant now, struct tcp_id id)
{
	struct conn *c = conn_find(t, id);

	if (!c)
		return -EBADF;
	conn_take_all(c, now);
	conn_deliver(c);
	return 0;
}

int tcp_user_wrote(struct tcp *t, struct instant now, struct tcp_id id,
	uint32_t upto, unsigned flags)
{
	struct conn *c = conn_find(t, id);

	if (!c)
		return -EBADF;
	conn_take_written(c, now, upto, flags);
	conn_deliver(c);
	return 0;
}

int tcp_tell_sent(struct tcp *t, struct tcp_id id)
{
	struct conn *c = conn_find(t, id);

	if (!c)
		return -EBADF;
	c->tell_sent = true;
	return 0;
}

int tcp_user_urgent(struct tcp *t, struct tcp_id id, uint32_t at)
{
	struct conn *c = conn_find(t, id);
	uint32_t off;

	if (!c || !c->bufs.tx.sh)
		return -EBADF;
	off = at - c->bufs.tx.own;
	if (off >= c->bufs.tx.size || c->fin_queued)
		return -EINVAL; /* it was acknowledged long ago, or nonsense */
	c->snd_up = seq_add(c->tx_seq, off + 1);
	c->urgent = true;
	return 0;
}

int tcp_user_received(struct tcp *t, struct instant now, struct tcp_id id)
{
	struct conn *c = conn_find(t, id);

	if (!c)
		return -EBADF;
	if (c->state < TCP_ESTABLISHED || c->detached)
		return 0;
	if (acktime_read(c, rxwin_look(c, now)))
		conn_send_ack(c, now);
	conn_deliver(c);
	return 0;
}

int tcp_shutdown_send(struct tcp *t, struct instant now, struct tcp_id id)
{
	struct conn *c = conn_find(t, id);

	if (!c)
		return -EBADF;
	conn_queue_fin(c, now);
	if (!c->dead)
		conn_output(c, now);
	conn_deliver(c);
	return 0;
}

/* RFC 9293 3.10.4, CLOSE, from a user that will not read either. */
static void let_go(struct conn *c, struct instant now)
{
	bool unread = fifo_writer_used(&c->bufs.rx) != 0;

	if (c->state == TCP_SYN_SENT) { /* "delete the TCB" */
		conn_kill(c, now, 0);
		return;
	}
	if (unread || c->ooo.n) { /* RFC 1122 4.2.2.13 */
		conn_send_rst(c, now);
		conn_kill(c, now, 0);
		return;
	}
	/* Nobody is left who could be told. Linux: tcp_check_oom(). */
	if (c->t->norphans >= c->t->rules.max_orphans) {
		conn_send_rst(c, now);
		conn_kill(c, now, 0);
		return;
	}
	conn_queue_fin(c, now);
	c->detached = true;
	c->t->norphans++;
	c->opt.keepalive = c->opt.cork = false;
	timers_keepalive_changed(c, now);
	conn_retire(c, now);
	if (!c->dead)
		conn_output(c, now);
}

int tcp_detach(struct tcp *t, struct instant now, struct tcp_id id)
{
	struct conn *c = conn_find(t, id);

	if (!c || c->detached)
		return -EBADF;
	let_go(c, now);
	conn_deliver(c);
	return 0;
}

int tcp_abort(struct tcp *t, struct instant now, struct tcp_id id)
{
	struct conn *c = conn_find(t, id);

	if (!c)
		return -EBADF;
	/* Linux (tcp_disconnect()): who has both FINs needs none. */
	if ((c->state != TCP_CLOSING && c->state != TCP_LAST_ACK) || !c->fin_sent)
		conn_send_rst(c, now);
	conn_kill(c, now, 0);
	conn_deliver(c);
	return 0;
}

void tcp_listener_gone(struct tcp *t, struct instant now, uint64_t listener)
{
	struct pending *p;

	fastopen_listener_gone(t, listener);
	while ((p = pending_find(t, listener)) && !list_is_empty(&p->requested))
		request_reset(t, now, LIST_ENTRY(p->requested.next, struct request,
			by_listener));
}

int tcp_set_options(struct tcp *t, struct instant now, struct tcp_id id,
	const struct tcp_options *opt)
{
	struct conn *c = conn_find(t, id);
	bool keep;

	if (!c)
		return -EBADF;
	keep = c->opt.keepalive != opt->keepalive ||
		c->opt.keep_idle != opt->keep_idle;
	/* Linux: TCP_NODELAY sends what waits, corked or not; so does the end of
	 * TCP_CORK. */
	if ((opt->nodelay && opt->nodelays != c->opt.nodelays) ||
		(opt->nodelay && c->opt.cork && !opt->cork))
		c->nagle_push = true;
	rxwin_set(c, opt->rcvbuf, opt->window_clamp);
	conn_take_options(c, opt);
	if (c->e.device != opt->ifindex) {
		c->e.device = opt->ifindex;
		c->t->routes++; /* another path, perhaps */
	}
	if (c->state < TCP_ESTABLISHED)
		c->user_mss = opt->mss;
	if (opt->rx_limit)
		c->bufs.rx_limit = opt->rx_limit;
	conn_update_mss(c);
	if (c->state >= TCP_ESTABLISHED)
		cc_switch(c, now, cc_by_number(opt->cc));
	cc_limit_rate(c);
	if (keep)
		timers_keepalive_changed(c, now);
	if (opt->quickack && c->ack_pending)
		c->ack_now = true;
	conn_output(c, now); /* nodelay or cork may have held something */
	conn_deliver(c);
	return 0;
}

void tcp_user_has_room(struct tcp *t, struct instant now, struct tcp_id id)
{
	struct conn *c = conn_find(t, id);

	if (c)
		tally_go_on(c, now, TALLY_SNDBUF);
}

int tcp_get_send_view(const struct tcp *t, struct tcp_id id,
	struct tcp_send_view *out)
{
	const struct conn *c = conn_find(t, id);

	if (!c || !c->bufs.tx.sh)
		return -EBADF;
	conn_send_view(c, out);
	return 0;
}

int tcp_get_recv_view(const struct tcp *t, struct tcp_id id,
	struct tcp_recv_view *out)
{
	const struct conn *c = conn_find(t, id);

	if (!c || !c->bufs.rx.sh)
		return -EBADF;
	rxwin_view(c, out);
	return 0;
}

int tcp_get_info(const struct tcp *t, struct instant now, struct tcp_id id,
	struct tcp_info_view *out)
{
	const struct conn *c = conn_find(t, id);

	if (!c)
		return -EBADF;
	tally_fill(c, now, out);
	return 0;
}

int tcp_get_bbr(const struct tcp *t, struct tcp_id id, struct tcp_bbr_view *out)
{
	const struct conn *c = conn_find_ended(t, id);

	if (!c || c->cc.ops != &cc_bbr) /* none before data may flow */
		return c ? -ENOENT : -EBADF;
	cc_bbr_info(c, out);
	return 0;
}

bool tcp_local_in_use(const struct tcp *t, const struct ip_name *local,
	bool ignore_time_wait)
{
	const struct list *head =
		&t->table.ports[local->port % TABLE_PORT_BUCKETS];

	LIST_FOREACH(pos, head) {
		const struct entry *e = LIST_ENTRY(pos, struct entry, by_port);

		if (e->tuple.local.port != local->port)
			continue;
		if (ignore_time_wait && e->kind == ENTRY_TIME_WAIT)
			continue;
		if (ip_addr_is_any(&local->addr) ||
			ip_addr_equal(&e->tuple.local.addr, &local->addr))
			return true;
	}
	return false;
}

bool tcp_tuple_in_use(const struct tcp *t, const struct tcp_tuple *tuple)
{
	return table_find(&t->table, tuple, 0) != NULL;
}

const struct tcp_stats *tcp_stats(const struct tcp *t)
{
	return &t->stats;
}

void tcp_foreach(const struct tcp *t, struct instant now,
	void (*fn)(void *user, const struct tcp_info_view *v), void *user)
{
	for (uint32_t i = 0; i < t->table.size; i++) {
		for (struct entry *e = t->table.buckets[i]; e; e = e->next) {
			struct tcp_info_view v = { .tuple = e->tuple };

			if (e->kind == ENTRY_CONN)
				tally_fill(conn_of(e), now, &v);
			else
				v.state = e->kind == ENTRY_REQUEST ?
					TCP_SYN_RECEIVED :
					time_wait_of(e)->state;
			fn(user, &v);
		}
	}
}
