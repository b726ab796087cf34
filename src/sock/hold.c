/* What MSG_MORE and TCP_CORK hold back within the host.
 *
 *	     head        tail              held_to
 *	      |== unread ==|== written, held ==|
 *
 * Held bytes lie in their place, and count for the buffer's size, but the tail does
 * not: the reader does not see them. As on Linux they go
 *
 *	with the next write that may go, or as a full segment (of TCP_CORK: as many
 *	full ones as there are), or when the buffer is full
 *	when TCP_CORK is taken back or TCP_NODELAY set, at shutdown() and close()
 *	MSG_MORE's: with any segment of the other side; hence also all, when there
 *	was a full one, which is acknowledged
 *	after 204 ms (Linux: the probe timer)
 *
 * Nobody runs a clock for that: who reads looks at the time. The writer rings for a
 * reader who sleeps, when he begins to hold; he then sleeps no longer than that. And
 * a program that was killed, or has closed, leaves its bytes to who sees the end.
 *
 * held_at, held_to and the tail are stored in an order in which a writer may be killed
 * between any two: what lies up to held_to has been written, and a held_to behind the
 * tail is nothing.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "hold.h"
#include "timewait.h"

/* Linux's on its loopback, at first: half a window. */
#define SEGMENT4 32741u
#define SEGMENT6 32732u
#define PIECE (64u << 10)

/* held_at: when it began, in ms, and two bits. */
#define HELD 1u
#define HELD_BY_CORK 2u
#define HELD_MS_SHIFT 2
#define NS_PER_MS INT64_C(1000000)

static uint32_t stamp(int64_t now)
{
	return (uint32_t)(now / NS_PER_MS) << HELD_MS_SHIFT | HELD;
}

/* Of a hold that began at `at`. */
static uint32_t elapsed_ms(uint32_t at, int64_t now)
{
	return (stamp(now) - (at & ~HELD_BY_CORK)) >> HELD_MS_SHIFT;
}

static uint32_t held_behind(const struct shm_fifo *f, uint32_t tail)
{
	uint32_t n = atomic_get_relaxed(&((struct shm_fifo *)f)->held_to) - tail;

	return hold_any(f) && n <= FIFO_SIZE_MAX ? n : 0;
}

uint32_t hold_bytes(const struct shm_fifo *f)
{
	/* Relaxed: the writer's own, or a figure. */
	return held_behind(f, atomic_get_relaxed(&((struct shm_fifo *)f)->sh.tail));
}

void hold_show(struct shm_fifo *f, struct fifo_end *w)
{
	uint32_t n = held_behind(f, w->own);

	if (n > 0 && n <= fifo_writer_space(w))
		fifo_publish(w, n);
	atomic_put_release(&f->held_at, 0); /* after the tail; pairs with hold_any() */
}

/* Has Linux sent them by now? */
static bool is_due(const struct holding *h)
{
	uint32_t at = atomic_get_acquire(&h->f->held_at);

	if (at == 0)
		return false;
	if (!(at & HELD_BY_CORK) && h->other && h->other != h->f &&
		atomic_get_relaxed(&h->other->sh.tail) !=
			atomic_get_relaxed(&h->f->held_other))
		return true;
	return elapsed_ms(at, h->now) >= HOLD_NS / NS_PER_MS;
}

/* How many of `n` behind the tail stay held. */
static uint32_t to_keep(const struct holding *h, const struct hold_write *p, uint32_t n,
	bool full)
{
	uint32_t segment = h->v6 ? SEGMENT6 : SEGMENT4;

	if (full || !(p->more || p->cork))
		return 0;
	if (p->cork)
		return n % segment;
	return n < segment ? n : 0;
}

static void keep(const struct holding *h, struct fifo_end *w, uint32_t end,
	uint32_t kept, struct hold_write *p)
{
	uint32_t at = atomic_get_relaxed(&h->f->held_at);

	if (kept > 0) {
		p->began |= at == 0;
		at = (at ? at : stamp(h->now)) & ~HELD_BY_CORK;
		at |= p->cork ? HELD_BY_CORK : 0;
		atomic_put_relaxed(&h->f->held_other, h->other ?
			atomic_get_relaxed(&h->other->sh.tail) : 0);
		atomic_put_relaxed(&h->f->held_to, end);
		/* Pairs with the reader's look: the words before it are there. */
		atomic_put_release(&h->f->held_at, at);
	}
	if (end - kept != w->own) {
		p->shown = true;
		fifo_publish(w, end - kept - w->own);
	}
	if (kept == 0)
		atomic_put_release(&h->f->held_at, 0); /* as in hold_show() */
}

size_t hold_put(const struct holding *h, struct fifo_end *w, uint32_t limit,
	const struct iovec *iov, int n, size_t skip, struct hold_write *p)
{
	struct fifo_shared aside; /* where stream_put() may publish */
	struct fifo_end g = *w;
	uint32_t held, most;
	size_t done = 0, some;
	bool all, full;

	if (is_due(h)) {
		hold_show(h->f, w);
		p->shown = true;
	}
	held = held_behind(h->f, w->own);
	if (held > fifo_writer_space(w))
		held = 0; /* scribbled over */
	g.sh = &aside;
	g.own = w->own + held;
	do {
		/* Pairs with fifo_release(). */
		atomic_put_relaxed(&aside.head, atomic_get_acquire(&w->sh->head));
		most = g.own - atomic_get_relaxed(&aside.head) + PIECE;
		some = stream_put(&g, most < limit ? most : limit, iov, n, skip + done);
		done += some;
		all = skip + done == p->total;
		/* Full; or a long one, whose first part is read meanwhile: it had a
		 * full segment, so nothing of MSG_MORE's is held. */
		full = (!all && some < PIECE) || (!p->cork && done > PIECE);
		keep(h, w, g.own, to_keep(h, p, g.own - w->own, full), p);
	} while (some == PIECE && !all);
	return done;
}

/* --- who reads --- */

static void show_locked(const struct sock_env *e, uint32_t fifo, struct holding *h,
	bool all)
{
	struct fifo_end w;

	if (hold_any(h->f) && (all || is_due(h)) &&
		shm_kept_writer(e->arena, fifo, &w) == 0)
		hold_show_kept(e, fifo, h->f, &w);
}

static void look(const struct sock_env *e, struct shm_sock *s, struct shm_fifo *rx,
	bool all)
{
	struct holding h = { .f = rx, .other = sock_tx(e, s), .now = sock_now(e) };

	if (!(all || is_due(&h)) || !shm_lock_acquire(e->arena, &rx->w_lock))
		return;
	show_locked(e, sock_once(&s->rx), &h, all);
	shm_lock_release(e->arena, &rx->w_lock);
}

void hold_look(const struct sock_env *e, struct shm_sock *s, struct shm_fifo *rx)
{
	look(e, s, rx, false);
}

void hold_end(const struct sock_env *e, struct shm_sock *s, bool reset)
{
	struct shm_fifo *rx = sock_rx(e, s);

	if (rx && hold_any(rx))
		look(e, s, rx, !reset);
}

int64_t sock_held_until(struct sock_env *e, uint32_t i)
{
	struct shm_sock *s = sock_live(e, i);
	struct shm_fifo *rx = s && sock_is_stream(s) ? sock_rx(e, s) : NULL;
	struct holding h;
	uint32_t ms;

	if (!rx || !hold_any(rx))
		return 0;
	h = (struct holding){ .f = rx, .other = sock_tx(e, s), .now = sock_now(e) };
	if (is_due(&h))
		return h.now;
	ms = elapsed_ms(atomic_get_relaxed(&rx->held_at), h.now);
	return h.now + HOLD_NS - ms * NS_PER_MS;
}
