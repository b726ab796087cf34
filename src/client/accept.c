/* accept(): the kernel's own on the listener's stand-in, so that order, pre-forked
 * workers, EINTR and O_NONBLOCK are exact; then the hello tells which embryo the
 * connection belongs to.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "data.h"
#include "user.h"
#include "spin.h"

static int adopt(const struct fd_ref *listener, int fd, int flags)
{
	struct shm_hello h;
	struct shm_sock *s;
	uint32_t i;
	int err = standin_read_hello(fd, &h);

	if (err == 0 && h.kind == SHM_HELLO_HANDED)
		err = standin_handed(fd, flags);
	if (err == 0)
		err = sock_accept_adopt(&cl.env, listener->i, &h, &i);
	if (err == -ECONNABORTED && standin_hup(fd))
		err = sock_accept_orphan(&cl.env, listener->i, &i);
	if (err < 0)
		return err;
	s = shm_sock_at(&cl.arena, i);
	err = standin_record(fd, s);
	if (err < 0)
		return err;
	if (flags & SOCK_NONBLOCK)
		atomic_set_bits(&s->flags, SHM_F_NONBLOCK);
	data_tell_place(s);
	fd_set_socket(fd, i, atomic_get_relaxed(&s->gen));
	return (int)i;
}

/* Has the kernel something for accept()? A hint: a process that died between the two
 * steps leaves the counts apart, which costs the spin. */
static bool has_arrived(void *what)
{
	const struct fd_ref *r = what;

	/* Acquire: no more than a look; the kernel orders the rest. */
	return atomic_get_acquire(&r->s->arrived) != atomic_get_relaxed(&r->s->accepted);
}

static void spin_for_one(const struct fd_ref *r)
{
	struct fd_ref listener = *r;

	if (!has_arrived(&listener) && !sock_is_nonblocking(r->s))
		spin_until(has_arrived, &listener, WAIT_FOREVER, 0);
}

static int accept_ours(const struct fd_ref *r, struct sockaddr *sa, socklen_t *len,
	int flags)
{
	struct pollfd p = { .fd = r->fd, .events = POLLIN };
	struct timespec zero = { 0, 0 };
	int err, new;

	if (flags & ~(SOCK_NONBLOCK | SOCK_CLOEXEC))
		return -EINVAL;
	if (r->s->type != SOCK_STREAM)
		return -EOPNOTSUPP;
	for (;;) {
		spin_for_one(r);
		new = (int)call_sleep(SYS_accept4, r->fd, 0, 0, flags, 0, 0);
		spin_slept(new >= 0);
		if (new < 0)
			return r->s->opts.rcvtimeo_us > 0 ? new :
				(int)call_interrupted(new);
		atomic_add(&r->s->accepted, 1); /* pairs with has_arrived() */
		err = adopt(r, new, flags);
		if (err >= 0)
			break;
		/* Nobody of ours: as if it had never come; but who was told that there
		 * is one does not wait for the next. */
		sys_close(new);
		if (err == -EMFILE)
			return err;
		if (sys_call5(SYS_ppoll, &p, 1, &zero, 0, 0) == 0)
			return -ECONNABORTED;
	}
	if (!sa)
		return new;
	err = user_takes_name(sa, len) ? sock_peer(&cl.env, (uint32_t)err, sa, len) : -EFAULT;
	if (err != -EINVAL && err != -EFAULT)
		return new;
	/* Linux: the connection is lost, as nobody can be told of it. */
	client_close(new);
	return err;
}

int client_accept4(int fd, struct sockaddr *sa, socklen_t *len, int flags)
{
	struct fd_ref r;
	int err, new;

	do {
		if (fd_lookup(fd, &r, &err) != FD_SOCKET) {
			new = (int)sys_call4(SYS_accept4, fd, sa, len, flags);
			if (new >= 0)
				client_fd_forget(new);
			return new;
		}
	} while (CALL(new, err < 0 ? err : accept_ours(&r, sa, len, flags)));
	return new;
}
