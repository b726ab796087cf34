/* A vfork child closes everything before it executes something: the parent's
 * numbers, sockets and sets are as before. SPDX-License-Identifier: BSD-2-Clause */
#include <linux/close_range.h>

#include "say.h"

static int fd[2], ep;

static void look(const char *what)
{
	char byte;

	send_all(fd[0], "z", 1);
	say_wait(what, ep, 8, LIMIT_MS);
	recv_all(fd[1], &byte, 1);
	say_wait("read", ep, 8, 0);
}

int main(void)
{
	pid_t child;

	ep = epoll_create1(0);
	stream_pair(AF_INET, fd);
	set_add(ep, fd[1], EPOLLIN, 1);
	child = vfork();
	if (child == 0) {
		for (int k = 3; k < 100; k++)
			close(k);
		execl("/bin/true", "true", (char *)NULL);
		_exit(1);
	}
	child_say_end("close", child);
	look("after close");
	child = vfork();
	if (child == 0) {
		close_range(3, ~0u, 0);
		execl("/bin/true", "true", (char *)NULL);
		_exit(1);
	}
	child_say_end("close_range", child);
	look("after close_range");
	child = vfork();
	if (child == 0) {
		dup2(fd[0], 0);
		dup2(0, fd[1]);
		dup2(0, ep);
		execl("/bin/true", "true", (char *)NULL);
		_exit(1);
	}
	child_say_end("dup2", child);
	look("after dup2");
	SHOW(system("exec 3>&- 4>&- 5>&- 6>&-; true"));
	look("after system");
	return 0;
}
