/* Several threads wait on one set: an event wakes one of them, when it is
 * edge-triggered or one-shot, and all are woken in the end.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#define THREADS 4

static int ep;
static _Atomic int served;

static void serve(void *unused)
{
	struct epoll_event ev;
	char byte;

	(void)unused;
	while (epoll_wait(ep, &ev, 1, -1) == 1) {
		if (recv(ev.data.fd, &byte, 1, 0) <= 0)
			return;
		served++;
		ev.events = EPOLLIN | EPOLLONESHOT;
		MUST(epoll_ctl(ep, EPOLL_CTL_MOD, ev.data.fd, &ev));
	}
}

int main(void)
{
	struct thread t[THREADS];
	int fd[THREADS][2];

	ep = epoll_create1(0);
	for (int k = 0; k < THREADS; k++) {
		stream_pair(AF_INET, fd[k]);
		set_add(ep, fd[k][0], EPOLLIN | EPOLLONESHOT, fd[k][0]);
		thread_start(&t[k], serve, NULL);
	}
	for (int round = 0; round < 50; round++) {
		for (int k = 0; k < THREADS; k++)
			send_all(fd[k][1], "x", 1);
	}
	for (int ms = 0; served < 50 * THREADS && ms < 5000; ms++)
		sleep_ms(1);
	say("served %d", served);
	for (int k = 0; k < THREADS; k++)
		close(fd[k][1]);
	for (int k = 0; k < THREADS; k++)
		thread_join(&t[k]);
	say("all have ended");
	return 0;
}
