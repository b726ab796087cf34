/* TCP_DEFER_ACCEPT within the host: the connector is connected at once, but accept()
 * finds it only with the first bytes, or with its end, or when the time is over that
 * the listener gives a silent one. Until then the other end of its stand-in is with
 * the service (service/lobby.c), which passes it on in a hello to the listener.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "internal.h"

bool connect_is_deferred(uint32_t embryo)
{
	struct shm_sock *em = shm_sock_at(&cl.arena, embryo);

	return em && (atomic_get_relaxed(&em->flags) & SHM_F_DEFERRED);
}

int connect_silent(const struct fd_ref *r)
{
	int err = standin_connect_service(r->fd);

	if (err < 0)
		return err;
	/* Before the service can know of it: it clears the bit. */
	atomic_set_bits(&r->s->flags, SHM_F_DEFERRED);
	return standin_hello(r->fd, SHM_HELLO_SILENT, r->i, r->gen);
}

/* The service sends it right behind the hello. */
static long await_message(int fd, struct msghdr *m)
{
	const struct timespec limit = { 2, 0 };
	struct pollfd p = { .fd = fd, .events = POLLIN };
	long n, ready;

	do {
		n = sys_call3(SYS_recvmsg, fd, m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
		if (n != -EAGAIN)
			return n;
		ready = sys_call5(SYS_ppoll, &p, 1, &limit, 0, 0);
	} while (ready > 0 || ready == -EINTR);
	return n;
}

/* The descriptor that comes with the next byte. */
static int receive(int fd)
{
	char byte, space[CMSG_SPACE(sizeof(int))] __attribute__((aligned(8)));
	struct iovec iov = { &byte, 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = space,
		.msg_controllen = sizeof(space) };
	long n = await_message(fd, &m);
	const struct cmsghdr *c = n == 1 ? CMSG_FIRSTHDR(&m) : NULL;
	int got;

	if (!c || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
		/* No number was left for it. */
		return n == 1 && (m.msg_flags & MSG_CTRUNC) ? -EMFILE : -ECONNABORTED;
	memcpy(&got, CMSG_DATA(c), sizeof(got));
	return got;
}

int standin_handed(int fd, int flags)
{
	int got = receive(fd);
	long err;

	if (got < 0)
		return got;
	err = sys_call3(SYS_fcntl, got, F_SETFL, flags & SOCK_NONBLOCK);
	if (err == 0)
		err = sys_call3(SYS_dup3, got, fd, flags & SOCK_CLOEXEC ? O_CLOEXEC : 0);
	sys_close(got);
	return err < 0 ? (int)err : 0;
}
