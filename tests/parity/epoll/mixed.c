/* The kernel's own descriptors and sockets in one set and in one poll().
 * SPDX-License-Identifier: BSD-2-Clause */
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

#include "say.h"

int main(void)
{
	struct itimerspec soon = { .it_value.tv_nsec = 1 };
	int fd[2], pipes[2], ep = epoll_create1(0);
	int event = eventfd(0, EFD_NONBLOCK);
	int timer = timerfd_create(CLOCK_MONOTONIC, 0), sig;
	sigset_t usr1;

	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr1, NULL);
	sig = signalfd(-1, &usr1, 0);
	MUST(pipe(pipes));
	stream_pair(AF_INET, fd);
	set_add(ep, fd[0], EPOLLIN, 0);
	set_add(ep, pipes[0], EPOLLIN, 1);
	set_add(ep, event, EPOLLIN, 2);
	set_add(ep, timer, EPOLLIN, 3);
	set_add(ep, sig, EPOLLIN, 4);
	say_wait("nothing", ep, 8, 0);
	MUST(write(pipes[1], "x", 1));
	say_wait("a pipe", ep, 8, LIMIT_MS);
	send_all(fd[1], "x", 1);
	await(fd[0], POLLIN);
	settle();
	say_wait("and a socket", ep, 8, LIMIT_MS);
	MUST(eventfd_write(event, 1));
	MUST(timerfd_settime(timer, 0, &soon, NULL));
	kill(getpid(), SIGUSR1);
	await(timer, POLLIN);
	settle();
	say_wait("and all", ep, 8, LIMIT_MS);
	MUST(epoll_ctl(ep, EPOLL_CTL_DEL, pipes[0], NULL));
	settle();
	say_wait("but one", ep, 8, LIMIT_MS);
	struct pollfd p[] = { { fd[0], POLLIN, 0 }, { -1, POLLIN, 7 },
		{ pipes[0], POLLIN, 0 }, { event, POLLOUT, 0 }, { ep, POLLIN, 0 },
		{ 999, POLLIN, 0 }, { sig, POLLIN, 0 }, { fd[1], POLLOUT, 0 } };
	SHOW(poll(p, 8, LIMIT_MS));
	for (int k = 0; k < 8; k++)
		say("%d %s", k, poll_text(p[k].revents));
	return 0;
}
