/* sendfile(): a file's pages through a small buffer into the fifo. The file's
 * position moves by what was taken, not by what was read.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <poll.h>
#include <unistd.h>

#include "data.h"

#define CHUNK 16384u /* bytes on the stack */
#define SENDFILE_MAX 0x7ffff000u

static ssize_t pump(const struct fd_ref *r, int in, off_t at, size_t n)
{
	struct data_extra x = { 0 };
	char buf[CHUNK];
	size_t done = 0;
	ssize_t got, sent;

	while (done < n) {
		size_t want = n - done < CHUNK ? n - done : CHUNK;
		struct iovec iov = { buf, 0 };

		got = sys_call4(SYS_pread64, in, buf, want, at + (off_t)done);
		if (got <= 0)
			return done > 0 ? (ssize_t)done : got == -ESPIPE ?
				-EINVAL : got;
		iov.iov_len = (size_t)got;
		sent = data_send(r, &iov, 1, done + (size_t)got < n ? MSG_MORE : 0,
			&x);
		if (sent < 0)
			return done > 0 ? (ssize_t)done : sent;
		done += (size_t)sent;
		if (sent < got)
			break;
	}
	return (ssize_t)done;
}

ssize_t client_sendfile(int out, int in, off_t *offset, size_t n)
{
	struct fd_ref r;
	ssize_t done;
	off_t at;
	int err;

	if (fd_lookup(out, &r, &err) != FD_SOCKET)
		return sys_call4(SYS_sendfile, out, in, offset, n);
	if (err < 0)
		return err;
	if (client_fd_is_socket(in))
		return -EINVAL;
	at = offset ? *offset : sys_call3(SYS_lseek, in, 0, SEEK_CUR);
	if (at < 0)
		return at == -ESPIPE || offset ? -EINVAL : (ssize_t)at;
	done = pump(&r, in, at, n < SENDFILE_MAX ? n : SENDFILE_MAX);
	if (done > 0 && offset)
		*offset = at + done;
	else if (done > 0)
		sys_call3(SYS_lseek, in, at + done, SEEK_SET);
	return done;
}

ssize_t client_splice(int in, off_t *in_off, int out, off_t *out_off, size_t n,
	unsigned flags)
{
	struct fd_ref r;
	int err;

	/* Programs that splice fall back to copying when they get EINVAL. */
	if (fd_lookup(in, &r, &err) == FD_SOCKET ||
		fd_lookup(out, &r, &err) == FD_SOCKET)
		return -EINVAL;
	return sys_call6(SYS_splice, in, in_off, out, out_off, n, flags);
}
