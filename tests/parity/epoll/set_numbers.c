/* A set under several numbers, and calls that mean nothing to it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	int fd[2], ep = epoll_create1(EPOLL_CLOEXEC), twin, n;
	char byte = 0;

	stream_pair(AF_INET, fd);
	SHOW(fcntl(ep, F_GETFD));
	SHOW(fcntl(ep, F_GETFL));
	SHOW(fcntl(ep, F_SETFL, O_NONBLOCK));
	SHOW(read(ep, &byte, 1));
	SHOW(write(ep, &byte, 1));
	SHOW(ioctl(ep, FIONREAD, &n));
	SHOW(getsockopt(ep, SOL_SOCKET, SO_TYPE, &n, &(socklen_t){ sizeof(n) }));
	twin = MUST(dup(ep));
	set_add(twin, fd[0], EPOLLIN, 1);
	close(ep);
	send_all(fd[1], "a", 1);
	say_wait("by the other number", twin, 8, LIMIT_MS);
	MUST(dup2(twin, ep));
	say_wait("by the first again", ep, 8, LIMIT_MS);
	close(twin);
	say_wait("and", ep, 8, LIMIT_MS);
	close(ep);
	say_wait("closed", ep, 8, 0);
	return 0;
}
