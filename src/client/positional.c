/* preadv2() and pwritev2(). On a socket a position is ESPIPE, which the kernel says
 * of the stand-in as well; without one (-1) they are readv() and writev() with
 * flags.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "data.h"
#include "user.h"

/* Of <linux/fs.h>, by number: older headers lack some. */
#define FLAG_HIPRI 0x01
#define FLAG_NOWAIT 0x08
#define FLAG_NOAPPEND 0x20
#define FLAGS_KNOWN (FLAG_HIPRI | 0x02 | 0x04 | FLAG_NOWAIT | 0x10 | FLAG_NOAPPEND)
/* RWF_APPEND, DSYNC and SYNC mean nothing to a socket, and are allowed. */

/* How to send or receive; -errno. */
static int flags_of(int flags)
{
	if (flags & ~FLAGS_KNOWN)
		return -EOPNOTSUPP;
	return flags & FLAG_NOWAIT ? MSG_DONTWAIT : 0;
}

/* Linux looks at flags and socket only when there is something to move. */
static bool nothing(const struct iovec *iov, int n)
{
	if (n < 0 || n > 1024 || (n > 0 && !touch_read(iov, (size_t)n * sizeof(*iov))))
		return false;
	for (int k = 0; k < n; k++) {
		if (iov[k].iov_len != 0)
			return false;
	}
	return true;
}

ssize_t client_preadv2(int fd, const struct iovec *iov, int n, off_t at, int flags)
{
	struct data_extra x = { 0 };
	struct fd_ref r;
	int err, how = flags_of(flags);
	ssize_t done;

	/* The position goes in two halves; here the first holds all of it. */
	do {
		if (at != -1 || fd_lookup(fd, &r, &err) != FD_SOCKET)
			return sys_call6(SYS_preadv2, fd, iov, n, at, 0, flags);
		if (err == 0 && !user_reads_iov(iov, n))
			err = -EFAULT;
	} while (CALL(done, err < 0 ? err : nothing(iov, n) ? 0 : how < 0 ? how :
		data_recv(&r, iov, n, how, &x)));
	return done;
}

ssize_t client_pwritev2(int fd, const struct iovec *iov, int n, off_t at, int flags)
{
	struct data_extra x = { 0 };
	struct fd_ref r;
	int err, how = flags_of(flags);
	ssize_t done;

	do {
		if (at != -1 || fd_lookup(fd, &r, &err) != FD_SOCKET)
			return sys_call6(SYS_pwritev2, fd, iov, n, at, 0, flags);
		if (err == 0 && !user_reads_iov(iov, n))
			err = -EFAULT;
	} while (CALL(done, err < 0 ? err : nothing(iov, n) ? 0 : how < 0 ? how :
		data_send(&r, iov, n, how, &x)));
	return done;
}
