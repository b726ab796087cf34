/* A signal at any moment of a call ends it: thousands of calls, each cut short by one
 * signal at a random time after its beginning. (One that comes between the word that
 * the call begins and the call itself is lost on the kernel too; hence the few.)
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sent.h"

#define ROUNDS 1500
#define FEW 15

static int fd[2], ep;
static pthread_t caller;
static volatile int begun, over, lost, stop;

static long long now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void pass(long long ns)
{
	long long end = now_ns() + ns;

	while (now_ns() < end)
		;
}

static void kicker(void *argument)
{
	unsigned seed = 1;

	for (int k = 1; !stop; k++) {
		while (begun < k && !stop)
			sched_yield();
		if (stop)
			break;
		pass(rand_r(&seed) % 120000);
		pthread_kill(caller, SIGUSR1);
		for (int waited = 0; over < k; waited++) {
			if (waited > LIMIT_MS) {
				lost++;
				pthread_kill(caller, SIGUSR1);
				waited = 0;
			}
			if (waited > 3)
				sleep_ms(1);
			else
				pass(20000);
		}
	}
}

static int call(int which)
{
	struct pollfd p = { .fd = fd[0], .events = POLLIN };
	struct epoll_event ev;
	char c;

	switch (which) {
	case 0:
		return (int)recv(fd[0], &c, 1, 0);
	case 1:
		return poll(&p, 1, -1);
	default:
		return epoll_wait(ep, &ev, 1, -1);
	}
}

int main(void)
{
	static const char *const names[] = { "recv", "poll", "epoll_wait" };
	struct epoll_event ev = { .events = EPOLLIN };
	struct thread t;
	sigset_t all, old;
	int k = 0;

	stream_pair(AF_INET, fd);
	ep = MUST(epoll_create1(0));
	MUST(epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &ev));
	handle(SIGUSR1, on_signal, 0);
	caller = pthread_self();
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	thread_start(&t, kicker, NULL);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	for (int which = 0; which < 3; which++) {
		int ended = 0;

		lost = 0;
		for (int n = 0; n < ROUNDS && lost < FEW; n++) {
			begun = ++k;
			if (call(which) < 0 && errno == EINTR)
				ended++;
			over = k;
		}
		say("%s: all ended %d, few lost %d", names[which], ended == ROUNDS,
			lost < FEW);
	}
	stop = 1;
	thread_join(&t);
	return 0;
}
