/* EPOLLOUT: gone when there is no room, an edge when there is again.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	int fd[2], ep = epoll_create1(0), level = epoll_create1(0);

	stream_pair(AF_INET, fd);
	set_nonblocking(fd[0], true);
	set_add(ep, fd[0], EPOLLOUT | EPOLLET, 1);
	set_add(level, fd[0], EPOLLOUT, 2);
	say_wait("room", ep, 8, 0);
	say_wait("told already", ep, 8, 0);
	fill(fd[0]);
	say_wait("full", ep, 8, 0);
	say_wait("full, level", level, 8, 0);
	drain(fd[1]);
	say_wait("room again", ep, 8, LIMIT_MS);
	say_wait("level", level, 8, LIMIT_MS);
	say_wait("told already", ep, 8, 0);
	fill(fd[0]);
	reset_on_close(fd[1]);
	close(fd[1]);
	await(fd[0], POLLERR);
	say_wait("reset", level, 8, LIMIT_MS);
	return 0;
}
