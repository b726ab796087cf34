/* Receiving datagrams. Linux: udp_recvmsg(), udpv6_recvmsg(), ping_recvmsg().
 * SPDX-License-Identifier: BSD-2-Clause */
#include "dgram.h"

#include <string.h>

#include "control.h"
#include "packet.h"
#include "sock/report.h"

void sock_msg_scatter(const struct fifo_end *r, uint32_t off, uint32_t len,
	const struct iovec *iov, int n)
{
	for (int k = 0; k < n && len > 0; k++) {
		size_t room = iov[k].iov_len;
		uint32_t piece = len < room ? len : (uint32_t)room;

		shm_msgq_copy(r, off, iov[k].iov_base, piece);
		off += piece;
		len -= piece;
	}
}

/* What one call takes. */
struct taking {
	const struct iovec *iov;
	int n, flags;
	uint32_t at;	/* bytes of the ring in front of the message (SO_PEEK_OFF) */
	uint32_t off;	/* bytes of its payload that are passed over */
	bool truncated;
};

/* SO_PEEK_OFF: the message in which the offset lies. 1, 0 none, -EPROTO. */
static int find_offset(const struct fifo_end *r, int32_t off, struct taking *t,
	struct shm_msg *m)
{
	uint32_t left = (uint32_t)off;
	int found;

	for (;;) {
		found = shm_msgq_peek_at(r, t->at, m);
		if (found != 1 || left == 0 || left < m->len)
			break;
		left -= m->len;
		t->at += shm_msgq_footprint(m->len);
	}
	t->off = found == 1 ? left : 0;
	return found;
}

/* Under r_lock: a message into t->iov and *m; -EAGAIN when there is none. */
static ssize_t take_message(const struct sock_env *e, const struct shm_sock *s,
	uint32_t rx, struct shm_fifo *f, struct taking *t, struct shm_msg *m)
{
	size_t room = sock_iov_total(t->iov, t->n);
	bool peek = t->flags & MSG_PEEK;
	int32_t off = peek ? s->opts.peek_off : -1;
	struct fifo_end r;
	uint32_t len;
	int found;
	bool bad;

	if (shm_fifo_reader(e->arena, rx, &r) < 0)
		return -EAGAIN;
	found = off > 0 ? find_offset(&r, off, t, m) : shm_msgq_peek(&r, m);
	if (found < 0)
		/* Scribbled over: forget what is there. */
		atomic_put_release(&f->sh.head, atomic_get_acquire(&f->sh.tail));
	if (found != 1)
		return -EAGAIN;
	len = m->len - t->off;
	if (len > room) {
		len = (uint32_t)room;
		t->truncated = true;
	}
	bad = !sock_can_write(t->iov, t->n, len);
	if (!bad)
		sock_msg_scatter(&r, t->at + t->off, len, t->iov, t->n);
	if (!peek) /* Linux: also one that could not be given */
		shm_msgq_drop(&r, m);
	return bad ? -EFAULT : (ssize_t)len;
}

/* Linux's sk_peek_offset_fwd() and _bwd(). */
static void move_offset(struct shm_sock *s, int flags, ssize_t by)
{
	int64_t off = s->opts.peek_off;

	if (off < 0)
		return;
	off += flags & MSG_PEEK ? by : -by;
	s->opts.peek_off = off < 0 ? 0 : off > INT32_MAX ? INT32_MAX :
							   (int32_t)off;
}

/* Nothing there. Linux: end of file after SHUT_RD only for who would wait. */
static ssize_t nothing(const struct shm_sock *s, int flags)
{
	uint32_t f = sock_flags(s);

	return (f & SHM_F_RDSHUT) && !(f & SHM_F_NONBLOCK) &&
			!(flags & MSG_DONTWAIT) ?
		0 :
		-EAGAIN;
}

ssize_t sock_dgram_take(struct sock_env *e, struct shm_sock *s,
	const struct iovec *iov, int n, int flags, struct shm_msg *m, int *msg_flags)
{
	struct taking t = { .iov = iov, .n = n, .flags = flags };
	uint32_t rx = sock_once(&s->rx);
	struct shm_fifo *f = shm_fifo_at(e->arena, rx);
	ssize_t len;

	if (!f || !shm_lock_acquire(e->arena, &f->r_lock))
		return -EAGAIN;
	len = take_message(e, s, rx, f, &t, m);
	shm_lock_release(e->arena, &f->r_lock);
	if (len < 0)
		return len;
	if (t.truncated)
		*msg_flags |= MSG_TRUNC;
	atomic_put_relaxed(&s->bytes_in, /* a statistic */
		atomic_get_relaxed(&s->bytes_in) + m->len);
	return len;
}

ssize_t sock_recvfrom(struct sock_env *e, uint32_t i, const struct iovec *iov,
	int n, int flags, struct sockaddr *from, socklen_t *fromlen,
	struct msghdr *control, int *msg_flags, struct sock_effect *fx)
{
	struct shm_sock *s = sock_live(e, i);
	struct shm_msg m;
	ssize_t len;
	int err;

	*fx = (struct sock_effect){ 0 };
	*msg_flags = 0;
	if (!s)
		return -EBADF;
	if (sock_is_stream(s) || ((flags & MSG_OOB) &&
			(sock_is_echo(s) || sock_is_raw(s))))
		return -EOPNOTSUPP;
	if (sock_is_packet(s) && !(flags & MSG_ERRQUEUE))
		return packet_recv(e, s, iov, n, flags, from, fromlen, control,
			msg_flags);
	if (flags & MSG_ERRQUEUE)
		return sock_report_take(e, i, iov, n, from, fromlen, control,
			msg_flags);
	if (atomic_get_relaxed(&s->pathmtu) != 0 &&
		sock_report_take_pathmtu(s, from, fromlen, control, msg_flags))
		return 0;
	err = sock_take_error(s);
	if (err)
		return err;
	len = sock_dgram_take(e, s, iov, n, flags, &m, msg_flags);
	if (len < 0)
		return len == -EFAULT ? len : nothing(s, flags);
	if (from && fromlen)
		sock_present(s, &m.src, from, fromlen);
	control_give(e, s, &m, control, msg_flags);
	if (flags & MSG_TRUNC)
		len = (ssize_t)m.len;
	move_offset(s, flags, len);
	return len;
}
