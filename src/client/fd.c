/* Calls on descriptor numbers themselves. The kernel does them; we only keep up:
 * forget first, then let it close, so that a number that another thread gets in
 * the same moment is not harmed.
 *
 * Who else may have a socket matters when it is in epoll sets: they keep it as long
 * as anybody has it open. So before a fork, an exec and a passing over a Unix socket
 * the records get a mark (SHM_F_SHARED), as do those that come in these ways.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>

#include "internal.h"
#include "user.h"
#include "netif.h"
#include "sock/groups.h"

/* So many closes within the host may pass before the service is told to look for
 * records to reuse: it does not see them by itself. */
#define CLOSES_A_BELL 1024

/* A socket in epoll sets that other processes may have too, or in groups: whether this
 * was its last descriptor is known after the native close only. */
struct doubt {
	uint32_t i, gen; /* i 0: none */
	uint64_t ino, cookie;
	uint32_t member; /* in groups; 0: none */
};

static void leave_sets(const struct fd_ref *r, struct doubt *d)
{
	if (epoll_has_twin(r))
		return;
	if (!(atomic_get_relaxed(&r->s->flags) & SHM_F_SHARED)) {
		epoll_socket_gone(r->i, r->gen);
		return;
	}
	*d = (struct doubt){ r->i, r->gen, atomic_get_relaxed(&r->s->ino),
		atomic_get_relaxed(&r->s->cookie), 0 };
}

/* This process gives up its descriptor `fd`. taken: dup2() has put another file there, of
 * which the kernel must not be asked. */
static struct doubt leaving(int fd, bool taken)
{
	struct doubt d = { 0 };
	struct fd_ref r;
	enum fd_kind kind = fd_peek(fd, &r);
	CALL_GUARD();

	if (kind == FD_SOCKET && client_own_memory() && client_enter() == 0) {
		if (atomic_get_relaxed(&r.s->watch) != 0)
			leave_sets(&r, &d);
		connect_forget(&r);
		if (!taken)
			standin_closing(&r);
		sock_closing(&cl.env, r.i);
		if (atomic_word_get(&r.s->groups) != 0)
			d.member = r.i;
		/* Approximate; the sweep reads it anew. */
		if (atomic_get_relaxed(&cl.arena.hdr->changes) %
			CLOSES_A_BELL == 0)
			standin_wake_service();
	} else if (kind == FD_EPOLL && client_own_memory() &&
		client_enter() == 0) {
		epoll_closing(&r);
	}
	client_fd_forget(fd);
	return d;
}

static void left(const struct doubt *d)
{
	if (d->i != 0 && standin_ask_kernel(d->ino, d->cookie) == 1)
		epoll_socket_gone(d->i, d->gen);
	if (d->member && sock_groups_closed(&cl.env, d->member))
		standin_wake_service();
}

int client_close(int fd)
{
	struct linger_plan linger = linger_plan(fd);
	struct doubt d = leaving(fd, false);
	int r = sys_close(fd);

	left(&d);
	linger_wait(&linger);
	return r;
}

int client_close_range(unsigned first, unsigned last, unsigned flags)
{
	/* Bad flags close nothing. */
	if ((flags & ~(unsigned)CLOSE_RANGE_UNSHARE) == 0 && first <= last) {
		int limit = last > INT32_MAX ? INT32_MAX : (int)last;
		int fd = first > INT32_MAX ? -1 : fd_next_ours((int)first);

		for (; fd >= 0 && fd <= limit; fd = fd_next_ours(fd + 1)) {
			struct doubt d = leaving(fd, false);

			if ((d.i != 0 || d.member != 0) && flags == 0)
				sys_close(fd);
			left(&d);
		}
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

/* Before the number is another's: did the far end die without a word? */
static void last_look(int fd)
{
	struct fd_ref r;
	CALL_GUARD();

	if (fd_peek(fd, &r) == FD_SOCKET && client_own_memory() && client_enter() == 0)
		standin_closing(&r);
}

int client_dup3(int from, int to, int flags)
{
	struct doubt d;
	int r;

	last_look(to);
	r = (int)sys_call3(SYS_dup3, from, to, flags);

	/* Only one that works takes `to` away from what it was, and nobody else
	 * can get the number in between. */
	if (r < 0)
		return r;
	d = leaving(to, true);
	duplicated(from, to);
	left(&d);
	return r;
}

void client_sharing(bool over_exec)
{
	struct fd_ref r;
	enum fd_kind kind;

	if (!client_attached())
		return;
	for (int fd = fd_next_ours(0); fd >= 0; fd = fd_next_ours(fd + 1)) {
		kind = fd_peek(fd, &r);
		if (kind < FD_SOCKET || (over_exec &&
			sys_call2(SYS_fcntl, fd, F_GETFD) != 0))
			continue;
		if (kind == FD_SOCKET)
			atomic_set_bits(&r.s->flags, SHM_F_SHARED);
		else
			epoll_sharing(&r);
	}
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
	if (cmd == F_SETFL && fd_lookup(fd, &ref, &err) == FD_SOCKET) {
		set_nonblock(ref.s, arg & O_NONBLOCK);
		owner_async(&ref, arg & O_ASYNC);
	}
	if ((cmd == F_SETOWN || cmd == F_SETOWN_EX) &&
		fd_lookup(fd, &ref, &err) == FD_SOCKET)
		owner_changed(&ref);
	return r;
}

/* Any socket answers for the interfaces (glibc asks on an AF_UNIX one). */
static long about_interfaces(int fd, unsigned long request, unsigned long arg)
{
	socklen_t len = sizeof(int);
	int domain = 0, err;
	struct fd_ref r;

	if (fd_lookup(fd, &r, &err) == FD_SOCKET)
		domain = r.s->family == IP_V6 ? AF_INET6 : AF_INET; /* packets: as IPv4 */
	else if (sys_call5(SYS_getsockopt, fd, SOL_SOCKET, SO_DOMAIN, &domain,
			&len) < 0)
		return sys_call3(SYS_ioctl, fd, request, arg);
	if (err == 0)
		err = client_enter();
	return err < 0 ? err : netif_ioctl(domain, request, arg);
}

static int stamp(const struct fd_ref *r, unsigned long request,
	unsigned long arg)
{
	int64_t ns = 0;
	int err = sock_stamp(&cl.env, r->i, &ns);
	struct timespec ts = { ns / NS_PER_S, ns % NS_PER_S };

	if (err < 0)
		return err;
	if (request == SIOCGSTAMPNS)
		*(struct timespec *)arg = ts;
	else
		*(struct timeval *)arg = (struct timeval){ ts.tv_sec,
			ts.tv_nsec / 1000 };
	return 0;
}

long client_ioctl(int fd, unsigned long request, unsigned long arg)
{
	struct fd_ref r;
	int err, out = 0;

	if (netif_is_ioctl(request) && client_configured())
		return about_interfaces(fd, request, arg);
	if (fd_lookup(fd, &r, &err) != FD_SOCKET)
		return sys_call3(SYS_ioctl, fd, request, arg);
	if (err < 0)
		return err;
	CALL_GUARD();
	if (request == FIONBIO) {
		long x = sys_call3(SYS_ioctl, fd, request, arg);

		if (x == 0)
			set_nonblock(r.s, *(int *)arg != 0);
		return x;
	}
	if (request == FIOASYNC) {
		err = (int)sys_call3(SYS_ioctl, fd, request, arg);
		if (err == 0)
			owner_async(&r, *(int *)arg != 0);
		return err;
	}
	if (request == FIOSETOWN || request == SIOCSPGRP) {
		err = (int)sys_call3(SYS_ioctl, fd, request, arg);
		if (err == 0)
			owner_changed(&r);
		return err;
	}
	if (request == SIOCGSTAMP || request == SIOCGSTAMPNS)
		return stamp(&r, request, arg);
	err = sock_ioctl(&cl.env, r.i, request, &out);
	/* FIOCLEX, SIOCGIF...: not about this socket. The protocol's own numbers
	 * mean something to an AF_UNIX socket, but nothing to this one. */
	if (err == -ENOTTY && request != SIOCATMARK &&
		(request < SIOCPROTOPRIVATE || request >= SIOCDEVPRIVATE))
		return sys_call3(SYS_ioctl, fd, request, arg);
	if (err == 0)
		err = user_writes((void *)arg, sizeof(int), sizeof(int)) ?
			(*(int *)arg = out, 0) : -EFAULT;
	return err;
}
