/* Reading, writing and what one does with descriptor numbers, by libc's names.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

#include "report.h"
#include "shim.h"
#include "trace.h"

EXPORT ssize_t read(int fd, void *buf, size_t n)
{
	return CANCEL_POINT(fd, TRACED("read", fd, client_read(fd, buf, n),
		TRACE_BYTES(n, 0)));
}

EXPORT ssize_t write(int fd, const void *buf, size_t n)
{
	return CANCEL_POINT(fd, TRACED("write", fd, client_write(fd, buf, n),
		TRACE_BYTES(n, 0)));
}

EXPORT ssize_t readv(int fd, const struct iovec *iov, int n)
{
	return CANCEL_POINT(fd, TRACED("readv", fd, client_readv(fd, iov, n), "iov, %d",
		n));
}

EXPORT ssize_t writev(int fd, const struct iovec *iov, int n)
{
	return CANCEL_POINT(fd, TRACED("writev", fd, client_writev(fd, iov, n),
		"iov, %d", n));
}

EXPORT ssize_t preadv2(int fd, const struct iovec *iov, int n, off_t at, int flags)
{
	return CANCEL_POINT(fd, client_preadv2(fd, iov, n, at, flags));
}

EXPORT ssize_t preadv64v2(int fd, const struct iovec *iov, int n, off64_t at,
	int flags) __attribute__((alias("preadv2")));

EXPORT ssize_t pwritev2(int fd, const struct iovec *iov, int n, off_t at, int flags)
{
	return CANCEL_POINT(fd, client_pwritev2(fd, iov, n, at, flags));
}

EXPORT ssize_t pwritev64v2(int fd, const struct iovec *iov, int n, off64_t at,
	int flags) __attribute__((alias("pwritev2")));

/* Of programs built with _FORTIFY_SOURCE. */
ssize_t __read_chk(int fd, void *buf, size_t n, size_t size);
void __chk_fail(void) __attribute__((noreturn));

EXPORT ssize_t __read_chk(int fd, void *buf, size_t n, size_t size)
{
	if (n > size)
		__chk_fail();
	return read(fd, buf, n);
}

EXPORT ssize_t sendfile(int out, int in, off_t *offset, size_t n)
{
	return shim_return(TRACED("sendfile", out, client_sendfile(out, in, offset, n),
		TRACE_BYTES(n, 0)));
}

EXPORT ssize_t sendfile64(int out, int in, off64_t *offset, size_t n)
{
	return shim_return(TRACED("sendfile", out, client_sendfile(out, in, offset, n),
		TRACE_BYTES(n, 0)));
}

EXPORT ssize_t splice(int in, off64_t *in_off, int out, off64_t *out_off, size_t n,
	unsigned flags)
{
	return CANCEL_POINT(in, client_splice(in, in_off, out, out_off, n, flags));
}

EXPORT int close(int fd)
{
	return (int)shim_return(TRACED("close", fd, client_close(fd), "%s", ""));
}

EXPORT int close_range(unsigned first, unsigned last, int flags)
{
	return (int)shim_return(client_close_range(first, last, (unsigned)flags));
}

EXPORT void closefrom(int first)
{
	client_close_range(first > 0 ? (unsigned)first : 0, ~0u, 0);
}

EXPORT int dup(int fd)
{
	return (int)shim_return(client_dup(fd));
}

EXPORT int dup2(int from, int to)
{
	return (int)shim_return(client_dup2(from, to));
}

EXPORT int dup3(int from, int to, int flags)
{
	if (from == to)
		return (int)shim_return(-EINVAL);
	return (int)shim_return(client_dup3(from, to, flags));
}

EXPORT int fcntl(int fd, int cmd, ...)
{
	unsigned long arg;
	int r;
	va_list ap;

	/* Every command's argument fits; for those without one it is ignored. */
	va_start(ap, cmd);
	arg = va_arg(ap, unsigned long);
	va_end(ap);
	r = (int)CANCEL_POINT(fd, client_fcntl(fd, cmd, arg));
	if (report_wanted)
		report_fcntl(fd, cmd, r < 0 ? -errno : r);
	return r;
}

EXPORT int fcntl64(int fd, int cmd, ...) __attribute__((alias("fcntl")));

EXPORT int ioctl(int fd, unsigned long request, ...)
{
	unsigned long arg;
	long r;
	va_list ap;

	va_start(ap, request);
	arg = va_arg(ap, unsigned long);
	va_end(ap);
	r = client_ioctl(fd, request, arg);
	if (report_wanted)
		report_ioctl(fd, request, r);
	return (int)shim_return(r);
}

/* Where libc's own code is patched its fclose() comes to us through close().
 * Elsewhere we must know before. */
EXPORT int fclose(FILE *f)
{
	static void *slot;
	int (*next)(FILE *) = shim_next(&slot, "fclose");

	if (!shim_is_patched() && f && fileno(f) >= 0)
		client_fd_forget(fileno(f));
	return next(f);
}
