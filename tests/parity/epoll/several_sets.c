/* One socket in several sets, each with its own wishes.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	int fd[2], level = epoll_create1(0), edge = epoll_create1(0);
	int room = epoll_create1(0);
	char byte;

	stream_pair(AF_INET, fd);
	set_add(level, fd[0], EPOLLIN, 1);
	set_add(edge, fd[0], EPOLLIN | EPOLLET, 2);
	set_add(room, fd[0], EPOLLOUT, 3);
	send_all(fd[1], "a", 1);
	for (int k = 0; k < 2; k++) {
		say_wait("level", level, 8, LIMIT_MS);
		say_wait("edge", edge, 8, k == 0 ? 1000 : 0);
		say_wait("room", room, 8, LIMIT_MS);
	}
	MUST(epoll_ctl(level, EPOLL_CTL_DEL, fd[0], NULL));
	say_wait("out of one", level, 8, 0);
	recv_all(fd[0], &byte, 1);
	send_all(fd[1], "b", 1);
	say_wait("still in another", edge, 8, LIMIT_MS);
	close(room);
	close(fd[1]);
	await(fd[0], POLLRDHUP);
	say_wait("and", edge, 8, LIMIT_MS);
	close(fd[0]);
	say_wait("closed", edge, 8, 0);
	return 0;
}
