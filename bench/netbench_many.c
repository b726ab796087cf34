/* netbench with many connections, one after the other or all at once; and the floor
 * that the machine sets.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/resource.h>

#include "netbench.h"

/* Refused is fatal: bench/pairs.py tries again. */
int bench_await(char **args)
{
	close(dial(args[0], args[1], SOCK_STREAM));
	return 0;
}

int bench_request(char **args)
{
	int n = atoi(args[2]);
	int64_t start = now_ns();

	for (int i = 0; i < n; i++) {
		int s = dial(args[0], args[1], SOCK_STREAM);
		char buf[2] = "ex";

		if (send(s, buf, 2, 0) != 2 || recv(s, buf, 1, 0) != 1)
			die("request");
		close(s);
	}
	printf("{\"requests_per_s\": %.0f}\n",
		(double)n * 1e9 / (double)(now_ns() - start));
	return 0;
}

/* --- idle ------------------------------------------------------------------------- */

static void allow_files(int n)
{
	struct rlimit r;

	getrlimit(RLIMIT_NOFILE, &r);
	if (r.rlim_cur >= (rlim_t)n + 64)
		return;
	r.rlim_cur = (rlim_t)n + 64;
	if (r.rlim_max < r.rlim_cur)
		r.rlim_max = r.rlim_cur;
	if (setrlimit(RLIMIT_NOFILE, &r) < 0)
		die("RLIMIT_NOFILE");
}

static void watch(int ep, int fd)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.fd = fd };

	if (epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev) < 0)
		die("epoll_ctl");
}

/* One byte has gone each way: as of a connection that was used and now rests. */
__attribute__((noreturn)) static void rest(int ep)
{
	struct epoll_event ev;

	printf("ready\n");
	fflush(stdout);
	for (;;)
		if (epoll_wait(ep, &ev, 1, -1) < 0 && errno != EINTR)
			die("epoll_wait");
}

int bench_hold(char **args)
{
	int l = listen_on(args[0]), n = atoi(args[1]), ep = epoll_create1(0);
	char byte;

	allow_files(n);
	printf("listening\n");
	fflush(stdout);
	for (int i = 0; i < n; i++) {
		int c = accept(l, NULL, NULL);

		if (c < 0 || recv(c, &byte, 1, 0) != 1 || send(c, &byte, 1, 0) != 1)
			die("accept");
		watch(ep, c);
	}
	rest(ep);
}

int bench_idle(char **args)
{
	int n = atoi(args[2]), ep = epoll_create1(0);
	char byte = 'x';

	allow_files(n);
	for (int i = 0; i < n; i++) {
		int c = dial(args[0], args[1], SOCK_STREAM);

		if (send(c, &byte, 1, 0) != 1 || recv(c, &byte, 1, 0) != 1)
			die("first byte");
		watch(ep, c);
	}
	rest(ep);
}

/* --- the floor ------------------------------------------------------------------- */

#if defined(__x86_64__) || defined(__i386__)
#define PAUSE() __builtin_ia32_pause()
#else
#define PAUSE() ((void)0)
#endif

/* One cache line each way, as far apart as the hardware fetches them in pairs. */
static struct {
	_Alignas(128) _Atomic int there;
	_Alignas(128) _Atomic int back;
} line;

static void stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set) < 0)
		die("sched_setaffinity");
}

static void await(_Atomic int *word, int value)
{
	/* Acquire: pairs with the release of the other side. */
	for (int n = 1; atomic_load_explicit(word, memory_order_acquire) != value; n++) {
		PAUSE();
		if (n % 4096 == 0) /* the other side does not run at all */
			sched_yield();
	}
}

static void *answer(void *arg)
{
	int n = *(int *)arg;

	stay_on(0);
	for (int i = 1; i <= n; i++) {
		await(&line.there, i);
		/* Pairs with the other side's await(). */
		atomic_store_explicit(&line.back, i, memory_order_release);
	}
	return NULL;
}

int bench_line(char **args)
{
	int n = atoi(args[0]);
	int64_t *t = calloc((size_t)n, sizeof(*t));
	pthread_t other;

	if (!t || n < 1)
		die("calloc");
	if (pthread_create(&other, NULL, answer, &n) != 0)
		die("pthread_create");
	stay_on(1);
	for (int i = 1; i <= n; i++) {
		int64_t start = now_ns();

		atomic_store_explicit(&line.there, i, memory_order_release); /* likewise */
		await(&line.back, i);
		t[i - 1] = now_ns() - start;
	}
	pthread_join(other, NULL);
	print_times(t, n);
	free(t);
	return 0;
}
