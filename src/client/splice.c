/* splice(): between a socket and a pipe, and what sendfile() does with a pipe. Bytes
 * are copied, as nothing else can take them from a fifo; what a caller can see is
 * Linux's tcp_splice_read() and splice_to_socket():
 *
 *	socket -> pipe	only as much is taken from the socket as the pipe surely
 *			has room for: all of it when it is empty, else a page
 *			at a time, which POLLOUT promises
 *	pipe -> socket	only as much is taken from the pipe as the socket has room
 *			for. If another thread was faster we wait for more room, as
 *			what came out of a pipe cannot go back
 *
 * SPLICE_F_NONBLOCK is about the pipe; for the socket O_NONBLOCK decides.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "data.h"
#include "sock/info.h"

#define CHUNK 16384u /* bytes on the stack */
#define PAGE 4096u   /* a slot of a pipe */
#define FLAGS (SPLICE_F_MOVE | SPLICE_F_NONBLOCK | SPLICE_F_MORE | SPLICE_F_GIFT)

static bool is_pipe(int fd)
{
	struct stat st;

	return sys_call2(SYS_fstat, fd, &st) == 0 && S_ISFIFO(st.st_mode);
}

/* Waits for the pipe: its revents, 0 when nothing is there and !block, or -errno. */
static int await_pipe(int fd, short events, bool block)
{
	struct pollfd p = { .fd = fd, .events = events };
	struct timespec zero = { 0, 0 };
	long r = block ? call_sleep(SYS_ppoll, SYS_ARG(&p), 1, 0, 0, 0, 0) :
		sys_call5(SYS_ppoll, &p, 1, &zero, 0, 0);

	return r < 0 ? (int)call_interrupted(r) : r == 0 ? 0 : p.revents;
}

static bool nonblocking(int fd)
{
	long flags = sys_call2(SYS_fcntl, fd, F_GETFL);

	return flags >= 0 && (flags & O_NONBLOCK);
}

/* --- socket -> pipe ------------------------------------------------------------- */

/* How much the pipe takes at once, after POLLOUT. */
static size_t pipe_room(int fd)
{
	int used = 0;
	long size = sys_call2(SYS_fcntl, fd, F_GETPIPE_SZ);

	if (size < 0 || sys_call3(SYS_ioctl, fd, FIONREAD, &used) < 0 || used > 0)
		return PAGE;
	return (size_t)size;
}

/* One chunk. 0: the end, or no room any more after the first. */
static ssize_t fill_once(const struct fd_ref *r, int pipe, size_t n, bool block,
	bool more)
{
	struct data_extra x = { 0 };
	char buf[CHUNK];
	struct iovec iov = { buf, n < CHUNK ? n : CHUNK };
	int ready = await_pipe(pipe, POLLOUT, block && !more);
	ssize_t got;
	size_t room;

	if (ready <= 0)
		return ready < 0 ? ready : more ? 0 : -EAGAIN;
	if (ready & POLLERR) /* no reader: the kernel says it, with SIGPIPE */
		return sys_call3(SYS_write, pipe, buf, 1);
	room = pipe_room(pipe);
	if (iov.iov_len > room)
		iov.iov_len = room;
	got = data_recv(r, &iov, 1, more ? MSG_DONTWAIT : 0, &x);
	if (got <= 0)
		return more && got == -EAGAIN ? 0 : got;
	return sys_call3(SYS_write, pipe, buf, got);
}

ssize_t splice_to_pipe(const struct fd_ref *r, int pipe, size_t n, bool nonblock)
{
	bool block = !nonblock && !nonblocking(pipe);
	size_t done = 0;
	ssize_t some;

	do {
		some = fill_once(r, pipe, n - done, block, done > 0);
		if (some > 0)
			done += (size_t)some;
	} while (some > 0 && done < n && r->s->type == SOCK_STREAM);
	return done > 0 ? (ssize_t)done : some;
}

/* --- pipe -> socket ------------------------------------------------------------- */

/* What the socket says before a byte is taken from the pipe: 0 or -errno. */
static ssize_t ask_socket(const struct fd_ref *r)
{
	struct data_extra x = { 0 };
	struct shm_addr remote = r->s->remote;

	if (r->s->type != SOCK_STREAM)
		return remote.family ? 0 : -EDESTADDRREQ;
	return data_send(r, NULL, 0, 0, &x);
}

/* Room for at least a byte: how much; or -errno. */
static ssize_t await_room(const struct fd_ref *r)
{
	int64_t deadline = 0;
	uint32_t room;
	int err;

	if (r->s->type != SOCK_STREAM)
		return CHUNK;
	while ((room = sock_send_room(&cl.env, r->i)) == 0) {
		if (sock_is_nonblocking(r->s))
			return -EAGAIN;
		if (deadline == 0)
			deadline = wait_deadline(r->s->opts.sndtimeo_us);
		err = wait_for(r, POLLOUT, deadline);
		if (err < 0)
			return err;
	}
	return room < CHUNK ? (ssize_t)room : CHUNK;
}

/* All of it: it has left the pipe. Returns what went, or -errno for nothing. */
static ssize_t send_all(const struct fd_ref *r, char *buf, size_t n, int flags)
{
	struct timespec step = { 0, NS_PER_MS };
	struct data_extra x = { 0 };
	size_t done = 0;
	ssize_t some = 0;

	while (done < n) {
		struct iovec iov = { buf + done, n - done };

		some = data_send(r, &iov, 1, flags, &x);
		/* Rare: signals have to wait. */
		if (some == -EAGAIN || some == -EINTR || some == -CALL_INTERRUPTED)
			some = sys_call2(SYS_nanosleep, &step, 0) & 0;
		if (some < 0)
			break;
		done += (size_t)some;
	}
	return done > 0 ? (ssize_t)done : some;
}

/* One chunk. 0: no more in the pipe now, or ever. */
static ssize_t empty_once(const struct fd_ref *r, int pipe, size_t n,
	bool block, bool more, int flags)
{
	int ready = await_pipe(pipe, POLLIN, block && !more);
	char buf[CHUNK];
	ssize_t room, got;
	int left = 0;

	if (ready <= 0)
		return ready < 0 ? ready : more ? 0 : -EAGAIN;
	if (!(ready & POLLIN))
		return 0; /* nobody writes any more */
	got = ask_socket(r);
	room = got < 0 ? got : await_room(r);
	if (room < 0)
		return room;
	if ((size_t)room > n)
		room = (ssize_t)n;
	got = sys_call3(SYS_read, pipe, buf, room);
	if (got <= 0)
		return got;
	/* Linux's splice_to_socket(): more only if it is there already. */
	if ((size_t)got < n && sys_call3(SYS_ioctl, pipe, FIONREAD, &left) == 0 &&
		left > 0)
		flags |= MSG_MORE;
	return send_all(r, buf, (size_t)got, flags);
}

static ssize_t splice_from_pipe(int pipe, const struct fd_ref *r, size_t n,
	unsigned flags)
{
	bool block = !(flags & SPLICE_F_NONBLOCK) && !nonblocking(pipe);
	int more = flags & SPLICE_F_MORE ? MSG_MORE : 0;
	size_t done = 0;
	ssize_t some;

	do {
		some = empty_once(r, pipe, n - done, block, done > 0, more);
		if (some > 0)
			done += (size_t)some;
	} while (some > 0 && done < n);
	return done > 0 ? (ssize_t)done : some;
}

/* --- the call -------------------------------------------------------------------- */

/* Linux's __do_splice() and do_splice(), in their order. */
static ssize_t check(int in, const off_t *in_off, int out, const off_t *out_off,
	bool in_ours)
{
	int other = in_ours ? out : in;
	long mode = sys_call2(SYS_fcntl, other, F_GETFL);

	if (mode < 0)
		return mode;
	if (is_pipe(other) && (in_ours ? out_off : in_off))
		return -ESPIPE;
	if ((mode & O_ACCMODE) == (in_ours ? O_RDONLY : O_WRONLY))
		return -EBADF;
	if (!is_pipe(other))
		return -EINVAL;
	/* A socket has no position. */
	return (in_ours ? in_off : out_off) ? -EINVAL : 0;
}

/* At least one is ours. */
static ssize_t splice_ours(const struct fd_ref *r, const struct fd_ref *s, off_t *in_off,
	off_t *out_off, size_t n, unsigned flags)
{
	ssize_t bad;

	if (flags & ~FLAGS || (r->s && s->s))
		return -EINVAL;
	bad = check(r->fd, in_off, s->fd, out_off, r->s);
	if (bad < 0)
		return bad;
	return r->s ? splice_to_pipe(r, s->fd, n, flags & SPLICE_F_NONBLOCK) :
		splice_from_pipe(r->fd, s, n, flags);
}

ssize_t client_splice(int in, off_t *in_off, int out, off_t *out_off, size_t n,
	unsigned flags)
{
	struct fd_ref r, s;
	int err, err2;
	ssize_t done;

	do {
		if (fd_lookup(in, &r, &err) != FD_SOCKET)
			r = (struct fd_ref){ .fd = in };
		if (fd_lookup(out, &s, &err2) != FD_SOCKET)
			s = (struct fd_ref){ .fd = out };
		if (n == 0 || (!r.s && !s.s))
			return sys_call6(SYS_splice, in, in_off, out, out_off, n,
				flags);
	} while (CALL(done, err < 0 || err2 < 0 ? (err < 0 ? err : err2) :
		splice_ours(&r, &s, in_off, out_off, n, flags)));
	return done;
}
