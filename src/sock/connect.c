/* connect(2) on a stream socket, and the records of its far end.
 *
 *   begin   OPEN -> CONNECTING: names, two fifos and (same host) the embryo, which
 *           is complete before anybody can hear of it
 *   done    CONNECTING -> CONNECTED
 *   undo    CONNECTING -> OPEN: the listener's stand-in refused
 *
 * The two fifos cross: the connector's tx is the embryo's rx.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "device.h"
#include "ipopt.h"
#include "packet.h"

/* A buffer that the user did not size counts so much towards the sum that limits
 * a direction within the host (Linux would tune it up to megabytes). */
#define SOCK_PIECE_MAX 65536
#define UNSET_SHARE (SOCK_STREAM_RING / 2)

/* Plenty of small connections must not run out of ring memory because each might
 * become a fast one: the fuller the arena, the smaller a fresh ring. What is sent to
 * another host stays until that has it, and what comes from there is a window's worth
 * of a path, so that a long one wants more; nothing is touched of it before it is
 * used. */
static uint32_t default_ring(const struct sock_env *e, bool far)
{
	const struct shm_arena *a = e->arena;
	/* An estimate: relaxed. */
	uint64_t used = atomic_get_relaxed(&a->hdr->bytes_next);

	/* What is not fresh costs nothing. */
	if (far && (used < a->bytes_size / 4 || shm_ring_waits(a, SOCK_FAR_RING)))
		return SOCK_FAR_RING;
	if (used < a->bytes_size / 2 || shm_ring_waits(a, SOCK_STREAM_RING))
		return SOCK_STREAM_RING;
	return used < a->bytes_size / 4 * 3 ? SOCK_STREAM_RING / 4 :
					       SOCK_STREAM_RING / 16;
}

static uint32_t take_fifo(struct sock_env *e, uint32_t size)
{
	uint32_t i = shm_stream_take(e->arena, size);

	while (i == 0 && size > SOCK_STREAM_RING_MIN) {
		size /= 2;
		i = shm_stream_take(e->arena, size);
	}
	return i;
}

static uint64_t snd_share(const struct shm_opts *o)
{
	return o->bits & SHM_O_SNDBUF_SET ? o->sndbuf : UNSET_SHARE;
}

static uint64_t rcv_share(const struct shm_opts *o)
{
	return o->bits & SHM_O_RCVBUF_SET ? o->rcvbuf : UNSET_SHARE;
}

/* Unread bytes allowed from `from` to `to`; NULL: that side is on another host.
 * 0: nobody asked for anything, the ring is the limit. */
static uint32_t direction_limit(const struct shm_opts *from,
	const struct shm_opts *to)
{
	bool set = (from && from->bits & SHM_O_SNDBUF_SET) ||
		(to && to->bits & SHM_O_RCVBUF_SET);
	uint64_t sum = (from ? snd_share(from) : 0) + (to ? rcv_share(to) : 0);

	if (!set)
		return 0;
	return sum > 1u << 23 ? 1u << 23 : (uint32_t)sum;
}

static uint32_t direction(struct sock_env *e, const struct shm_opts *from,
	const struct shm_opts *to)
{
	uint32_t limit = direction_limit(from, to);
	/* To another host a write may pass the limit by a piece (room.c). */
	uint32_t more = to ? 0 : SOCK_PIECE_MAX;
	uint32_t i = take_fifo(e, limit ? limit + more : default_ring(e, !from || !to));
	struct shm_fifo *f = shm_fifo_at(e->arena, i);

	/* A ring has at least 4 KiB, so the limit may be well below it. */
	if (f && limit != 0 && limit < atomic_get_relaxed(&f->limit))
		atomic_put_relaxed(&f->limit, limit);
	return i;
}

int sock_stream_fifos(struct sock_env *e, const struct shm_opts *mine,
	const struct shm_opts *theirs, uint32_t *tx, uint32_t *rx)
{
	*tx = direction(e, mine, theirs);
	*rx = direction(e, theirs, mine);
	if (*tx != 0 && *rx != 0)
		return 0;
	shm_fifo_free(e->arena, *tx);
	shm_fifo_free(e->arena, *rx);
	*tx = *rx = 0;
	return -ENOBUFS;
}

static void set_limit(struct sock_env *e, uint32_t fifo, uint32_t limit)
{
	struct shm_fifo *f = shm_fifo_at(e->arena, fifo);
	struct fifo_end w;

	if (!f || shm_fifo_writer(e->arena, fifo, &w) < 0)
		return;
	if (limit == 0 || limit > w.size)
		limit = w.size;
	/* Both ends only compare with it: relaxed. */
	atomic_put_relaxed(&f->limit, limit);
}

/* After SO_SNDBUF or SO_RCVBUF on a socket that has its fifos. */
void sock_apply_buffers(struct sock_env *e, struct shm_sock *s)
{
	const struct shm_opts *theirs = NULL;
	uint32_t p;

	if (!sock_is_stream(s)) {
		sock_dgram_grow(e, sock_once(&s->rx), s->opts.rcvbuf);
		sock_dgram_grow(e, sock_once(&s->tx), s->opts.sndbuf);
		set_limit(e, sock_once(&s->rx), s->opts.rcvbuf);
		set_limit(e, sock_once(&s->tx), s->opts.sndbuf);
		return;
	}
	if (atomic_get_relaxed(&s->via) == SHM_VIA_LOCAL) {
		struct shm_sock *peer = sock_local_peer(e, s, &p);

		if (!peer)
			return;
		theirs = &peer->opts;
	}
	set_limit(e, sock_once(&s->tx), direction_limit(&s->opts, theirs));
	set_limit(e, sock_once(&s->rx), direction_limit(theirs, &s->opts));
}

/* Back to what socket() or bind() had left: after a failed or undone connect. */
static void back_to_open(struct sock_env *e, uint32_t i, struct shm_sock *s)
{
	uint32_t flags = sock_flags(s);

	sock_free_fifos(e, s);
	s->peer = s->peer_gen = 0;
	atomic_put_relaxed(&s->via, SHM_VIA_NONE);
	sock_port_leave(e, i, s);
	s->remote = (struct shm_addr){ 0 };
	if (!(flags & SHM_F_PORT_GIVEN)) {
		s->last_port = s->local.port;
		s->local.port = 0;
	}
	if (!(flags & SHM_F_ADDR_BOUND))
		s->local = (struct shm_addr){ .family = s->family,
			.port = s->local.port };
	atomic_clear_bits(&s->flags, SHM_F_AUTOBOUND | SHM_F_CONN_DONE |
			SHM_F_FASTOPEN | SHM_F_FO_NO_COOKIE | SHM_F_FO_WAITS |
			SHM_F_PEER_GONE | SHM_F_PEER_DEAF |
			SHM_F_FIN_SEEN | SHM_F_RDSHUT | SHM_F_REBOUND |
			SHM_F_WRSHUT);
	if (s->local.port != 0) {
		/* It was free of conflict a moment ago; now it may fail only if
		 * another took the same port, and then nothing is bound. */
		struct shm_addr name = s->local;

		s->local.port = 0;
		sock_port_bind(e, i, s, &name);
	}
	/* Pairs with sock_state(). */
	atomic_put_release(&s->state, SHM_SOCK_OPEN);
}

/* The state's verdict before anything else is looked at: 0 go on, 1 connected
 * already and not yet told, or the error. Linux: __inet_stream_connect(). */
static int verdict(struct sock_env *e, uint32_t i, struct shm_sock *s)
{
	uint32_t flags = sock_flags(s);
	int err;

	switch (sock_state(s)) {
	case SHM_SOCK_OPEN:
		return 0;
	case SHM_SOCK_CONNECTING: /* Linux: put off, it says that it is there */
		return flags & SHM_F_FO_WAITS ? -EISCONN : -EALREADY;
	case SHM_SOCK_CONNECTED:
		if (flags & SHM_F_CONN_DONE)
			return -EISCONN;
		atomic_set_bits(&s->flags, SHM_F_CONN_DONE);
		return 1;
	case SHM_SOCK_DEAD:
		if (flags & SHM_F_CONN_DONE)
			return -EISCONN; /* was connected once */
		err = sock_take_error(s);
		/* The other end of this host may still use the fifos: the caller
		 * renews the socket. */
		if (atomic_get_relaxed(&s->via) != SHM_VIA_LOCAL)
			back_to_open(e, i, s);
		return err ? err : -ECONNABORTED;
	default:
		return -EISCONN; /* a listener, as Linux says it */
	}
}

/* 1: it goes by a source route, to this hop first. Linux: tcp_v4_connect(). */
static int source_route(const struct shm_sock *s, const struct shm_addr *to,
	struct shm_addr *hop)
{
	struct ip_options o = options_kept(s);

	*hop = *to;
	if (to->family != IP_V4 || o.len == 0 || !ipopt_hop(&o, hop->b, NULL))
		return 0;
	return sock_addr_any(to) ? -EINVAL : 1;
}

/* Where to, and from which local address. */
static int choose_names(struct sock_env *e, struct shm_sock *s,
	struct shm_addr *to, struct shm_addr *local, enum sock_route *route)
{
	enum sock_addr_kind kind;
	uint32_t oif = sock_once(&s->opts.bound_if), arrival;
	struct sock_way way;
	struct shm_addr own, hop;
	bool routed;
	int r = source_route(s, to, &hop);

	if (r < 0)
		return r;
	routed = r;
	r = sock_dest_resolve(e, s, to, &kind);
	if (r == 0 && routed) {
		to = &hop; /* the way there is what counts */
		r = sock_dest_resolve(e, s, to, &kind);
	}
	if (r == 0)
		r = sock_scope_check(s, to, kind);
	if (r < 0)
		return r;
	if (kind == SOCK_ADDR_MULTICAST || kind == SOCK_ADDR_BROADCAST)
		return -ENETUNREACH; /* RFC 9293 3.9.2.3 (MUST-57) */
	r = device_way_home(e, to, kind, oif, &arrival);
	if (r < 0)
		return r;
	if (r == 0)
		kind = SOCK_ADDR_OTHER; /* that interface sends it away */
	*local = s->local;
	*route = kind == SOCK_ADDR_OTHER || routed || sock_by_packets(e) ||
			sock_raw_hears(e, IPPROTO_TCP) ?
		SOCK_ROUTE_NET : SOCK_ROUTE_LOCAL;
	if (!sock_addr_any(local))
		return 0;
	if (kind == SOCK_ADDR_OTHER) {
		r = sock_way(e, to, kind, oif, &way);
		if (r < 0)
			return r;
		/* The service's routes will say which. */
		local->family = to->family;
		return 0;
	}
	own = sock_local_source(to);
	if (arrival == SOCK_LO_INDEX && sock_addr_ifindex(e, to) != arrival &&
		sock_way(e, to, SOCK_ADDR_OTHER, oif, &way) == 0)
		own = way.source; /* what lo carries is not from itself */
	own.port = local->port;
	*local = own;
	return 0;
}

/* A record for the far end, private until the hello is sent. */
static int make_embryo(struct sock_env *e, struct shm_sock *ls, uint32_t listener,
	const struct shm_addr *local, const struct shm_addr *remote, uint32_t *out)
{
	uint32_t i = shm_sock_take(e->arena);
	struct shm_sock *s = sock_at(e, i);

	if (!s)
		return -ENOBUFS;
	s->family = ls->family;
	s->type = SOCK_STREAM;
	s->protocol = IPPROTO_TCP;
	s->owner_slot = e->arena->self_slot;
	s->owner_gen = e->arena->self_gen;
	s->listener = listener;
	s->listener_gen = atomic_get_relaxed(&ls->gen);
	s->local = *local;
	s->remote = *remote;
	s->opts = ls->opts; /* Linux: a child is a clone of its listener */
	s->opts.priority = 0; /* but for these (tcp_v4_syn_recv_sock) */
	s->opts.defer_accept_s = 0;
	s->kept = ls->kept;
	s->kept.ip_optlen = 0; /* it answers those of its SYN */
	if (s->opts.bound_if == 0) /* Linux: tcp_v6_init_req() */
		s->opts.bound_if = remote->scope;
	atomic_put_relaxed(&s->flags, SHM_F_EMBRYO | SHM_F_CONN_DONE |
		(sock_flags(ls) & SHM_F_TX_STAMPS));
	*out = i;
	return 0;
}

static void finish_embryo(struct sock_env *e, uint32_t i, struct shm_sock *s,
	uint32_t via)
{
	atomic_put_relaxed(&s->via, via);
	/* Pairs with sock_state(). */
	atomic_put_release(&s->state, SHM_SOCK_CONNECTED);
	sock_port_enter(e, i, s);
}

/* RFC 9293 3.5, figure 8, of a socket with itself: what it sends it receives. */
static int begin_self(struct sock_env *e, uint32_t i, struct shm_sock *s,
	enum sock_route *route)
{
	s->tx = s->rx = direction(e, &s->opts, &s->opts);
	if (s->tx == 0)
		return -ENOBUFS;
	s->peer = i;
	s->peer_gen = atomic_get_relaxed(&s->gen);
	atomic_put_relaxed(&s->via, SHM_VIA_LOCAL);
	*route = SOCK_ROUTE_SELF;
	return 0;
}

static int begin_net(struct sock_env *e, struct shm_sock *s)
{
	int r = sock_stream_fifos(e, &s->opts, NULL, &s->tx, &s->rx);

	if (r == 0)
		atomic_put_relaxed(&s->via, SHM_VIA_NET);
	return r;
}

static int begin_local(struct sock_env *e, uint32_t i, struct shm_sock *s,
	enum sock_route *route, uint32_t *listener, uint32_t *embryo)
{
	struct shm_addr local = s->local, remote = s->remote;
	uint32_t oif = sock_once(&s->opts.bound_if), arrival;
	struct shm_sock *ls, *em;
	int r;

	/* Linux finds the connecting socket before a listener. */
	if (local.port == remote.port && sock_addr_same(&local, &remote))
		return begin_self(e, i, s, route);
	device_way_home(e, &remote, sock_addr_kind(e, &remote), oif, &arrival);
	*listener = sock_find_listener(e, &remote, &local, arrival);
	ls = sock_live(e, *listener);
	if (!device_hears_answer(e, &local, ls, oif)) {
		*listener = 0;
		*route = SOCK_ROUTE_NET;
		return begin_net(e, s);
	}
	if (!ls)
		return -ECONNREFUSED; /* RFC 9293 3.10.7.1 */
	r = make_embryo(e, ls, *listener, &remote, &local, embryo);
	if (r < 0)
		return r;
	em = sock_at(e, *embryo);
	options_of_child(e, s, em);
	r = sock_stream_fifos(e, &s->opts, &em->opts, &s->tx, &s->rx);
	if (r < 0) {
		shm_sock_free(e->arena, *embryo);
		return r;
	}
	em->rx = s->tx;
	em->tx = s->rx;
	if (ls->opts.defer_accept_s != 0) { /* the service waits for bytes */
		atomic_set_bits(&em->flags, SHM_F_DEFERRED);
		atomic_put_relaxed(&em->rx_wait, 1);
	}
	em->peer = i;
	em->peer_gen = atomic_get_relaxed(&s->gen);
	s->peer = *embryo;
	s->peer_gen = atomic_get_relaxed(&em->gen);
	atomic_put_relaxed(&s->via, SHM_VIA_LOCAL);
	finish_embryo(e, *embryo, em, SHM_VIA_LOCAL);
	return 0;
}

static int begin_locked(struct sock_env *e, uint32_t i, struct shm_sock *s,
	const struct sockaddr *sa, socklen_t len, enum sock_route *route,
	uint32_t *listener, uint32_t *embryo)
{
	struct shm_addr to, local;
	int r;

	r = verdict(e, i, s);
	if (r == 0)
		r = sock_name_parse(s, sa, len, &to);
	if (r == 0)
		r = device_from_scope(s, &to, true);
	if (r == 0)
		r = choose_names(e, s, &to, &local, route);
	if (r == 0)
		r = sock_port_connect(e, i, s, &local, &to);
	if (r != 0)
		return r;
	sock_take_error(s);
	r = *route == SOCK_ROUTE_LOCAL ?
		begin_local(e, i, s, route, listener, embryo) :
		begin_net(e, s);
	/* Who is refused keeps its names until the error is told. */
	if (r < 0 && r != -ECONNREFUSED) {
		back_to_open(e, i, s);
		return r;
	}
	/* Pairs with sock_state(): names and fifos are there. */
	atomic_put_release(&s->state, SHM_SOCK_CONNECTING);
	return r;
}

int sock_connect_begin(struct sock_env *e, uint32_t i, const struct sockaddr *sa,
	socklen_t len, enum sock_route *route, uint32_t *listener,
	uint32_t *embryo)
{
	struct shm_sock *s = sock_live(e, i);
	int r;

	if (!s)
		return -EBADF;
	*listener = *embryo = 0;
	if (!sock_is_stream(s))
		return -EOPNOTSUPP;
	if (len < sizeof(sa->sa_family) || len > sizeof(struct sockaddr_storage))
		return -EINVAL;
	if (!sock_lock(e, s))
		return -EAGAIN;
	r = begin_locked(e, i, s, sa, len, route, listener, embryo);
	sock_unlock(e, s);
	return r;
}

void sock_connect_done(struct sock_env *e, uint32_t i, uint32_t embryo)
{
	struct shm_sock *s = sock_live(e, i), *em = sock_live(e, embryo);

	if (s)
		sock_stamps_wanted(e, s);
	if (em)
		sock_stamps_wanted(e, em);
	sock_connected(e, i);
}

void sock_connect_undo(struct sock_env *e, uint32_t i, uint32_t listener,
	uint32_t embryo, bool listener_dead)
{
	struct shm_sock *s = sock_live(e, i), *em = sock_live(e, embryo);

	if (listener_dead)
		sock_forget(e, listener);
	if (em && em->peer == i) {
		sock_port_leave(e, embryo, em);
		em->rx = em->tx = 0; /* freed with the connector's */
		shm_sock_free(e->arena, embryo);
	}
	if (!s || !sock_lock(e, s))
		return;
	if (sock_state(s) == SHM_SOCK_CONNECTING)
		back_to_open(e, i, s);
	sock_unlock(e, s);
}

int sock_connect_result(struct sock_env *e, uint32_t i)
{
	struct shm_sock *s = sock_live(e, i);
	int r;

	if (!s)
		return -EBADF;
	if (!sock_lock(e, s))
		return -EAGAIN;
	r = sock_state(s) == SHM_SOCK_OPEN ? -ENOTCONN : verdict(e, i, s);
	sock_unlock(e, s);
	return r == 1 || r == -EISCONN ? 0 : r;
}

int sock_embryo_new(struct sock_env *e, uint32_t listener,
	const struct shm_addr *local, const struct shm_addr *remote, uint32_t *out)
{
	struct shm_sock *ls = sock_live(e, listener), *s;
	int r;

	if (!ls)
		return -ENOBUFS;
	r = make_embryo(e, ls, listener, local, remote, out);
	if (r < 0)
		return r;
	s = sock_at(e, *out);
	if (s->family != IP_V6)
		s->family = IP_V4;
	r = sock_stream_fifos(e, &s->opts, NULL, &s->tx, &s->rx);
	if (r < 0) {
		shm_sock_free(e->arena, *out);
		return r;
	}
	finish_embryo(e, *out, s, SHM_VIA_NET);
	return 0;
}

static bool is_child_of(const struct shm_sock *s, uint32_t listener,
	const struct shm_sock *ls)
{
	return sock_once(&s->listener) == listener &&
		sock_once(&s->listener_gen) == atomic_get_relaxed(&ls->gen);
}

/* 0, or -ECONNABORTED: somebody else has it. Under the lock, as two may want it: by its
 * hello, and as an orphan. */
static int take_embryo(struct sock_env *e, struct shm_sock *s, uint32_t gen)
{
	uint32_t flags = 0;

	if (!sock_lock(e, s))
		return -ECONNABORTED;
	if (atomic_get_acquire(&s->gen) == gen && (sock_flags(s) & SHM_F_EMBRYO)) {
		/* First, so that it is never nobody's. */
		s->owner_slot = e->arena->self_slot;
		s->owner_gen = e->arena->self_gen;
		flags = atomic_clear_bits(&s->flags, SHM_F_EMBRYO | SHM_F_DEFERRED);
	}
	sock_unlock(e, s);
	if (!(flags & SHM_F_EMBRYO))
		return -ECONNABORTED;
	if (flags & SHM_F_DEFERRED)
		atomic_sub(&s->rx_wait, 1);
	return 0;
}

int sock_accept_adopt(struct sock_env *e, uint32_t listener,
	const struct shm_hello *h, uint32_t *out)
{
	struct shm_sock *s = sock_live(e, h->sock), *ls = sock_live(e, listener);

	if (!ls)
		return -EBADF;
	if (h->magic != SHM_MAGIC || (h->kind != SHM_HELLO_ACCEPT && h->kind != SHM_HELLO_HANDED) ||
		h->key != e->arena->hdr->key || !s ||
		atomic_get_acquire(&s->gen) != h->gen ||
		!is_child_of(s, listener, ls))
		return -ECONNABORTED;
	*out = h->sock;
	return take_embryo(e, s, h->gen);
}

/* A connector's far end within the host that nobody has accepted. Deferred ones: the
 * lobby has them, and says so in a hello. */
static bool is_waiting(const struct shm_sock *s)
{
	/* sock_state() pairs with finish_embryo(): its peer is there. */
	return (sock_flags(s) & (SHM_F_EMBRYO | SHM_F_DEFERRED)) == SHM_F_EMBRYO &&
		sock_state(s) == SHM_SOCK_CONNECTED &&
		atomic_get_relaxed(&s->via) == SHM_VIA_LOCAL;
}

bool sock_embryo_is_alone(const struct sock_env *e, const struct shm_sock *s)
{
	const struct shm_sock *p;

	if (!is_waiting(s))
		return false;
	p = sock_live(e, sock_once(&s->peer));
	return !p || atomic_get_acquire(&p->gen) != sock_once(&s->peer_gen);
}

bool sock_reap_unborn(struct sock_env *e, uint32_t i)
{
	struct shm_sock *s = sock_live(e, i);

	if (!s)
		return false;
	if (sock_embryo_is_alone(e, s)) {
		if (take_embryo(e, s, atomic_get_acquire(&s->gen)) < 0)
			return false;
		s->opts.linger_s = 0; /* a reset, as of all that are not accepted */
	}
	sock_reap(e, i);
	return true;
}

/* Made by a connect() whose process has died since. */
static bool is_orphan(const struct sock_env *e, const struct shm_sock *s)
{
	return sock_embryo_is_alone(e, s) || (is_waiting(s) && e->is_dead &&
		e->is_dead(e->user, sock_once(&s->peer)) == 1);
}

int sock_accept_orphan(struct sock_env *e, uint32_t listener, uint32_t *out)
{
	struct shm_sock *ls = sock_live(e, listener), *s;
	uint32_t n = atomic_get_relaxed(&e->arena->hdr->socks.fresh), gen;

	for (uint32_t i = 1; ls && i < n && i < e->arena->n_socks; i++) {
		s = sock_live(e, i);
		gen = s ? atomic_get_acquire(&s->gen) : 0; /* before what is read */
		if (!s || !is_child_of(s, listener, ls) || !is_orphan(e, s))
			continue;
		*out = i;
		if (take_embryo(e, s, gen) == 0)
			return 0;
	}
	return -ECONNABORTED;
}

int sock_connect_repick(struct sock_env *e, uint32_t i)
{
	struct shm_sock *s = sock_live(e, i);
	struct shm_addr local, remote;

	if (!s || sock_state(s) != SHM_SOCK_CONNECTING ||
		!(sock_flags(s) & SHM_F_AUTOBOUND))
		return -EADDRNOTAVAIL;
	local = s->local;
	remote = s->remote;
	local.port = 0;
	return sock_port_connect(e, i, s, &local, &remote);
}
