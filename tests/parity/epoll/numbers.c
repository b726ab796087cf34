/* What is in a set is a description under a number: dup, dup2 and close.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.u32 = 3 };
	int fd[2], ep = epoll_create1(0), twin, again;

	stream_pair(AF_INET, fd);
	twin = MUST(dup(fd[0]));
	set_add(ep, fd[0], EPOLLIN, 1);
	set_add(ep, twin, EPOLLIN, 2);
	send_all(fd[1], "a", 1);
	await(twin, POLLIN);
	say_wait("both numbers", ep, 8, LIMIT_MS);
	close(fd[0]);
	say_wait("one is closed", ep, 8, LIMIT_MS);
	SHOW_AS("DEL of it", epoll_ctl(ep, EPOLL_CTL_DEL, fd[0], NULL));
	again = dup2(twin, fd[0]);
	say("the number is back: %d", again == fd[0]);
	SHOW_AS("ADD of it", epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &ev));
	SHOW_AS("DEL of it", epoll_ctl(ep, EPOLL_CTL_DEL, fd[0], NULL));
	SHOW_AS("ADD of it", epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &ev));
	close(twin);
	say_wait("the other is closed", ep, 8, LIMIT_MS);
	MUST(dup2(fd[1], fd[0]));
	say_wait("replaced", ep, 8, 0);
	return 0;
}
