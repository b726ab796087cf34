/* A socket that starts afresh: connect(AF_UNSPEC), and wherever else Linux's
 * tcp_disconnect() comes in. A record that the other end or the service may still
 * be using cannot be wiped, and its stand-in is joined for ever. So the socket
 * moves to another record (and the client puts another stand-in behind the number);
 * the old one dies as if it had been closed with SO_LINGER of zero.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "inside.h"

#include <poll.h>

#define KEPT_FLAGS (SHM_F_NONBLOCK | SHM_F_ADDR_BOUND | SHM_F_PORT_GIVEN | \
	SHM_F_TX_STAMPS)

static void copy_identity(const struct sock_env *e, struct shm_sock *d,
	struct shm_sock *s)
{
	uint32_t flags = sock_flags(s);

	d->family = s->family;
	d->type = s->type;
	d->protocol = s->protocol;
	d->owner_slot = e->arena->self_slot;
	d->owner_gen = e->arena->self_gen;
	d->opts = s->opts;
	d->backlog = s->backlog;
	atomic_put_relaxed(&d->owner_kind, atomic_get_relaxed(&s->owner_kind));
	atomic_put_relaxed(&d->owner_id, atomic_get_relaxed(&s->owner_id));
	atomic_put_relaxed(&d->flags, flags & KEPT_FLAGS);
	d->local.family = s->family;
	if (flags & SHM_F_ADDR_BOUND) /* Linux: SOCK_BINDADDR_LOCK */
		d->local = s->local;
	/* A port that the user did not name is given back, and still shown. */
	d->local.port = s->local.port;
	if (!(flags & SHM_F_PORT_GIVEN)) {
		d->local.port = 0;
		d->last_port = s->local.port;
	}
}

int sock_renew(struct sock_env *e, uint32_t i, int err, uint32_t *out,
	struct sock_effect *fx)
{
	struct shm_sock *s = sock_live(e, i), *d;
	uint32_t j;

	*fx = (struct sock_effect){ 0 };
	if (!s)
		return -EBADF;
	j = shm_sock_take(e->arena);
	d = sock_at(e, j);
	if (!d)
		return -ENFILE;
	if (!sock_lock(e, s)) {
		shm_sock_free(e->arena, j);
		return -EAGAIN;
	}
	copy_identity(e, d, s);
	if (d->local.port != 0)
		sock_port_transfer(e, i, s, j, d);
	else
		sock_port_leave(e, i, s);
	if (!err)
		err = -sock_take_error(s);
	if (err)
		sock_set_error(d, err);
	/* Pairs with sock_state(). */
	atomic_put_release(&d->state, SHM_SOCK_OPEN);
	s->opts.linger_s = 0;
	atomic_put_release(&s->state, SHM_SOCK_DEAD); /* likewise */
	sock_unlock(e, s);
	if (atomic_get_relaxed(&s->via) == SHM_VIA_NET)
		fx->ring = sock_want_service(e, i);
	else
		fx->ring = sock_reset_peer(e, s);
	sock_notify(e, i, POLLIN | POLLOUT | POLLHUP | POLLERR);
	*out = j;
	return 0;
}
