/* Many who sleep on one stream at a time, in threads and in processes that share it,
 * and a writer who goes on only when each byte has been taken: a wake-up that gets
 * lost ends the program by its alarm. An ordinary program; prints what arrived.
 *
 * Sleepers by letter:	r recv()		p poll() for input, then recv
 *			e an epoll of its own	w blocked in send() on the same stream
 *			o poll() for output, which is full
 *			s select()		t poll() for input with a timeout
 * A capital letter is a process of its own.
 * usage: sleepers ROUNDS SLEEPERS
 * SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define SLEEPERS_MAX 16

static struct shared {
	_Atomic long taken;   /* bytes that the readers have */
	_Atomic long written; /* bytes that the writers have sent back */
	_Atomic int stop;
} *shared;

static int ends[2]; /* [0] the crowd's */
static long rounds;

static void must(long r, const char *what)
{
	if (r >= 0)
		return;
	printf("%s: %s\n", what, strerror(errno));
	fflush(stdout);
	_exit(1);
}

/* Take one byte if it is there; false: the end. */
static bool take(int flags)
{
	char c;
	ssize_t n = recv(ends[0], &c, 1, flags);

	if (n == 1)
		atomic_fetch_add(&shared->taken, 1);
	else if (n < 0 && errno != EAGAIN && errno != ECONNRESET)
		must(n, "recv");
	return n > 0 || (n < 0 && errno == EAGAIN);
}

static void by_recv(void)
{
	while (take(0))
		;
}

static void by_poll(int timeout)
{
	struct pollfd p = { .fd = ends[0], .events = POLLIN };

	do
		must(poll(&p, 1, timeout), "poll");
	while (take(MSG_DONTWAIT));
}

static void by_select(void)
{
	fd_set in;

	do {
		FD_ZERO(&in);
		FD_SET(ends[0], &in);
		must(select(ends[0] + 1, &in, NULL, NULL, NULL), "select");
	} while (take(MSG_DONTWAIT));
}

static void by_epoll(void)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int ep = epoll_create1(0);

	must(ep, "epoll_create1");
	must(epoll_ctl(ep, EPOLL_CTL_ADD, ends[0], &ev), "epoll_ctl");
	do
		must(epoll_wait(ep, &ev, 1, -1), "epoll_wait");
	while (take(MSG_DONTWAIT));
	close(ep);
}

/* Fills the way back, and sleeps there until the other end reads. */
static void by_send(bool polls)
{
	struct pollfd p = { .fd = ends[0], .events = POLLOUT };
	static const char block[4096];
	ssize_t n;

	while (!atomic_load(&shared->stop)) {
		if (polls)
			must(poll(&p, 1, -1), "poll for output");
		n = send(ends[0], block, sizeof(block), MSG_NOSIGNAL |
			(polls ? MSG_DONTWAIT : 0));
		if (n > 0)
			atomic_fetch_add(&shared->written, n);
		else if (errno != EAGAIN)
			return; /* the other end has closed */
	}
}

static void *sleeper(void *kind)
{
	switch (*(const char *)kind | 0x20) {
	case 'r':
		by_recv();
		break;
	case 'p':
		by_poll(-1);
		break;
	case 't':
		by_poll(3000);
		break;
	case 's':
		by_select();
		break;
	case 'e':
		by_epoll();
		break;
	case 'w':
	case 'o':
		by_send((*(const char *)kind | 0x20) == 'o');
		break;
	default:
		exit(2);
	}
	return NULL;
}

static void connect_pair(void)
{
	struct sockaddr_in sa = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(sa);
	int door = socket(AF_INET, SOCK_STREAM, 0);

	must(door, "socket");
	must(bind(door, (struct sockaddr *)&sa, sizeof(sa)), "bind");
	must(listen(door, 1), "listen");
	must(getsockname(door, (struct sockaddr *)&sa, &len), "getsockname");
	ends[1] = socket(AF_INET, SOCK_STREAM, 0);
	must(ends[1], "socket");
	must(connect(ends[1], (struct sockaddr *)&sa, sizeof(sa)), "connect");
	ends[0] = accept(door, NULL, NULL);
	must(ends[0], "accept");
	close(door);
}

/* A burst, then until all of it is taken; now and then some of the way back. */
static void drive(bool writers)
{
	static char back[65536];
	unsigned dice = 1;
	long sent = 0;

	for (long k = 0; k < rounds; k++) {
		int burst = 1 + (dice = dice * 1103515245 + 12345) / 65536 % 3;

		must(send(ends[1], "abc", (size_t)burst, MSG_NOSIGNAL), "send");
		sent += burst;
		while (atomic_load(&shared->taken) < sent)
			sched_yield();
		if (writers && k % 4 == 0)
			must(recv(ends[1], back, sizeof(back), 0), "recv back");
	}
	atomic_store(&shared->stop, 1);
	printf("taken %ld of %ld\n", atomic_load(&shared->taken), sent);
}

int main(int argc, char **argv)
{
	const char *kinds = argc == 3 ? argv[2] : "";
	pthread_t threads[SLEEPERS_MAX];
	int n_threads = 0;
	bool writers = strpbrk(kinds, "wWoO") != NULL;

	rounds = argc == 3 ? atol(argv[1]) : 0;
	if (rounds <= 0 || !*kinds || strlen(kinds) > SLEEPERS_MAX)
		return 2;
	alarm(rounds < 100000 ? 100 : 3600);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	connect_pair();
	for (const char *k = kinds; *k; k++) {
		if ((*k & 0x20) || fork() != 0)
			continue;
		close(ends[1]);
		alarm(0);
		sleeper((void *)(uintptr_t)k);
		_exit(0);
	}
	for (const char *k = kinds; *k; k++) {
		if ((*k & 0x20) && pthread_create(&threads[n_threads++], NULL,
			sleeper, (void *)(uintptr_t)k) != 0)
			return 1;
	}
	drive(writers);
	close(ends[1]);
	for (int k = 0; k < n_threads; k++)
		pthread_join(threads[k], NULL);
	while (wait(NULL) > 0)
		;
	printf("all have seen the end\n");
	return 0;
}
