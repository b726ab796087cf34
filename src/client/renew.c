/* A socket that starts afresh (sock/renew.c): another stand-in behind its numbers.
 * The description that other processes may share stays with the old, dead one.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>

#include "internal.h"

/* Whom SIGIO and SIGURG go to belongs to the description. */
static void copy_owner(int from, int to)
{
	struct f_owner_ex o = { 0 };
	long mode = sys_call3(SYS_fcntl, from, F_GETFL, 0);

	if (sys_call3(SYS_fcntl, from, F_GETOWN_EX, &o) == 0 && o.pid != 0)
		sys_call3(SYS_fcntl, to, F_SETOWN_EX, &o);
	if (mode >= 0)
		sys_call3(SYS_fcntl, to, F_SETFL, mode);
}

/* All numbers that this process has for the old record. */
static void move_numbers(const struct fd_ref *old, const struct fd_ref *new)
{
	struct fd_ref other;

	for (int fd = fd_next_ours(0); fd >= 0; fd = fd_next_ours(fd + 1)) {
		long cloexec;

		if (fd_peek(fd, &other) != FD_SOCKET || other.i != old->i ||
			other.gen != old->gen)
			continue;
		cloexec = sys_call3(SYS_fcntl, fd, F_GETFD, 0);
		if (cloexec < 0)
			continue;
		sys_call3(SYS_dup3, new->fd, fd,
			cloexec & FD_CLOEXEC ? O_CLOEXEC : 0);
		fd_set_socket(fd, new->i, new->gen);
	}
}

bool standin_was_listener(const struct shm_sock *s)
{
	return s->type == SOCK_STREAM && (atomic_get_relaxed(
		&((struct shm_sock *)(uintptr_t)s)->flags) & SHM_F_STANDIN_NAMED);
}

int standin_renew(struct fd_ref *r, int pending)
{
	struct fd_ref old = *r, new = { 0 };
	struct sock_effect fx = { 0 };
	int err, number;

	new.fd = standin_open(SOCK_STREAM, SOCK_CLOEXEC);
	if (new.fd < 0)
		return new.fd;
	err = sock_renew(&cl.env, r->i, pending, &new.i, &fx);
	if (err < 0) {
		sys_close(new.fd);
		return err;
	}
	new.s = shm_sock_at(&cl.arena, new.i);
	new.gen = atomic_get_relaxed(&new.s->gen);
	err = standin_record(new.fd, new.s);
	copy_owner(old.fd, new.fd);
	/* Once the old stand-in is shut its record may be gone at any moment, and
	 * with it what numbers and sets know of it: they are moved before. */
	number = old.fd;
	old.fd = (int)sys_call3(SYS_fcntl, number, F_DUPFD_CLOEXEC, 0);
	move_numbers(&old, &new);
	sys_close(new.fd);
	new.fd = number;
	if (atomic_get_relaxed(&old.s->watch) != 0)
		epoll_socket_renewed(&old, &new);
	if (old.fd >= 0) {
		standin_effects(&old, &fx);
		/* Wakes who sleeps on it in this process. */
		sys_call2(SYS_shutdown, old.fd, SHUT_RDWR);
	}
	sock_closing(&cl.env, old.i);
	if (old.fd >= 0)
		sys_close(old.fd);
	*r = new;
	return err;
}
