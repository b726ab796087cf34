/* More of syscall(): pselect6, socketpair, execve, and the numbers that only older
 * machines such as x86-64 have beside the newer calls.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>

#include "base/touch.h"
#include "shim.h"

/* No number of a call: never matches. */
#ifndef SYS_accept
#define SYS_accept (-100)
#endif
#ifndef SYS_dup2
#define SYS_dup2 (-101)
#define SYS_epoll_create (-102)
#define SYS_epoll_wait (-103)
#define SYS_poll (-104)
#define SYS_select (-105)
#endif

#define PTR(x) ((void *)(uintptr_t)(x))

static struct timespec *from_ms(long ms, struct timespec *t)
{
	if ((int)ms < 0)
		return NULL;
	*t = (struct timespec){ (int)ms / 1000, (int)ms % 1000 * 1000000L };
	return t;
}

/* Microseconds may be a second and more, for the kernel too. */
static long old_select(const long v[6])
{
	struct timeval *left = PTR(v[4]);
	struct timespec t;
	long r;

	if (!left)
		return client_pselect((int)v[0], PTR(v[1]), PTR(v[2]), PTR(v[3]),
			NULL, NULL);
	if (!touch_write(left, sizeof(*left)))
		return -EFAULT;
	if (left->tv_sec < 0 || left->tv_usec < 0)
		return -EINVAL;
	t.tv_sec = left->tv_sec + left->tv_usec / 1000000;
	t.tv_nsec = left->tv_usec % 1000000 * 1000;
	r = client_pselect((int)v[0], PTR(v[1]), PTR(v[2]), PTR(v[3]), &t, NULL);
	left->tv_sec = t.tv_sec;
	left->tv_usec = t.tv_nsec / 1000;
	return r;
}

static long pselect6(const long v[6])
{
	const struct {
		const sigset_t *mask;
		size_t bytes;
	} *m = PTR(v[5]);

	if (m && m->mask && m->bytes != SYS_SIGSET_BYTES)
		return -EINVAL;
	return client_pselect((int)v[0], PTR(v[1]), PTR(v[2]), PTR(v[3]), PTR(v[4]),
		m ? m->mask : NULL);
}

static bool old_call(long nr, const long v[6], long *r)
{
	struct timespec t;

	switch (nr) {
	case SYS_accept:
		*r = client_accept4((int)v[0], PTR(v[1]), PTR(v[2]), 0);
		return true;
	case SYS_dup2:
		*r = client_dup2((int)v[0], (int)v[1]);
		return true;
	case SYS_epoll_create:
		*r = (int)v[0] <= 0 ? -EINVAL : client_epoll_create1(0);
		return true;
	case SYS_epoll_wait:
		*r = client_epoll_wait((int)v[0], PTR(v[1]), (int)v[2],
			from_ms(v[3], &t), NULL);
		return true;
	case SYS_poll:
		*r = client_ppoll(PTR(v[0]), (nfds_t)v[1], from_ms(v[2], &t), NULL);
		return true;
	case SYS_select:
		*r = old_select(v);
		return true;
	default:
		return false;
	}
}

bool shim_more_calls(long nr, const long v[6], long *r)
{
	int *sv = PTR(v[3]);

	switch (nr) {
	case SYS_pselect6:
		*r = pselect6(v);
		return true;
	case SYS_socketpair:
		*r = sys_call4(SYS_socketpair, v[0], v[1], v[2], sv);
		if (*r == 0) {
			client_fd_forget(sv[0]);
			client_fd_forget(sv[1]);
		}
		return true;
	case SYS_execve:
		*r = shim_may_execute(AT_FDCWD, PTR(v[0]), 0);
		if (*r == 0)
			*r = sys_call3(SYS_execve, v[0], v[1],
				shim_environment(PTR(v[2])));
		return true;
	case SYS_execveat:
		*r = shim_may_execute((int)v[0], PTR(v[1]), (int)v[4]);
		if (*r == 0)
			*r = sys_call5(SYS_execveat, v[0], v[1], v[2],
				shim_environment(PTR(v[3])), v[4]);
		return true;
	default:
		return old_call(nr, v, r);
	}
}
