/* The parent ends right after the fork: the child goes on with the set.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void generations(void *write_end)
{
	int fd[2], ep = epoll_create1(0);
	char byte = 'e';

	stream_pair(AF_INET, fd);
	set_add(ep, fd[0], EPOLLIN, 7);
	for (int k = 0; k < 6; k++) {
		if (MUST(fork()))
			_exit(0);
	}
	say_wait("nothing", ep, 8, 20);
	send_all(fd[1], "a", 1);
	say_wait("a byte", ep, 8, LIMIT_MS);
	set_change(ep, fd[0], EPOLLIN, 8);
	say_wait("changed", ep, 8, LIMIT_MS);
	close(fd[0]);
	say_wait("closed", ep, 8, 0);
	MUST(write(*(int *)write_end, &byte, 1));
}

int main(void)
{
	int pipes[2];
	char byte;

	MUST(pipe(pipes));
	child_say_end("the first", child_start(generations, &pipes[1]));
	close(pipes[1]);
	SHOW_AS("the last has ended", read(pipes[0], &byte, 1));
	return 0;
}
