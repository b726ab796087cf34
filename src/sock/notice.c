/* What a socket tells beside its bytes, without a queue of messages for it: that
 * the memory of MSG_ZEROCOPY may be used again, and how much is left to be read
 * (TCP_INQ).
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

void sock_stream_told(struct sock_env *e, uint32_t i, struct msghdr *control,
	int *msg_flags)
{
	struct shm_sock *s = sock_live(e, i);
	struct control_out o = control_begin(control);
	int n;

	if (s && (sock_once(&s->kept.bits) & SHM_K_INQ)) {
		n = unread(e, s);
		control_put(&o, IPPROTO_TCP, TCP_CM_INQ, &n, sizeof(n));
	}
	control_end(&o, control, msg_flags);
}
