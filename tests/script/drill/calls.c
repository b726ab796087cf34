/* The calls of packetdrill's table. SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <string.h>

#include "base/atomic.h"
#include "drill.h"
#include "epolls.h"
#include "sock/fastopen.h"
#include "sock/report.h"

#define IOV_MAX_HERE 64

/* The lock, and the socket behind fd. */
struct at {
	struct drill *d;
	struct play *p;
	struct play_fd *f; /* NULL: not ours */
	struct subject *h;
};

static struct at enter(int fd)
{
	struct drill *d = drill_get();
	struct play *p = drill_play(d);

	return (struct at){ d, p, drill_fd(d, fd), &p->host };
}

static ssize_t leave(struct at *a, ssize_t r)
{
	drill_put(a->d);
	if (r >= 0)
		return r;
	errno = (int)-r;
	return -1;
}

static bool is_socket(const struct at *a)
{
	return a->f && a->f->kind == PLAY_FD_SOCKET;
}

static bool is_stream(const struct at *a)
{
	return shm_sock_at(&a->h->arena, a->f->sock)->type == SOCK_STREAM;
}

/* When a call has waited long enough: SO_RCVTIMEO, SO_SNDTIMEO. */
static struct instant limit(const struct at *a, int option)
{
	struct timeval tv = { 0 };
	socklen_t len = sizeof(tv);

	if (sock_getopt(&a->h->env, a->f->sock, SOL_SOCKET, option, &tv, &len) < 0 ||
		(!tv.tv_sec && !tv.tv_usec))
		return INSTANT_NEVER;
	return instant_add(a->h->now,
		DURATION_US(tv.tv_sec * 1000000ll + tv.tv_usec));
}

/* --- life ------------------------------------------------------------------------- */

static int drill_socket(void *user, int domain, int type, int protocol)
{
	struct at a = enter(-1);
	uint32_t sock;
	int r;

	(void)user;
	r = sock_create(&a.h->env, domain, type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC),
		protocol, &sock);
	if (r == 0)
		r = drill_fd_new(a.d, PLAY_FD_SOCKET, sock, type & SOCK_NONBLOCK);
	return (int)leave(&a, r);
}

/* packetdrill has given its interface whatever addresses it likes. */
static void adopt_name(struct at *a, const struct sockaddr *sa, socklen_t len)
{
	struct sockaddr_storage name = { 0 };
	struct ip_addr addr;

	memcpy(&name, sa, len < sizeof(name) ? len : sizeof(name));
	addr = name.ss_family == AF_INET6 ?
		ip_addr_from(IP_V6, &((struct sockaddr_in6 *)&name)->sin6_addr) :
		ip_addr_from(IP_V4, &((struct sockaddr_in *)&name)->sin_addr);
	if (ip_addr_is_mapped(&addr))
		addr = ip_addr_unmap(&addr);
	subject_adopt(a->h, &addr);
}

static int drill_bind(void *user, int fd, const struct sockaddr *sa, socklen_t len)
{
	struct at a = enter(fd);

	(void)user;
	adopt_name(&a, sa, len);
	return (int)leave(&a, is_socket(&a) ?
		sock_bind(&a.h->env, a.f->sock, sa, len) : -EBADF);
}

static int drill_listen(void *user, int fd, int backlog)
{
	struct at a = enter(fd);

	(void)user;
	return (int)leave(&a, is_socket(&a) ?
		sock_listen(&a.h->env, a.f->sock, backlog) : -EBADF);
}

static int drill_accept(void *user, int fd, struct sockaddr *sa, socklen_t *len)
{
	struct at a = enter(fd);
	struct instant until;
	uint32_t sock;
	int r;

	(void)user;
	if (!is_socket(&a))
		return (int)leave(&a, -EBADF);
	until = limit(&a, SO_RCVTIMEO);
	while ((r = subject_accept(a.h, a.f->sock, &sock)) == -EAGAIN &&
		!a.f->nonblock && drill_wait(a.d, until))
		continue;
	if (r == 0 && sa) {
		struct shm_sock *s = shm_sock_at(&a.h->arena, sock);
		struct shm_addr remote = s->remote;

		sock_present(s, &remote, sa, len); /* also of one that was reset */
	}
	if (r == 0)
		r = drill_fd_new(a.d, PLAY_FD_SOCKET, sock, false);
	return (int)leave(&a, r);
}

static int drill_connect(void *user, int fd, const struct sockaddr *sa, socklen_t len)
{
	struct at a = enter(fd);
	struct instant until;
	int r;

	(void)user;
	if (!is_socket(&a))
		return (int)leave(&a, -EBADF);
	if (!is_stream(&a))
		return (int)leave(&a,
			sock_dgram_connect(&a.h->env, a.f->sock, sa, len));
	until = limit(&a, SO_SNDTIMEO);
	r = subject_connect(a.h, a.f->sock, sa, len, NULL);
	if (r == 1)
		r = 0;
	while (r == -EINPROGRESS && !a.f->nonblock && drill_wait(a.d, until)) {
		r = sock_connect_result(&a.h->env, a.f->sock);
		if (r == -EALREADY)
			r = -EINPROGRESS;
	}
	return (int)leave(&a, r);
}

static int drill_shutdown(void *user, int fd, int how)
{
	struct at a = enter(fd);
	struct sock_effect fx = { 0 };
	int r = -EBADF;

	(void)user;
	if (is_socket(&a))
		r = sock_shutdown(&a.h->env, a.f->sock, how, &fx);
	subject_settle(a.h);
	return (int)leave(&a, r);
}

static int drill_close(void *user, int fd)
{
	struct at a = enter(fd);

	(void)user;
	if (is_socket(&a)) {
		epolls_forget(a.p, fd);
		subject_close(a.h, a.f->sock);
	} else if (a.f && a.f->kind == PLAY_FD_EPOLL) {
		epolls_close(a.p, a.f);
	}
	if (a.f)
		a.f->used = false;
	return (int)leave(&a, close(fd) < 0 ? -errno : 0);
}

/* --- data ---------------------------------------------------------------------------- */

static int rest_of(const struct iovec *iov, int n, size_t skip, struct iovec *out)
{
	int left = 0;

	for (int k = 0; k < n && k < IOV_MAX_HERE; k++) {
		size_t gone = skip < iov[k].iov_len ? skip : iov[k].iov_len;

		skip -= gone;
		if (iov[k].iov_len == gone && gone)
			continue;
		out[left++] = (struct iovec){ (char *)iov[k].iov_base + gone,
			iov[k].iov_len - gone };
	}
	return left;
}

static size_t length_of(const struct iovec *iov, int n)
{
	size_t len = 0;

	for (int k = 0; k < n; k++)
		len += iov[k].iov_len;
	return len;
}

static bool touchable(const struct iovec *iov, int n)
{
	for (int k = 0; k < n; k++)
		if (!iov[k].iov_base && iov[k].iov_len)
			return false;
	return true;
}

/* Connecting and sending in one (RFC 7413), for a call that does not wait: what the
 * client does for MSG_FASTOPEN and for the first send after a connect() put off. */
static ssize_t send_fast(struct at *a, const struct iovec *iov, int n, int flags,
	const struct sockaddr *to, socklen_t tolen)
{
	struct subject_early early = { iov, n, !a->f->nonblock &&
		!(flags & MSG_DONTWAIT), 0 };
	struct shm_sock *s = shm_sock_at(&a->h->arena, a->f->sock);
	int r = sock_fastopen_check(&a->h->env, to, tolen);

	if (r < 0)
		return r;
	if (sock_fastopen_waits(s)) {
		sock_fastopen_go(s);
		r = subject_start(a->h, a->f->sock, &early);
	} else {
		r = subject_connect(a->h, a->f->sock, to, tolen, &early);
	}
	if (r == 1) /* it has just come through: send */
		return sock_send(&a->h->env, a->f->sock, iov, n,
			flags & ~MSG_FASTOPEN, &(struct sock_effect){ 0 });
	while (r == -EINPROGRESS && early.wait &&
		drill_wait(a->d, limit(a, SO_SNDTIMEO))) {
		r = sock_connect_result(&a->h->env, a->f->sock);
		if (r == -EALREADY)
			r = -EINPROGRESS;
	}
	return early.done && (r == -EINPROGRESS || r == 0) ? (ssize_t)early.done : r;
}

/* All of it, as far as it may wait. */
static ssize_t send_stream(struct at *a, const struct iovec *iov, int n, int flags,
	struct msghdr *control)
{
	struct instant until = limit(a, SO_SNDTIMEO);
	struct iovec rest[IOV_MAX_HERE];
	size_t done = 0, all = length_of(iov, n);
	ssize_t r = control ? sock_stream_control(&a->h->env, a->f->sock, control) : 0;

	if (r < 0)
		return r;
	for (;;) {
		struct sock_effect fx = { 0 };

		r = sock_send(&a->h->env, a->f->sock, rest,
			rest_of(iov, n, done, rest), flags, &fx);
		subject_settle(a->h);
		done += r > 0 ? (size_t)r : 0;
		if (done >= all || (r < 0 && r != -EAGAIN) || a->f->nonblock ||
			(flags & MSG_DONTWAIT))
			return done ? (ssize_t)done : r;
		do
			if (!drill_wait(a->d, until))
				return done ? (ssize_t)done : r;
		while (!sock_ready(&a->h->env, a->f->sock, POLLOUT));
	}
}

ssize_t drill_send(int fd, const struct iovec *iov, int n, int flags,
	const struct sockaddr *to, socklen_t tolen, struct msghdr *control)
{
	struct at a = enter(fd);
	struct sock_effect fx = { 0 };
	ssize_t r;

	if (!is_socket(&a))
		return leave(&a, -EBADF);
	if (!touchable(iov, n))
		return leave(&a, -EFAULT);
	if (is_stream(&a)) {
		r = flags & MSG_FASTOPEN ? -EINPROGRESS :
			send_stream(&a, iov, n, flags, control);
		if (r == -EINPROGRESS)
			r = send_fast(&a, iov, n, flags, to, tolen);
		if (r > 0 && (flags & MSG_ZEROCOPY))
			sock_zerocopied(&a.h->env, a.f->sock);
		return leave(&a, r);
	}
	r = sock_sendto(&a.h->env, a.f->sock, iov, n, flags, to, tolen, control, &fx);
	subject_settle(a.h);
	return leave(&a, r);
}

static ssize_t receive_once(struct at *a, const struct iovec *iov, int n, int flags,
	struct msghdr *m)
{
	struct sock_effect fx = { 0 };
	ssize_t r;

	if (flags & MSG_ERRQUEUE)
		return sock_report_take(&a->h->env, a->f->sock, iov, n, m->msg_name,
			&m->msg_namelen, m, &m->msg_flags);
	if (is_stream(a)) {
		r = sock_recv(&a->h->env, a->f->sock, iov, n, flags, &fx);
		m->msg_namelen = 0;
		if (r >= 0)
			sock_stream_told(&a->h->env, a->f->sock, r, m,
				&m->msg_flags);
	} else {
		r = sock_recvfrom(&a->h->env, a->f->sock, iov, n, flags, m->msg_name,
			m->msg_name ? &m->msg_namelen : NULL, m, &m->msg_flags, &fx);
	}
	subject_settle(a->h);
	return r;
}

static ssize_t receive(int fd, const struct iovec *iov, int n, int flags,
	struct msghdr *m)
{
	struct at a = enter(fd);
	struct iovec rest[IOV_MAX_HERE];
	int before = m->msg_flags; /* stay so when it fails */
	struct instant until;
	size_t done = 0;
	bool all;
	ssize_t r;

	if (!is_socket(&a))
		return leave(&a, -EBADF);
	if (!touchable(iov, n))
		return leave(&a, -EFAULT);
	all = (flags & MSG_WAITALL) && !(flags & MSG_PEEK) && is_stream(&a);
	until = limit(&a, SO_RCVTIMEO);
	m->msg_flags = 0;
	for (;;) {
		r = receive_once(&a, rest, rest_of(iov, n, done, rest), flags, m);
		done += r > 0 ? (size_t)r : 0;
		if ((r >= 0 && !(all && r > 0 && done < length_of(iov, n))) ||
			(r < 0 && r != -EAGAIN) || a.f->nonblock ||
			(flags & (MSG_DONTWAIT | MSG_ERRQUEUE)) ||
			!drill_wait(a.d, until))
			break;
	}
	if (r < 0 && !done)
		m->msg_flags = before;
	return leave(&a, done ? (ssize_t)done : r);
}

static ssize_t drill_write(void *user, int fd, const void *buf, size_t n)
{
	struct iovec iov = { (void *)(uintptr_t)buf, n };

	(void)user;
	return drill_send(fd, &iov, 1, 0, NULL, 0, NULL);
}

static ssize_t drill_writev(void *user, int fd, const struct iovec *iov, int n)
{
	(void)user;
	return drill_send(fd, iov, n, 0, NULL, 0, NULL);
}

static ssize_t drill_sendto(void *user, int fd, const void *buf, size_t n, int flags,
	const struct sockaddr *to, socklen_t len)
{
	struct iovec iov = { (void *)(uintptr_t)buf, n };

	(void)user;
	return drill_send(fd, &iov, 1, flags, to, len, NULL);
}

static ssize_t drill_plain_send(void *user, int fd, const void *buf, size_t n, int flags)
{
	return drill_sendto(user, fd, buf, n, flags, NULL, 0);
}

static ssize_t drill_sendmsg(void *user, int fd, const struct msghdr *m, int flags)
{
	struct msghdr copy = *m;

	(void)user;
	return drill_send(fd, m->msg_iov, (int)m->msg_iovlen, flags, m->msg_name,
		m->msg_namelen, m->msg_controllen ? &copy : NULL);
}

static ssize_t drill_recvfrom(void *user, int fd, void *buf, size_t n, int flags,
	struct sockaddr *from, socklen_t *len)
{
	struct msghdr m = { .msg_name = from, .msg_namelen = len ? *len : 0 };
	struct iovec iov = { buf, n };
	ssize_t r = receive(fd, &iov, 1, flags, &m);

	(void)user;
	if (len && r >= 0)
		*len = m.msg_namelen;
	return r;
}

static ssize_t drill_recv(void *user, int fd, void *buf, size_t n, int flags)
{
	return drill_recvfrom(user, fd, buf, n, flags, NULL, NULL);
}

static ssize_t drill_read(void *user, int fd, void *buf, size_t n)
{
	return drill_recvfrom(user, fd, buf, n, 0, NULL, NULL);
}

static ssize_t drill_readv(void *user, int fd, const struct iovec *iov, int n)
{
	struct msghdr m = { 0 };

	(void)user;
	return receive(fd, iov, n, 0, &m);
}

static ssize_t drill_recvmsg(void *user, int fd, struct msghdr *m, int flags)
{
	(void)user;
	return receive(fd, m->msg_iov, (int)m->msg_iovlen, flags, m);
}

/* --- options ----------------------------------------------------------------------------- */

static int drill_fcntl(void *user, int fd, int command, ...)
{
	struct at a = enter(fd);
	va_list ap;
	int arg;

	(void)user;
	va_start(ap, command);
	arg = va_arg(ap, int);
	va_end(ap);
	if (!a.f)
		return (int)leave(&a, -EBADF);
	if (command == F_GETFL)
		return (int)leave(&a, O_RDWR | (a.f->nonblock ? O_NONBLOCK : 0));
	if (command == F_SETFL)
		a.f->nonblock = arg & O_NONBLOCK;
	return (int)leave(&a, command == F_SETFL || command == F_GETFD ||
		command == F_SETFD ? 0 : -EINVAL);
}

static int drill_ioctl(void *user, int fd, unsigned long request, ...)
{
	struct at a = enter(fd);
	va_list ap;
	int *out;

	(void)user;
	va_start(ap, request);
	out = va_arg(ap, int *);
	va_end(ap);
	return (int)leave(&a, is_socket(&a) ?
		sock_ioctl(&a.h->env, a.f->sock, request, out) : -EBADF);
}

int drill_getsockopt(struct drill *d, int fd, int level, int name, void *value,
	socklen_t *len)
{
	struct play_fd *f = drill_fd(d, fd);

	if (!f || f->kind != PLAY_FD_SOCKET)
		return -EBADF;
	/* What the stack tells of a connection is told at the end of a round. */
	net_tell(drill_play(d)->host.net);
	return subject_getopt(&drill_play(d)->host, f->sock, level, name, value, len);
}

static int drill_table_getsockopt(void *user, int fd, int level, int name, void *value,
	socklen_t *len)
{
	struct at a = enter(fd);

	(void)user;
	return (int)leave(&a, drill_getsockopt(a.d, fd, level, name, value, len));
}

static int drill_setsockopt(void *user, int fd, int level, int name, const void *value,
	socklen_t len)
{
	struct at a = enter(fd);
	struct sock_effect fx = { 0 };
	int r = -EBADF;

	(void)user;
	if (is_socket(&a))
		r = sock_setopt(&a.h->env, a.f->sock, level, name, value, len, &fx);
	subject_settle(a.h);
	return (int)leave(&a, r);
}

/* --- readiness ------------------------------------------------------------------------------ */

static int drill_poll(void *user, struct pollfd *fds, nfds_t n, int timeout)
{
	struct at a = enter(-1);
	struct instant until = timeout < 0 ? INSTANT_NEVER :
		instant_add(a.h->now, DURATION_MS((int64_t)timeout));
	int ready;

	(void)user;
	do {
		ready = 0;
		for (nfds_t k = 0; k < n; k++) {
			struct play_fd *f = drill_fd(a.d, fds[k].fd);

			fds[k].revents = f && f->kind == PLAY_FD_SOCKET ?
				(short)epolls_ready(a.p, f, (unsigned short)fds[k].events) :
				(short)(fds[k].fd < 0 ? 0 : POLLNVAL);
			ready += fds[k].revents != 0;
		}
	} while (!ready && timeout != 0 && drill_wait(a.d, until));
	return (int)leave(&a, ready);
}

static int drill_epoll_create(void *user, int size)
{
	struct at a = enter(-1);
	int r = size > 0 ? epolls_make(a.p) : -EINVAL;

	(void)user;
	if (r >= 0)
		r = drill_fd_new(a.d, PLAY_FD_EPOLL, (uint32_t)r, false);
	return (int)leave(&a, r);
}

static int drill_epoll_ctl(void *user, int epfd, int op, int fd, struct epoll_event *ev)
{
	struct at a = enter(epfd);

	(void)user;
	return (int)leave(&a, a.f ? epolls_ctl(a.p, a.f, op, fd, ev ? ev->events : 0,
		ev ? (int64_t)ev->data.u64 : 0) : -EBADF);
}

static int drill_epoll_wait(void *user, int epfd, struct epoll_event *ev, int max,
	int timeout)
{
	struct epolls_event got[PLAY_WATCHES];
	struct at a = enter(epfd);
	struct instant until = timeout < 0 ? INSTANT_NEVER :
		instant_add(a.h->now, DURATION_MS((int64_t)timeout));
	int n;

	(void)user;
	if (!a.f || a.f->kind != PLAY_FD_EPOLL || max <= 0)
		return (int)leave(&a, a.f ? -EINVAL : -EBADF);
	do
		n = epolls_wait(a.p, a.f, got, max < PLAY_WATCHES ? max : PLAY_WATCHES);
	while (n == 0 && timeout != 0 && drill_wait(a.d, until));
	for (int k = 0; k < n; k++)
		ev[k] = (struct epoll_event){ .events = got[k].events,
			.data.u64 = (uint64_t)got[k].data };
	return (int)leave(&a, n);
}

/* --- pipes -------------------------------------------------------------------------------- */

static int drill_pipe(void *user, int fds[2])
{
	(void)user;
	return pipe2(fds, O_CLOEXEC); /* the real thing */
}

/* Between one of ours and a real pipe. */
static ssize_t drill_splice(void *user, int in, off_t *in_at, int out, off_t *out_at,
	size_t n, unsigned flags)
{
	static char bytes[65536];
	struct iovec iov = { bytes, n < sizeof(bytes) ? n : sizeof(bytes) };
	struct drill *d = drill_get();
	struct play_fd *from = drill_fd(d, in);
	struct msghdr m = { 0 };
	bool marked = from && sock_at_mark(&drill_play(d)->host.env, from->sock);
	ssize_t r;

	(void)user;
	drill_put(d);
	/* NULL comes as a pointer to 0. */
	if ((in_at && *in_at) || (out_at && *out_at))
		return errno = ESPIPE, -1;
	if (marked)
		return 0; /* Linux (tcp_splice_data_recv): not across it */
	if (from) {
		r = receive(in, &iov, 1, flags & SPLICE_F_NONBLOCK ? MSG_DONTWAIT : 0,
			&m);
		return r > 0 ? write(out, bytes, (size_t)r) : r;
	}
	r = read(in, bytes, iov.iov_len);
	iov.iov_len = r > 0 ? (size_t)r : 0;
	return r > 0 ? drill_send(out, &iov, 1, flags & SPLICE_F_MORE ? MSG_MORE : 0,
			       NULL, 0, NULL) : r;
}

void drill_calls(struct drill_table *t)
{
	t->socket = drill_socket;
	t->bind = drill_bind;
	t->listen = drill_listen;
	t->accept = drill_accept;
	t->connect = drill_connect;
	t->read = drill_read;
	t->readv = drill_readv;
	t->recv = drill_recv;
	t->recvfrom = drill_recvfrom;
	t->recvmsg = drill_recvmsg;
	t->write = drill_write;
	t->writev = drill_writev;
	t->send = drill_plain_send;
	t->sendto = drill_sendto;
	t->sendmsg = drill_sendmsg;
	t->fcntl = drill_fcntl;
	t->ioctl = drill_ioctl;
	t->close = drill_close;
	t->shutdown = drill_shutdown;
	t->getsockopt = drill_table_getsockopt;
	t->setsockopt = drill_setsockopt;
	t->poll = drill_poll;
	t->epoll_create = drill_epoll_create;
	t->epoll_ctl = drill_epoll_ctl;
	t->epoll_wait = drill_epoll_wait;
	t->pipe = drill_pipe;
	t->splice = drill_splice;
}
