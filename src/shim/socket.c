/* The socket calls by libc's names.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <sys/socket.h>

#include "report.h"
#include "shim.h"
#include "trace.h"

/* The result r (errno is set) of a call with these flags. */
static inline long noted(const char *call, int fd, int flags, long r)
{
	if (report_wanted && flags)
		report_flags(call, fd, flags, r < 0 ? -errno : r);
	return r;
}

EXPORT int socket(int domain, int type, int protocol)
{
	long r = TRACED("socket", -1, client_socket(domain, type, protocol), "%s",
		trace_kind(domain, type, protocol, (char[TRACE_ARGS_MAX]){ "" }));

	if (report_wanted)
		report_socket(domain, type, protocol, r);
	return (int)shim_return(r);
}

EXPORT int socketpair(int domain, int type, int protocol, int sv[2])
{
	long r = sys_call4(SYS_socketpair, domain, type, protocol, sv);

	if (r == 0) {
		client_fd_forget(sv[0]);
		client_fd_forget(sv[1]);
	}
	return (int)shim_return(r);
}

EXPORT int bind(int fd, __CONST_SOCKADDR_ARG sa, socklen_t len)
{
	return (int)shim_return(TRACED_TO("bind", fd,
		client_bind(fd, sa.__sockaddr__, len), sa.__sockaddr__, len));
}

EXPORT int listen(int fd, int backlog)
{
	return (int)shim_return(TRACED("listen", fd, client_listen(fd, backlog), "%d",
		backlog));
}

EXPORT int accept(int fd, __SOCKADDR_ARG sa, socklen_t *len)
{
	return (int)CANCEL_POINT(fd,
		TRACED("accept", fd, client_accept4(fd, sa.__sockaddr__, len, 0), "%s", ""));
}

EXPORT int accept4(int fd, __SOCKADDR_ARG sa, socklen_t *len, int flags)
{
	return (int)CANCEL_POINT(fd,
		TRACED("accept4", fd, client_accept4(fd, sa.__sockaddr__, len, flags),
		"%s", ""));
}

EXPORT int connect(int fd, __CONST_SOCKADDR_ARG sa, socklen_t len)
{
	int r = (int)CANCEL_POINT(fd, TRACED_TO("connect", fd,
		client_connect(fd, sa.__sockaddr__, len), sa.__sockaddr__, len));

	/* Afterwards: now the address is known to be readable. */
	if (r == 0 && shim_is_nscd(sa.__sockaddr__, len))
		return (int)shim_return(-ENOENT);
	return r;
}

EXPORT int shutdown(int fd, int how)
{
	return (int)shim_return(TRACED("shutdown", fd, client_shutdown(fd, how), "%s",
		how == SHUT_RD ? "SHUT_RD" : how == SHUT_WR ? "SHUT_WR" : "SHUT_RDWR"));
}

EXPORT int getsockname(int fd, __SOCKADDR_ARG sa, socklen_t *len)
{
	return (int)shim_return(client_getsockname(fd, sa.__sockaddr__, len));
}

EXPORT int getpeername(int fd, __SOCKADDR_ARG sa, socklen_t *len)
{
	return (int)shim_return(client_getpeername(fd, sa.__sockaddr__, len));
}

EXPORT int getsockopt(int fd, int level, int name, void *val, socklen_t *len)
{
	long r = client_getsockopt(fd, level, name, val, len);

	if (report_wanted)
		report_option(REPORT_GET, fd, level, name, r);
	return (int)shim_return(r);
}

EXPORT int setsockopt(int fd, int level, int name, const void *val, socklen_t len)
{
	long r = client_setsockopt(fd, level, name, val, len);

	if (report_wanted)
		report_option(REPORT_SET, fd, level, name, r);
	return (int)shim_return(r);
}

EXPORT ssize_t send(int fd, const void *buf, size_t n, int flags)
{
	return noted("send", fd, flags,
		CANCEL_POINT(fd, TRACED("send", fd,
		client_sendto(fd, buf, n, flags, NULL, 0), TRACE_BYTES(n, flags))));
}

EXPORT ssize_t sendto(int fd, const void *buf, size_t n, int flags,
	__CONST_SOCKADDR_ARG to, socklen_t tolen)
{
	return noted("sendto", fd, flags,
		CANCEL_POINT(fd, TRACED("sendto", fd,
		client_sendto(fd, buf, n, flags, to.__sockaddr__, tolen),
		TRACE_BYTES(n, flags))));
}

EXPORT ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
	return noted("sendmsg", fd, flags,
		CANCEL_POINT(fd, TRACED("sendmsg", fd, client_sendmsg(fd, m, flags),
		TRACE_FLAGS(flags))));
}

EXPORT int sendmmsg(int fd, struct mmsghdr *v, unsigned n, int flags)
{
	return (int)noted("sendmmsg", fd, flags,
		CANCEL_POINT(fd, TRACED("sendmmsg", fd, client_sendmmsg(fd, v, n, flags),
		TRACE_FLAGS(flags))));
}

EXPORT ssize_t recv(int fd, void *buf, size_t n, int flags)
{
	return noted("recv", fd, flags,
		CANCEL_POINT(fd, TRACED("recv", fd,
		client_recvfrom(fd, buf, n, flags, NULL, NULL), TRACE_BYTES(n, flags))));
}

EXPORT ssize_t recvfrom(int fd, void *buf, size_t n, int flags,
	__SOCKADDR_ARG from, socklen_t *fromlen)
{
	return noted("recvfrom", fd, flags,
		CANCEL_POINT(fd, TRACED("recvfrom", fd,
		client_recvfrom(fd, buf, n, flags, from.__sockaddr__, fromlen),
		TRACE_BYTES(n, flags))));
}

EXPORT ssize_t recvmsg(int fd, struct msghdr *m, int flags)
{
	return noted("recvmsg", fd, flags,
		CANCEL_POINT(fd, TRACED("recvmsg", fd, client_recvmsg(fd, m, flags),
		TRACE_FLAGS(flags))));
}

EXPORT int recvmmsg(int fd, struct mmsghdr *v, unsigned n, int flags,
	struct timespec *timeout)
{
	return (int)noted("recvmmsg", fd, flags,
		CANCEL_POINT(fd, TRACED("recvmmsg", fd,
		client_recvmmsg(fd, v, n, flags, timeout), TRACE_FLAGS(flags))));
}

/* Of programs built with _FORTIFY_SOURCE. */
ssize_t __recv_chk(int fd, void *buf, size_t n, size_t size, int flags);
ssize_t __recvfrom_chk(int fd, void *buf, size_t n, size_t size, int flags,
	struct sockaddr *from, socklen_t *fromlen);
void __chk_fail(void) __attribute__((noreturn));

EXPORT ssize_t __recv_chk(int fd, void *buf, size_t n, size_t size, int flags)
{
	if (n > size)
		__chk_fail();
	return recv(fd, buf, n, flags);
}

EXPORT ssize_t __recvfrom_chk(int fd, void *buf, size_t n, size_t size, int flags,
	struct sockaddr *from, socklen_t *fromlen)
{
	if (n > size)
		__chk_fail();
	return CANCEL_POINT(fd,
		client_recvfrom(fd, buf, n, flags, from, fromlen));
}

EXPORT int sockatmark(int fd)
{
	int mark = 0;
	long r = client_ioctl(fd, 0x8905 /* SIOCATMARK */, SYS_ARG(&mark));

	return r < 0 ? (int)shim_return(r) : mark;
}
