/* The calls' many shapes, brought to data_send() and data_recv().
 *
 * EFAULT: the kernel checks a program's pointers, we use them; a wrong one is a
 * crash here. (NULL is checked.)
 * SPDX-License-Identifier: BSD-2-Clause */
#include <limits.h>
#include <netinet/in.h>
#include <string.h>

#include "data.h"
#include "user.h"
#include "netlink.h"
#include "sock/report.h"

ssize_t client_read(int fd, void *buf, size_t n)
{
	struct data_extra x = { 0 };
	struct iovec iov = { buf, n };
	struct fd_ref r;
	ssize_t done;
	int err;

	do {
		if (fd_lookup(fd, &r, &err) != FD_SOCKET)
			return fd_is_netlink(fd) ? netlink_read(fd, buf, n) :
				sys_call3(SYS_read, fd, buf, n);
		if (err == 0 && n == 0)
			return 0; /* unlike recv(): as any file */
	} while (CALL(done, err < 0 ? err : data_recv(&r, &iov, 1, 0, &x)));
	return done;
}

ssize_t client_write(int fd, const void *buf, size_t n)
{
	struct data_extra x = { 0 };
	struct iovec iov = { (void *)(uintptr_t)buf, n };
	struct fd_ref r;
	ssize_t done;
	int err;

	do {
		if (fd_lookup(fd, &r, &err) != FD_SOCKET)
			return fd_is_netlink(fd) ?
				netlink_sendto(fd, buf, n, 0, NULL, 0) :
				sys_call3(SYS_write, fd, buf, n);
	} while (CALL(done, err < 0 ? err : data_send(&r, &iov, 1, 0, &x)));
	return done;
}

static bool wants_nothing(const struct iovec *iov, int n)
{
	if (n < 0 || n > 1024 || (n > 0 && !touch_read(iov, (size_t)n * sizeof(*iov))))
		return false;
	for (int k = 0; k < n; k++) {
		if (iov[k].iov_len > 0)
			return false;
	}
	return iov;
}

ssize_t client_readv(int fd, const struct iovec *iov, int n)
{
	struct data_extra x = { 0 };
	struct fd_ref r;
	ssize_t done;
	int err;

	do {
		if (fd_lookup(fd, &r, &err) != FD_SOCKET)
			return sys_call3(SYS_readv, fd, iov, n);
		if (err == 0 && wants_nothing(iov, n))
			return 0;
		if (err == 0 && !user_reads_iov(iov, n))
			err = -EFAULT;
	} while (CALL(done, err < 0 ? err : data_recv(&r, iov, n, 0, &x)));
	return done;
}

ssize_t client_writev(int fd, const struct iovec *iov, int n)
{
	struct data_extra x = { 0 };
	struct fd_ref r;
	ssize_t done;
	int err;

	do {
		if (fd_lookup(fd, &r, &err) != FD_SOCKET)
			return sys_call3(SYS_writev, fd, iov, n);
		if (err == 0 && !user_reads_iov(iov, n))
			err = -EFAULT;
	} while (CALL(done, err < 0 ? err : data_send(&r, iov, n, 0, &x)));
	return done;
}

ssize_t client_recvfrom(int fd, void *buf, size_t n, int flags,
	struct sockaddr *from, socklen_t *fromlen)
{
	struct data_extra x = { 0 };
	struct iovec iov = { buf, n };
	struct fd_ref r;
	ssize_t done;
	int err;

	do {
		if (fd_lookup(fd, &r, &err) != FD_SOCKET)
			return fd_is_netlink(fd) ?
				netlink_recvfrom(fd, buf, n, flags, from, fromlen) :
				sys_call6(SYS_recvfrom, fd, buf, n, flags, from,
					fromlen);
		if (from && user_takes_name(from, fromlen) && (int)*fromlen >= 0) {
			x.name = from;
			x.namelen = *fromlen;
		}
	} while (CALL(done, err < 0 ? err : data_recv(&r, &iov, 1, flags, &x)));
	if (!from || done < 0)
		return done;
	/* Linux: too late for what was received, which is lost. A stream has no name to
	 * tell, so its place is not looked at. */
	if (r.s->type == SOCK_STREAM ? !touch_write(fromlen, sizeof(*fromlen)) :
				       !user_takes_name(from, fromlen))
		return -EFAULT;
	if ((int)*fromlen < 0)
		return -EINVAL;
	*fromlen = x.namelen;
	return done;
}

ssize_t client_sendto(int fd, const void *buf, size_t n, int flags,
	const struct sockaddr *to, socklen_t tolen)
{
	struct data_extra x = { .name = (struct sockaddr *)(uintptr_t)to,
		.namelen = tolen };
	struct iovec iov = { (void *)(uintptr_t)buf, n };
	struct fd_ref r;
	ssize_t done;
	int err;

	do {
		if (fd_lookup(fd, &r, &err) != FD_SOCKET)
			return fd_is_netlink(fd) ?
				netlink_sendto(fd, buf, n, flags, to, tolen) :
				sys_call6(SYS_sendto, fd, buf, n, flags, to, tolen);
		/* Looked at even where the address does not count, on a stream. */
		if (err == 0 && to && tolen > sizeof(struct sockaddr_storage))
			err = -EINVAL;
		if (err == 0 && to && !user_reads(to, tolen, tolen))
			err = -EFAULT;
	} while (CALL(done, err < 0 ? err : data_send(&r, &iov, 1, flags, &x)));
	return done;
}

/* Descriptors that the kernel has just made in this process: whatever we knew of
 * their numbers is old. */
static void forget_received(const struct msghdr *m)
{
	struct msghdr *mm = (struct msghdr *)(uintptr_t)m;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(mm); c; c = CMSG_NXTHDR(mm, c)) {
		size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		int fd;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t k = 0; k < n; k++) {
			memcpy(&fd, CMSG_DATA(c) + k * sizeof(int), sizeof(fd));
			client_fd_forget(fd);
			foreign_received(fd);
		}
	}
}

/* Somebody else will have these. */
static void share_sent(const struct msghdr *m)
{
	struct msghdr *mm = (struct msghdr *)(uintptr_t)m;
	struct fd_ref r;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(mm); c; c = CMSG_NXTHDR(mm, c)) {
		size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		int fd;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t k = 0; k < n && k < 253; k++) { /* SCM_MAX_FD */
			memcpy(&fd, CMSG_DATA(c) + k * sizeof(int), sizeof(fd));
			if (fd_peek(fd, &r) == FD_SOCKET)
				atomic_set_bits(&r.s->flags, SHM_F_SHARED);
			else if (fd_peek(fd, &r) == FD_EPOLL)
				epoll_sharing(&r);
		}
	}
}

/* Linux's __copy_msghdr(): looked at first, and with other answers than readv's. */
static int header_error(const struct msghdr *m)
{
	if (m->msg_name && (int)m->msg_namelen < 0)
		return -EINVAL;
	return m->msg_iovlen > IOV_MAX ? -EMSGSIZE : 0;
}

#define CONTROL_BYTES 65536 /* as much of it is looked at */
#define CONTROL_MOST 131072 /* Linux: net.core.optmem_max */

/* What a header points to, but for the bytes; in Linux's order (____sys_sendmsg()). */
static int read_header(const struct msghdr *m)
{
	int err;

	if (!touch_read(m, sizeof(*m)))
		return -EFAULT;
	err = header_error(m);
	if (err == -EINVAL)
		return err;
	if (m->msg_name && !user_reads(m->msg_name, m->msg_namelen,
		sizeof(struct sockaddr_storage)))
		return -EFAULT;
	if (err < 0)
		return err;
	if (!user_reads_iov(m->msg_iov, (int)m->msg_iovlen))
		return -EFAULT;
	if (m->msg_controllen > CONTROL_MOST)
		return -ENOBUFS;
	return user_reads(m->msg_control, m->msg_controllen, CONTROL_BYTES) ? 0 : -EFAULT;
}

static bool takes_header(struct msghdr *m)
{
	if (!touch_write(m, sizeof(*m)) || !user_reads_iov(m->msg_iov, (int)m->msg_iovlen))
		return false;
	if (m->msg_name && !user_writes(m->msg_name, m->msg_namelen, USER_NAME_BYTES))
		return false;
	return !m->msg_control || user_writes(m->msg_control, m->msg_controllen,
		CONTROL_BYTES);
}

static ssize_t recvmsg_ours(const struct fd_ref *r, struct msghdr *m, int flags)
{
	struct data_extra x = { .name = m->msg_name,
		.namelen = m->msg_name ? m->msg_namelen : 0,
		.control = m };
	size_t room = m->msg_controllen;
	ssize_t done = header_error(m);

	if (done == 0)
		done = data_recv(r, m->msg_iov, (int)m->msg_iovlen, flags, &x);
	if (done < 0) {
		m->msg_controllen = room;
		return done;
	}
	if (r->s->type == SOCK_STREAM && !(flags & MSG_ERRQUEUE))
		sock_stream_told(&cl.env, r->i, done, m, &x.msg_flags);
	if (m->msg_name)
		m->msg_namelen = x.namelen;
	m->msg_flags = x.msg_flags | (flags & MSG_CMSG_CLOEXEC);
	return done;
}

ssize_t client_recvmsg(int fd, struct msghdr *m, int flags)
{
	struct fd_ref r;
	ssize_t done;
	int err;

	do {
		if (fd_lookup(fd, &r, &err) != FD_SOCKET) {
			if (fd_is_netlink(fd))
				return netlink_recvmsg(fd, m, flags);
			done = sys_call3(SYS_recvmsg, fd, m, flags);
			if (done >= 0 && m->msg_controllen > 0)
				forget_received(m);
			return done;
		}
		if (err == 0 && !takes_header(m))
			err = -EFAULT;
	} while (CALL(done, err < 0 ? err : recvmsg_ours(&r, m, flags)));
	return done;
}

static ssize_t sendmsg_ours(const struct fd_ref *r, const struct msghdr *m,
	int flags)
{
	struct data_extra x = { .name = m->msg_name, .namelen = m->msg_namelen,
		.control = (struct msghdr *)(uintptr_t)m };

	if (x.name && x.namelen == 0)
		x.name = NULL;
	if (x.namelen > sizeof(struct sockaddr_storage))
		x.namelen = sizeof(struct sockaddr_storage); /* Linux cuts it */
	return data_send(r, m->msg_iov, (int)m->msg_iovlen, flags, &x);
}

ssize_t client_sendmsg(int fd, const struct msghdr *m, int flags)
{
	struct fd_ref r;
	ssize_t done;
	int err;

	do {
		if (fd_lookup(fd, &r, &err) != FD_SOCKET) {
			if (fd_is_netlink(fd))
				return netlink_sendmsg(fd, m, flags);
			if (m && client_attached() && read_header(m) == 0 &&
				m->msg_control)
				share_sent(m);
			return sys_call3(SYS_sendmsg, fd, m, flags);
		}
		if (err == 0)
			err = read_header(m);
	} while (CALL(done, err < 0 ? err : sendmsg_ours(&r, m, flags)));
	return done;
}

static int sendmmsg_ours(const struct fd_ref *r, struct mmsghdr *v, unsigned n,
	int flags)
{
	ssize_t one = 0;
	unsigned k;

	for (k = 0; k < n && k < 1024; k++) { /* UIO_MAXIOV, as Linux */
		one = touch_write(&v[k], sizeof(v[k])) ? read_header(&v[k].msg_hdr) :
			-EFAULT;
		if (one == 0)
			one = sendmsg_ours(r, &v[k].msg_hdr, flags);
		if (one < 0)
			break;
		v[k].msg_len = (unsigned)one;
	}
	return k > 0 ? (int)k : (int)one;
}

int client_sendmmsg(int fd, struct mmsghdr *v, unsigned n, int flags)
{
	struct fd_ref r;
	int err, done;

	do {
		if (fd_lookup(fd, &r, &err) != FD_SOCKET) {
			for (unsigned k = 0; v && k < n && client_attached(); k++) {
				if (!touch_read(&v[k], sizeof(v[k])) ||
					read_header(&v[k].msg_hdr) < 0)
					break;
				if (v[k].msg_hdr.msg_control)
					share_sent(&v[k].msg_hdr);
			}
			return (int)sys_call4(SYS_sendmmsg, fd, v, n, flags);
		}
	} while (CALL(done, err < 0 ? err : sendmmsg_ours(&r, v, n, flags)));
	return done;
}

/* The time left; false when there is none. */
static bool time_left(int64_t until, struct timespec *left)
{
	int64_t ns = until - sys_now_ns();

	ns = ns > 0 ? ns : 0;
	*left = (struct timespec){ ns / NS_PER_S, ns % NS_PER_S };
	return ns > 0;
}

/* Linux's do_recvmmsg(): a pending error comes first, the timeout is looked at after
 * each message only, and an error after some messages waits for the next call. */
static int recvmmsg_ours(const struct fd_ref *r, struct mmsghdr *v, unsigned n,
	int flags, struct timespec *timeout)
{
	int64_t until = WAIT_FOREVER;
	socklen_t len = sizeof(int);
	ssize_t one = 0;
	unsigned k = 0;
	int err = 0;

	if (timeout && !touch_read(timeout, sizeof(*timeout)))
		return -EFAULT;
	if (timeout && (timeout->tv_sec < 0 || timeout->tv_nsec < 0 ||
		timeout->tv_nsec >= NS_PER_S))
		return -EINVAL;
	if (timeout && timeout->tv_sec < INT32_MAX)
		until = sys_now_ns() + timeout->tv_sec * NS_PER_S + timeout->tv_nsec;
	if (!(flags & MSG_ERRQUEUE) && atomic_get_relaxed(&r->s->so_error) &&
		sock_getopt(&cl.env, r->i, SOL_SOCKET, SO_ERROR, &err, &len) == 0 &&
		err != 0)
		return -err;
	while (k < n) {
		one = touch_write(&v[k], sizeof(v[k])) && takes_header(&v[k].msg_hdr) ?
			recvmsg_ours(r, &v[k].msg_hdr, flags & ~MSG_WAITFORONE) :
			-EFAULT;
		if (one < 0)
			break;
		v[k++].msg_len = (unsigned)one;
		if (flags & MSG_WAITFORONE)
			flags |= MSG_DONTWAIT;
		if (until != WAIT_FOREVER && !time_left(until, timeout))
			break;
	}
	if (k > 0 && one < 0 && one != -EAGAIN && one != -EINTR &&
		one != -CALL_INTERRUPTED)
		sock_fail(&cl.env, r->i, (int)-one, false);
	return k > 0 ? (int)k : (int)one;
}

int client_recvmmsg(int fd, struct mmsghdr *v, unsigned n, int flags,
	struct timespec *timeout)
{
	struct fd_ref r;
	int err, done;

	do {
		if (fd_lookup(fd, &r, &err) != FD_SOCKET) {
			done = (int)sys_call5(SYS_recvmmsg, fd, v, n, flags,
				timeout);
			for (int k = 0; k < done; k++)
				forget_received(&v[k].msg_hdr);
			return done;
		}
	} while (CALL(done, err < 0 ? err : recvmmsg_ours(&r, v, n, flags,
		timeout)));
	return done;
}
