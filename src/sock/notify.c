/* Telling a socket's users, and the service, that something changed.
 *
 * The order that excludes lost wake-ups: whoever publishes does so first, then a
 * full fence, then looks at the sleeper's word (rx_wait, tx_wait, armed,
 * svc_armed, or whether there is a watch list at all). The sleeper sets its word,
 * a full fence, and looks at what may have been published.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "hold.h"
#include "room.h"

#include <poll.h>

#include "shm/delay.h"
#include "urgent.h"

#define ALWAYS (POLLERR | POLLHUP) /* events nobody has to ask for */
#define IN_WAKES (POLLIN | POLLRDNORM | POLLRDHUP | POLLPRI | ALWAYS)
#define OUT_WAKES (POLLOUT | POLLWRNORM | ALWAYS)

static uint32_t armed_now(struct shm_epoll *ep)
{
	return atomic_get_relaxed(&ep->armed);
}

void sock_look_at(struct shm_epoll *ep, int64_t until)
{
	int64_t at = atomic_get_relaxed(&ep->look_at);

	while ((at == 0 || at > until) && !atomic_cas(&ep->look_at, &at, until))
		;
}

/* One item of the list: push it if it wants to hear (until: not now, but then). Is its
 * epoll asleep? */
static bool push_item(struct sock_env *e, uint32_t k, struct shm_item *it,
	unsigned events, int64_t until)
{
	struct shm_epoll *ep = shm_epoll_at(e->arena, sock_once(&it->epoll));
	uint32_t wanted = atomic_get_relaxed(&it->events), armed = SHM_ARMED;

	/* Events 0: a ONESHOT that has fired hears nothing at all. */
	if (!ep || atomic_get_acquire(&it->live) == 0 || wanted == 0 ||
		!(events & (wanted | ALWAYS)))
		return false;
	if (until)
		sock_look_at(ep, until);
	else
		shm_stack_push_item(e->arena, ep, k);
	/* Pairs with the waiter's: armed, fence, look at the stack. */
	atomic_full_fence();
	SHM_DELAY(e->arena);
	/* The bell that follows is that waiter's (client/bells.c). */
	if (armed_now(ep) == SHM_ARMED)
		atomic_cas(&ep->armed, &armed, SHM_RUNG);
	return armed_now(ep) != SHM_AWAKE;
}

static bool push_items(struct sock_env *e, uint32_t i, struct shm_sock *s,
	unsigned events, int64_t until)
{
	bool ring = false;
	uint32_t k;

	if (!shm_lock_acquire(e->arena, &s->watch_lock))
		return true; /* rather a doorbell too many */
	k = atomic_get_relaxed(&s->watch);
	for (uint32_t n = 0; n < e->arena->n_items; n++) {
		struct shm_item *it = shm_item_at(e->arena, k);

		if (!it)
			break;
		if (it->sock == i &&
			it->sock_gen == atomic_get_relaxed(&s->gen))
			ring |= push_item(e, k, it, events, until);
		k = sock_once(&it->watch_next);
	}
	shm_lock_release(e->arena, &s->watch_lock);
	return ring;
}

bool sock_notify(struct sock_env *e, uint32_t i, unsigned events)
{
	struct shm_sock *s = sock_at(e, i);
	bool ring = false;

	if (!s)
		return false;
	/* What the caller published comes before the loads below. */
	atomic_full_fence();
	SHM_DELAY(e->arena);
	if (atomic_get_relaxed(&s->watch) != 0)
		ring = push_items(e, i, s, events, 0);
	if ((events & IN_WAKES) && atomic_get_relaxed(&s->rx_wait) != 0)
		ring = true;
	if ((events & OUT_WAKES) && atomic_get_relaxed(&s->tx_wait) != 0)
		ring = true;
	return ring;
}

bool hold_tell(struct sock_env *e, uint32_t i, int64_t until)
{
	struct shm_sock *s = sock_at(e, i);
	bool ring;

	/* As in sock_notify(): held_at was stored before. */
	atomic_full_fence();
	ring = s && atomic_get_relaxed(&s->watch) != 0 &&
		push_items(e, i, s, POLLIN | POLLRDNORM, until);
	return ring || (s && atomic_get_relaxed(&s->rx_wait) != 0);
}

bool sock_want_service(struct sock_env *e, uint32_t i)
{
	struct shm_header *h = e->arena->hdr;

	shm_stack_push_sock(e->arena, i);
	/* Pairs with the service's: svc_armed, fence, look at svc_ready. */
	atomic_full_fence();
	/* One ring is enough: whoever turns it to 0 does it. */
	return atomic_get_relaxed(&h->svc_armed) != 0 &&
		atomic_swap(&h->svc_armed, 0) != 0;
}

int sock_watch(struct sock_env *e, uint32_t i, uint32_t item)
{
	struct shm_sock *s = sock_live(e, i);
	struct shm_item *it = shm_item_at(e->arena, item);

	if (!s || !it)
		return -EBADF;
	if (!shm_lock_acquire(e->arena, &s->watch_lock))
		return -EAGAIN;
	it->sock = i;
	it->sock_gen = atomic_get_relaxed(&s->gen);
	atomic_word_put(&it->watch_next, atomic_get_relaxed(&s->watch));
	atomic_put_relaxed(&s->watch, item);
	shm_lock_release(e->arena, &s->watch_lock);
	/* Pairs with sock_notify()'s: the caller looks at the state now. */
	atomic_full_fence();
	return 0;
}

void sock_unwatch(struct sock_env *e, uint32_t i, uint32_t item)
{
	struct shm_sock *s = sock_at(e, i);
	struct shm_item *prev = NULL;
	uint32_t k;

	if (!s || !shm_lock_acquire(e->arena, &s->watch_lock))
		return;
	k = atomic_get_relaxed(&s->watch);
	for (uint32_t n = 0; n < e->arena->n_items; n++) {
		struct shm_item *it = shm_item_at(e->arena, k);

		if (!it)
			break;
		if (k == item) {
			if (prev)
				atomic_word_put(&prev->watch_next,
					it->watch_next);
			else
				atomic_put_relaxed(&s->watch, it->watch_next);
			atomic_word_put(&it->watch_next, 0);
			break;
		}
		prev = it;
		k = sock_once(&it->watch_next);
	}
	shm_lock_release(e->arena, &s->watch_lock);
}

/* --- what the service reports --- */

bool sock_fail(struct sock_env *e, uint32_t i, int err, bool fatal)
{
	struct shm_sock *s = sock_live(e, i);

	if (!s)
		return false;
	if (err > 0)
		sock_set_error(s, err);
	if (fatal)
		atomic_put_release(&s->state, SHM_SOCK_DEAD); /* sock_state() */
	return sock_notify(e, i, fatal ? IN_WAKES | OUT_WAKES : POLLERR);
}

bool sock_connected(struct sock_env *e, uint32_t i)
{
	struct shm_sock *s = sock_live(e, i);
	uint32_t connecting = SHM_SOCK_CONNECTING;

	/* Not if it was given up meanwhile; pairs with sock_state(). */
	if (!s || !atomic_cas(&s->state, &connecting, SHM_SOCK_CONNECTED))
		return false;
	return sock_notify(e, i, POLLOUT | POLLWRNORM);
}

bool sock_arrived(struct sock_env *e, uint32_t i, bool data, bool eof)
{
	struct shm_sock *s = sock_live(e, i);
	struct shm_fifo *f = s ? sock_rx(e, s) : NULL;
	uint32_t none = SHM_FIN_NONE;

	if (!f)
		return false;
	if (data)
		sock_stamp_now(e, s);
	/* Release: the bytes before it; pairs with sock_recv()'s load. */
	if (eof)
		atomic_cas(&f->fin, &none, SHM_FIN_EOF);
	return sock_notify(e, i, eof ? IN_WAKES : POLLIN | POLLRDNORM |
		(sock_urgent_any(f) ? POLLPRI : 0));
}

void sock_got_urgent(struct sock_env *e, uint32_t i, uint32_t at)
{
	struct shm_sock *s = sock_live(e, i);
	struct shm_fifo *f = s ? sock_rx(e, s) : NULL;

	if (f)
		sock_urgent_put(f, at, sock_has_opt(s, SHM_O_OOBINLINE));
}

bool sock_sent_urgent(struct sock_env *e, uint32_t i, uint32_t *at)
{
	struct shm_sock *s = sock_live(e, i);
	struct shm_fifo *f = s ? sock_tx(e, s) : NULL;

	return f && sock_urgent_any(f) && sock_urgent_sent(f, at);
}

bool sock_tx_freed(struct sock_env *e, uint32_t i)
{
	struct shm_sock *s = sock_live(e, i);
	struct shm_fifo *f = s ? sock_tx(e, s) : NULL;

	if (!f)
		return false;
	/* Pairs with the writer's: nospace, fence, look at head. */
	atomic_full_fence();
	if (atomic_get_relaxed(&f->nospace) == 0)
		return false;
	if (!room_is_writable(e, s, f) || atomic_swap(&f->nospace, 0) == 0)
		return false;
	return sock_notify(e, i, POLLOUT | POLLWRNORM);
}
