/* Calls on descriptor numbers themselves. The kernel does them; we only keep up:
 * forget first, then let it close, so that a number that another thread gets in
 * the same moment is not harmed.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>

#include "internal.h"

/* So many closes within the host may pass before the service is told to look for
 * records to reuse: it does not see them by itself. */
#define CLOSES_A_BELL 1024

/* This process gives up its descriptor `fd`. */
static void leaving(int fd)
{
	struct fd_ref r;
	enum fd_kind kind = fd_peek(fd, &r);

	if (kind == FD_SOCKET && client_own_memory() && client_enter() == 0) {
		if (atomic_get_relaxed(&r.s->watch) != 0)
			epoll_socket_closing(&r);
		connect_forget(&r);
		sock_closing(&cl.env, r.i);
		/* Approximate; the sweep reads it anew. */
		if (atomic_get_relaxed(&cl.arena.hdr->changes) %
			CLOSES_A_BELL == 0)
			standin_wake_service();
	} else if (kind == FD_EPOLL && client_own_memory() &&
		client_enter() == 0) {
		epoll_closing(&r);
	}
	client_fd_forget(fd);
}

int client_close(int fd)
{
	leaving(fd);
	return sys_close(fd);
}

int client_close_range(unsigned first, unsigned last, unsigned flags)
{
	if (!(flags & CLOSE_RANGE_CLOEXEC) && first <= last) {
		int limit = last > INT32_MAX ? INT32_MAX : (int)last;
		int fd = first > INT32_MAX ? -1 : fd_next_ours((int)first);

		for (; fd >= 0 && fd <= limit; fd = fd_next_ours(fd + 1))
			leaving(fd);
	}
	return (int)sys_call3(SYS_close_range, first, last, flags);
}

/* A further number for the same description. */
static int duplicated(int from, int to)
{
	struct fd_ref r;

	if (to < 0)
		return to;
	fd_copy(from, to);
	if (fd_peek(to, &r) >= FD_SOCKET)
		epoll_duplicated(&r);
	return to;
}

int client_dup(int fd)
{
	return duplicated(fd, (int)sys_call1(SYS_dup, fd));
}

int client_dup2(int from, int to)
{
	int r;

	if (from == to) {
		r = (int)sys_call2(SYS_fcntl, from, F_GETFD);
		return r < 0 ? r : to;
	}
	return client_dup3(from, to, 0);
}

int client_dup3(int from, int to, int flags)
{
	/* A bad `from` must leave `to` as it is. */
	long r = sys_call2(SYS_fcntl, from, F_GETFD);

	if (r < 0)
		return (int)r;
	if (from != to && to >= 0)
		leaving(to);
	return duplicated(from, (int)sys_call3(SYS_dup3, from, to, flags));
}

static void set_nonblock(struct shm_sock *s, bool on)
{
	if (on)
		atomic_set_bits(&s->flags, SHM_F_NONBLOCK);
	else
		atomic_clear_bits(&s->flags, SHM_F_NONBLOCK);
}

long client_fcntl(int fd, int cmd, unsigned long arg)
{
	long r = sys_call3(SYS_fcntl, fd, cmd, arg);
	struct fd_ref ref;
	int err;

	if (r < 0)
		return r;
	if (cmd == F_DUPFD || cmd == F_DUPFD_CLOEXEC)
		return duplicated(fd, (int)r);
	/* O_NONBLOCK belongs to the open description: in the record, where all
	 * its processes see it, and on the stand-in. */
	if (cmd == F_SETFL && fd_lookup(fd, &ref, &err) == FD_SOCKET)
		set_nonblock(ref.s, arg & O_NONBLOCK);
	if ((cmd == F_SETOWN || cmd == F_SETOWN_EX) &&
		fd_lookup(fd, &ref, &err) == FD_SOCKET)
		owner_changed(&ref);
	return r;
}

long client_ioctl(int fd, unsigned long request, unsigned long arg)
{
	struct fd_ref r;
	int err, out = 0;

	if (fd_lookup(fd, &r, &err) != FD_SOCKET)
		return sys_call3(SYS_ioctl, fd, request, arg);
	if (err < 0)
		return err;
	if (request == FIONBIO) {
		long x = sys_call3(SYS_ioctl, fd, request, arg);

		if (x == 0)
			set_nonblock(r.s, *(int *)arg != 0);
		return x;
	}
	if (request == FIOSETOWN || request == SIOCSPGRP) {
		err = (int)sys_call3(SYS_ioctl, fd, request, arg);
		if (err == 0)
			owner_changed(&r);
		return err;
	}
	err = sock_ioctl(&cl.env, r.i, request, &out);
	/* FIOCLEX, SIOCGIF...: not about this socket. The protocol's own numbers
	 * mean something to an AF_UNIX socket, but nothing to this one. */
	if (err == -ENOTTY && request != SIOCATMARK &&
		(request < SIOCPROTOPRIVATE || request >= SIOCDEVPRIVATE))
		return sys_call3(SYS_ioctl, fd, request, arg);
	if (err == 0)
		*(int *)arg = out;
	return err;
}
