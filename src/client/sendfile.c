/* sendfile(): a file's pages through a small buffer into the fifo. The file's
 * position moves by what was taken, not by what was read.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data.h"

#define CHUNK 16384u /* bytes on the stack */
#define DATAGRAM 65536u /* Linux: what a pipe holds becomes one */
#define SENDFILE_MAX 0x7ffff000u

static ssize_t pump(const struct fd_ref *r, int in, off_t at, size_t n, char *buf,
	size_t chunk)
{
	struct data_extra x = { 0 };
	size_t done = 0;
	ssize_t got, sent;

	while (done < n) {
		size_t want = n - done < chunk ? n - done : chunk;
		struct iovec iov = { buf, 0 };

		got = sys_call4(SYS_pread64, in, buf, want, at + (off_t)done);
		if (got <= 0 && done > 0) {
			/* There was no more: Linux's tcp_splice_eof(). */
			data_push(r);
			return (ssize_t)done;
		}
		if (got <= 0) /* a directory has no pages */
			return got == -ESPIPE || got == -EISDIR ? -EINVAL : got;
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

static ssize_t pump_stream(const struct fd_ref *r, int in, off_t at, size_t n)
{
	char buf[CHUNK];

	return pump(r, in, at, n, buf, sizeof(buf));
}

static void free_datagram(char **buf)
{
	sys_free(*buf, DATAGRAM);
}

static ssize_t pump_datagrams(const struct fd_ref *r, int in, off_t at, size_t n)
{
	struct shm_addr remote = r->s->remote;
	char *buf __attribute__((cleanup(free_datagram))) = sys_alloc(DATAGRAM);

	if (!buf)
		return -ENOMEM;
	return remote.family ? pump(r, in, at, n, buf, DATAGRAM) : -EDESTADDRREQ;
}

/* From a socket: only into a pipe, and then it is a splice. */
static ssize_t from_socket(const struct fd_ref *r, int out, const off_t *offset,
	size_t n)
{
	struct stat st;
	long mode = sys_call2(SYS_fcntl, out, F_GETFL);

	if (mode < 0)
		return mode;
	if (offset)
		return -ESPIPE;
	if ((mode & O_ACCMODE) == O_RDONLY)
		return -EBADF;
	if (sys_call2(SYS_fstat, out, &st) < 0 || !S_ISFIFO(st.st_mode))
		return -EINVAL;
	return n > 0 ? splice_to_pipe(r, out, n, false) : 0;
}

static ssize_t sendfile_ours(const struct fd_ref *r, int in, off_t *offset, size_t n)
{
	ssize_t done;
	off_t at;

	/* Of nothing, to the stand-in: the kernel looks at all but the bytes. */
	done = sys_call4(SYS_sendfile, r->fd, in, offset, 0);
	if (done < 0 || n == 0)
		return done;
	if ((ssize_t)n < 0 || client_fd_is_socket(in))
		return -EINVAL;
	at = offset ? *offset : sys_call3(SYS_lseek, in, 0, SEEK_CUR);
	if (at < 0)
		return at == -ESPIPE || offset ? -EINVAL : (ssize_t)at;
	n = n < SENDFILE_MAX ? n : SENDFILE_MAX;
	done = r->s->type == SOCK_STREAM ? pump_stream(r, in, at, n) :
		pump_datagrams(r, in, at, n);
	if (done > 0 && offset)
		*offset = at + done;
	else if (done > 0)
		sys_call3(SYS_lseek, in, at + done, SEEK_SET);
	return done;
}

ssize_t client_sendfile(int out, int in, off_t *offset, size_t n)
{
	struct fd_ref r;
	ssize_t done;
	bool from;
	int err;

	do {
		from = fd_lookup(out, &r, &err) != FD_SOCKET;
		if (from && fd_lookup(in, &r, &err) != FD_SOCKET)
			return sys_call4(SYS_sendfile, out, in, offset, n);
	} while (CALL(done, err < 0 ? err : from ? from_socket(&r, out, offset, n) :
		sendfile_ours(&r, in, offset, n)));
	return done;
}
