/* Signals without end against blocked and running calls: a stream whose bytes must
 * all come, in order, whatever interrupts who sends and who receives. Two kinds of
 * signals, one with SA_RESTART, by pthread_kill() and by a timer; the handlers use a
 * socket of their own. A wake-up that gets lost ends the program by its alarm. An
 * ordinary program; prints what arrived.
 * usage: signals COUNT [p: the receiver sleeps in poll()]
 * SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define BLOCK 777

static int ends[2], aside[2];
static bool polls;
static _Atomic long handled, received, interrupted;
static _Atomic int stop;

static void must(long r, const char *what)
{
	if (r >= 0)
		return;
	printf("%s: %s\n", what, strerror(errno));
	fflush(stdout);
	_exit(1);
}

static void handler(int sig)
{
	int saved = errno;
	char c = (char)sig;

	/* Now and then a call of its own. */
	if (atomic_fetch_add(&handled, 1) % 16 == 0 &&
		send(aside[0], &c, 1, MSG_DONTWAIT | MSG_NOSIGNAL) == 1)
		(void)!recv(aside[1], &c, 1, MSG_DONTWAIT);
	errno = saved;
}

static void *sender(void *unused)
{
	unsigned char block[BLOCK], next = 0;
	ssize_t n;

	(void)unused;
	while (!atomic_load(&stop)) {
		for (int k = 0; k < BLOCK; k++)
			block[k] = (unsigned char)(next + k);
		n = send(ends[0], block, sizeof(block), MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			atomic_fetch_add(&interrupted, 1);
		else
			must(n, "send");
		if (n > 0)
			next = (unsigned char)(next + n);
		/* Both ends sleep now and then: the receiver here, by its waiting. */
		if (n > 0 && next % 32 == 0)
			poll(NULL, 0, 1);
	}
	shutdown(ends[0], SHUT_WR);
	return NULL;
}

static void *receiver(void *unused)
{
	struct pollfd p = { .fd = ends[1], .events = POLLIN };
	unsigned char block[4 * BLOCK], next = 0;
	ssize_t n;

	(void)unused;
	for (;;) {
		n = polls ? poll(&p, 1, -1) : 1;
		if (n == 1)
			n = recv(ends[1], block, sizeof(block), polls ? MSG_DONTWAIT : 0);
		if (n == 0)
			return NULL;
		if (n < 0 && (errno == EINTR || errno == EAGAIN)) {
			atomic_fetch_add(&interrupted, errno == EINTR);
			continue;
		}
		must(n, "recv");
		for (ssize_t k = 0; k < n; k++) {
			if (block[k] != next++) {
				printf("byte %ld is wrong\n", atomic_load(&received) + k);
				exit(1);
			}
		}
		atomic_fetch_add(&received, n);
	}
}

static void pair(int sv[2])
{
	struct sockaddr_in sa = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(sa);
	int door = socket(AF_INET, SOCK_STREAM, 0);

	must(door, "socket");
	must(bind(door, (struct sockaddr *)&sa, sizeof(sa)), "bind");
	must(listen(door, 1), "listen");
	must(getsockname(door, (struct sockaddr *)&sa, &len), "getsockname");
	sv[0] = socket(AF_INET, SOCK_STREAM, 0);
	must(connect(sv[0], (struct sockaddr *)&sa, sizeof(sa)), "connect");
	sv[1] = accept(door, NULL, NULL);
	must(sv[1], "accept");
	close(door);
}

int main(int argc, char **argv)
{
	struct itimerval every = { { 0, 500 }, { 0, 500 } }, never = { 0 };
	struct sigaction a = { .sa_handler = handler, .sa_flags = SA_RESTART };
	long count = argc > 1 ? atol(argv[1]) : 0;
	pthread_t out, in;

	polls = argc > 2;
	alarm(count < 200000 ? 100 : 3600);
	pair(ends);
	pair(aside);
	must(sigaction(SIGUSR1, &a, NULL), "sigaction");
	a.sa_flags = 0;
	must(sigaction(SIGUSR2, &a, NULL), "sigaction");
	must(sigaction(SIGPROF, &a, NULL), "sigaction");
	if (pthread_create(&out, NULL, sender, NULL) || pthread_create(&in, NULL, receiver,
		NULL))
		return 1;
	setitimer(ITIMER_PROF, &every, NULL);
	for (long k = 0; atomic_load(&handled) < count; k++) {
		pthread_kill(k % 2 ? out : in, k % 3 ? SIGUSR1 : SIGUSR2);
		if (k % 8 == 0)
			sched_yield();
	}
	setitimer(ITIMER_PROF, &never, NULL);
	atomic_store(&stop, 1);
	pthread_join(out, NULL);
	pthread_join(in, NULL);
	printf("all bytes in order%s\n", atomic_load(&received) > 0 ? "" : ": none");
	fprintf(stderr, "%ld signals, %ld bytes, %ld calls interrupted\n",
		atomic_load(&handled), atomic_load(&received), atomic_load(&interrupted));
	return 0;
}
