/* Connections over the transport NET: the private twin of each, what TCP asks and
 * tells about it, what its program did (net.c has the picture).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "inside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/atomic.h"
#include "limits.h"
#include "sock/congestion.h"
#include "sock/fastopen.h"
#include "sock/report.h"
#include "tcpinfo.h"

static uint64_t cookie_of(uint32_t sock, uint32_t gen)
{
	return (uint64_t)gen << 32 | sock;
}

struct net_conn *net_conn_find(const struct net *n, uint32_t sock,
	uint32_t gen)
{
	struct net_conn *c;

	if (!sock || sock >= n->arena->n_socks)
		return NULL;
	c = n->conns[sock];
	return c && c->gen == gen ? c : NULL;
}

static void ring(struct net *n, struct net_conn *c, bool wanted)
{
	struct shm_sock *s = net_record(n, c->sock, c->gen);

	if (!wanted || !c->port || !s)
		return;
	/* Before the byte. Partner: the program's swap before it drains. */
	atomic_put_release(&s->rung, 1);
	n->ops.ring(n->ops.user, c->port);
}

/* --- options --------------------------------------------------------------- */

/* True: IP's are others than before, which is not seen by comparing the rest. */
static bool options_of(struct net_conn *c, const struct shm_sock *s,
	struct tcp_options *o)
{
	struct shm_opts p = s->opts; /* one copy; any mixture is harmless */
	uint64_t pacing = s->kept.max_pacing;
	struct ip_options was = c->ip;
	uint32_t flags;

	memset(o, 0, sizeof(*o));
	o->ifindex = p.bound_if;
	o->nodelay = p.bits & SHM_O_NODELAY;
	o->nodelays = p.nodelays;
	o->cork = p.bits & SHM_O_CORK;
	o->keepalive = p.bits & SHM_O_KEEPALIVE;
	o->quickack = p.bits & SHM_O_QUICKACK_ASKED;
	o->no_quickack = !(p.bits & SHM_O_QUICKACK);
	o->rcv_shut = atomic_get_relaxed(&s->flags) & SHM_F_RDSHUT; /* a fact */
	o->cc = (uint8_t)sock_congestion(p.congestion);
	o->fin_wait2 = (int32_t)p.linger2_s;
	o->ttl = s->family == IP_V6 && p.hops > 0 ? (uint8_t)p.hops : p.ttl;
	o->min_ttl = s->remote.family == IP_V4 ? p.min_ttl : p.min_hops;
	o->tos = s->family == IP_V6 ? p.tclass : p.tos;
	o->mss = p.maxseg;
	o->keep_idle = p.keep_idle;
	o->keep_intvl = p.keep_intvl;
	o->keep_cnt = p.keep_cnt;
	o->user_timeout = p.user_timeout_ms;
	o->syn_retries = p.syncnt;
	o->max_pacing = pacing == UINT64_MAX ? 0 : pacing;
	flags = atomic_get_relaxed(&s->flags);
	if (flags & SHM_F_FASTOPEN)
		o->fastopen = TCP_FO_ASK;
	if (flags & SHM_F_FO_NO_COOKIE)
		o->fastopen |= TCP_FO_NO_COOKIE;
	o->rcvbuf = p.bits & SHM_O_RCVBUF_SET ? p.rcvbuf : 0;
	o->window_clamp = p.window_clamp;
	o->rcvlowat = p.rcvlowat;
	sock_stream_options(s, &c->ip);
	o->ip = c->ip.len ? &c->ip : NULL;
	return memcmp(&was, &c->ip, sizeof(was)) != 0;
}

/* --- connections' life ------------------------------------------------------ */

/* Fifos of the record as TCP uses them; the geometry is checked by shm and
 * private from here on. */
static int conn_buffers(struct net *n, struct net_conn *c,
	const struct shm_sock *s, struct tcp_bufs *bufs)
{
	int err;

	c->tx_fifo = s->tx;
	c->rx_fifo = s->rx;
	c->tx = shm_fifo_at(n->arena, c->tx_fifo);
	c->rx = shm_fifo_at(n->arena, c->rx_fifo);
	if (!c->tx || !c->rx || c->tx == c->rx)
		return -EINVAL;
	memset(bufs, 0, sizeof(*bufs));
	err = shm_fifo_reader(n->arena, c->tx_fifo, &bufs->tx);
	if (!err)
		err = shm_fifo_writer(n->arena, c->rx_fifo, &bufs->rx);
	if (err)
		return err;
	bufs->rx_limit = bufs->rx.size;
	c->tx_tail = bufs->tx.own;
	c->tx_size = bufs->tx.size;
	c->sndbuf = 0;
	c->rx_head = atomic_get_relaxed(&c->rx->sh.head);
	return 0;
}

static struct net_conn *conn_new(struct net *n, uint32_t sock, uint32_t gen)
{
	struct net_conn *c;

	if (n->conns[sock])
		return NULL;
	c = calloc(1, sizeof(*c));
	if (!c)
		return NULL;
	c->sock = sock;
	c->gen = gen;
	list_init(&c->owing);
	n->conns[sock] = c;
	n->n_conns++;
	return c;
}

static void conn_free(struct net *n, struct net_conn *c)
{
	n->conns[c->sock] = NULL;
	n->n_conns--;
	list_remove(&c->owing);
	free(c);
}

/* Ends the twin, and the record with it, when nobody uses it any more. */
static void conn_settle(struct net *n, struct net_conn *c)
{
	uint32_t sock = c->sock, gen = c->gen;

	if (c->tcp || c->port)
		return;
	conn_free(n, c);
	if (net_record(n, sock, gen))
		sock_reap(n->env, sock);
}

static int connect_tuple(struct net *n, const struct shm_sock *s,
	struct tcp_tuple *t)
{
	struct shm_addr local = s->local, remote = s->remote;
	struct ip_options options;
	struct ip_addr hop;
	uint32_t mtu;

	t->local = net_name_of(&local);
	t->remote = net_name_of(&remote);
	if (!ip_addr_is_any(&t->local.addr))
		return stack_is_local(n->stack, &t->local.addr) ? 0 : -EADDRNOTAVAIL;
	sock_stream_options(s, &options);
	hop = ipopt_first_hop(&options, &t->remote.addr);
	return stack_route(n->stack, &hop, s->opts.bound_if, &t->local.addr, &mtu);
}

static int connect_start(struct net *n, struct net_conn *c, struct shm_sock *s,
	const struct tcp_bufs *bufs)
{
	struct tcp_tuple t;
	int err = connect_tuple(n, s, &t);

	if (err)
		return err;
	s->local = net_addr_of(&t.local);
	options_of(c, s, &c->opt);
	c->tcp = true;
	for (unsigned k = 0; k < PORT_TRIES; k++) {
		err = tcp_connect(stack_tcp(n->stack), n->now, &t, bufs, &c->opt,
			cookie_of(c->sock, c->gen), &c->id);
		/* TIME-WAIT records are known to TCP alone: another port. */
		if (err != -EADDRINUSE || sock_connect_repick(n->env, c->sock))
			break;
		t.local.port = s->local.port;
	}
	if (err)
		c->tcp = false;
	/* The four names are taken: Linux calls that so at connect(). */
	return err == -EADDRINUSE ? -EADDRNOTAVAIL : err;
}

int net_connect(struct net *n, struct instant now, uint32_t sock, uint32_t gen,
	void *port)
{
	struct shm_sock *s = net_record(n, sock, gen);
	struct tcp_bufs bufs;
	struct net_conn *c;
	int err;

	n->now = now;
	if (!s || s->type != SOCK_STREAM)
		return -EBADF;
	if (atomic_get_acquire(&s->state) != SHM_SOCK_CONNECTING)
		return -EINVAL;
	c = conn_new(n, sock, gen);
	if (!c)
		return -EBUSY;
	err = conn_buffers(n, c, s, &bufs);
	if (err) {
		conn_free(n, c);
		return err;
	}
	c->port = port;
	err = connect_start(n, c, s, &bufs);
	if (err)
		ring(n, c, sock_fail(n->env, sock, -err, true));
	stack_flush(n->stack, now);
	return 0;
}

/* After tail was loaded: a mark is put up before its byte. */
static void tell_urgent(struct net *n, struct net_conn *c)
{
	uint32_t at;

	if (!sock_sent_urgent(n->env, c->sock, &at) ||
		(c->urgent_told && at == c->tx_urgent))
		return;
	c->urgent_told = true;
	c->tx_urgent = at;
	tcp_user_urgent(stack_tcp(n->stack), c->id, at);
}

/* What was written up to tail, which was loaded before its marks. A mark that is not
 * at the end of what is told has been overtaken: of MSG_MORE nothing is left then, of
 * MSG_EOR the end of the record. */
static void tell_written(struct net *n, struct net_conn *c, uint32_t tail)
{
	struct tcp *tcp = stack_tcp(n->stack);
	/* Relaxed: published with the tail. */
	uint32_t marks = atomic_get_relaxed(&c->tx->marks);
	uint32_t at = atomic_get_relaxed(&c->tx->mark_at), from = c->tx_tail;
	unsigned flags = (marks & SHM_WRITE_MORE ? TCP_WRITE_MORE : 0) |
		(marks & SHM_WRITE_EOR ? TCP_WRITE_EOR : 0);

	c->tx_tail = tail;
	if (marks && at != from && at - from < tail - from) {
		if (flags & TCP_WRITE_EOR)
			tcp_user_wrote(tcp, n->now, c->id, at, TCP_WRITE_EOR);
		flags = 0;
	} else if (at != tail) {
		flags = 0;
	}
	if (c->tcp)
		tcp_user_wrote(tcp, n->now, c->id, tail, flags);
}

/* What the program's writes go by (sock/room.c). */
static void tell_room(struct net *n, struct net_conn *c, const struct shm_sock *s)
{
	struct tcp_send_view v;
	struct shm_fifo *f = c->tx;

	if (!c->tcp || tcp_get_send_view(stack_tcp(n->stack), c->id, &v) < 0)
		return;
	/* Relaxed: figures, each good by itself. */
	atomic_put_relaxed(&f->edge, v.edge);
	atomic_put_relaxed(&f->told, v.full);
	atomic_put_relaxed(&f->goal, v.goal);
	if (!(s->opts.bits & SHM_O_SNDBUF_SET) &&
		(c->sndbuf < v.sndbuf || c->sndbuf == 0)) {
		c->sndbuf = v.sndbuf;
		atomic_put_relaxed(&f->limit, v.sndbuf < c->tx_size ? v.sndbuf :
			c->tx_size);
	}
}

/* The times of sending that were asked for: of what TCP has sent by now. */
static void tell_times(struct net *n, struct net_conn *c)
{
	struct tcp *tcp = stack_tcp(n->stack);
	struct tcp_send_view v;

	if (!c->tcp || !sock_marks_wait(n->env, c->sock) ||
		tcp_get_send_view(tcp, c->id, &v) < 0)
		return;
	tcp_tell_sent(tcp, c->id);
	ring(n, c, sock_marks_pass(n->env, c->sock, v.sent, v.acked, &c->marks_told));
}

/* What the program's reads go by: after how many bytes it tells us (sock/stream.c), and
 * what SO_RCVBUF has been tuned to, unless the program has set it meanwhile. */
static void tell_window(struct net *n, struct net_conn *c, struct shm_sock *s)
{
	struct tcp_recv_view v;
	uint32_t was = atomic_word_get(&s->opts.rcvbuf);

	if (!c->tcp || tcp_get_recv_view(stack_tcp(n->stack), c->id, &v) < 0)
		return;
	/* Relaxed: figures, each good by itself. */
	atomic_put_relaxed(&c->rx->limit, v.text);
	atomic_put_relaxed(&c->rx->goal, v.report);
	if (!(s->opts.bits & SHM_O_RCVBUF_SET) && was != v.rcvbuf)
		atomic_word_cas(&s->opts.rcvbuf, was, v.rcvbuf);
}

/* The bytes that the program has sent since the last look, and its FIN. */
static void push_sent(struct net *n, struct net_conn *c)
{
	struct tcp *tcp = stack_tcp(n->stack);
	uint32_t fin, tail;

	/* fin first: what was written before it is then in tail. Partner: the
	 * program's release of fin after its last bytes. */
	fin = atomic_get_acquire(&c->tx->fin);
	tail = atomic_get_acquire(&c->tx->sh.tail);
	if (c->tcp && tail != c->tx_tail) {
		tell_urgent(n, c);
		tell_written(n, c, tail);
	}
	if (c->tcp && fin != SHM_FIN_NONE && !c->fin_sent) {
		c->fin_sent = true;
		tcp_shutdown_send(tcp, n->now, c->id);
	}
}

static void stream_options(struct net *n, struct net_conn *c,
	const struct shm_sock *s)
{
	struct tcp_options o;

	if (!options_of(c, s, &o) && !memcmp(&o, &c->opt, sizeof(o)))
		return;
	c->opt = o;
	tcp_set_options(stack_tcp(n->stack), n->now, c->id, &o);
}

void net_hangup(struct net *n, struct instant now, uint32_t sock, uint32_t gen)
{
	struct net_conn *c = net_conn_find(n, sock, gen);
	struct shm_sock *s = net_record(n, sock, gen);
	struct tcp *tcp = stack_tcp(n->stack);
	struct tcp_id id;

	n->now = now;
	if (!c)
		return;
	/* What was sent before goes first, as far as it may. The twin stays while
	 * it has its port. */
	if (c->tcp && s)
		stream_options(n, c, s);
	if (c->tcp)
		push_sent(n, c);
	c->port = NULL;
	if (!c->tcp) {
		conn_settle(n, c);
		return;
	}
	id = c->id;
	/* Never accepted: the listener went away (RFC 9293 3.10.4 leaves it
	 * open; Linux resets). SO_LINGER with zero: reset (Linux). */
	if (s && ((atomic_get_acquire(&s->flags) & SHM_F_EMBRYO) ||
			s->opts.linger_s == 0))
		tcp_abort(tcp, now, id);
	else
		tcp_detach(tcp, now, id);
	/* c may be gone here: CLOSED can come from within. */
	stack_flush(n->stack, now);
}

void net_listener_gone(struct net *n, struct instant now, uint32_t sock,
	uint32_t gen)
{
	n->now = now;
	tcp_listener_gone(stack_tcp(n->stack), now, cookie_of(sock, gen));
	stack_flush(n->stack, now);
}

/* --- what TCP tells ----------------------------------------------------------- */

static uint32_t listener_of(struct net *n, const struct tcp_tuple *t, uint32_t ifindex)
{
	struct shm_addr local = net_addr_of(&t->local), remote = net_addr_of(&t->remote);

	return sock_find_listener(n->env, &local, &remote, ifindex);
}

/* TCP_DEFER_ACCEPT is kept as the seconds that so many timeouts take. */
static uint8_t defer_timeouts(uint32_t seconds)
{
	uint32_t period = 0, timeout = 1;
	uint8_t n = 0;

	while (period < seconds && n < UINT8_MAX) {
		period += timeout;
		timeout = timeout * 2 > 120 ? 120 : timeout * 2;
		n++;
	}
	return n;
}

/* RFC 7413: what this listener lets SYNs do. */
static void listen_fastopen(const struct net *n, const struct shm_sock *s,
	struct tcp_listen_info *info)
{
	uint8_t keys = s->fo_keys;

	info->fastopen = sock_fastopen_limit(n->env, s);
	info->fo_no_cookie = (sock_fastopen_rule(n->env) & SOCK_FO_SERVER_NO_COOKIE) ||
		(s->kept.bits & SHM_K_FO_NO_COOKIE);
	info->fo_keys = keys <= 2 ? keys : 2;
	memcpy(info->fo_key, s->fo_key, sizeof(info->fo_key));
}

enum tcp_listen_verdict net_on_syn(void *user, const struct tcp_tuple *t,
	struct tcp_listen_info *info)
{
	struct net *n = user;
	uint32_t i = listener_of(n, t, info->arrived);
	struct shm_sock *s = i ? shm_sock_at(n->arena, i) : NULL;
	int room;

	if (!s)
		return TCP_LISTEN_NONE;
	room = n->ops.room(n->ops.user, i);
	if (room == -EAGAIN)
		return TCP_LISTEN_FULL;
	if (room < 0)
		return TCP_LISTEN_NONE;
	info->cookie = cookie_of(i, atomic_get_acquire(&s->gen));
	/* The window to come, so that its scale is right (RFC 7323 2.2). */
	info->rx_limit = RING_DEFAULT;
	info->rcvbuf = s->opts.bits & SHM_O_RCVBUF_SET ? s->opts.rcvbuf : 0;
	info->window_clamp = s->opts.window_clamp;
	info->mss = s->opts.maxseg;
	info->ifindex = s->opts.bound_if ? s->opts.bound_if : t->remote.addr.scope;
	info->min_ttl = t->remote.addr.family == IP_V4 ? s->opts.min_ttl :
		s->opts.min_hops;
	info->backlog = s->backlog > 1 ? (uint32_t)s->backlog : 1;
	info->defer = defer_timeouts(s->opts.defer_accept_s);
	listen_fastopen(n, s, info);
	return TCP_LISTEN_OK;
}

static int embryo_attach(struct net *n, struct net_conn *c, uint32_t listener,
	uint32_t listener_gen, struct tcp_bufs *bufs,
	const struct ip_options *came)
{
	struct shm_sock *s = net_record(n, c->sock, c->gen);
	int err = s ? conn_buffers(n, c, s, bufs) : -EBADF;

	if (err)
		return err;
	if (came)
		sock_options_child(s, came);
	options_of(c, s, &c->opt);
	return n->ops.attach(n->ops.user, listener, listener_gen, c->sock, c->gen,
		&c->port);
}

int net_on_accept(void *user, struct tcp_id id, const struct tcp_tuple *t,
	uint64_t listener, struct tcp_bufs *bufs, struct tcp_options *opt,
	uint64_t *cookie)
{
	struct net *n = user;
	uint32_t li = (uint32_t)listener, lgen = (uint32_t)(listener >> 32);
	struct shm_addr local = net_addr_of(&t->local), remote = net_addr_of(&t->remote);
	struct shm_sock *s = net_record(n, li, lgen);
	struct net_conn *c;
	uint32_t i, gen;
	int err;

	if (!s || atomic_get_acquire(&s->state) != SHM_SOCK_LISTEN)
		return -ECONNREFUSED;
	err = sock_embryo_new(n->env, li, &local, &remote, &i);
	if (err)
		return -EAGAIN; /* no room in the arena: perhaps later */
	gen = atomic_get_acquire(&shm_sock_at(n->arena, i)->gen);
	c = conn_new(n, i, gen);
	err = c ? embryo_attach(n, c, li, lgen, bufs, opt->ip) : -EAGAIN;
	if (err) {
		if (c)
			conn_free(n, c);
		sock_reap(n->env, i);
		return err == -EAGAIN ? -EAGAIN : -ECONNREFUSED;
	}
	c->id = id;
	c->tcp = true;
	*opt = c->opt;
	*cookie = cookie_of(i, gen);
	return 0;
}

static void on_error(struct net *n, struct net_conn *c, int err)
{
	/* A silent peer, but a router had told why (Linux: sk_err_soft). */
	if (err == ETIMEDOUT && c->soft_err)
		err = c->soft_err;
	ring(n, c, sock_fail(n->env, c->sock, err, true));
}

/* What is told once for all packets that came together, by net_tell(). */
#define OWED (TCP_EV_READABLE | TCP_EV_WRITABLE | TCP_EV_EOF)
#define OWED_SIGURG (1u << 31) /* of ours, beside those */

/* The bytes themselves are in the fifo already. */
static void owe(struct net *n, struct net_conn *c, unsigned events)
{
	if (!c->owed)
		list_push_back(&n->owing, &c->owing);
	c->owed |= events;
}

static bool tx_freed(struct net *n, struct net_conn *c)
{
	bool bell = sock_tx_freed(n->env, c->sock);

	/* A figure: relaxed. */
	if (c->tcp && atomic_get_relaxed(&c->tx->nospace) == 0)
		tcp_user_has_room(stack_tcp(n->stack), n->now, c->id);
	return bell;
}

/* After the bytes, as Linux, where the handler's recv(MSG_OOB) waits for the segment
 * to be taken in. */
static void urge(struct net *n, const struct shm_sock *s)
{
	int32_t owner = (int32_t)atomic_get_relaxed(&s->owner_id);

	if (owner > 0 && n->ops.urge)
		n->ops.urge(n->ops.user, atomic_get_relaxed(&s->owner_kind), owner);
}

static void pay(struct net *n, struct net_conn *c)
{
	struct shm_sock *s = net_record(n, c->sock, c->gen);
	bool bell = false;

	if (s) {
		if (c->owed & TCP_EV_READABLE)
			tell_window(n, c, s);
		if (c->owed & (TCP_EV_READABLE | TCP_EV_EOF))
			bell |= sock_arrived(n->env, c->sock,
				c->owed & TCP_EV_READABLE, c->owed & TCP_EV_EOF);
		if (c->owed & TCP_EV_WRITABLE)
			bell |= tx_freed(n, c);
		if (c->owed & OWED_SIGURG)
			urge(n, s);
	}
	c->owed = 0;
	tcpinfo_update(n, c);
	list_remove(&c->owing);
	ring(n, c, bell);
}

void net_tell(struct net *n)
{
	LIST_FOREACH_SAFE(pos, tmp, &n->owing)
		pay(n, LIST_ENTRY(pos, struct net_conn, owing));
}

static void tell_program(struct net *n, struct net_conn *c, unsigned events,
	int err)
{
	if (events & TCP_EV_CONNECTED)
		ring(n, c, sock_connected(n->env, c->sock));
	if (events & OWED)
		owe(n, c, events & OWED);
	if (events & TCP_EV_ERROR) {
		if (c->owed) /* what came before it is told before it */
			pay(n, c);
		on_error(n, c, err);
	}
}

void net_on_event(void *user, struct tcp_id id, uint64_t cookie,
	unsigned events, int err)
{
	struct net *n = user;
	uint32_t sock = (uint32_t)cookie, gen = (uint32_t)(cookie >> 32);
	struct net_conn *c = net_conn_find(n, sock, gen);
	struct shm_sock *s;

	if (!c || !c->tcp)
		return;
	if (events & ~OWED) /* those: pay() */
		tcpinfo_update(n, c);
	s = net_record(n, sock, gen);
	if (s) {
		tell_room(n, c, s);
		tell_times(n, c);
	}
	if (events & TCP_EV_SOFT_ERROR)
		c->soft_err = err;
	/* Unless somebody scribbled on the record: then quietly to the end. */
	if (net_record(n, sock, gen))
		tell_program(n, c, events, err);
	if ((events & TCP_EV_CLOSED) && net_record(n, sock, gen))
		sock_left_behind(n->env, sock, events & TCP_EV_FIN_WAIT ?
			SOCK_LEFT_FIN_WAIT_2 : events & TCP_EV_TIME_WAIT ?
			SOCK_LEFT_TIME_WAIT : SOCK_LEFT_NOTHING);
	if (events & TCP_EV_CLOSED)
		c->tcp = false;
	conn_settle(n, c);
}

void net_on_left(void *user, const struct tcp_tuple *t, enum tcp_state state)
{
	struct net *n = user;
	struct shm_addr local = net_addr_of(&t->local), remote = net_addr_of(&t->remote);

	sock_left_changed(n->env, &local, &remote, state == TCP_TIME_WAIT ?
		SOCK_LEFT_TIME_WAIT : SOCK_LEFT_NOTHING);
}

bool net_on_accepted(void *user, uint64_t cookie)
{
	struct net *n = user;
	struct shm_sock *s = net_record(n, (uint32_t)cookie,
		(uint32_t)(cookie >> 32));

	return !s || !(atomic_get_relaxed(&s->flags) & SHM_F_EMBRYO);
}

/* Partner: the writer's word, before it looks for room again. A figure, no order. */
bool net_on_starved(void *user, uint64_t cookie)
{
	struct net *n = user;
	struct net_conn *c = net_conn_find(n, (uint32_t)cookie,
		(uint32_t)(cookie >> 32));

	return c && c->tx && atomic_get_relaxed(&c->tx->nospace) != 0;
}

void net_on_ended(void *user, uint64_t cookie, const struct tcp_info_view *v)
{
	struct net *n = user;
	struct net_conn *c = net_conn_find(n, (uint32_t)cookie,
		(uint32_t)(cookie >> 32));

	if (c && c->port)
		tcpinfo_last(n, c, v);
}

void net_on_cookie(void *user, const struct ip_addr *server, uint16_t mss, bool known)
{
	struct net *n = user;
	struct ip_name name = { .addr = *server };
	struct shm_addr a = net_addr_of(&name);

	sock_fastopen_tell(n->env, &a, mss, known);
}

void net_on_urgent(void *user, struct tcp_id id, uint64_t cookie, uint32_t at)
{
	struct net *n = user;
	uint32_t sock = (uint32_t)cookie, gen = (uint32_t)(cookie >> 32);
	struct net_conn *c = net_conn_find(n, sock, gen);

	(void)id;
	if (!c || !c->tcp || !net_record(n, sock, gen))
		return;
	sock_got_urgent(n->env, sock, at);
	owe(n, c, OWED_SIGURG);
}

/* --- what programs did ------------------------------------------------------------ */

/* connect(2) once more after one that failed: the port is still the same. */
static void connect_again(struct net *n, struct net_conn *c, struct shm_sock *s)
{
	struct tcp_bufs bufs;
	int err = conn_buffers(n, c, s, &bufs);

	c->soft_err = 0;
	c->fin_sent = c->urgent_told = c->info_last = false;
	if (!err)
		err = connect_start(n, c, s, &bufs);
	if (err)
		ring(n, c, sock_fail(n->env, c->sock, -err, true));
}

/* Tell TCP what the program did since the last look. CLOSED may come from
 * within each verb, but the twin stays while its port is open. */
void net_stream_sync(struct net *n, struct net_conn *c, struct shm_sock *s)
{
	struct tcp *tcp = stack_tcp(n->stack);
	uint32_t head;

	/* Partner: the release in sock_connect_begin(). */
	if (!c->tcp && c->port &&
		atomic_get_acquire(&s->state) == SHM_SOCK_CONNECTING) {
		connect_again(n, c, s);
		return;
	}
	if (!c->tcp || !c->port) {
		tcpinfo_answer(n, c);
		return;
	}
	/* Given up while it was being set up (shutdown). Partner: the release
	 * in sock_fail. */
	if (atomic_get_acquire(&s->state) == SHM_SOCK_DEAD) {
		push_sent(n, c); /* on Linux it went out before */
		if (c->tcp)
			tcp_abort(tcp, n->now, c->id);
		return;
	}
	stream_options(n, c, s);
	push_sent(n, c);
	tell_room(n, c, s);
	tell_times(n, c);
	/* Who waits may have room by a larger SO_SNDBUF. A figure: relaxed. */
	if (c->tx && atomic_get_relaxed(&c->tx->nospace) != 0)
		owe(n, c, TCP_EV_WRITABLE);
	head = atomic_get_acquire(&c->rx->sh.head);
	if (c->tcp && head != c->rx_head) {
		c->rx_head = head;
		tcp_user_received(tcp, n->now, c->id);
		tell_window(n, c, s);
	}
	tcpinfo_update(n, c);
	tcpinfo_answer(n, c);
}
