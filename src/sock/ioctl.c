/* The questions that ioctl(2) asks of a socket: Linux's tcp_ioctl(), udp_ioctl().
 * SPDX-License-Identifier: BSD-2-Clause */
#include "inside.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>

#include "sock/info.h"
#include "hold.h"
#include "urgent.h"

static uint32_t unread(const struct sock_env *e, uint32_t fifo)
{
	struct fifo_end r;
	int64_t used;

	if (shm_fifo_reader(e->arena, fifo, &r) < 0)
		return 0;
	used = fifo_reader_used(&r);
	return used < 0 ? 0 : (uint32_t)used;
}

/* Up to the urgent mark, as Linux's tcp_inq(). */
static uint32_t unread_stream(const struct sock_env *e, const struct shm_sock *s)
{
	struct shm_fifo *f = sock_rx(e, s);
	uint32_t n;

	if (f && hold_any(f))
		hold_look(e, (struct shm_sock *)s, f);
	n = unread(e, sock_once(&s->rx));
	return f && sock_urgent_any(f) ? sock_urgent_unread(f, n,
		sock_has_opt(s, SHM_O_OOBINLINE), true) : n;
}

bool sock_at_mark(const struct sock_env *e, uint32_t i)
{
	struct shm_sock *s = sock_live(e, i);
	struct shm_fifo *f = s && sock_is_stream(s) ? sock_rx(e, s) : NULL;

	return f && sock_urgent_any(f) && sock_urgent_at(f);
}

/* UDP tells the next datagram's length only. */
static uint32_t next_length(const struct sock_env *e, uint32_t fifo)
{
	struct shm_fifo *f = shm_fifo_at(e->arena, fifo);
	struct shm_msg m = { 0 };
	struct fifo_end r;
	uint32_t len = 0;

	if (!f || !shm_lock_acquire(e->arena, &f->r_lock))
		return 0;
	if (shm_fifo_reader(e->arena, fifo, &r) == 0 && shm_msgq_peek(&r, &m) == 1)
		len = m.len;
	shm_lock_release(e->arena, &f->r_lock);
	return len;
}

/* Of what is not acknowledged that which TCP has not sent at all; as near as what
 * the service shows of a connection tells. */
static uint32_t not_sent(const struct sock_env *e, const struct shm_sock *s)
{
	uint32_t all = unread(e, sock_once(&s->tx));
	struct shm_fifo *tx = sock_tx(e, s);
	uint64_t sent = (uint64_t)sock_once(&s->info[SOCK_INFO_UNACKED]) *
		sock_once(&s->info[SOCK_INFO_SND_MSS]);

	if (atomic_get_relaxed(&s->via) == SHM_VIA_LOCAL)
		return tx ? hold_bytes(tx) : 0;
	if (sent >= all)
		return 0;
	return all - (uint32_t)sent;
}

int sock_ioctl(struct sock_env *e, uint32_t i, unsigned long request, int *out)
{
	struct shm_sock *s = sock_live(e, i);
	bool stream;

	if (!s)
		return -EBADF;
	stream = sock_is_stream(s);
	switch (request) {
	case FIONREAD: /* SIOCINQ */
		if (stream && sock_state(s) == SHM_SOCK_LISTEN)
			return -EINVAL;
		*out = (int)(stream ? unread_stream(e, s) :
				      next_length(e, sock_once(&s->rx)));
		return 0;
	case SIOCOUTQ:
		if (stream && sock_state(s) == SHM_SOCK_LISTEN)
			return -EINVAL;
		/* Within the host what is sent is received. */
		*out = (int)(atomic_get_relaxed(&s->via) == SHM_VIA_LOCAL ?
			not_sent(e, s) : unread(e, sock_once(&s->tx)));
		return 0;
	case SIOCOUTQNSD:
		if (!stream)
			return -ENOTTY;
		if (sock_state(s) == SHM_SOCK_LISTEN)
			return -EINVAL;
		*out = (int)not_sent(e, s);
		return 0;
	case SIOCATMARK:
		if (!stream)
			return -ENOTTY;
		*out = sock_at_mark(e, i);
		return 0;
	default:
		return -ENOTTY;
	}
}

int sock_stamp(struct sock_env *e, uint32_t i, int64_t *ns)
{
	struct shm_sock *s = sock_live(e, i);

	if (!s)
		return -EBADF;
	if (!sock_lock(e, s))
		return -EAGAIN;
	s->opts.dgram_bits |= SHM_D_STAMP; /* from now on they are kept */
	sock_unlock(e, s);
	*ns = atomic_get_relaxed(&s->stamp);
	if (*ns == 0)
		return -ENOENT;
	/* Linux: one that came without a time counts as coming now. */
	if (*ns == 1 && e->wall_ns) {
		*ns = e->wall_ns(e->user);
		atomic_put_relaxed(&s->stamp, *ns);
	}
	return 0;
}
