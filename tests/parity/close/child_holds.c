/* A connection whose descriptor a child also has ends when both have closed
 * it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int fd[2];
static int hold[2];

static void child(void *unused)
{
	char b;

	close(hold[1]);
	close(fd[1]);
	MUST(read(hold[0], &b, 1));
	send_all(fd[0], "from the child", 14);
}

static void look(int family)
{
	pid_t pid;

	stream_pair(family, fd);
	MUST(pipe(hold));
	pid = child_start(child, NULL);
	close(fd[0]);
	settle();
	say_poll("the parent has closed", fd[1]);
	MUST(write(hold[1], "x", 1));
	await(fd[1], POLLIN);
	child_say_end("child", pid);
	say_poll_until("the child is gone", fd[1], POLLRDHUP);
	say_recv("recv", fd[1], 0);
	say_recv("recv", fd[1], 0);
}

int main(void)
{
	both_families(look);
	return 0;
}
