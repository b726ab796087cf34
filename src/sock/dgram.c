/* Datagram sockets (UDP, ICMP echo): their queues, names and peers.
 *
 * A message to an address of this host goes from the sender straight into the
 * receiver's queue (deliver.c). Everything else goes into the sender's own transmit
 * queue, and the service takes it from there. A queue is made when a socket gets its
 * first name, the transmit queue at the first message that needs it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "device.h"
#include "dgram.h"

#define QUEUE_MIN (1u << 17) /* bytes: any message fits */

/* --- queues and names --- */

static uint32_t take_queue(struct sock_env *e, uint32_t limit)
{
	uint32_t size = limit > SOCK_DGRAM_RING ? limit : SOCK_DGRAM_RING;
	uint32_t i = shm_fifo_take(e->arena, size);
	struct shm_fifo *f;

	if (i == 0)
		i = shm_fifo_take(e->arena, QUEUE_MIN);
	f = shm_fifo_at(e->arena, i);
	if (f)
		atomic_put_relaxed(&f->limit, limit);
	return i;
}

int sock_dgram_queue(struct sock_env *e, struct shm_sock *s)
{
	if (sock_once(&s->rx) == 0)
		s->rx = take_queue(e, s->opts.rcvbuf);
	return s->rx != 0 ? 0 : -ENOBUFS;
}

void sock_dgram_grow(struct sock_env *e, uint32_t queue, uint32_t limit)
{
	struct shm_fifo *f = shm_fifo_at(e->arena, queue);

	if (!f || limit <= SOCK_DGRAM_RING || !shm_lock_acquire(e->arena, &f->w_lock))
		return;
	if (shm_lock_acquire(e->arena, &f->r_lock)) {
		shm_fifo_grow(e->arena, queue, limit);
		shm_lock_release(e->arena, &f->r_lock);
	}
	shm_lock_release(e->arena, &f->w_lock);
}

int sock_dgram_autobind(struct sock_env *e, uint32_t i, struct shm_sock *s)
{
	struct shm_addr name = s->local;
	int r;

	if (s->local.port != 0 || sock_is_raw(s))
		return 0;
	r = sock_dgram_queue(e, s);
	if (r == 0) {
		name.port = 0;
		r = sock_port_bind(e, i, s, &name);
	}
	if (r < 0)
		return -EAGAIN; /* Linux's, whatever the reason */
	atomic_set_bits(&s->flags, SHM_F_AUTOBOUND);
	return 0;
}

/* --- connect --- */

static int disconnect(struct sock_env *e, uint32_t i, struct shm_sock *s)
{
	uint32_t flags = sock_flags(s);

	s->remote = (struct shm_addr){ 0 };
	atomic_word_put(&s->opts.bound_if, 0); /* Linux: __udp_disconnect() */
	/* Linux: a port that nobody named is given up. */
	if (!(flags & SHM_F_PORT_GIVEN)) {
		sock_port_leave(e, i, s);
		s->local.port = 0;
		atomic_clear_bits(&s->flags, (uint32_t)SHM_F_AUTOBOUND);
	}
	if (!(flags & SHM_F_ADDR_BOUND)) {
		uint16_t port = s->local.port;

		s->local = (struct shm_addr){ .family = s->family, .port = port };
	}
	return 0;
}

/* Whom to send to. Linux: a datagram socket of IPv6 also takes the address of an
 * IPv4 peer in its own form (getaddrinfo() relies on it to order addresses). */
int sock_peer_parse(const struct shm_sock *s, const struct sockaddr *sa,
	socklen_t len, struct shm_addr *out)
{
	static const struct shm_sock as_v4 = { .family = IP_V4 };

	if (s->family == IP_V6 && sa->sa_family == AF_INET && !sock_is_raw(s))
		return sock_name_parse(&as_v4, sa, len, out);
	return sock_name_parse(s, sa, len, out);
}

static int connect_locked(struct sock_env *e, uint32_t i, struct shm_sock *s,
	const struct sockaddr *sa, socklen_t len)
{
	enum sock_addr_kind kind;
	struct shm_addr to, from;
	struct sock_way way;
	uint32_t oif;
	uint16_t port;
	int r;

	/* Linux: it keeps the port even if it cannot be connected. */
	r = sock_dgram_autobind(e, i, s);
	if (r == 0)
		r = sock_peer_parse(s, sa, len, &to);
	if (r == 0)
		r = sock_dest_resolve(e, s, &to, &kind);
	if (r == 0)
		r = device_from_peer(s, &to);
	if (r < 0)
		return r;
	/* Linux: a name that it has of an earlier peer stays. */
	from = sock_bound(e, s);
	oif = sock_once(&s->opts.bound_if);
	r = wishes_sticky(e, s, &to, &oif);
	if (r == 0)
		r = sock_dgram_way(e, s, &to, kind, oif, &from, &way);
	if (r < 0)
		return r;
	if (kind == SOCK_ADDR_BROADCAST && !sock_has_opt(s, SHM_O_BROADCAST))
		return -EACCES;
	port = s->local.port;
	if (sock_addr_any(&s->local)) {
		s->local = way.source;
		s->local.port = port; /* same port, so the chain holds */
	}
	s->remote = to;
	return 0;
}

int sock_dgram_connect(struct sock_env *e, uint32_t i, const struct sockaddr *sa,
	socklen_t len)
{
	struct shm_sock *s = sock_live(e, i);
	int r;

	if (!s)
		return -EBADF;
	if (sock_is_stream(s) || sock_is_packet(s))
		return -EOPNOTSUPP;
	if (len < sizeof(sa->sa_family) || len > sizeof(struct sockaddr_storage))
		return -EINVAL;
	if (!sock_lock(e, s))
		return -EAGAIN;
	r = sa->sa_family == AF_UNSPEC ? disconnect(e, i, s) :
					 connect_locked(e, i, s, sa, len);
	sock_unlock(e, s);
	return r;
}

/* --- the queues' contents --- */

/* Under w_lock. As far as head was known when last looked at; if there is no room by
 * that, anew: its line is the reader's. */
static int put_message(struct shm_fifo *f, struct fifo_end *w, const struct shm_msg *m,
	const struct span *payload, unsigned n)
{
	uint32_t limit = atomic_get_relaxed(&f->limit);
	int r = shm_msgq_put_at(w, w->own - atomic_get_relaxed(&f->head_seen), limit,
		m, payload, n);
	int64_t used;

	if (r != -ENOBUFS && r != -EPROTO)
		return r;
	used = fifo_writer_used(w);
	if (used < 0)
		return -EPROTO;
	atomic_put_relaxed(&f->head_seen, w->own - (uint32_t)used);
	return shm_msgq_put_at(w, (uint32_t)used, limit, m, payload, n);
}

/* For who waits for it (client/spin.c). */
static void tell_place(const struct sock_env *e, struct shm_fifo *f)
{
	uint32_t here = e->here ? e->here() : 0;

	if (here != 0 && atomic_get_relaxed(&f->w_cpu) != here)
		atomic_put_relaxed(&f->w_cpu, here);
}

int sock_enqueue(const struct sock_env *e, uint32_t fifo, const struct shm_msg *m,
	const struct span *payload, unsigned n)
{
	struct shm_fifo *f = shm_fifo_at(e->arena, fifo);
	struct fifo_end w;
	int r;

	if (!f)
		return -ENOBUFS;
	if (!shm_lock_acquire(e->arena, &f->w_lock))
		return -ENOBUFS;
	tell_place(e, f);
	r = shm_kept_writer(e->arena, fifo, &w);
	if (r == 0) {
		r = put_message(f, &w, m, payload, n);
		if (r != -EPROTO) /* scribbled over: not kept */
			shm_kept_written(e->arena, fifo, &w);
	}
	shm_lock_release(e->arena, &f->w_lock);
	if (r < 0 && r != -EMSGSIZE) {
		atomic_add(&f->drops, 1); /* a statistic */
		return -ENOBUFS;
	}
	return r;
}

struct shm_fifo *sock_dgram_tx(struct sock_env *e, struct shm_sock *s)
{
	if (sock_once(&s->tx) == 0) {
		if (!sock_lock(e, s))
			return NULL;
		if (s->tx == 0)
			s->tx = take_queue(e, s->opts.sndbuf);
		sock_unlock(e, s);
	}
	return sock_tx(e, s);
}

int sock_next_outgoing(struct sock_env *e, uint32_t i, struct shm_msg *m,
	void *buf, size_t size, bool *ring)
{
	struct shm_sock *s = sock_live(e, i);
	uint32_t tx = s ? sock_once(&s->tx) : 0;
	struct shm_fifo *f = shm_fifo_at(e->arena, tx);
	struct fifo_end r;
	int found;

	*ring = false;
	if (!f || !shm_lock_acquire(e->arena, &f->r_lock))
		return 0;
	found = shm_fifo_reader(e->arena, tx, &r);
	if (found == 0)
		found = shm_msgq_peek(&r, m);
	if (found == 1 && m->len > size)
		found = -EPROTO; /* longer than any we send */
	if (found == 1) {
		shm_msgq_copy(&r, 0, buf, m->len);
		shm_msgq_drop(&r, m);
	} else if (found < 0) {
		/* Scribbled over: forget what is there. */
		atomic_put_release(&f->sh.head, atomic_get_acquire(&f->sh.tail));
	}
	shm_lock_release(e->arena, &f->r_lock);
	if (found != 0)
		*ring = sock_tx_freed(e, i);
	return found == 1;
}
