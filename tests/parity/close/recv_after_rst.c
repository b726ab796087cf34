/* After the reset that a send to a closed end brings: recv() first, then
 * send().
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int fd[2];
	char b;

	stream_pair(family, fd);
	close(fd[0]);
	await(fd[1], POLLRDHUP);
	SHOW(send(fd[1], "x", 1, MSG_NOSIGNAL));
	await(fd[1], POLLHUP);
	SHOW(recv(fd[1], &b, 1, 0));
	SHOW(recv(fd[1], &b, 1, 0));
	SHOW(send(fd[1], "x", 1, MSG_NOSIGNAL));
	say_so_error("error", fd[1]);
	SHOW(recv(fd[1], &b, 1, 0));
}

int main(void)
{
	both_families(look);
	return 0;
}
