/* Questions to a record that are not asked in every call (ask.h).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "inside.h"

bool sock_is_lite(const struct shm_sock *s)
{
	return s->type == SOCK_DGRAM && s->protocol == IPPROTO_UDPLITE;
}

bool sock_is_paired(const struct shm_sock *s)
{
	struct shm_addr remote = s->remote;

	return remote.family != IP_NONE;
}

bool sock_lock(const struct sock_env *e, struct shm_sock *s)
{
	return shm_lock_acquire(e->arena, &s->lock);
}

void sock_unlock(const struct sock_env *e, struct shm_sock *s)
{
	shm_lock_release(e->arena, &s->lock);
}

void sock_set_error(struct shm_sock *s, int err)
{
	uint32_t none = 0;

	/* Pairs with the swap in sock_take_error(). */
	atomic_cas(&s->so_error, &none, (uint32_t)err);
}

int sock_take_error(struct shm_sock *s)
{
	/* The look first keeps the line shared in the usual case. */
	if (atomic_get_relaxed(&s->so_error) == 0)
		return 0;
	/* 4,095 is the highest errno: a scribbled word is an error too. */
	return -(int)(atomic_swap(&s->so_error, 0) & 0xfff);
}

struct shm_sock *sock_local_peer(const struct sock_env *e,
	const struct shm_sock *s, uint32_t *index)
{
	uint32_t i = sock_once(&s->peer);
	struct shm_sock *p = sock_live(e, i);

	if (!p || atomic_get_acquire(&p->gen) != sock_once(&s->peer_gen))
		return NULL;
	*index = i;
	return p;
}

struct shm_fifo *sock_rx(const struct sock_env *e, const struct shm_sock *s)
{
	return shm_fifo_at(e->arena, sock_once(&s->rx));
}

struct shm_fifo *sock_tx(const struct sock_env *e, const struct shm_sock *s)
{
	return shm_fifo_at(e->arena, sock_once(&s->tx));
}

bool sock_ended(const struct sock_env *e, const struct shm_sock *s)
{
	struct shm_fifo *rx = sock_rx(e, s);

	/* Pairs with the release of fin. */
	return (sock_flags(s) & SHM_F_WRSHUT) && rx &&
		atomic_get_acquire(&rx->fin) != SHM_FIN_NONE;
}
