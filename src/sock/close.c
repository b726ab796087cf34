/* The ends of a socket: shutdown(2), a descriptor closed, the local peer's death,
 * and the service's sweep.
 *
 * A local pair's two fifos belong to both records; they are freed with the second.
 * Whether the other is still there is read off its generation, so it does not
 * matter in which order a connector, its embryo and their listener go.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "hold.h"
#include "timewait.h"
#include "packet.h"

#include <netinet/tcp.h>
#include <poll.h>

#include "sock/info.h"

#define ALL_EVENTS (POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM | POLLRDHUP | \
	POLLHUP | POLLERR)
#define END_EVENTS (POLLIN | POLLRDNORM | POLLRDHUP | POLLHUP)

/* --- shutdown --- */

static bool send_fin(struct sock_env *e, uint32_t i, struct shm_sock *s)
{
	uint32_t none = SHM_FIN_NONE, p, tx = sock_once(&s->tx);
	struct shm_fifo *f = shm_fifo_at(e->arena, tx);
	struct fifo_end w;

	atomic_set_bits(&s->flags, SHM_F_WRSHUT);
	if (atomic_get_relaxed(&s->fin_at) == 0)
		atomic_put_relaxed(&s->fin_at, (uint64_t)sock_now(e));
	if (f && shm_lock_acquire(e->arena, &f->w_lock)) {
		if (hold_any(f) && shm_kept_writer(e->arena, tx, &w) == 0)
			hold_show_kept(e, tx, f, &w);
		/* After the last bytes: release, pairs with sock_recv(). */
		atomic_cas(&f->fin, &none, SHM_FIN_EOF);
		shm_lock_release(e->arena, &f->w_lock);
	}
	if (atomic_get_relaxed(&s->via) == SHM_VIA_NET)
		return sock_want_service(e, i);
	return sock_local_peer(e, s, &p) && sock_notify(e, p, END_EVENTS);
}

/* The other end's next send finds out: by a mark, or by TCP's reset. True: ring. */
static bool turn_deaf(struct sock_env *e, uint32_t i, struct shm_sock *s)
{
	struct shm_sock *p;
	uint32_t at;

	if (atomic_get_relaxed(&s->via) == SHM_VIA_NET)
		return sock_want_service(e, i);
	p = sock_local_peer(e, s, &at);
	if (p)
		atomic_set_bits(&p->flags, SHM_F_PEER_DEAF);
	return false;
}

/* Linux: CLOSING and LAST-ACK are still connections; those by packets have them. */
bool sock_is_ending(const struct shm_sock *s)
{
	uint32_t state = sock_once(&s->info[SOCK_INFO_STATE]);

	return atomic_get_relaxed(&s->via) == SHM_VIA_NET &&
		(state == TCP_CLOSING || state == TCP_LAST_ACK);
}

static int shutdown_stream(struct sock_env *e, uint32_t i, struct shm_sock *s,
	int how, struct sock_effect *fx)
{
	bool rd = how != SHUT_WR, wr = how != SHUT_RD;

	switch (sock_state(s)) {
	case SHM_SOCK_CONNECTED:
		break;
	case SHM_SOCK_LISTEN:
		/* Linux: SHUT_RD ends listening, SHUT_WR does nothing. */
		if (rd)
			atomic_put_release(&s->state, SHM_SOCK_OPEN);
		return 0;
	case SHM_SOCK_CONNECTING:
		/* Linux disconnects (tcp_disconnect()); the one who waits hears. */
		sock_fail(e, i, ECONNRESET, true);
		fx->ring = sock_want_service(e, i);
		return 0;
	default:
		/* Linux marks it all the same, for a connection to come. */
		atomic_set_bits(&s->flags, (rd ? SHM_F_RDSHUT : 0) |
			(wr ? SHM_F_WRSHUT : 0));
		sock_notify(e, i, ALL_EVENTS & ~(unsigned)POLLERR);
		return -ENOTCONN;
	}
	if (sock_ended(e, s) && !sock_is_ending(s))
		return -ENOTCONN;
	if (rd)
		atomic_set_bits(&s->flags, SHM_F_RDSHUT);
	if (wr)
		fx->ring = send_fin(e, i, s);
	if ((sock_flags(s) & SHM_F_RDSHUT) && (sock_flags(s) & SHM_F_WRSHUT))
		fx->ring = turn_deaf(e, i, s) || fx->ring;
	sock_notify(e, i, ALL_EVENTS & ~(unsigned)POLLERR);
	return 0;
}

/* Linux marks an unconnected socket too, and says ENOTCONN all the same. */
static int shutdown_dgram(struct sock_env *e, uint32_t i, struct shm_sock *s,
	int how)
{
	struct shm_addr remote = s->remote;

	if (how != SHUT_WR)
		atomic_set_bits(&s->flags, SHM_F_RDSHUT);
	if (how != SHUT_RD)
		atomic_set_bits(&s->flags, SHM_F_WRSHUT);
	sock_notify(e, i, ALL_EVENTS & ~(unsigned)POLLERR);
	return remote.family == IP_NONE ? -ENOTCONN : 0;
}

int sock_shutdown(struct sock_env *e, uint32_t i, int how, struct sock_effect *fx)
{
	struct shm_sock *s = sock_live(e, i);
	int r;

	*fx = (struct sock_effect){ 0 };
	if (!s)
		return -EBADF;
	if (sock_is_packet(s))
		return -EOPNOTSUPP;
	if (how != SHUT_RD && how != SHUT_WR && how != SHUT_RDWR)
		return -EINVAL;
	if (!sock_lock(e, s))
		return -EAGAIN;
	r = sock_is_stream(s) ? shutdown_stream(e, i, s, how, fx) :
				shutdown_dgram(e, i, s, how);
	sock_unlock(e, s);
	return r;
}

/* --- closing, and the peer's end --- */

void sock_closing(struct sock_env *e, uint32_t i)
{
	struct shm_sock *s = sock_live(e, i);

	if (!s)
		return;
	if (atomic_get_relaxed(&s->via) == SHM_VIA_LOCAL && sock_is_stream(s))
		atomic_put_relaxed(&s->closed_at, (uint64_t)sock_now(e));
	/* Pairs with sock_peer_suspect() and the port table's look. */
	atomic_set_bits(&s->flags, SHM_F_MAYBE_CLOSED);
	atomic_add(&e->arena->hdr->changes, 1); /* pairs with the sweep's load */
}

static bool embryo_doubtful(const struct sock_env *e, const struct shm_sock *p)
{
	struct shm_sock *l = sock_live(e, sock_once(&p->listener));

	return !l || atomic_get_acquire(&l->gen) != sock_once(&p->listener_gen) ||
		(sock_flags(l) & SHM_F_MAYBE_CLOSED) ||
		sock_state(l) != SHM_SOCK_LISTEN;
}

enum sock_doubt sock_peer_doubt(const struct sock_env *e, uint32_t i)
{
	struct shm_sock *s = sock_live(e, i), *p;
	uint32_t flags, at;

	if (!s || atomic_get_relaxed(&s->via) != SHM_VIA_LOCAL ||
		sock_state(s) != SHM_SOCK_CONNECTED ||
		(sock_flags(s) & SHM_F_PEER_GONE))
		return SOCK_SURE;
	p = sock_local_peer(e, s, &at);
	if (!p)
		return SOCK_SUSPECT;
	flags = sock_flags(p);
	if (flags & SHM_F_MAYBE_CLOSED)
		return SOCK_SUSPECT;
	if (!(flags & SHM_F_EMBRYO))
		return SOCK_SURE;
	return embryo_doubtful(e, p) ? SOCK_SUSPECT : SOCK_QUEUED;
}

bool sock_peer_suspect(const struct sock_env *e, uint32_t i)
{
	return sock_peer_doubt(e, i) == SOCK_SUSPECT;
}

void sock_peer_alive(struct sock_env *e, uint32_t i)
{
	struct shm_sock *s = sock_live(e, i);
	struct shm_sock *p;
	uint32_t at;

	p = s ? sock_local_peer(e, s, &at) : NULL;
	if (p)
		atomic_clear_bits(&p->flags, (uint32_t)SHM_F_MAYBE_CLOSED);
}

/* Would the dead end have sent RST instead of FIN? Linux's tcp_close(): unread
 * data, or SO_LINGER with 0 s; and a listener resets whom it never accepted. */
static bool died_with_reset(const struct sock_env *e, const struct shm_sock *s)
{
	struct shm_fifo *tx = sock_tx(e, s);
	struct shm_sock *p, *still;
	uint32_t at, head;
	bool reset;

	if (tx) {
		/* Nobody reads any more; our own writers may still write. */
		head = atomic_get_acquire(&tx->sh.head);
		if (atomic_get_acquire(&tx->sh.tail) != head)
			return true; /* RFC 2525 2.17 */
	}
	p = sock_local_peer(e, s, &at);
	if (!p)
		return false;
	reset = p->opts.linger_s == 0 || (sock_flags(p) & SHM_F_EMBRYO);
	/* It may be reaped and taken anew, and then zeroed, while we read. Pairs
	 * with the fence of shm_sock_take(). */
	atomic_full_fence();
	still = sock_local_peer(e, s, &at);
	return reset && still == p;
}

/* fin: what the peer had sent before. Linux's tcp_reset(): EPIPE in CLOSE_WAIT. */
static void was_reset(struct shm_sock *s, uint32_t fin)
{
	bool close_wait = fin == SHM_FIN_EOF && !(sock_flags(s) & SHM_F_WRSHUT);

	sock_set_error(s, close_wait ? EPIPE : ECONNRESET);
	/* Pairs with sock_state(). */
	atomic_put_release(&s->state, SHM_SOCK_DEAD);
}

/* When the dead peer of s ended: for TIME-WAIT, if it did not say so itself. */
static void note_end(struct sock_env *e, const struct shm_sock *s)
{
	uint32_t at;
	struct shm_sock *p = sock_local_peer(e, s, &at);

	if (p && p != s && atomic_get_relaxed(&p->fin_at) == 0 &&
		atomic_get_relaxed(&p->closed_at) == 0)
		atomic_put_relaxed(&p->closed_at, (uint64_t)sock_now(e));
}

/* Of itself: unread bytes, or SO_LINGER of zero. */
bool sock_died_with_reset(const struct sock_env *e, const struct shm_sock *s)
{
	struct shm_fifo *rx = sock_rx(e, s);
	uint32_t head;

	if (s->opts.linger_s == 0)
		return true;
	if (!rx)
		return false;
	head = atomic_get_acquire(&rx->sh.head);
	return atomic_get_acquire(&rx->sh.tail) != head;
}

static void peer_gone(struct sock_env *e, uint32_t i, struct shm_sock *s)
{
	struct shm_fifo *rx;
	uint32_t fin = SHM_FIN_NONE;
	bool reset;

	/* Linux: who is in CLOSE or TIME-WAIT says nothing any more. */
	reset = !sock_ended(e, s) && died_with_reset(e, s);
	/* Of several who see it one decides. */
	if (atomic_set_bits(&s->flags, SHM_F_PEER_GONE) & SHM_F_PEER_GONE)
		return;
	note_end(e, s);
	hold_end(e, s, reset);
	rx = sock_rx(e, s);
	if (rx)
		/* fin is what was there before; pairs with sock_recv(). */
		atomic_cas(&rx->fin, &fin, reset ? SHM_FIN_RESET : SHM_FIN_EOF);
	if (reset && sock_state(s) == SHM_SOCK_CONNECTED)
		was_reset(s, fin);
	/* An end that was known already is no news for who waits for edges. */
	if (reset || fin == SHM_FIN_NONE)
		sock_notify(e, i, ALL_EVENTS);
}

void sock_peer_gone(struct sock_env *e, uint32_t i)
{
	struct shm_sock *s = sock_live(e, i);
	bool locked;

	if (!s || atomic_get_relaxed(&s->via) != SHM_VIA_LOCAL)
		return;
	/* Nobody rings: each sees the hangup for itself. So who comes second goes on,
	 * to its epoll's stack, only when the first has pushed there. */
	locked = shm_lock_acquire(e->arena, &s->bell_lock);
	peer_gone(e, i, s);
	if (locked)
		shm_lock_release(e->arena, &s->bell_lock);
}

bool sock_reset_peer(struct sock_env *e, struct shm_sock *s)
{
	uint32_t at, fin = SHM_FIN_NONE;
	struct shm_sock *p = sock_local_peer(e, s, &at);
	struct shm_fifo *rx = p ? sock_rx(e, p) : NULL;

	if (!p || p == s ||
		(atomic_set_bits(&p->flags, SHM_F_PEER_GONE) & SHM_F_PEER_GONE))
		return false;
	if (rx)
		atomic_cas(&rx->fin, &fin, SHM_FIN_RESET); /* pairs: sock_recv() */
	if (sock_state(p) == SHM_SOCK_CONNECTED)
		was_reset(p, fin);
	return sock_notify(e, at, ALL_EVENTS);
}

/* --- the sweep --- */

/* Those that no peer shares: of errors, of a datagram that grows. */
static void free_own(struct sock_env *e, struct shm_sock *s)
{
	uint32_t eq = atomic_swap(&s->eq, 0), cork = atomic_swap(&s->cork, 0);
	uint32_t groups = sock_once(&s->groups), filter = sock_once(&s->filter);
	uint32_t chooser = sock_once(&s->chooser), marks = atomic_swap(&s->marks, 0);

	packet_fini(e, s);
	atomic_word_put(&s->groups, 0);
	atomic_word_put(&s->filter, 0);
	atomic_word_put(&s->chooser, 0);
	shm_fifo_free(e->arena, chooser);
	shm_fifo_free(e->arena, marks);
	shm_fifo_free(e->arena, groups);
	shm_fifo_free(e->arena, filter);
	shm_fifo_free(e->arena, eq);
	shm_fifo_free(e->arena, cork);
}

void sock_free_fifos(struct sock_env *e, struct shm_sock *s)
{
	uint32_t rx = sock_once(&s->rx), tx = sock_once(&s->tx);

	s->rx = s->tx = 0;
	shm_fifo_free(e->arena, rx);
	if (tx != rx) /* connected to itself: one */
		shm_fifo_free(e->arena, tx);
}

/* Off its epoll's list, and back to the pool. */
static void release_item(struct sock_env *e, uint32_t k, struct shm_item *it)
{
	struct shm_arena *a = e->arena;
	uint32_t epi = sock_once(&it->epoll);
	struct shm_epoll *ep = shm_epoll_at(a, epi);
	uint32_t live = ITEM_LIVE;

	if (!atomic_cas(&it->live, &live, ITEM_DEAD))
		return; /* somebody else is freeing it */
	if (ep && shm_lock_acquire(a, &ep->lock)) {
		uint32_t prev = sock_once(&it->prev), next = sock_once(&it->next);
		struct shm_item *p = shm_item_at(a, prev);
		struct shm_item *n = shm_item_at(a, next);

		if (n && n->prev == k)
			n->prev = prev;
		if (p && p->next == k)
			p->next = next;
		else if (ep->items == k)
			ep->items = n ? next : 0;
		shm_lock_release(a, &ep->lock);
	}
	shm_item_free(a, k);
}

static void release_items(struct sock_env *e, uint32_t i, struct shm_sock *s)
{
	uint32_t k = 0;

	if (!shm_lock_acquire(e->arena, &s->watch_lock))
		return;
	k = atomic_swap(&s->watch, 0);
	shm_lock_release(e->arena, &s->watch_lock);
	for (uint32_t n = 0; n < e->arena->n_items; n++) {
		struct shm_item *it = shm_item_at(e->arena, k);

		if (!it)
			return;
		k = sock_once(&it->watch_next);
		if (it->sock == i && it->sock_gen == atomic_get_relaxed(&s->gen))
			release_item(e, (uint32_t)(it - e->arena->items), it);
	}
}

void sock_reap(struct sock_env *e, uint32_t i)
{
	struct shm_sock *s = sock_live(e, i), *p = NULL;
	uint32_t at = 0;

	if (!s)
		return;
	sock_tw_leave(e, i, s, sock_died_with_reset(e, s));
	sock_port_leave(e, i, s);
	if (!sock_groups_leave(e, i) || (sock_flags(s) & SHM_F_BOUND))
		return; /* the table's lock is held for long: the next sweep */
	release_items(e, i, s);
	if (atomic_get_relaxed(&s->via) == SHM_VIA_LOCAL)
		p = sock_local_peer(e, s, &at);
	if (p && p != s && p->peer == i &&
		p->peer_gen == atomic_get_relaxed(&s->gen)) {
		/* It goes on reading what we sent: the fifos are its own now. */
		sock_peer_gone(e, at);
		s->rx = s->tx = 0;
	} else {
		sock_free_fifos(e, s);
	}
	free_own(e, s);
	shm_sock_free(e->arena, i);
}
