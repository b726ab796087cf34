/* The end of a process closes: with unread bytes it resets.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int fd[2];

static void child(void *how)
{
	close(fd[1]);
	if (how)
		await(fd[0], POLLIN);
}

static void look(int family)
{
	for (long unread = 0; unread < 2; unread++) {
		pid_t pid;

		stream_pair(family, fd);
		if (unread)
			send_all(fd[1], "unread", 6);
		pid = child_start(child, (void *)unread);
		close(fd[0]);
		child_say_end("child", pid);
		say_poll_until("gone", fd[1], unread ? POLLHUP : POLLRDHUP);
		say_recv("recv", fd[1], 0);
		say_recv("recv", fd[1], 0);
		close(fd[1]);
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
