/* Many descriptors at once. SPDX-License-Identifier: BSD-2-Clause */
#include "calls.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/timerfd.h>

static void *write_later(void *arg)
{
	usleep(200000);
	WANT(write(*(int *)arg, "x", 1) == 1);
	return NULL;
}

static void later(int *fd)
{
	pthread_t t;

	WANT(pthread_create(&t, NULL, write_later, fd) == 0);
	pthread_detach(t);
}

static void poll_mixed(void)
{
	int fd[2], pp[2];
	struct pollfd p[3];
	char c;

	tcp_pair(fd);
	WANT(pipe(pp) == 0);
	p[0] = (struct pollfd){ fd[0], POLLIN, 0 };
	p[1] = (struct pollfd){ pp[0], POLLIN, 0 };
	p[2] = (struct pollfd){ -1, POLLIN, 7 };
	WANT(poll(p, 3, 0) == 0);
	WANT(poll(p, 3, 50) == 0);
	later(&fd[1]);
	WANT(poll(p, 3, -1) == 1 && p[0].revents == POLLIN && !p[1].revents);
	later(&pp[1]);
	WANT(read(fd[0], &c, 1) == 1);
	WANT(poll(p, 3, -1) == 1 && p[1].revents == POLLIN && !p[0].revents);
	WANT(write(fd[1], "y", 1) == 1);
	WANT(poll(p, 3, -1) == 2 && p[2].revents == 0);
	close(fd[1]);
	p[0].events = POLLIN | POLLOUT | POLLRDHUP;
	WANT(poll(p, 1, -1) == 1);
	WANT(p[0].revents == (POLLIN | POLLOUT | POLLRDHUP));
}

static void select_mixed(void)
{
	struct timeval tv = { 0, 50000 };
	int fd[2], pp[2];
	fd_set r, w;

	tcp_pair(fd);
	WANT(pipe(pp) == 0);
	FD_ZERO(&r);
	FD_SET(fd[0], &r);
	FD_SET(pp[0], &r);
	WANT(select(FD_SETSIZE, &r, NULL, NULL, &tv) == 0);
	WANT(!FD_ISSET(fd[0], &r));
	FD_SET(fd[0], &r);
	FD_SET(pp[0], &r);
	FD_ZERO(&w);
	FD_SET(fd[0], &w);
	WANT(select(FD_SETSIZE, &r, &w, NULL, NULL) == 1);
	WANT(FD_ISSET(fd[0], &w) && !FD_ISSET(fd[0], &r));
	FD_SET(fd[0], &r);
	FD_SET(pp[0], &r);
	later(&fd[1]);
	WANT(select(FD_SETSIZE, &r, NULL, NULL, NULL) == 1);
	WANT(FD_ISSET(fd[0], &r) && !FD_ISSET(pp[0], &r));
	FD_SET(60, &r);
	WANT_ERRNO(select(FD_SETSIZE, &r, NULL, NULL, NULL), EBADF);
}

static void add(int ep, int fd, uint32_t events)
{
	struct epoll_event ev = { .events = events, .data.fd = fd };

	WANT(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev) == 0);
}

static void mod(int ep, int fd, uint32_t events)
{
	struct epoll_event ev = { .events = events, .data.fd = fd };

	WANT(epoll_ctl(ep, EPOLL_CTL_MOD, fd, &ev) == 0);
}

/* Wait and want exactly this one event; events 0: nothing within the time. */
static void one(int ep, int ms, int fd, uint32_t events)
{
	struct epoll_event ev[8];
	int n = epoll_wait(ep, ev, 8, ms);

	if (n != (events != 0) || (n && (ev[0].data.fd != fd ||
		ev[0].events != events)))
		fprintf(stderr, "%d events, %x on %d, wanted %x on %d\n", n,
			n > 0 ? ev[0].events : 0, n > 0 ? ev[0].data.fd : 0,
			events, fd);
	WANT(n == (events != 0));
	WANT(n == 0 || (ev[0].data.fd == fd && ev[0].events == events));
}

static void epoll_level(void)
{
	int fd[2], ep = epoll_create1(0);
	char c;

	tcp_pair(fd);
	add(ep, fd[0], EPOLLIN);
	one(ep, 0, 0, 0);
	WANT(write(fd[1], "ab", 2) == 2);
	one(ep, -1, fd[0], EPOLLIN);
	one(ep, -1, fd[0], EPOLLIN);
	WANT(read(fd[0], &c, 1) == 1);
	one(ep, 0, fd[0], EPOLLIN);
	WANT(read(fd[0], &c, 1) == 1);
	one(ep, 50, 0, 0);
	mod(ep, fd[0], EPOLLOUT);
	one(ep, -1, fd[0], EPOLLOUT);
	mod(ep, fd[0], EPOLLIN);
	later(&fd[1]);
	one(ep, -1, fd[0], EPOLLIN);
	WANT_ERRNO(epoll_ctl(ep, EPOLL_CTL_ADD, fd[0],
		&(struct epoll_event){ 0 }), EEXIST);
	WANT(epoll_ctl(ep, EPOLL_CTL_DEL, fd[0], NULL) == 0);
	WANT_ERRNO(epoll_ctl(ep, EPOLL_CTL_DEL, fd[0], NULL), ENOENT);
	one(ep, 0, 0, 0);
}

static void epoll_edge(void)
{
	int fd[2], ep = epoll_create1(0);
	char c;

	tcp_pair(fd);
	add(ep, fd[0], EPOLLIN | EPOLLET);
	WANT(write(fd[1], "ab", 2) == 2);
	one(ep, -1, fd[0], EPOLLIN);
	one(ep, 20, 0, 0);
	WANT(read(fd[0], &c, 1) == 1);
	one(ep, 20, 0, 0);
	/* New bytes are a new edge though old ones are unread. */
	WANT(write(fd[1], "c", 1) == 1);
	one(ep, -1, fd[0], EPOLLIN);
	one(ep, 20, 0, 0);
	mod(ep, fd[0], EPOLLIN | EPOLLET);
	one(ep, -1, fd[0], EPOLLIN);
	close(fd[1]);
	WANT(epoll_wait(ep, &(struct epoll_event){ 0 }, 1, -1) == 1);
}

/* EPOLLOUT's edge comes when a full socket gets room. */
static void epoll_edge_out(void)
{
	static char buf[65536];
	int fd[2], ep = epoll_create1(0);
	struct epoll_event ev;

	tcp_pair(fd);
	set_nonblock(fd[0]);
	set_nonblock(fd[1]);
	add(ep, fd[0], EPOLLOUT | EPOLLET);
	one(ep, -1, fd[0], EPOLLOUT);
	while (write(fd[0], buf, sizeof(buf)) > 0)
		;
	WANT(errno == EAGAIN);
	/* Writing itself may give an edge on the kernel; then it is silent. */
	while (epoll_wait(ep, &ev, 1, 50) > 0) {
		while (write(fd[0], buf, sizeof(buf)) > 0)
			;
	}
	while (read(fd[1], buf, sizeof(buf)) > 0)
		;
	one(ep, 60000, fd[0], EPOLLOUT);
}

static void epoll_oneshot(void)
{
	int fd[2], ep = epoll_create1(0);

	tcp_pair(fd);
	add(ep, fd[0], EPOLLIN | EPOLLONESHOT);
	WANT(write(fd[1], "ab", 2) == 2);
	one(ep, -1, fd[0], EPOLLIN);
	WANT(write(fd[1], "c", 1) == 1);
	one(ep, 50, 0, 0);
	mod(ep, fd[0], EPOLLIN | EPOLLONESHOT);
	one(ep, -1, fd[0], EPOLLIN);
}

static void epoll_mixed(void)
{
	struct itimerspec it = { .it_value = { 0, 100000000 } };
	int port, s = listener(5, &port), fd[2], pp[2], ep = epoll_create1(0);
	int ev = eventfd(0, 0), tm = timerfd_create(CLOCK_MONOTONIC, 0), c, a;
	uint64_t v = 1;

	tcp_pair(fd);
	WANT(pipe(pp) == 0);
	add(ep, fd[0], EPOLLIN);
	add(ep, s, EPOLLIN);
	add(ep, pp[0], EPOLLIN);
	add(ep, ev, EPOLLIN);
	add(ep, tm, EPOLLIN);
	WANT(timerfd_settime(tm, 0, &it, NULL) == 0);
	one(ep, -1, tm, EPOLLIN);
	WANT(read(tm, &v, 8) == 8);
	WANT(write(ev, &v, 8) == 8);
	one(ep, -1, ev, EPOLLIN);
	WANT(read(ev, &v, 8) == 8);
	later(&pp[1]);
	one(ep, -1, pp[0], EPOLLIN);
	WANT(read(pp[0], &v, 1) == 1);
	c = connect_to(port);
	one(ep, -1, s, EPOLLIN);
	a = accept(s, NULL, NULL);
	WANT(a >= 0);
	later(&fd[1]);
	one(ep, -1, fd[0], EPOLLIN);
	close(c);
}

/* A kernel descriptor is served though a socket is always ready. */
static void epoll_fair(void)
{
	struct epoll_event ev[1];
	int fd[2], pp[2], ep = epoll_create1(0), seen = 0;

	tcp_pair(fd);
	WANT(pipe(pp) == 0);
	add(ep, fd[0], EPOLLOUT);
	add(ep, pp[0], EPOLLIN);
	WANT(write(pp[1], "x", 1) == 1);
	for (int k = 0; k < 200 && !seen; k++) {
		WANT(epoll_wait(ep, ev, 1, -1) == 1);
		seen = ev[0].data.fd == pp[0];
	}
	WANT(seen);
}

/* A closed socket's events are gone, and its number may come again. */
static void epoll_close(void)
{
	int fd[2], again[2], ep = epoll_create1(0);

	tcp_pair(fd);
	add(ep, fd[0], EPOLLIN);
	WANT(write(fd[1], "x", 1) == 1);
	close(fd[0]);
	one(ep, 20, 0, 0);
	tcp_pair(again);
	WANT(again[0] == fd[0] || again[1] == fd[0]);
	add(ep, fd[0], EPOLLOUT);
	one(ep, -1, fd[0], EPOLLOUT);
}

static void epoll_hangup(void)
{
	int fd[2], ep = epoll_create1(0);
	char c;

	tcp_pair(fd);
	add(ep, fd[0], EPOLLIN | EPOLLRDHUP);
	close(fd[1]);
	one(ep, -1, fd[0], EPOLLIN | EPOLLRDHUP);
	WANT(read(fd[0], &c, 1) == 0);
	WANT(shutdown(fd[0], SHUT_WR) == 0);
	one(ep, -1, fd[0], EPOLLIN | EPOLLRDHUP | EPOLLHUP);
}

static void epoll_nested(void)
{
	int fd[2], in = epoll_create1(0), out = epoll_create1(0);
	struct pollfd p = { in, POLLIN, 0 };
	char c;

	tcp_pair(fd);
	add(in, fd[0], EPOLLIN);
	add(out, in, EPOLLIN);
	one(out, 20, 0, 0);
	later(&fd[1]);
	one(out, 60000, in, EPOLLIN);
	one(in, 0, fd[0], EPOLLIN);
	WANT(read(fd[0], &c, 1) == 1);
	one(in, 0, 0, 0);
	WANT(poll(&p, 1, 20) == 0);
	later(&fd[1]);
	WANT(poll(&p, 1, 60000) == 1);
}

struct waiter {
	int ep, got;
};

static void *wait_one(void *arg)
{
	struct waiter *w = arg;
	struct epoll_event ev;

	WANT(epoll_wait(w->ep, &ev, 1, 60000) == 1);
	w->got = ev.data.fd;
	return NULL;
}

/* Two threads on one set; two sockets become ready; both threads wake. */
static void epoll_threads(void)
{
	int a[2], b[2], ep = epoll_create1(0);
	struct waiter w[2] = { { ep, 0 }, { ep, 0 } };
	pthread_t t[2];

	tcp_pair(a);
	tcp_pair(b);
	add(ep, a[0], EPOLLIN | EPOLLONESHOT);
	add(ep, b[0], EPOLLIN | EPOLLONESHOT);
	for (int k = 0; k < 2; k++)
		WANT(pthread_create(&t[k], NULL, wait_one, &w[k]) == 0);
	usleep(100000);
	WANT(write(a[1], "x", 1) == 1);
	WANT(write(b[1], "x", 1) == 1);
	for (int k = 0; k < 2; k++)
		pthread_join(t[k], NULL);
	WANT(w[0].got + w[1].got == a[0] + b[0] && w[0].got != w[1].got);
}

const struct call_test many_tests[] = { { "poll_mixed", poll_mixed },
	{ "select_mixed", select_mixed }, { "epoll_level", epoll_level },
	{ "epoll_edge", epoll_edge }, { "epoll_edge_out", epoll_edge_out },
	{ "epoll_oneshot", epoll_oneshot }, { "epoll_mixed", epoll_mixed },
	{ "epoll_fair", epoll_fair }, { "epoll_close", epoll_close },
	{ "epoll_hangup", epoll_hangup }, { "epoll_nested", epoll_nested },
	{ "epoll_threads", epoll_threads }, { 0, 0 } };
