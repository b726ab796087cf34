/* A set's descriptor in poll() and select(): readable while something in it is
 * ready, and no longer. SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int selected(int ep)
{
	struct timeval none = { 0, 0 };
	fd_set set;

	FD_ZERO(&set);
	FD_SET(ep, &set);
	return select(ep + 1, &set, NULL, NULL, &none);
}

static void write_later(void *fd)
{
	sleep_ms(30);
	send_all(*(int *)fd, "z", 1);
}

int main(void)
{
	int fd[2], ep = epoll_create1(0), pipes[2];
	struct thread t;
	char byte;

	stream_pair(AF_INET, fd);
	MUST(pipe(pipes));
	set_add(ep, fd[0], EPOLLIN, 1);
	set_add(ep, pipes[0], EPOLLIN, 2);
	for (int k = 0; k < 3; k++) {
		say_poll("empty", ep);
		SHOW(selected(ep));
		send_all(fd[1], "a", 1);
		say_poll_until("a byte", ep, POLLIN);
		SHOW(selected(ep));
		if (k == 1)
			say_wait("waited", ep, 8, LIMIT_MS);
		recv_all(fd[0], &byte, 1);
	}
	MUST(write(pipes[1], "p", 1));
	say_poll_until("a byte in the pipe", ep, POLLIN);
	MUST(read(pipes[0], &byte, 1));
	say_poll("read", ep);
	thread_start(&t, write_later, &fd[1]);
	say_poll_until("a byte comes", ep, POLLIN);
	thread_join(&t);
	return 0;
}
