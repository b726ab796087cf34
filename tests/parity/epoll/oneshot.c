/* EPOLLONESHOT: silent after one event until EPOLL_CTL_MOD, and not out of the set.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int fd[2], ep = epoll_create1(0);

	stream_pair(AF_INET, fd);
	set_add(ep, fd[0], EPOLLIN | EPOLLONESHOT, 1);
	send_all(fd[1], "a", 1);
	say_wait("a byte", ep, 8, LIMIT_MS);
	say_wait("told already", ep, 8, 0);
	send_all(fd[1], "b", 1);
	settle();
	say_wait("one more", ep, 8, 0);
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &ev));
	set_change(ep, fd[0], EPOLLIN | EPOLLONESHOT, 2);
	say_wait("armed again", ep, 8, 0);
	close(fd[1]);
	await(fd[0], POLLRDHUP);
	say_wait("the end is silent too", ep, 8, 0);
	set_change(ep, fd[0], EPOLLIN | EPOLLRDHUP | EPOLLONESHOT, 3);
	say_wait("armed again", ep, 8, LIMIT_MS);
	return 0;
}
