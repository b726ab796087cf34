/* A program that does nothing about SIGPIPE is killed by it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void child(void *unused)
{
	int fd[2];

	stream_pair(AF_INET, fd);
	close(fd[1]);
	await(fd[0], POLLRDHUP);
	SHOW(send(fd[0], "x", 1, 0));
	await(fd[0], POLLHUP);
	SHOW(send(fd[0], "x", 1, 0));
	SHOW(send(fd[0], "x", 1, 0));
	say("alive");
}

int main(void)
{
	child_say_end("child", child_start(child, NULL));
	return 0;
}
