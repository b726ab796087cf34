/* Level-triggered: told as long as it lasts, with the bits that were asked for.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	int fd[2], ep = epoll_create1(0);
	char byte;

	stream_pair(AF_INET, fd);
	set_add(ep, fd[0], EPOLLIN, 1);
	say_wait("nothing there", ep, 8, 0);
	send_all(fd[1], "ab", 2);
	await(fd[0], POLLIN);
	say_wait("two bytes", ep, 8, LIMIT_MS);
	say_wait("again", ep, 8, LIMIT_MS);
	recv_all(fd[0], &byte, 1);
	say_wait("one byte", ep, 8, LIMIT_MS);
	recv_all(fd[0], &byte, 1);
	say_wait("read", ep, 8, 0);
	set_change(ep, fd[0], EPOLLIN | EPOLLOUT, 2);
	say_wait("room is asked for too", ep, 8, 0);
	set_change(ep, fd[0], 0, 3);
	say_wait("nothing is asked for", ep, 8, 0);
	set_change(ep, fd[0], EPOLLRDHUP, 4);
	shutdown(fd[1], SHUT_WR);
	await(fd[0], POLLRDHUP);
	say_wait("the other has shut", ep, 8, LIMIT_MS);
	say_wait("and still", ep, 8, 0);
	set_change(ep, fd[0], 0, 5);
	say_wait("nothing is asked for", ep, 8, 0);
	shutdown(fd[0], SHUT_WR);
	await(fd[0], POLLHUP);
	say_wait("both have", ep, 8, LIMIT_MS);
	close(fd[0]);
	say_wait("closed", ep, 8, 0);
	return 0;
}
