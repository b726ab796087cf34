/* What a socket tells beside its bytes, without a queue of messages for it: that
 * the memory of MSG_ZEROCOPY may be used again, and how much is left to be read
 * (TCP_INQ), and when bytes came.
 *
 * Bytes are copied into a fifo at once, so the memory is free when send() returns.
 * The notices say so (SO_EE_CODE_ZEROCOPY_COPIED), as on Linux over loopback, and as
 * there neighbours are one: all that nobody has read yet are a single range.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>

#include <linux/errqueue.h>

#include "control.h"
#include "sock/report.h"

bool sock_zerocopied(struct sock_env *e, uint32_t i)
{
	struct shm_sock *s = sock_live(e, i);

	if (!s || !(sock_once(&s->kept.bits) & SHM_K_ZEROCOPY))
		return false;
	/* Pairs with the look in sock_zerocopy_waits(). */
	atomic_add(&s->zerocopies, 1);
	atomic_set_bits(&s->flags, SHM_F_REPORTS);
	return sock_notify(e, i, POLLERR | POLLPRI);
}

bool sock_zerocopy_waits(const struct shm_sock *s)
{
	struct shm_sock *w = (struct shm_sock *)s;

	/* Of two readers one is the faster: acquire. */
	return atomic_get_acquire(&w->zerocopies) !=
		atomic_get_relaxed(&w->zerocopies_told);
}

bool sock_zerocopy_take(struct shm_sock *s, struct shm_msg *m)
{
	uint32_t next = atomic_get_acquire(&s->zerocopies);
	uint32_t told = atomic_swap(&s->zerocopies_told, next);

	if (told == next)
		return false;
	*m = (struct shm_msg){ .origin = SO_EE_ORIGIN_ZEROCOPY,
		.code = SO_EE_CODE_ZEROCOPY_COPIED, .info = told, .data = next - 1 };
	return true;
}

/* Linux's tcp_inq_hint(): the FIN counts as a byte, and stays one when it was read,
 * so that the reader comes again. */
static int unread(const struct sock_env *e, struct shm_sock *s)
{
	struct shm_fifo *f = sock_rx(e, s);
	uint32_t fin, head, n;

	if (!f)
		return 0;
	/* Pairs with the releases of fin, head and tail. */
	fin = atomic_get_acquire(&f->fin);
	head = atomic_get_acquire(&f->sh.head);
	n = atomic_get_acquire(&f->sh.tail) - head;
	if (fin != SHM_FIN_NONE || (n == 0 && sock_state(s) == SHM_SOCK_DEAD))
		n++;
	return n > INT32_MAX ? INT32_MAX : (int)n;
}

void sock_stamps_wanted(const struct sock_env *e, const struct shm_sock *s)
{
	struct shm_sock *peer;
	uint32_t at;

	if (!sock_has_dgram(s, SHM_D_STAMP) ||
		atomic_get_relaxed(&((struct shm_sock *)s)->via) != SHM_VIA_LOCAL)
		return;
	peer = sock_local_peer(e, s, &at);
	if (peer)
		atomic_set_bits(&peer->flags, SHM_F_PEER_STAMPS);
}

void sock_stamp_now(const struct sock_env *e, struct shm_sock *s)
{
	if (s && sock_has_dgram(s, SHM_D_STAMP) && e->wall_ns)
		atomic_put_relaxed(&s->came, e->wall_ns(e->user));
}

/* Linux's tcp_recv_timestamp(): of the last bytes, if they came after the option was
 * set. */
static void put_times(struct shm_sock *s, struct control_out *o)
{
	int64_t ns = atomic_get_relaxed(&s->came);

	if (ns != 0)
		control_put_times(s, ns, o);
}

void sock_stream_told(struct sock_env *e, uint32_t i, ssize_t n,
	struct msghdr *control, int *msg_flags)
{
	struct shm_sock *s = sock_live(e, i);
	struct control_out o = control_begin(control);
	int inq;

	if (s && n > 0 && sock_has_dgram(s, SHM_D_STAMP))
		put_times(s, &o);
	if (s && (sock_once(&s->kept.bits) & SHM_K_INQ)) {
		inq = unread(e, s);
		control_put(&o, IPPROTO_TCP, TCP_CM_INQ, &inq, sizeof(inq));
	}
	control_end(&o, control, msg_flags);
}
