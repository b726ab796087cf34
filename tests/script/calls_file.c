/* Pipes, files, and what moves bytes between these and sockets.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "calls.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define PIPE_BYTES 65536 /* Linux: a pipe's default size */
#define PIECE 4096

bool play_file_make(struct play *p, const char *name, size_t bytes)
{
	struct play_file *f = NULL;

	for (unsigned k = 0; k < PLAY_FILES; k++)
		if (!p->files[k].name[0] || !strcmp(p->files[k].name, name))
			f = &p->files[k];
	if (!f || strlen(name) >= sizeof(f->name))
		return false;
	strcpy(f->name, name);
	f->bytes = bytes;
	return true;
}

struct play_result call_open(struct call *c)
{
	const struct script_value *name = call_arg(c, 0);
	int64_t flags = call_number(c, 1);
	struct play_fd *f;

	if (name->kind != SCRIPT_STRING) {
		play_unknown(c->p, c->e->line, "expected the name of a file");
		return call_done(0);
	}
	if ((flags & O_TRUNC) && !play_file_make(c->p, name->text, 0))
		return call_done(-ENOSPC);
	for (unsigned k = 0; k < 2 * PLAY_FILES; k++) {
		if (k == PLAY_FILES && (!(flags & O_CREAT) ||
			!play_file_make(c->p, name->text, 0)))
			break;
		if (strcmp(c->p->files[k % PLAY_FILES].name, name->text) != 0)
			continue;
		f = call_new_fd(c, k % PLAY_FILES, false);
		f->kind = PLAY_FD_FILE;
		return call_done(call_fd_number(c, f));
	}
	return call_done(-ENOENT);
}

struct play_result call_ftruncate(struct call *c)
{
	struct play_fd *f = call_any_fd(c, 0);
	int64_t size = call_number(c, 1);

	if (!f)
		return call_done(-EBADF);
	if (f->kind != PLAY_FD_FILE || size < 0)
		return call_done(-EINVAL);
	c->p->files[f->sock].bytes = (size_t)size;
	return call_done(0);
}

/* pipe([R, W]): the script says which numbers they get. */
struct play_result call_pipe(struct call *c)
{
	const struct script_value *list = call_arg(c, 0);
	int64_t number[2];
	uint32_t k = 0;

	while (k < PLAY_PIPES && c->p->pipes[k].ends)
		k++;
	if (k == PLAY_PIPES || list->kind != SCRIPT_LIST || list->n != 2) {
		play_unknown(c->p, c->e->line, "pipe is understood as pipe([R, W])");
		return call_done(0);
	}
	for (unsigned i = 0; i < 2; i++) {
		struct play_fd *f = NULL;

		if (play_number(c->p, c->e->line, &list->items[i], &number[i]) &&
			number[i] >= 0 && number[i] < PLAY_FDS)
			f = &c->p->fds[number[i]];
		if (!f || f->used) {
			play_unknown(c->p, c->e->line, "a pipe cannot have such a "
				"descriptor");
			return call_done(0);
		}
		*f = (struct play_fd){ .used = true, .kind = PLAY_FD_PIPE, .sock = k };
	}
	c->p->pipes[k] = (struct play_pipe){ .ends = 2 };
	return call_done(0);
}

/* Bytes into a socket, as far as they go. */
static ssize_t feed(struct call *c, const struct play_fd *f, size_t n, int flags)
{
	static char zeroes[PIECE];
	size_t done = 0;

	while (done < n) {
		struct iovec iov = { zeroes, n - done < PIECE ? n - done : PIECE };
		struct sock_effect fx = { 0 };
		/* Linux (splice_direct_to_actor): more follows, but for the last. */
		int more = done + iov.iov_len < n ? MSG_MORE : 0;
		ssize_t r = sock_send(&c->p->host.env, f->sock, &iov, 1,
			flags | more, &fx);

		subject_settle(&c->p->host);
		if (r <= 0)
			return done ? (ssize_t)done : r;
		done += (size_t)r;
	}
	return (ssize_t)done;
}

/* sendfile(OUT, IN, [OFFSET], COUNT) */
struct play_result call_sendfile(struct call *c)
{
	struct play_fd *out = call_fd(c, 0), *in = call_any_fd(c, 1);
	const struct script_value *at = call_arg(c, 2);
	int64_t count = call_number(c, 3), offset = 0;
	size_t left;
	ssize_t r;

	if (!out || !in)
		return call_done(-EBADF);
	if (in->kind != PLAY_FD_FILE || count < 0)
		return call_done(-EINVAL);
	if (at->kind == SCRIPT_LIST && at->n == 1)
		play_number(c->p, c->e->line, &at->items[0], &offset);
	else
		offset = (int64_t)in->at;
	left = c->p->files[in->sock].bytes;
	left = (uint64_t)offset < left ? left - (size_t)offset : 0;
	r = feed(c, out, left < (size_t)count ? left : (size_t)count, 0);
	if (r > 0 && at->kind != SCRIPT_LIST)
		in->at += (size_t)r;
	return call_tried(c, out, CALL_SENDS, r);
}

static ssize_t drain(struct call *c, const struct play_fd *f, size_t n)
{
	static char bytes[PIPE_BYTES];
	struct iovec iov = { bytes, n < PIPE_BYTES ? n : PIPE_BYTES };
	struct sock_effect fx = { 0 };
	ssize_t r;

	/* Linux (tcp_splice_data_recv): not across the urgent mark. */
	if (sock_at_mark(&c->p->host.env, f->sock))
		return 0;
	r = sock_recv(&c->p->host.env, f->sock, &iov, 1, 0, &fx);
	subject_settle(&c->p->host);
	return r;
}

/* splice(IN, NULL, OUT, NULL, LENGTH, FLAGS): one of both is a pipe. */
struct play_result call_splice(struct call *c)
{
	struct play_fd *in = call_any_fd(c, 0), *out = call_any_fd(c, 2);
	int64_t len = call_number(c, 4), flags = call_number(c, 5);
	int wait = flags & SPLICE_F_NONBLOCK ? MSG_DONTWAIT : 0;
	struct play_pipe *pipe;
	size_t n;
	ssize_t r;

	if (!in || !out)
		return call_done(-EBADF);
	if ((in->kind == PLAY_FD_PIPE) == (out->kind == PLAY_FD_PIPE) || len < 0)
		return call_done(-EINVAL);
	pipe = &c->p->pipes[in->kind == PLAY_FD_PIPE ? in->sock : out->sock];
	n = in->kind == PLAY_FD_PIPE ? pipe->bytes : PIPE_BYTES - pipe->bytes;
	n = n < (size_t)len ? n : (size_t)len;
	if (in->kind == PLAY_FD_SOCKET) {
		r = drain(c, in, n);
		pipe->bytes += r > 0 ? (size_t)r : 0;
		return call_tried(c, in, wait, r);
	}
	if (out->kind != PLAY_FD_SOCKET)
		return call_done(-EINVAL);
	r = feed(c, out, n, flags & SPLICE_F_MORE ? MSG_MORE : 0);
	pipe->bytes -= r > 0 ? (size_t)r : 0;
	return call_tried(c, out, wait | CALL_SENDS, r);
}
