/* poll, select and epoll by libc's names.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <pthread.h>
#include <sys/single_threaded.h>

#include "shim.h"

/* These may watch ours and others together: cancellation only at entry. */
static void test_cancel(void)
{
	if (!__libc_single_threaded)
		pthread_testcancel();
}

static struct timespec *from_ms(int ms, struct timespec *t)
{
	if (ms < 0)
		return NULL;
	t->tv_sec = ms / 1000;
	t->tv_nsec = (ms % 1000) * 1000000L;
	return t;
}

EXPORT int poll(struct pollfd *fds, nfds_t n, int ms)
{
	struct timespec t;

	test_cancel();
	return (int)shim_return(client_ppoll(fds, n, from_ms(ms, &t), NULL));
}

EXPORT int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
	const sigset_t *mask)
{
	test_cancel();
	return (int)shim_return(client_ppoll(fds, n, timeout, mask));
}

int __poll_chk(struct pollfd *fds, nfds_t n, int ms, size_t size);
int __ppoll_chk(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
	const sigset_t *mask, size_t size);
void __chk_fail(void) __attribute__((noreturn));

EXPORT int __poll_chk(struct pollfd *fds, nfds_t n, int ms, size_t size)
{
	if (size / sizeof(*fds) < n)
		__chk_fail();
	return poll(fds, n, ms);
}

EXPORT int __ppoll_chk(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
	const sigset_t *mask, size_t size)
{
	if (size / sizeof(*fds) < n)
		__chk_fail();
	return ppoll(fds, n, timeout, mask);
}

EXPORT int select(int n, fd_set *r, fd_set *w, fd_set *x, struct timeval *timeout)
{
	struct timespec t;
	long got;

	test_cancel();
	if (!timeout)
		return (int)shim_return(client_pselect(n, r, w, x, NULL, NULL));
	if (timeout->tv_sec < 0 || timeout->tv_usec < 0)
		return (int)shim_return(-EINVAL);
	t.tv_sec = timeout->tv_sec + timeout->tv_usec / 1000000;
	t.tv_nsec = timeout->tv_usec % 1000000 * 1000;
	got = client_pselect(n, r, w, x, &t, NULL);
	timeout->tv_sec = t.tv_sec;
	timeout->tv_usec = t.tv_nsec / 1000;
	return (int)shim_return(got);
}

EXPORT int pselect(int n, fd_set *r, fd_set *w, fd_set *x,
	const struct timespec *timeout, const sigset_t *mask)
{
	struct timespec t;

	test_cancel();
	if (timeout)
		t = *timeout; /* POSIX: not changed */
	return (int)shim_return(client_pselect(n, r, w, x, timeout ? &t : NULL,
		mask));
}

EXPORT int epoll_create(int size)
{
	return (int)shim_return(size <= 0 ? -EINVAL : client_epoll_create1(0));
}

EXPORT int epoll_create1(int flags)
{
	return (int)shim_return(client_epoll_create1(flags));
}

EXPORT int epoll_ctl(int epfd, int op, int fd, struct epoll_event *ev)
{
	return (int)shim_return(client_epoll_ctl(epfd, op, fd, ev));
}

EXPORT int epoll_pwait2(int epfd, struct epoll_event *ev, int max,
	const struct timespec *timeout, const sigset_t *mask)
{
	test_cancel();
	return (int)shim_return(client_epoll_wait(epfd, ev, max, timeout, mask));
}

EXPORT int epoll_pwait(int epfd, struct epoll_event *ev, int max, int ms,
	const sigset_t *mask)
{
	struct timespec t;

	return epoll_pwait2(epfd, ev, max, from_ms(ms, &t), mask);
}

EXPORT int epoll_wait(int epfd, struct epoll_event *ev, int max, int ms)
{
	return epoll_pwait(epfd, ev, max, ms, NULL);
}
