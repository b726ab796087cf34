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
#include <linux/net_tstamp.h>

#include "control.h"
#include "hold.h"
#include "sock/report.h"

#define COPY_MAX 4096 /* bytes of a copy that the error queue returns */
#define COPY_PIECES 8

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

/* The last bytes of what was sent, as spans. Returns their number; *len: bytes. */
static unsigned last_bytes(const struct iovec *iov, int n, size_t sent,
	struct span *out, uint32_t *len)
{
	size_t skip = sent > COPY_MAX ? sent - COPY_MAX : 0;
	unsigned used = 0;

	*len = 0;
	for (int k = 0; k < n && sent > 0 && used < COPY_PIECES; k++) {
		size_t some = iov[k].iov_len < sent ? iov[k].iov_len : sent;
		size_t hop = skip < some ? skip : some;

		sent -= some;
		skip -= hop;
		if (some == hop)
			continue;
		out[used++] = (struct span){ (const uint8_t *)iov[k].iov_base + hop,
			some - hop };
		*len += (uint32_t)(some - hop);
	}
	return used;
}

/* Linux: tcp_tx_timestamp() marks the last byte of a write; lo sends and acknowledges
 * it at once. */
bool sock_stream_sent(struct sock_env *e, uint32_t i, const struct iovec *iov, int n,
	size_t sent)
{
	static const struct {
		uint32_t flag, info;
	} kinds[] = { { SOCK_TX_SCHED, SCM_TSTAMP_SCHED },
		{ SOCK_TX_STAMPS, SCM_TSTAMP_SND }, { SOCK_TX_ACK, SCM_TSTAMP_ACK } };
	struct shm_sock *s = sock_live(e, i);
	uint32_t flags = s ? sock_once(&s->opts.tsflags) : 0;
	struct shm_fifo *tx = s ? sock_tx(e, s) : NULL;
	struct shm_msg m = { .err = ENOMSG, .origin = SO_EE_ORIGIN_TIMESTAMPING };
	struct span copy[COPY_PIECES];
	unsigned pieces = 0;
	bool told = false;

	/* What is held back is told of when it goes. */
	if (!tx || atomic_get_relaxed(&s->via) != SHM_VIA_LOCAL || hold_any(tx))
		return false;
	m.time_ns = e->wall_ns ? e->wall_ns(e->user) : 0;
	if (flags & SOF_TIMESTAMPING_OPT_ID)
		m.data = atomic_get_relaxed(&tx->sh.tail) - 1 -
			atomic_get_relaxed(&s->tskey);
	if (!(flags & SOF_TIMESTAMPING_OPT_TSONLY))
		pieces = last_bytes(iov, n, sent, copy, &m.len);
	for (unsigned k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		m.info = kinds[k].info;
		if (flags & kinds[k].flag)
			told |= sock_report_put(e, i, &m, copy, pieces);
	}
	return told;
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
