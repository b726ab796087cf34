/* Several threads on the same sets, sockets and tables: also what the thread
 * sanitizer sees of a program's side. SPDX-License-Identifier: BSD-2-Clause */
#include "calls.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#define PAIRS 8
#define SERVERS 2
#define CLIENTS 2
#define ROUNDS 200

static void start(pthread_t *t, void *(*fn)(void *), void *arg)
{
	WANT(pthread_create(t, NULL, fn, arg) == 0);
}

static void join(pthread_t t)
{
	WANT(pthread_join(t, NULL) == 0);
}

static void write_whole(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);

		WANT(n > 0);
		data += n;
		len -= (size_t)n;
	}
}

/* --- one set, several threads ------------------------------------------------ */

struct service {
	int ep, done; /* done: an eventfd, readable when all have closed */
	int open; /* connections; atomic */
};

static void serve_one(struct service *s, int fd)
{
	struct epoll_event ev = { EPOLLIN | EPOLLONESHOT, { .fd = fd } };
	uint64_t one = 1;
	char buf[300];
	ssize_t n = read(fd, buf, sizeof(buf));

	WANT(n >= 0);
	if (n > 0) {
		write_whole(fd, buf, (size_t)n);
		WANT(epoll_ctl(s->ep, EPOLL_CTL_MOD, fd, &ev) == 0);
		return;
	}
	WANT(close(fd) == 0);
	if (__atomic_sub_fetch(&s->open, 1, __ATOMIC_ACQ_REL) == 0)
		WANT(write(s->done, &one, sizeof(one)) == sizeof(one));
}

static void *serve(void *arg)
{
	struct service *s = arg;
	struct epoll_event ev[3];

	for (;;) {
		int n = epoll_wait(s->ep, ev, 3, 20000);

		WANT(n > 0);
		for (int k = 0; k < n; k++) {
			if (ev[k].data.fd == s->done)
				return NULL;
			serve_one(s, ev[k].data.fd);
		}
	}
}

struct client {
	int fd[PAIRS / CLIENTS];
};

static void *ask(void *arg)
{
	struct client *c = arg;
	char out[500], in[500];

	for (int r = 0; r < ROUNDS; r++) {
		size_t len = 1 + (size_t)(r * 7) % sizeof(out);

		for (int k = 0; k < PAIRS / CLIENTS; k++) {
			memset(out, r + k, len);
			write_whole(c->fd[k], out, len);
		}
		for (int k = 0; k < PAIRS / CLIENTS; k++) {
			WANT(recv(c->fd[k], in, len, MSG_WAITALL) == (ssize_t)len);
			memset(out, r + k, len);
			WANT(memcmp(in, out, len) == 0);
		}
	}
	for (int k = 0; k < PAIRS / CLIENTS; k++)
		WANT(close(c->fd[k]) == 0);
	return NULL;
}

static void threads_share_a_set(void)
{
	struct service s = { epoll_create1(0), eventfd(0, 0), PAIRS };
	struct epoll_event ev = { EPOLLIN, { .fd = s.done } };
	pthread_t servers[SERVERS], clients[CLIENTS];
	struct client c[CLIENTS];
	int fd[2];

	WANT(epoll_ctl(s.ep, EPOLL_CTL_ADD, s.done, &ev) == 0);
	for (int k = 0; k < PAIRS; k++) {
		tcp_pair(fd);
		c[k % CLIENTS].fd[k / CLIENTS] = fd[0];
		ev = (struct epoll_event){ EPOLLIN | EPOLLONESHOT,
			{ .fd = fd[1] } };
		WANT(epoll_ctl(s.ep, EPOLL_CTL_ADD, fd[1], &ev) == 0);
	}
	for (int k = 0; k < SERVERS; k++)
		start(&servers[k], serve, &s);
	for (int k = 0; k < CLIENTS; k++)
		start(&clients[k], ask, &c[k]);
	for (int k = 0; k < CLIENTS; k++)
		join(clients[k]);
	for (int k = 0; k < SERVERS; k++)
		join(servers[k]);
}

/* --- tables ---------------------------------------------------------------------- */

static void *live(void *arg)
{
	char c, me = *(char *)arg;
	int fd[2];

	for (int n = 0; n < 60; n++) {
		int copy;

		tcp_pair(fd);
		copy = dup(fd[1]);
		WANT(copy >= 0 && close(fd[1]) == 0);
		WANT(write(fd[0], &me, 1) == 1);
		WANT(read(copy, &c, 1) == 1 && c == me);
		WANT(close(fd[0]) == 0);
		WANT(read(copy, &c, 1) == 0);
		WANT(close(copy) == 0);
	}
	return NULL;
}

/* Numbers are used again at once by other threads: nobody hears another's. */
static void threads_open_and_close(void)
{
	char names[3] = { 'a', 'b', 'c' };
	pthread_t t[3];

	for (int k = 0; k < 3; k++)
		start(&t[k], live, &names[k]);
	for (int k = 0; k < 3; k++)
		join(t[k]);
}

/* --- one socket -------------------------------------------------------------------- */

#define EACH 300000

static void *write_each(void *arg)
{
	char block[1000] = { 0 };

	for (int n = 0; n < EACH; n += (int)sizeof(block))
		write_whole(*(int *)arg, block, sizeof(block));
	return NULL;
}

struct reader {
	int fd;
	long got;
};

static void *read_all(void *arg)
{
	struct reader *r = arg;
	char buf[700];
	ssize_t n;

	while ((n = read(r->fd, buf, sizeof(buf))) > 0)
		r->got += n;
	WANT(n == 0);
	return NULL;
}

/* Two write to one end and two read from the other, all of them blocking. */
static void threads_share_a_socket(void)
{
	pthread_t w[2], r[2];
	struct reader readers[2];
	int fd[2];

	tcp_pair(fd);
	for (int k = 0; k < 2; k++) {
		readers[k] = (struct reader){ fd[1], 0 };
		start(&r[k], read_all, &readers[k]);
		start(&w[k], write_each, &fd[0]);
	}
	for (int k = 0; k < 2; k++)
		join(w[k]);
	WANT(shutdown(fd[0], SHUT_WR) == 0);
	for (int k = 0; k < 2; k++)
		join(r[k]);
	WANT(readers[0].got + readers[1].got == 2 * EACH);
}

/* --- datagrams ----------------------------------------------------------------------- */

static void *answer(void *arg)
{
	struct sockaddr_storage from;
	int fd = *(int *)arg;
	int word;

	for (;;) {
		socklen_t len = sizeof(from);

		WANT(recvfrom(fd, &word, sizeof(word), 0,
			(struct sockaddr *)&from, &len) == sizeof(word));
		if (word < 0)
			return NULL;
		WANT(sendto(fd, &word, sizeof(word), 0,
			(struct sockaddr *)&from, len) == sizeof(word));
	}
}

struct asker {
	struct sockaddr_storage to;
	socklen_t len;
};

static void *ask_datagrams(void *arg)
{
	struct asker *a = arg;
	int fd = socket(AF_INET, SOCK_DGRAM, 0), word;

	WANT(connect(fd, (struct sockaddr *)&a->to, a->len) == 0);
	for (int n = 0; n < 2 * ROUNDS; n++) {
		WANT(send(fd, &n, sizeof(n), 0) == sizeof(n));
		WANT(recv(fd, &word, sizeof(word), 0) == sizeof(word));
		WANT(word == n);
	}
	close(fd);
	return NULL;
}

/* Two threads sleep on one datagram socket; each message wakes one. */
static void threads_answer_datagrams(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0), stop = -1;
	pthread_t servers[2], clients[2];
	struct asker a;

	loopback(&a.to, &a.len, AF_INET, 0);
	WANT(bind(fd, (struct sockaddr *)&a.to, a.len) == 0);
	WANT(getsockname(fd, (struct sockaddr *)&a.to, &a.len) == 0);
	for (int k = 0; k < 2; k++) {
		start(&servers[k], answer, &fd);
		start(&clients[k], ask_datagrams, &a);
	}
	for (int k = 0; k < 2; k++)
		join(clients[k]);
	for (int k = 0; k < 2; k++)
		WANT(sendto(fd, &stop, sizeof(stop), 0, (struct sockaddr *)&a.to,
			a.len) == sizeof(stop));
	for (int k = 0; k < 2; k++)
		join(servers[k]);
}

const struct call_test thread_tests[] = {
	{ "threads_share_a_set", threads_share_a_set },
	{ "threads_open_and_close", threads_open_and_close },
	{ "threads_share_a_socket", threads_share_a_socket },
	{ "threads_answer_datagrams", threads_answer_datagrams }, { 0, 0 } };
