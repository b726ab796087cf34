/* send(2) and recv(2) on a stream: bytes through the fifos.
 *
 * Whoever writes holds the fifo's w_lock, whoever reads its r_lock; a big copy is
 * published piece by piece, so that the other end works at the same time. After
 * the locks are let go, the other end is told if it sleeps (sock.h: publish, full
 * fence, look).
 *
 * A local peer that has closed (SHM_F_PEER_GONE) with everything read: Linux's
 * kernel would take our next bytes, get RST for them, and say EPIPE from then on.
 * So the first send is taken and thrown away, and the connection is dead.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "inside.h"

#include <poll.h>

#include "base/touch.h"

#include "sock/info.h"
#include "hold.h"
#include "room.h"
#include "timewait.h"
#include "urgent.h"
#include "sock/peek.h"

#define PIECE (64u << 10) /* bytes published, or released, at once */
/* Bytes that a write to a dead peer takes at most. Linux: tcp_sendmsg_locked() looks at
 * what has come back every 16 segments, which are of half the peer's first window. */
#define RESET_SEEN (16 * 32768)
#define IN_EVENTS (POLLIN | POLLRDNORM)
#define OUT_EVENTS (POLLOUT | POLLWRNORM)

size_t sock_iov_total(const struct iovec *iov, int n)
{
	size_t total = 0;

	for (int k = 0; k < n; k++)
		total += iov[k].iov_len;
	return total;
}

/* --- sending --- */

/* 0 go on, or what Linux's tcp_sendmsg() says before it looks at the data. */
static int send_verdict(struct shm_sock *s)
{
	uint32_t state = sock_state(s);
	int err = sock_take_error(s);

	if (err)
		return err;
	if (state == SHM_SOCK_CONNECTING)
		return sock_flags(s) & SHM_F_FO_WAITS ? -EINPROGRESS : -EAGAIN;
	if (state != SHM_SOCK_CONNECTED || (sock_flags(s) & SHM_F_WRSHUT))
		return -EPIPE;
	return 0;
}

static uint32_t room_below(const struct fifo_end *w, uint32_t limit)
{
	int64_t used = fifo_writer_used(w);

	if (limit > w->size)
		limit = w->size;
	return used < 0 || used >= limit ? 0 : limit - (uint32_t)used;
}

size_t stream_put(struct fifo_end *w, uint32_t limit, const struct iovec *iov, int n,
	size_t skip)
{
	uint32_t room = room_below(w, limit);
	size_t done = 0, skipped = skip;

	for (int k = 0; k < n; k++) {
		size_t past = skip < iov[k].iov_len ? skip : iov[k].iov_len;
		const uint8_t *p = (const uint8_t *)iov[k].iov_base + past;
		size_t left = iov[k].iov_len - past;

		skip -= past;
		while (left > 0) {
			uint32_t len = left < PIECE ? (uint32_t)left : PIECE;

			if (room == 0)
				room = room_below(w, limit);
			if (room == 0)
				return done;
			if (len > room)
				len = room;
			/* The first were looked at before (put_locked). */
			if (skipped + done + len > PIECE && !touch_read(p, len))
				return done;
			fifo_poke(w, 0, p, len);
			fifo_publish(w, len);
			room -= len;
			p += len;
			left -= len;
			done += len;
		}
	}
	return done;
}

/* All of it, for which there is room, and no more than a piece. */
static ssize_t put_all(struct fifo_end *w, const struct iovec *iov, int n)
{
	uint32_t done = 0;

	if (n == 1 && iov[0].iov_len <= FIFO_NEAR) {
		fifo_write_near(w, iov[0].iov_base, (uint32_t)iov[0].iov_len);
		return (ssize_t)iov[0].iov_len;
	}
	for (int k = 0; k < n; k++) {
		fifo_poke(w, done, iov[k].iov_base, (uint32_t)iov[k].iov_len);
		done += (uint32_t)iov[k].iov_len;
	}
	fifo_publish(w, done);
	return (ssize_t)done;
}

/* All but the last byte as any other; that one is marked before it is seen. */
static size_t put_urgent(struct shm_fifo *f, struct fifo_end *w, uint32_t limit,
	const struct iovec *iov, int n, bool oobinline)
{
	struct iovec last = iov[n - 1];
	size_t done = 0;

	for (int k = 0; k < n - 1; k++) {
		size_t some = stream_put(w, limit, &iov[k], 1, 0);

		done += some;
		if (some < iov[k].iov_len)
			return done;
	}
	last.iov_len--;
	if (last.iov_len > 0) {
		size_t some = stream_put(w, limit, &last, 1, 0);

		done += some;
		if (some < last.iov_len)
			return done;
	}
	if (room_below(w, limit) == 0)
		return done;
	sock_urgent_put(f, w->own, oobinline);
	fifo_poke(w, 0, (const uint8_t *)last.iov_base + last.iov_len, 1);
	fifo_publish(w, 1);
	return done + 1;
}

struct putting {
	const struct shm_sock *s;
	uint32_t marks; /* enum shm_write_mark; NET */
	size_t total;
	bool urgent, oobinline; /* the reader's option */
	bool behind; /* what is held, or to be held: `hold` has the rest */
	struct hold_write hold; /* LOCAL */
};

/* Rare: out of the others' way. */
static __attribute__((noinline)) size_t put_behind(const struct sock_env *e,
	struct shm_fifo *f,
	struct fifo_end *w, uint32_t limit, const struct iovec *iov, int n,
	size_t skip, struct putting *p)
{
	struct holding h = { f, sock_rx(e, p->s), sock_now(e),
		p->s->local.family == IP_V6 };

	p->hold.total = p->total;
	return hold_put(&h, w, limit, iov, n, skip, &p->hold);
}

/* Before the bytes: they count if all of them go, as on Linux. Relaxed: published with
 * the tail. */
static void mark_write(struct shm_fifo *f, uint32_t end, uint32_t marks)
{
	atomic_put_relaxed(&f->marks, marks);
	atomic_put_relaxed(&f->mark_at, end);
}

/* Does all of it fit, as far as head was known when last looked at? Only what the
 * reader has released since may be missing; its line is left alone. */
static bool fits_surely(struct shm_fifo *f, const struct fifo_end *w, size_t total)
{
	/* w_lock orders it; pairs with look_at_head(). */
	uint32_t used = w->own - atomic_get_relaxed(&f->head_seen);
	uint32_t limit = atomic_get_relaxed(&f->limit);

	return used <= w->size && total <= PIECE && limit <= w->size &&
		used + total <= limit && atomic_get_relaxed(&f->goal) == 0;
}

/* Bytes that are unread, -EPROTO. */
static int64_t look_at_head(struct shm_fifo *f, const struct fifo_end *w)
{
	int64_t used = fifo_writer_used(w);

	if (used >= 0)
		atomic_put_relaxed(&f->head_seen, w->own - (uint32_t)used);
	return used;
}

/* Full. Say so, then look again, also after a part: who waits for an edge of POLLOUT
 * then must get one. Pairs with the reader's release of head, fence, look at nospace.
 * Room below what limit? */
static uint32_t say_full(const struct sock_env *e, const struct putting *p,
	struct shm_fifo *f, const struct fifo_end *w)
{
	atomic_put_relaxed(&f->nospace, 1);
	atomic_full_fence();
	return room_limit(e, p->s, f, w);
}

/* What fits, after a look at head. Bytes, -EAGAIN, -EFAULT. */
static ssize_t put_what_fits(const struct sock_env *e, struct shm_fifo *f,
	struct fifo_end *w, const struct iovec *iov, int n, struct putting *p)
{
	uint32_t limit = room_limit(e, p->s, f, w);
	size_t done, more;

	if (p->marks)
		mark_write(f, w->own + (uint32_t)p->total, p->marks);
	if (p->urgent && hold_any(f))
		hold_show(f, w);
	if (p->behind)
		done = put_behind(e, f, w, limit, iov, n, 0, p);
	else
		done = p->urgent ? put_urgent(f, w, limit, iov, n, p->oobinline) :
				   stream_put(w, limit, iov, n, 0);
	while (done < p->total) {
		limit = say_full(e, p, f, w);
		if (room_below(w, limit) == 0)
			break;
		if (p->urgent)
			break; /* the caller comes again, with the rest */
		more = p->behind ? put_behind(e, f, w, limit, iov, n, done, p) :
				   stream_put(w, limit, iov, n, done);
		if (more == 0) /* there was room: it cannot be read */
			return done > 0 ? (ssize_t)done : -EFAULT;
		done += more;
	}
	return done > 0 ? (ssize_t)done : -EAGAIN;
}

static ssize_t put_into(const struct sock_env *e, struct shm_fifo *f,
	struct fifo_end *w, const struct iovec *iov, int n, struct putting *p)
{
	bool sure;

	if (hold_any(f) && !p->urgent)
		p->behind = true;
	sure = !p->urgent && p->marks == 0 && !p->behind &&
		fits_surely(f, w, p->total);
	if (!sure && look_at_head(f, w) < 0)
		return -EPROTO;
	/* The end of a stream is set under the same lock. */
	if (atomic_get_relaxed(&f->fin) != SHM_FIN_NONE)
		return -EPIPE;
	/* As Linux, which fills a buffer of its own at a time: nothing of it goes
	 * if a part cannot be read. */
	if (!sock_can_read(iov, n, p->urgent ? p->total : PIECE))
		return -EFAULT;
	return sure ? put_all(w, iov, n) : put_what_fits(e, f, w, iov, n, p);
}

/* Under w_lock. Bytes taken, -EPIPE after shutdown, -EPROTO. */
static ssize_t put_locked(const struct sock_env *e, uint32_t fifo,
	struct shm_fifo *f, const struct iovec *iov, int n,
	struct putting *p)
{
	struct fifo_end w;
	int r = shm_kept_writer(e->arena, fifo, &w);
	ssize_t done;

	if (r < 0)
		return r;
	done = put_into(e, f, &w, iov, n, p);
	if (done != -EPROTO)
		shm_kept_written(e->arena, fifo, &w);
	return done;
}

/* Nobody reads any more: a reset comes back, which the write after this one sees; or this
 * one, if it is long. */
static ssize_t swallow(struct sock_env *e, uint32_t i, struct shm_sock *s,
	size_t total, struct sock_effect *fx)
{
	struct shm_sock *p;
	uint32_t at;

	/* Linux's tcp_rcv_state_process() in FIN_WAIT, shut for reading: it resets
	 * itself, too. */
	p = sock_flags(s) & SHM_F_PEER_DEAF ? sock_local_peer(e, s, &at) : NULL;
	if (p)
		fx->ring = sock_fail(e, at, ECONNRESET, true);
	sock_tw_reset(e, s);
	sock_set_error(s, EPIPE); /* Linux's tcp_reset() in CLOSE_WAIT */
	atomic_put_release(&s->state, SHM_SOCK_DEAD); /* pairs: sock_state() */
	sock_notify(e, i, POLLERR | POLLHUP | IN_EVENTS | OUT_EVENTS);
	return total < RESET_SEEN ? (ssize_t)total : RESET_SEEN;
}

uint32_t sock_send_room(struct sock_env *e, uint32_t i)
{
	struct shm_sock *s = sock_live(e, i);
	struct shm_fifo *f = s ? sock_tx(e, s) : NULL;
	uint32_t used, limit;
	struct fifo_end w;
	int64_t n;

	/* Whatever comes is taken, or refused at once. */
	if (!f || sock_state(s) != SHM_SOCK_CONNECTED ||
		(sock_flags(s) & (SHM_F_PEER_GONE | SHM_F_WRSHUT)))
		return UINT32_MAX;
	if (shm_fifo_writer(e->arena, sock_once(&s->tx), &w) < 0)
		return UINT32_MAX;
	n = fifo_writer_used(&w);
	if (n < 0)
		return UINT32_MAX;
	used = (uint32_t)n;
	used += hold_bytes(f);
	limit = room_limit(e, s, f, &w);
	return used < limit ? limit - used : 0;
}

/* Something was published in (or taken from) a fifo of s: wake the other end. */
static bool tell_other_end(struct sock_env *e, uint32_t i,
	const struct shm_sock *s, unsigned events)
{
	uint32_t p;

	if (atomic_get_relaxed(&s->via) == SHM_VIA_NET)
		return sock_want_service(e, i);
	return sock_local_peer(e, s, &p) && sock_notify(e, p, events);
}

/* MSG_OOB: who reads it, and how. */
static void plan_urgent(const struct sock_env *e, const struct shm_sock *s,
	struct putting *p)
{
	struct shm_sock *peer;
	uint32_t at;

	p->urgent = p->total > 0;
	p->oobinline = true; /* NET: the far host sees to it */
	if (atomic_get_relaxed(&((struct shm_sock *)s)->via) != SHM_VIA_LOCAL)
		return;
	peer = sock_local_peer(e, s, &at);
	if (peer)
		p->oobinline = sock_has_opt(peer, SHM_O_OOBINLINE);
}

/* Without pieces of no length at the end: the last byte is the urgent one. */
static int trim_pieces(const struct iovec *iov, int n)
{
	while (n > 0 && iov[n - 1].iov_len == 0)
		n--;
	return n;
}

/* What the rare flags mean here. */
static void plan_flags(const struct sock_env *e, const struct shm_sock *s, int flags,
	struct putting *p)
{
	struct shm_sock *peer;
	uint32_t at;

	if (atomic_get_relaxed(&((struct shm_sock *)s)->via) != SHM_VIA_LOCAL) {
		p->marks = (flags & MSG_MORE ? SHM_WRITE_MORE : 0) |
			(flags & MSG_EOR ? SHM_WRITE_EOR : 0);
		return;
	}
	/* Not from who cannot look at the time: a listener who waits for bytes, the
	 * owner of a reader with O_ASYNC. */
	peer = sock_local_peer(e, s, &at);
	if (!e->now || (flags & MSG_OOB) || (sock_flags(s) & SHM_F_DEFERRED) ||
		!peer || (atomic_get_relaxed(&peer->rx_wait) & SHM_WAIT_ASYNC))
		return;
	p->hold.more = flags & MSG_MORE;
	p->hold.cork = sock_has_opt(s, SHM_O_CORK);
	p->behind = p->hold.more || p->hold.cork;
}

/* Of what went behind what is held: is it to be seen, or to be waited for? */
static bool tell_behind(struct sock_env *e, uint32_t i, const struct shm_sock *s,
	const struct putting *p)
{
	bool ring = p->hold.shown && tell_other_end(e, i, s, IN_EVENTS);
	uint32_t at;

	if (p->hold.began && sock_local_peer(e, s, &at))
		ring |= hold_tell(e, at, sock_now(e) + HOLD_NS);
	return ring;
}

void sock_push(struct sock_env *e, uint32_t i, struct sock_effect *fx)
{
	struct shm_sock *s = sock_live(e, i);
	uint32_t tx = s ? sock_once(&s->tx) : 0;
	struct shm_fifo *f = shm_fifo_at(e->arena, tx);
	struct fifo_end w;
	bool net;

	*fx = (struct sock_effect){ 0 };
	if (!f || !sock_is_stream(s))
		return;
	net = atomic_get_relaxed(&s->via) == SHM_VIA_NET;
	if (!(net || hold_any(f)) || !shm_lock_acquire(e->arena, &f->w_lock))
		return;
	if (net)
		mark_write(f, atomic_get_relaxed(&f->sh.tail), 0);
	else if (shm_kept_writer(e->arena, tx, &w) == 0)
		hold_show_kept(e, tx, f, &w);
	shm_lock_release(e->arena, &f->w_lock);
	fx->ring = tell_other_end(e, i, s, IN_EVENTS);
}

ssize_t sock_send(struct sock_env *e, uint32_t i, const struct iovec *iov, int n,
	int flags, struct sock_effect *fx)
{
	struct shm_sock *s = sock_live(e, i);
	struct putting p = { .total = sock_iov_total(iov, n), .s = s };
	struct shm_fifo *f;
	ssize_t done;
	uint32_t tx;
	int r;

	*fx = (struct sock_effect){ 0 };
	if (!s)
		return -EBADF;
	r = send_verdict(s);
	if (r < 0)
		return r;
	if (p.total == 0)
		return 0;
	if (sock_flags(s) & (SHM_F_PEER_GONE | SHM_F_PEER_DEAF | SHM_F_PEER_STAMPS)) {
		if (sock_flags(s) & (SHM_F_PEER_GONE | SHM_F_PEER_DEAF))
			return swallow(e, i, s, p.total, fx);
		sock_stamp_now(e, sock_local_peer(e, s, &tx));
	}
	if (flags & MSG_OOB) {
		n = trim_pieces(iov, n);
		plan_urgent(e, s, &p);
	}
	if ((flags & (MSG_MORE | MSG_EOR)) || sock_has_opt(s, SHM_O_CORK))
		plan_flags(e, s, flags, &p);
	tx = sock_once(&s->tx);
	f = shm_fifo_at(e->arena, tx);
	if (!f)
		return -ENOTCONN;
	if (!shm_lock_acquire(e->arena, &f->w_lock))
		return -EAGAIN;
	done = put_locked(e, tx, f, iov, n, &p);
	shm_lock_release(e->arena, &f->w_lock);
	if (done == -EPROTO) {
		sock_fail(e, i, ECONNRESET, true);
		return sock_take_error(s);
	}
	if (done > 0)
		sock_count(&s->bytes_out, (uint64_t)done);
	if (p.behind) {
		fx->ring = tell_behind(e, i, s, &p);
	} else if (done > 0) {
		fx->ring = tell_other_end(e, i, s,
			p.urgent ? IN_EVENTS | POLLPRI : IN_EVENTS);
		fx->urgent = p.urgent && (size_t)done == p.total;
	}
	return done;
}

ssize_t sock_send_early(struct sock_env *e, struct shm_sock *s,
	const struct iovec *iov, int n, uint32_t most)
{
	uint32_t tx = sock_once(&s->tx);
	struct shm_fifo *f = shm_fifo_at(e->arena, tx);
	struct putting p = { 0 };
	ssize_t done = 0;

	if (!f || !shm_lock_acquire(e->arena, &f->w_lock))
		return -EAGAIN;
	for (int k = 0; k < n && most > 0; k++) {
		struct iovec one = iov[k];
		ssize_t some;

		if (one.iov_len > most)
			one.iov_len = most;
		p.total = one.iov_len;
		some = p.total ? put_locked(e, tx, f, &one, 1, &p) : 0;
		if (some > 0) {
			done += some;
			most -= (uint32_t)some;
		}
		if (some < (ssize_t)p.total)
			break;
	}
	shm_lock_release(e->arena, &f->w_lock);
	if (done > 0)
		sock_count(&s->bytes_out, (uint64_t)done);
	return done;
}

/* --- receiving --- */

/* What an empty queue means. fin was loaded before the queue was found empty. The
 * order is that of Linux's tcp_recvmsg(). */
static ssize_t empty_verdict(struct shm_sock *s, uint32_t fin)
{
	uint32_t state = sock_state(s);
	int err;

	if (fin == SHM_FIN_EOF) {
		atomic_set_bits(&s->flags, SHM_F_FIN_SEEN);
		return 0;
	}
	err = sock_take_error(s);
	if (err)
		return err;
	if ((sock_flags(s) & SHM_F_RDSHUT) || state == SHM_SOCK_DEAD)
		return 0;
	return state == SHM_SOCK_OPEN ? -ENOTCONN : -EAGAIN;
}

/* Copy (or skip: MSG_TRUNC) up to `avail` bytes from the reading end into iov, after
 * `hole` that nobody gets; released as it goes unless MSG_PEEK. */
static size_t get_bytes(struct fifo_end *r, uint32_t hole, uint32_t avail,
	const struct iovec *iov, int n, int flags)
{
	size_t done = 0;

	if (hole > 0 && !(flags & MSG_PEEK)) {
		fifo_release(r, hole);
		hole = 0;
	}
	for (int k = 0; k < n && avail > 0; k++) {
		uint8_t *p = iov[k].iov_base;
		size_t left = iov[k].iov_len;

		while (left > 0 && avail > 0) {
			uint32_t len = left < PIECE ? (uint32_t)left : PIECE;

			if (len > avail)
				len = avail;
			/* The first were looked at before (get_locked). */
			if (done + len > PIECE && !(flags & MSG_TRUNC) &&
				!touch_write(p, len))
				return done;
			if (!(flags & MSG_TRUNC))
				fifo_peek(r, flags & MSG_PEEK ?
					hole + (uint32_t)done : 0, p, len);
			if (!(flags & MSG_PEEK))
				fifo_release(r, len);
			p += len;
			left -= len;
			avail -= len;
			done += len;
		}
	}
	return done;
}

/* NET: has the window opened so much since the last report that the service's TCP
 * should tell the other host (RFC 9293 3.8.6.2.2)? Under r_lock. */
static bool report_due(struct shm_fifo *f, const struct fifo_end *r, bool full)
{
	uint32_t told = atomic_get_relaxed(&f->told); /* r_lock orders it */
	uint32_t goal = atomic_get_relaxed(&f->goal); /* a figure, the service's */

	if (goal == 0)
		goal = atomic_get_relaxed(&f->limit) / 4;
	if (!full && r->own - told < goal)
		return false;
	atomic_put_relaxed(&f->told, r->own);
	return true;
}

struct got {
	ssize_t n;
	uint32_t fin;
	bool wake_writer, report;
};

/* What one call takes. */
struct taking {
	const struct iovec *iov;
	int n, flags;
	uint32_t from; /* bytes that a look passes over (SO_PEEK_OFF) */
	bool oobinline;
};

/* All that is there, where one piece takes it and it lies beside tail. */
static bool get_near(struct fifo_end *r, uint32_t avail, const struct taking *t)
{
	if (avail > FIFO_NEAR || t->n == 0 || t->iov[0].iov_len < avail ||
		(t->flags & (MSG_PEEK | MSG_TRUNC)) ||
		!fifo_peek_near(r, avail, t->iov[0].iov_base))
		return false;
	fifo_release(r, avail);
	return true;
}

static struct got get_locked(const struct sock_env *e, uint32_t fifo,
	struct shm_fifo *f, const struct taking *t)
{
	const struct iovec *iov = t->iov;
	int n = t->n, flags = t->flags;
	struct got g = { 0 };
	uint32_t avail, hole = 0;
	struct fifo_end r;
	int64_t used;
	bool urgent;

	/* fin first: what was written before it is then seen below. Pairs with
	 * the release of fin. */
	g.fin = atomic_get_acquire(&f->fin);
	g.n = shm_fifo_reader(e->arena, fifo, &r);
	if (g.n < 0)
		return g;
	used = fifo_reader_used(&r);
	if (used <= 0) {
		g.n = used < 0 ? -EPROTO : -EAGAIN;
		return g;
	}
	avail = (uint32_t)used;
	urgent = sock_urgent_any(f);
	if (urgent)
		avail = sock_urgent_plan(f, &r, avail, t->oobinline, &hole);
	if (t->from > 0) {
		hole += t->from;
		avail = avail > t->from ? avail - t->from : 0;
	}
	if (!(flags & MSG_TRUNC) && !sock_can_write(iov, n, avail < PIECE ? avail :
		PIECE)) {
		g.n = -EFAULT;
		return g;
	}
	if (avail == (uint32_t)used && hole == 0 && get_near(&r, avail, t))
		g.n = (ssize_t)avail;
	else
		g.n = (ssize_t)get_bytes(&r, hole, avail, iov, n, flags);
	if (!(flags & MSG_PEEK)) {
		if (urgent)
			sock_urgent_passed(f, r.own);
		g.wake_writer = room_came(f, &r);
		g.report = report_due(f, &r, (uint32_t)used >=
			atomic_get_relaxed(&f->limit));
	}
	if (avail == 0) /* nothing but the urgent byte */
		g.n = -EAGAIN;
	return g;
}

static ssize_t recv_urgent(const struct sock_env *e, struct shm_sock *s,
	struct shm_fifo *f, uint32_t rx, const struct iovec *iov, int n, int flags)
{
	uint32_t state = sock_state(s);
	uint8_t byte;
	ssize_t got;

	if (sock_has_opt(s, SHM_O_OOBINLINE) || !f)
		return -EINVAL;
	if (!shm_lock_acquire(e->arena, &f->r_lock))
		return -EAGAIN;
	got = sock_urgent_take(e, rx, f, &byte, flags & MSG_PEEK);
	shm_lock_release(e->arena, &f->r_lock);
	if (got != -EINVAL && state == SHM_SOCK_DEAD &&
		atomic_get_relaxed(&f->fin) != SHM_FIN_EOF)
		return -ENOTCONN; /* reset: Linux's CLOSE without SOCK_DONE */
	if (got == -EAGAIN && ((sock_flags(s) & SHM_F_RDSHUT) ||
			atomic_get_relaxed(&f->fin) != SHM_FIN_NONE))
		return 0;
	if (got != 1)
		return got;
	for (int k = 0; k < n; k++) {
		if (iov[k].iov_len == 0)
			continue;
		if (!(flags & MSG_TRUNC))
			*(uint8_t *)iov[k].iov_base = byte;
		return 1;
	}
	return 0;
}

/* Linux's sk_peek_offset_fwd() and _bwd(). */
static void move_offset(struct shm_sock *s, int64_t by)
{
	int64_t off = s->opts.peek_off;

	if (off < 0)
		return;
	off += by;
	s->opts.peek_off = off < 0 ? 0 : off > INT32_MAX ? INT32_MAX : (int32_t)off;
}

uint32_t sock_peek_from(const struct shm_sock *s)
{
	int32_t off = sock_has_opt(s, SHM_O_PEEK_OFF) ? s->opts.peek_off : 0;

	return off > 0 ? (uint32_t)off : 0;
}

void sock_peeked(struct sock_env *e, uint32_t i, size_t n)
{
	struct shm_sock *s = sock_live(e, i);

	if (s && sock_has_opt(s, SHM_O_PEEK_OFF))
		move_offset(s, (int64_t)n);
}

ssize_t sock_recv(struct sock_env *e, uint32_t i, const struct iovec *iov, int n,
	int flags, struct sock_effect *fx)
{
	struct shm_sock *s = sock_live(e, i);
	struct taking t = { .iov = iov, .n = n, .flags = flags };
	struct shm_fifo *f;
	struct got g;
	uint32_t rx;

	*fx = (struct sock_effect){ 0 };
	if (!s)
		return -EBADF;
	if ((flags & MSG_ERRQUEUE))
		return -EAGAIN; /* always empty */
	if (sock_state(s) == SHM_SOCK_LISTEN)
		return -ENOTCONN;
	rx = sock_once(&s->rx);
	f = shm_fifo_at(e->arena, rx);
	if (flags & MSG_OOB)
		return recv_urgent(e, s, f, rx, iov, n, flags);
	if (!f)
		return empty_verdict(s, SHM_FIN_NONE);
	if (hold_any(f))
		hold_look(e, s, f);
	if (!shm_lock_acquire(e->arena, &f->r_lock))
		return -EAGAIN;
	t.oobinline = sock_has_opt(s, SHM_O_OOBINLINE);
	if (flags & MSG_PEEK)
		t.from = sock_peek_from(s);
	g = get_locked(e, rx, f, &t);
	shm_lock_release(e->arena, &f->r_lock);
	if (g.n == -EPROTO) {
		sock_fail(e, i, ECONNRESET, true);
		return sock_take_error(s);
	}
	if (g.n == -EAGAIN)
		return empty_verdict(s, g.fin);
	if ((flags & MSG_PEEK) || g.n < 0)
		return g.n;
	sock_count(&s->bytes_in, (uint64_t)g.n);
	if (sock_has_opt(s, SHM_O_PEEK_OFF))
		move_offset(s, -g.n);
	if (g.wake_writer ||
		(g.report && atomic_get_relaxed(&s->via) == SHM_VIA_NET))
		fx->ring = tell_other_end(e, i, s, OUT_EVENTS);
	return g.n;
}
