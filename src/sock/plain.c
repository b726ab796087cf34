/* The short way of a stream within the host (sock/plain.h). It leaves out what cannot be
 * the case, no more: locks, checks of what others wrote, and the order of publishing and
 * looking are those of stream.c and notify.c.
 *
 *	send	w_lock [not held back, no end, room as last seen: copy, tail]
 *		fence, rx_wait? watch?
 *	recv	r_lock [tail: copy, head]  fence, nospace?
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#include "inside.h"

#include <poll.h>

#include "hold.h"
#include "room.h"
#include "sock/plain.h"
#include "urgent.h"

#define PLAIN_MAX (64u << 10) /* bytes: what stream.c publishes, or releases, at once */
#define SEND_RARE (SHM_F_WRSHUT | SHM_F_PEER_GONE | SHM_F_PEER_DEAF | \
	SHM_F_PEER_STAMPS | SHM_F_TX_STAMPS)
#define PEER_RARE (SHM_F_MAYBE_CLOSED | SHM_F_EMBRYO) /* sock_peer_doubt() */

static inline bool is_connected_here(struct shm_sock *s)
{
	return sock_state(s) == SHM_SOCK_CONNECTED &&
		atomic_get_relaxed(&s->via) == SHM_VIA_LOCAL;
}

bool sock_send_plain(struct sock_env *e, struct shm_sock *s, const void *p, size_t n,
	bool *ring)
{
	uint32_t at = sock_once(&s->peer);
	struct shm_sock *peer = sock_at(e, at);
	struct shm_fifo *f = shm_fifo_at(e->arena, sock_once(&s->tx));
	bool done;

	if (n == 0 || n > PLAIN_MAX || !is_connected_here(s) || !f || !peer ||
		(sock_flags(s) & SEND_RARE) || atomic_get_relaxed(&s->so_error) != 0 ||
		sock_has_opt(s, SHM_O_CORK))
		return false;
	/* Pairs with the peer's record being taken anew. */
	if (atomic_get_acquire(&peer->gen) != sock_once(&s->peer_gen) ||
		(sock_flags(peer) & PEER_RARE) || sock_state(peer) == SHM_SOCK_FREE)
		return false;
	if (!touch_read(p, n) || !shm_lock_take_free(e->arena, &f->w_lock))
		return false;
	/* The end of a stream, and what is held, are set under the same lock. */
	done = !hold_any(f) && atomic_get_relaxed(&f->fin) == SHM_FIN_NONE &&
		shm_kept_put(e->arena, f, p, (uint32_t)n);
	shm_lock_release(e->arena, &f->w_lock);
	if (!done)
		return false;
	sock_count(&s->bytes_out, n);
	*ring = sock_notify(e, at, POLLIN | POLLRDNORM);
	return true;
}

/* Under r_lock. */
static inline size_t take(struct sock_env *e, struct shm_fifo *f, uint32_t rx, void *p,
	size_t n)
{
	/* Ours, and the other's (pairs with the release in fifo_publish()). */
	uint32_t own = atomic_get_relaxed(&f->sh.head);
	uint32_t used = atomic_get_acquire(&f->sh.tail) - own;
	struct fifo_end r;

	/* After tail: the mark is up before its byte is published. */
	if (used == 0 || sock_urgent_any(f))
		return 0;
	/* No ring is smaller than that. */
	if (used <= FIFO_NEAR && used <= n && touch_write(p, used) &&
		fifo_shared_near(&f->sh, own, used, p)) {
		/* Pairs with the acquire in fifo_writer_used(). */
		atomic_put_release(&f->sh.head, own + used);
		return used;
	}
	if (shm_fifo_reader(e->arena, rx, &r) < 0 || used > r.size)
		return 0;
	if (n > used)
		n = used;
	if (n > PLAIN_MAX || !touch_write(p, n))
		return 0;
	fifo_peek(&r, 0, p, (uint32_t)n);
	fifo_release(&r, (uint32_t)n);
	return n;
}

static __attribute__((noinline)) bool tell_writer(struct sock_env *e, struct shm_sock *s,
	struct shm_fifo *f, uint32_t rx)
{
	struct fifo_end r;
	uint32_t at;

	return shm_fifo_reader(e->arena, rx, &r) == 0 && room_came(f, &r) &&
		sock_local_peer(e, s, &at) && sock_notify(e, at, POLLOUT | POLLWRNORM);
}

size_t sock_recv_plain(struct sock_env *e, struct shm_sock *s, void *p, size_t n,
	bool *ring)
{
	uint32_t rx = sock_once(&s->rx);
	struct shm_fifo *f = shm_fifo_at(e->arena, rx);
	size_t got;

	if (n == 0 || !f || !is_connected_here(s) || sock_has_opt(s, SHM_O_PEEK_OFF) ||
		sock_once(&s->opts.rcvlowat) > 1)
		return 0;
	/* Empty: a look, which decides nothing. */
	if (atomic_get_relaxed(&f->sh.tail) == atomic_get_relaxed(&f->sh.head) ||
		hold_any(f) || !shm_lock_take_free(e->arena, &f->r_lock))
		return 0;
	got = take(e, f, rx, p, n);
	shm_lock_release(e->arena, &f->r_lock);
	if (got == 0)
		return 0;
	sock_count(&s->bytes_in, got);
	/* Pairs with the writer's nospace, fence, look at head. */
	atomic_full_fence();
	*ring = atomic_get_relaxed(&f->nospace) != 0 && tell_writer(e, s, f, rx);
	return got;
}
