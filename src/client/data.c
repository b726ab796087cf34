/* Sending and receiving: sock/ moves what it can without waiting; here stands the
 * loop around it that blocks, times out, and answers signals as Linux does:
 *
 *	stream send	blocks until all is in the fifo; a signal or timeout
 *			after the first byte returns what went
 *	stream recv	blocks until something is there (MSG_WAITALL: all)
 *	datagrams	whole or not at all
 * SPDX-License-Identifier: BSD-2-Clause */
#include "data.h"
#include "sock/report.h"
#include "spin.h"
#include "sock/peek.h"
#include "sock/plain.h"

#include <limits.h>
#include <poll.h>
#include <sys/ioctl.h>

#define PIECES 16 /* iovecs handed to sock/ at a time */
#define RW_MAX 0x7ffff000u /* Linux: no more in one call */

/* The rest of an iovec array after `done` bytes, in a window. Returns how many
 * pieces; 0 when all is done. */
static int rest_of(const struct iovec *iov, int n, size_t done,
	struct iovec out[PIECES])
{
	int k = 0;

	for (int j = 0; j < n && k < PIECES; j++) {
		if (done >= iov[j].iov_len) {
			done -= iov[j].iov_len;
			continue;
		}
		out[k].iov_base = (char *)iov[j].iov_base + done;
		out[k++].iov_len = iov[j].iov_len - done;
		done = 0;
	}
	return k;
}

/* -EINVAL as Linux for too many pieces or a negative sum. Bytes that are not copied
 * need no room. */
static ssize_t total_of(const struct iovec *iov, int n)
{
	size_t sum = 0;

	if (n < 0 || n > IOV_MAX)
		return -EINVAL;
	for (int j = 0; j < n; j++) {
		if ((ssize_t)iov[j].iov_len < 0)
			return -EINVAL;
		sum += iov[j].iov_len;
		if (sum > RW_MAX)
			sum = RW_MAX;
	}
	return (ssize_t)sum;
}

static bool may_block(const struct fd_ref *r, int flags)
{
	/* Linux: nobody waits for an error. */
	return !(flags & (MSG_DONTWAIT | MSG_ERRQUEUE)) &&
		!sock_is_nonblocking(r->s);
}

static void raise_sigpipe(int fd)
{
	siginfo_t info = { .si_signo = SIGPIPE, .si_code = SI_USER };

	if (client_is_confined()) {
		confined_sigpipe(fd);
		return;
	}
	/* As the kernel's send_sig(): as if the process had sent it to the thread. */
	info.si_pid = (pid_t)sys_call0(SYS_getpid);
	info.si_uid = (uid_t)sys_call0(SYS_getuid);
	sys_call4(SYS_rt_tgsigqueueinfo, info.si_pid, sys_call0(SYS_gettid), SIGPIPE,
		&info);
}

/* Who waits for our bytes spins better if he knows where we are. */
void data_tell_place(const struct shm_sock *s)
{
	struct shm_fifo *tx = shm_fifo_at(&cl.arena, atomic_word_get(&s->tx));

	if (tx && atomic_get_relaxed(&s->via) == SHM_VIA_LOCAL)
		spin_tell(&tx->w_cpu);
}

/* May it be the usual case, by what the call says? */
static inline bool is_plain(int n, int flags, const struct data_extra *x)
{
	return n == 1 && !(flags & ~SOCK_PLAIN_FLAGS) && !x->control;
}

/* One try of sock/'s, and its doorbells. */
static ssize_t send_some(const struct fd_ref *r, const struct iovec *iov, int n,
	int flags, const struct data_extra *x)
{
	struct sock_effect fx = { 0 };
	ssize_t done;

	if (r->s->type == SOCK_STREAM)
		done = sock_send(&cl.env, r->i, iov, n, flags, &fx);
	else
		done = sock_sendto(&cl.env, r->i, iov, n, flags, x->name,
			x->namelen, x->control, &fx);
	standin_effects(r, &fx);
	return done;
}

/* Of MSG_OOB only the very last byte is urgent. */
static int flags_now(int flags, const struct iovec *iov, int n, ssize_t left)
{
	return (flags & MSG_OOB) && total_of(iov, n) < left ? flags & ~MSG_OOB :
							       flags;
}

/* It is for the next call, if this one has something to tell. */
static bool error_waits(const struct fd_ref *r)
{
	return atomic_get_relaxed(&r->s->so_error) != 0;
}

static ssize_t send_stream(const struct fd_ref *r, const struct iovec *iov, int n,
	int flags, const struct data_extra *x)
{
	ssize_t total = total_of(iov, n), done = 0, some;
	struct iovec rest[PIECES];
	enum sock_doubt doubt;
	int64_t deadline = 0;
	int k;

	if (total < 0)
		return total;
	if (x->control && x->control->msg_controllen) {
		done = sock_stream_control(&cl.env, r->i, x->control);
		if (done < 0)
			return done;
	}
	doubt = sock_peer_doubt(&cl.env, r->i);
	if (doubt == SOCK_SUSPECT)
		standin_ask(r);
	else if (doubt == SOCK_QUEUED) /* kill -9 of the listener leaves no mark */
		standin_gone(r);
	data_tell_place(r->s);
	for (;;) {
		k = rest_of(iov, n, (size_t)done, rest);
		some = send_some(r, rest, k,
			flags_now(flags, rest, k, total - done), x);
		if (some > 0)
			done += some;
		if (done >= total || (some < 0 && some != -EAGAIN) ||
			(done > 0 && error_waits(r)))
			break;
		if (some > 0 && k == PIECES)
			continue; /* the window was full, not the fifo */
		if (!may_block(r, flags)) {
			some = -EAGAIN;
			break;
		}
		if (deadline == 0)
			deadline = wait_deadline(r->s->opts.sndtimeo_us);
		some = wait_for(r, POLLOUT, deadline);
		if (some < 0 || (done > 0 && error_waits(r)))
			break;
	}
	if (done > 0 || some >= 0)
		return done;
	if (some == -EAGAIN)
		standin_suspect(r);
	return some;
}

static ssize_t send_datagram(const struct fd_ref *r, const struct iovec *iov,
	int n, int flags, const struct data_extra *x)
{
	int64_t deadline = wait_deadline(r->s->opts.sndtimeo_us);
	ssize_t done = total_of(iov, n);

	while (done >= 0) {
		done = send_some(r, iov, n, flags, x);
		if (done != -EAGAIN || !may_block(r, flags))
			break;
		done = wait_for(r, POLLOUT, deadline);
	}
	/* It may just have got a port: now others must be able to ring. */
	if ((atomic_get_relaxed(&r->s->flags) &
		(SHM_F_BOUND | SHM_F_STANDIN_NAMED)) == SHM_F_BOUND)
		standin_name(r->fd, r->s, r->i);
	return done;
}

/* Connecting and sending in one (RFC 7413). Linux: tcp_sendmsg_fastopen(). */
static ssize_t send_fast(const struct fd_ref *r, const struct iovec *iov, int n,
	int flags, const struct data_extra *x)
{
	struct connect_early early = { iov, n, !may_block(r, flags), 0 };
	ssize_t total = total_of(iov, n), done;
	struct iovec rest[PIECES];
	int err;

	if (total < 0)
		return total;
	err = connect_fast(r, x->name, x->name ? x->namelen : 0, &early);
	if (err < 0)
		return err;
	done = (ssize_t)early.done;
	if (done >= total || (early.nonblock && done > 0))
		return done;
	do {
		int k = rest_of(iov, n, (size_t)done, rest);
		ssize_t some = send_stream(r, rest, k, flags & ~MSG_FASTOPEN, x);

		if (some <= 0)
			return done > 0 ? done : some;
		done += some;
	} while (done < total && !early.nonblock);
	return done;
}

/* Others may sleep on this socket for its error queue; on a stream poll() looks for it
 * (wait_look()). */
static void told_zerocopy(const struct fd_ref *r)
{
	if (!sock_zerocopied(&cl.env, r->i))
		return;
	if (r->s->type != SOCK_STREAM)
		standin_ring_other(NULL, r->i);
	else
		epoll_wake_own();
}

/* The same of the times of sending. */
static void told_times(const struct fd_ref *r, const struct iovec *iov, int n, size_t sent,
	int flags, const struct data_extra *x)
{
	bool service;

	if (sock_stream_sent(&cl.env, r->i, iov, n, sent, flags, x->control, &service))
		epoll_wake_own();
	if (service)
		standin_ring(r);
}

ssize_t data_send(const struct fd_ref *r, const struct iovec *iov, int n,
	int flags, const struct data_extra *x)
{
	bool ring = false;
	ssize_t done;

	if (is_plain(n, flags, x) && sock_send_plain(&cl.env, r->s, iov->iov_base,
		iov->iov_len, &ring)) {
		if (ring)
			standin_ring(r);
		data_tell_place(r->s);
		return (ssize_t)iov->iov_len;
	}
	if (connect_pending(r))
		return may_block(r, flags) ? -ENOTCONN : -EAGAIN;
	if (r->s->type != SOCK_STREAM) {
		done = send_datagram(r, iov, n, flags, x);
		if (done >= 0 && (flags & MSG_ZEROCOPY))
			told_zerocopy(r);
		return done;
	}
	done = flags & MSG_FASTOPEN ? -EINPROGRESS :
		send_stream(r, iov, n, flags, x);
	if (done == -EINPROGRESS)
		done = send_fast(r, iov, n, flags, x);
	if (done > 0 && (flags & MSG_ZEROCOPY))
		told_zerocopy(r);
	if (done > 0 && (x->control ||
		(atomic_get_relaxed(&r->s->flags) & SHM_F_TX_STAMPS)))
		told_times(r, iov, n, (size_t)done, flags, x);
	if (done == -EPIPE && !(flags & MSG_NOSIGNAL))
		raise_sigpipe(r->fd);
	return done;
}

void data_push(const struct fd_ref *r)
{
	struct sock_effect fx;

	sock_push(&cl.env, r->i, &fx);
	standin_effects(r, &fx);
}

/* --- receiving ------------------------------------------------------------------ */

/* 0: it is not. */
static inline ssize_t recv_plain(const struct fd_ref *r, const struct iovec *iov, int n,
	int flags, struct data_extra *x)
{
	bool ring = false;
	ssize_t done;

	if (!is_plain(n, flags, x))
		return 0;
	done = (ssize_t)sock_recv_plain(&cl.env, r->s, iov->iov_base, iov->iov_len, &ring);
	if (done > 0)
		x->namelen = 0; /* Linux: a stream has no sender's name */
	if (ring)
		standin_ring(r);
	return done;
}

static ssize_t recv_some(const struct fd_ref *r, const struct iovec *iov, int n,
	int flags, struct data_extra *x)
{
	struct sock_effect fx = { 0 };
	ssize_t done;

	if (r->s->type == SOCK_STREAM)
		done = sock_recv(&cl.env, r->i, iov, n, flags, &fx);
	else
		done = sock_recvfrom(&cl.env, r->i, iov, n, flags, x->name,
			x->name ? &x->namelen : NULL, x->control, &x->msg_flags,
			&fx);
	standin_effects(r, &fx);
	return done;
}

/* Until there is more than a look passes over (SO_PEEK_OFF). */
static int wait_for_look(const struct fd_ref *r, int flags, ssize_t done,
	int64_t deadline)
{
	ssize_t seen = flags & MSG_PEEK ? done + sock_peek_from(r->s) : 0;

	return seen > 0 ? wait_for_more(r, (int)seen, deadline) :
		wait_for(r, POLLIN, deadline);
}

/* Is there what only a look would pass over (SO_PEEK_OFF)? */
static bool is_passed_over(const struct fd_ref *r, int flags)
{
	int unread = 0;

	return !(flags & MSG_PEEK) && sock_peek_from(r->s) > 0 &&
		sock_ioctl(&cl.env, r->i, FIONREAD, &unread) == 0 && unread > 0;
}

/* recv() for no bytes waits like any other and takes none. */
static ssize_t recv_nothing(const struct fd_ref *r, int flags)
{
	int64_t deadline = wait_deadline(r->s->opts.rcvtimeo_us);
	struct data_extra x = { 0 };
	char c;
	struct iovec one = { &c, 1 };

	for (;;) {
		ssize_t some = recv_some(r, &one, 1, flags | MSG_PEEK, &x);

		if (some > 0 || (some == -EAGAIN && is_passed_over(r, flags)))
			return 0;
		if (some != -EAGAIN || !may_block(r, flags))
			return some;
		some = wait_for_look(r, flags, 0, deadline);
		if (some < 0)
			return some;
	}
}

/* With how many bytes, of `total`, is recv() content, if it may wait for them? */
static ssize_t enough_of(const struct fd_ref *r, int flags, ssize_t total)
{
	ssize_t lowat = r->s->opts.rcvlowat;

	return (flags & MSG_WAITALL) || lowat > total ? total : lowat;
}

static ssize_t recv_stream(const struct fd_ref *r, const struct iovec *iov, int n,
	int flags, struct data_extra *x)
{
	ssize_t total = total_of(iov, n), done = 0, some;
	ssize_t enough = enough_of(r, flags, total);
	struct iovec rest[PIECES];
	int64_t deadline = 0;
	int k;

	if (total <= 0)
		return total < 0 ? total : recv_nothing(r, flags);
	for (;;) {
		/* A look (MSG_PEEK) for all starts from the first byte. */
		size_t from = flags & MSG_PEEK ? 0 : (size_t)done;

		k = rest_of(iov, n, from, rest);
		/* After a wait; before the first one data_recv() has tried it. */
		some = deadline != 0 ? recv_plain(r, rest, k, flags, x) : 0;
		if (some <= 0)
			some = recv_some(r, rest, k, flags, x);
		if (some > 0)
			done = flags & MSG_PEEK ? some : done + some;
		if (done > 0 && some < 0 && some != -EAGAIN)
			/* Linux would have left it there: so back with it. */
			sock_fail(&cl.env, r->i, (int)-some, false);
		if (some == 0 || done >= total || (some < 0 && some != -EAGAIN))
			break;
		if (some > 0 && k == PIECES && !(flags & MSG_PEEK) &&
			!sock_at_mark(&cl.env, r->i))
			continue; /* the window was full: there may be more */
		if (done >= enough)
			break;
		if (done > 0 && sock_at_mark(&cl.env, r->i))
			break; /* Linux: never across the urgent mark */
		if (!may_block(r, flags)) {
			some = -EAGAIN;
			break;
		}
		if (deadline == 0)
			deadline = wait_deadline(r->s->opts.rcvtimeo_us);
		some = wait_for_look(r, flags, done, deadline);
		if (some < 0)
			break;
		if (total - done > FIFO_NEAR)
			wait_gather(r, (size_t)(total - done));
	}
	if (done > 0 && (flags & MSG_PEEK))
		sock_peeked(&cl.env, r->i, (size_t)done);
	return done > 0 || some >= 0 ? done : some;
}

/* recv(MSG_OOB) never waits, whatever the socket is. */
static ssize_t recv_urgent(const struct fd_ref *r, const struct iovec *iov, int n,
	int flags, struct data_extra *x)
{
	ssize_t total = total_of(iov, n), done;

	if (total < 0)
		return total;
	done = recv_some(r, iov, n > PIECES ? PIECES : n, flags, x);
	if (done == 1)
		x->msg_flags |= MSG_OOB;
	else if (done == 0 && total == 0) /* taken, and lost */
		x->msg_flags |= MSG_OOB | MSG_TRUNC;
	return done;
}

/* MSG_ERRQUEUE never waits. */
static ssize_t recv_report(const struct fd_ref *r, const struct iovec *iov, int n,
	struct data_extra *x)
{
	ssize_t total = total_of(iov, n);

	return total < 0 ? total : sock_report_take(&cl.env, r->i, iov, n, x->name,
		x->name ? &x->namelen : NULL, x->control, &x->msg_flags);
}

ssize_t data_recv(const struct fd_ref *r, const struct iovec *iov, int n,
	int flags, struct data_extra *x)
{
	int64_t deadline;
	ssize_t done;

	if (atomic_get_relaxed(&r->s->flags) & SHM_F_ASYNC)
		owner_heard(r);
	done = recv_plain(r, iov, n, flags, x);
	if (done > 0)
		return done;
	if (r->s->type == SOCK_STREAM) {
		if (connect_pending(r))
			return -EAGAIN;
		if (flags & MSG_ERRQUEUE)
			return recv_report(r, iov, n, x);
		x->namelen = 0; /* Linux: a stream has no sender's name */
		if (flags & MSG_OOB)
			return recv_urgent(r, iov, n, flags, x);
		done = recv_stream(r, iov, n, flags, x);
		if (done != -EAGAIN || may_block(r, flags))
			return done;
		/* Nothing there, and nobody would tell us of a far end that was
		 * killed: look. */
		standin_suspect(r);
		return recv_stream(r, iov, n, flags, x);
	}
	done = total_of(iov, n);
	if (done < 0)
		return done;
	deadline = wait_deadline(r->s->opts.rcvtimeo_us);
	for (;;) {
		done = recv_some(r, iov, n, flags, x);
		if (done != -EAGAIN || !may_block(r, flags) ||
			(flags & MSG_ERRQUEUE))
			return done;
		done = wait_for(r, POLLIN, deadline);
		if (done < 0)
			return done;
	}
}
