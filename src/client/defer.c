/* TCP_DEFER_ACCEPT within the host: the connector is connected at once, but its
 * stand-in goes to the listener's queue, where accept() finds it, only with the
 * first bytes; or with the end, or before the connector sleeps: nobody else could
 * wake him then. (Linux lets the listener wait longer for a silent one.)
 * SPDX-License-Identifier: BSD-2-Clause */
#include "internal.h"

bool connect_may_defer(const struct fd_ref *r, const struct shm_sock *listener)
{
	return listener && listener->opts.defer_accept_s != 0 &&
		atomic_get_relaxed(&r->s->watch) == 0;
}

void connect_deferred(const struct fd_ref *r)
{
	const struct shm_sock *em = shm_sock_at(&cl.arena, r->s->peer);
	int err = -ECONNREFUSED;

	/* Of several threads or processes one does it. */
	if (!(atomic_clear_bits(&r->s->flags, (uint32_t)SHM_F_DEFERRED) &
		SHM_F_DEFERRED))
		return;
	if (em && atomic_get_relaxed(&em->gen) == r->s->peer_gen)
		err = standin_connect(r->fd, em->listener, em->listener_gen,
			false);
	if (err == 0)
		err = standin_hello(r->fd, SHM_HELLO_ACCEPT, r->s->peer,
			r->s->peer_gen);
	if (err == -EAGAIN || err == -EINTR) /* full: the next call tries again */
		atomic_set_bits(&r->s->flags, SHM_F_DEFERRED);
	else if (err < 0) /* nobody listens any more: its reset */
		sock_fail(&cl.env, r->i, ECONNRESET, true);
}
