/* Datagrams: UDP and ICMP echo sockets (RFC 768, RFC 792).
 *
 * A message to an address of this host goes from the sender straight into the
 * receiver's queue. Everything else (other hosts, broadcast, multicast, all echo)
 * goes into the sender's own transmit queue, and the service takes it from there.
 * A queue is made when a socket gets its first name, the transmit queue at the
 * first message that needs it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "inside.h"

#include <poll.h>
#include <string.h>
#include <sys/uio.h>

#include "control.h"

#define IOV_LINUX_MAX 1024
#define IFINDEX_LO 1
#define QUEUE_MIN (1u << 17) /* bytes: any message fits */

#define ICMP4_ECHO 8	      /* RFC 792 */
#define ICMP6_ECHO_REQUEST 128 /* RFC 4443 4.1 */
#define ICMP_HEADER 8

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

int sock_dgram_autobind(struct sock_env *e, uint32_t i, struct shm_sock *s)
{
	struct shm_addr name = s->local;
	int r;

	if (s->local.port != 0)
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
	if (flags & SHM_F_AUTOBOUND) {
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
static int parse_peer(const struct shm_sock *s, const struct sockaddr *sa,
	socklen_t len, struct shm_addr *out)
{
	static const struct shm_sock as_v4 = { .family = IP_V4 };

	if (s->family == IP_V6 && sa->sa_family == AF_INET)
		return sock_name_parse(&as_v4, sa, len, out);
	return sock_name_parse(s, sa, len, out);
}

static int connect_locked(struct sock_env *e, uint32_t i, struct shm_sock *s,
	const struct sockaddr *sa, socklen_t len)
{
	enum sock_addr_kind kind;
	struct shm_addr to, own;
	struct sock_way way;
	uint16_t port;
	int r;

	/* Linux: it keeps the port even if it cannot be connected. */
	r = sock_dgram_autobind(e, i, s);
	if (r == 0)
		r = parse_peer(s, sa, len, &to);
	if (r == 0)
		r = sock_dest_resolve(e, s, &to, &kind);
	if (r < 0)
		return r;
	r = sock_way(e, &to, kind, 0, &way);
	if (r < 0)
		return r;
	if (kind == SOCK_ADDR_BROADCAST && !sock_has_opt(s, SHM_O_BROADCAST))
		return -EACCES;
	own = way.source;
	port = s->local.port;
	if (sock_addr_any(&s->local) || !(sock_flags(s) & SHM_F_ADDR_BOUND)) {
		own.port = port; /* same port, so the chain holds */
		s->local = own;
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
	if (sock_is_stream(s))
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

/* --- sending --- */

/* The destination as the user gave it: 1 given, 0 none (use the peer). */
static int parse_to(const struct shm_sock *s, const struct sockaddr *to,
	socklen_t len, struct shm_addr *out)
{
	struct sockaddr_in in;
	int r;

	if (!to)
		return 0;
	if (len < sizeof(to->sa_family))
		return -EINVAL;
	if (s->family == IP_V6 && to->sa_family == AF_UNSPEC)
		return 0; /* Linux: as if there were none */
	if (s->family == IP_V6 && to->sa_family != AF_INET &&
		to->sa_family != AF_INET6)
		return -EINVAL;
	if (s->family == IP_V4 && to->sa_family == AF_UNSPEC &&
		len >= sizeof(in)) {
		/* Linux: as good as AF_INET, here. */
		memcpy(&in, to, sizeof(in));
		in.sin_family = AF_INET;
		to = (const struct sockaddr *)&in;
	}
	r = parse_peer(s, to, len, out);
	if (r < 0)
		return r;
	if (out->port == 0 && !sock_is_echo(s))
		return -EINVAL; /* RFC 768: zero means "no port" */
	return 1;
}

/* An echo socket sends echo requests and nothing else (Linux: ping_v4_sendmsg). */
static int check_echo(const struct shm_sock *s, const struct iovec *iov, int n,
	size_t total)
{
	uint8_t head[2];
	size_t got = 0;

	if (!sock_is_echo(s))
		return 0;
	if (total < ICMP_HEADER)
		return -EINVAL;
	for (int k = 0; k < n && got < sizeof(head); k++) {
		const uint8_t *p = iov[k].iov_base;

		for (size_t b = 0; b < iov[k].iov_len && got < sizeof(head); b++)
			head[got++] = p[b];
	}
	if (head[1] != 0)
		return -EINVAL;
	return head[0] == (s->protocol == IPPROTO_ICMP ? ICMP4_ECHO :
							 ICMP6_ECHO_REQUEST) ?
		0 :
		-EINVAL;
}

static void fill_header(const struct shm_sock *s, const struct shm_addr *to,
	bool local, size_t total, struct shm_msg *m)
{
	const struct shm_opts *o = &s->opts;

	*m = (struct shm_msg){ .len = (uint32_t)total, .dst = *to };
	m->src = s->local;
	if (sock_addr_any(&m->src) && local) {
		uint16_t port = m->src.port;

		m->src = sock_local_source(to);
		m->src.port = port;
	} else if (sock_addr_any(&m->src)) {
		m->src.family = to->family; /* the service's routes choose */
	}
	m->ifindex = local ? IFINDEX_LO : 0;
	if (to->family == IP_V4) {
		m->ttl = o->ttl ? o->ttl : SOCK_TTL_DEFAULT;
		m->tos = o->tos;
		m->pmtu = o->mtu_discover;
	} else {
		m->ttl = o->hops < 0 ? SOCK_TTL_DEFAULT : (uint8_t)o->hops;
		m->tos = o->tclass;
		m->pmtu = o->mtu_discover6;
	}
}

static void to_spans(const struct iovec *iov, int n, struct span *out)
{
	for (int k = 0; k < n; k++)
		out[k] = (struct span){ iov[k].iov_base, iov[k].iov_len };
}

/* Under w_lock inside: 0, -ENOBUFS, -EMSGSIZE. */
static int enqueue(const struct sock_env *e, uint32_t fifo,
	const struct shm_msg *m, const struct span *payload, unsigned n)
{
	struct shm_fifo *f = shm_fifo_at(e->arena, fifo);
	struct fifo_end w;
	int r;

	if (!f)
		return -ENOBUFS;
	if (!shm_lock_acquire(e->arena, &f->w_lock))
		return -ENOBUFS;
	r = shm_fifo_writer(e->arena, fifo, &w);
	if (r == 0)
		r = shm_msgq_put(&w, atomic_get_relaxed(&f->limit), m, payload, n);
	shm_lock_release(e->arena, &f->w_lock);
	if (r < 0 && r != -EMSGSIZE) {
		atomic_add(&f->drops, 1); /* a statistic */
		return -ENOBUFS;
	}
	return r;
}

int sock_deliver(struct sock_env *e, uint32_t i, const struct shm_msg *m,
	const struct span *payload, unsigned n, bool *ring)
{
	struct shm_sock *s = sock_live(e, i);
	int r;

	*ring = false;
	if (!s)
		return -ENOBUFS;
	r = enqueue(e, sock_once(&s->rx), m, payload, n);
	if (r < 0)
		return -ENOBUFS;
	*ring = sock_notify(e, i, POLLIN | POLLRDNORM);
	return 0;
}

static void send_local(struct sock_env *e, uint32_t i, struct shm_sock *s,
	const struct shm_msg *m, const struct span *payload, unsigned n,
	bool connected, struct sock_effect *fx)
{
	uint32_t to = sock_find_dgram(e, s->protocol, &m->dst, &m->src);
	bool ring;

	if (to == 0) {
		/* The ICMP port unreachable (RFC 1122 4.1.3.1) comes at once on
		 * one host; the next call reports it. Linux: to connected
		 * sockets, and to others with IP_RECVERR. */
		if (connected || sock_has_opt(s, SHM_O_RECVERR)) {
			sock_set_error(s, ECONNREFUSED);
			sock_notify(e, i, POLLERR);
		}
		return;
	}
	/* A full receiver drops. */
	if (sock_deliver(e, to, m, payload, n, &ring) == 0 && ring)
		fx->ring_to = to;
}

static int send_net(struct sock_env *e, uint32_t i, struct shm_sock *s,
	const struct shm_msg *m, const struct span *payload, unsigned n,
	struct sock_effect *fx)
{
	struct shm_fifo *f;
	int r;

	if (sock_once(&s->tx) == 0) {
		if (!sock_lock(e, s))
			return -EAGAIN;
		if (s->tx == 0)
			s->tx = take_queue(e, s->opts.sndbuf);
		sock_unlock(e, s);
	}
	f = sock_tx(e, s);
	if (!f)
		return -ENOBUFS;
	r = enqueue(e, sock_once(&s->tx), m, payload, n);
	if (r == -ENOBUFS) {
		/* Pairs with sock_next_outgoing(): head, fence, nospace. */
		atomic_put_relaxed(&f->nospace, 1);
		atomic_full_fence();
		r = enqueue(e, sock_once(&s->tx), m, payload, n);
		if (r == -ENOBUFS)
			return -EAGAIN;
	}
	if (r == 0)
		fx->service = sock_want_service(e, i);
	return r;
}

/* Linux's inet_send_prepare(): before anything else is looked at. */
static int give_port(struct sock_env *e, uint32_t i, struct shm_sock *s)
{
	int r;

	if (s->local.port != 0)
		return 0;
	if (!sock_lock(e, s))
		return -EAGAIN;
	r = sock_dgram_autobind(e, i, s);
	sock_unlock(e, s);
	return r;
}

/* All that Linux's udp_sendmsg() checks, in its order. Returns whether the socket
 * is used as a connected one. */
static int prepare(struct sock_env *e, uint32_t i, struct shm_sock *s,
	const struct sockaddr *sa, socklen_t len, size_t total,
	struct shm_addr *to, enum sock_addr_kind *kind)
{
	int r = parse_to(s, sa, len, to), given = r;
	struct sock_way way;

	if (r < 0)
		return r;
	if (!given) {
		*to = s->remote;
		if (to->family == IP_NONE)
			return -EDESTADDRREQ;
	}
	r = sock_dest_resolve(e, s, to, kind);
	if (r < 0)
		return r;
	if (*kind == SOCK_ADDR_BROADCAST && !sock_has_opt(s, SHM_O_BROADCAST))
		return -EACCES;
	r = sock_way(e, to, *kind, 0, &way);
	if (r < 0)
		return r;
	if (total > (to->family == IP_V4 ? SOCK_UDP4_MAX : SOCK_UDP6_MAX))
		return -EMSGSIZE;
	r = sock_take_error(s);
	if (r == 0 && (sock_flags(s) & SHM_F_WRSHUT))
		r = -EPIPE;
	return r < 0 ? r : !given;
}

ssize_t sock_sendto(struct sock_env *e, uint32_t i, const struct iovec *iov, int n,
	int flags, const struct sockaddr *to, socklen_t tolen,
	struct sock_effect *fx)
{
	struct shm_sock *s = sock_live(e, i);
	size_t total = sock_iov_total(iov, n);
	struct span payload[IOV_LINUX_MAX];
	enum sock_addr_kind kind;
	struct shm_addr dst;
	struct shm_msg m;
	int r, connected;
	bool local;

	*fx = (struct sock_effect){ 0 };
	if (!s)
		return -EBADF;
	if (sock_is_stream(s))
		return -EOPNOTSUPP;
	r = give_port(e, i, s);
	if (r < 0)
		return r;
	/* Linux: only IPv4's has ever looked at it. */
	if ((flags & MSG_OOB) && s->family == IP_V4)
		return -EOPNOTSUPP;
	if (total > 0xffff || n > IOV_LINUX_MAX || n < 0)
		return -EMSGSIZE;
	r = check_echo(s, iov, n, total);
	if (r < 0)
		return r;
	connected = prepare(e, i, s, to, tolen, total, &dst, &kind);
	if (connected < 0)
		return connected;
	if (flags & MSG_PROXY) /* Linux's MSG_PROBE: all but the sending */
		return (ssize_t)total;
	local = kind == SOCK_ADDR_LOOPBACK || kind == SOCK_ADDR_OWN;
	fill_header(s, &dst, local, total, &m);
	to_spans(iov, n, payload);
	if (local && !sock_is_echo(s) && !e->arena->hdr->loopback_packets) {
		send_local(e, i, s, &m, payload, (unsigned)n, connected, fx);
	} else {
		r = send_net(e, i, s, &m, payload, (unsigned)n, fx);
		if (r < 0)
			return r;
	}
	atomic_put_relaxed(&s->bytes_out, /* a statistic */
		atomic_get_relaxed(&s->bytes_out) + total);
	return (ssize_t)total;
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

/* --- receiving --- */

static void scatter(const struct fifo_end *r, uint32_t len,
	const struct iovec *iov, int n)
{
	uint32_t off = 0;

	for (int k = 0; k < n && off < len; k++) {
		size_t room = iov[k].iov_len;
		uint32_t piece = len - off < room ? len - off : (uint32_t)room;

		shm_msgq_copy(r, off, iov[k].iov_base, piece);
		off += piece;
	}
}

/* Under r_lock: the first message into iov and *m; -EAGAIN when there is none. */
static ssize_t take_message(const struct sock_env *e, uint32_t rx,
	struct shm_fifo *f, const struct iovec *iov, int n, int flags,
	struct shm_msg *m)
{
	size_t room = sock_iov_total(iov, n);
	struct fifo_end r;
	uint32_t len;
	int found;

	if (shm_fifo_reader(e->arena, rx, &r) < 0)
		return -EAGAIN;
	found = shm_msgq_peek(&r, m);
	if (found < 0)
		/* Scribbled over: forget what is there. */
		atomic_put_release(&f->sh.head, atomic_get_acquire(&f->sh.tail));
	if (found != 1)
		return -EAGAIN;
	len = m->len < room ? m->len : (uint32_t)room;
	scatter(&r, len, iov, n);
	if (!(flags & MSG_PEEK))
		shm_msgq_drop(&r, m);
	return len;
}

/* Nothing there. Linux: end of file after SHUT_RD only for who would wait. */
static ssize_t nothing(const struct shm_sock *s, int flags)
{
	uint32_t f = sock_flags(s);

	return (f & SHM_F_RDSHUT) && !(f & SHM_F_NONBLOCK) &&
			!(flags & MSG_DONTWAIT) ?
		0 :
		-EAGAIN;
}

ssize_t sock_recvfrom(struct sock_env *e, uint32_t i, const struct iovec *iov,
	int n, int flags, struct sockaddr *from, socklen_t *fromlen,
	struct msghdr *control, int *msg_flags, struct sock_effect *fx)
{
	struct shm_sock *s = sock_live(e, i);
	struct shm_fifo *f;
	struct shm_msg m;
	ssize_t len;
	uint32_t rx;
	int err;

	*fx = (struct sock_effect){ 0 };
	*msg_flags = 0;
	if (!s)
		return -EBADF;
	if (sock_is_stream(s))
		return -EOPNOTSUPP;
	if (flags & MSG_ERRQUEUE)
		return -EAGAIN; /* always empty */
	err = sock_take_error(s);
	if (err)
		return err;
	rx = sock_once(&s->rx);
	f = shm_fifo_at(e->arena, rx);
	if (!f || !shm_lock_acquire(e->arena, &f->r_lock))
		return nothing(s, flags);
	len = take_message(e, rx, f, iov, n, flags, &m);
	shm_lock_release(e->arena, &f->r_lock);
	if (len < 0)
		return nothing(s, flags);
	if (from && fromlen)
		sock_present(s, &m.src, from, fromlen);
	if (control)
		sock_control_put(s, &m, control, msg_flags);
	if ((uint32_t)len < m.len)
		*msg_flags |= MSG_TRUNC;
	atomic_put_relaxed(&s->bytes_in, /* a statistic */
		atomic_get_relaxed(&s->bytes_in) + m.len);
	return flags & MSG_TRUNC ? (ssize_t)m.len : len;
}
