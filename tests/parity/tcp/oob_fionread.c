/* FIONREAD counts up to the urgent mark.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void count(const char *what, int fd)
{
	int n = -1;

	MUST(ioctl(fd, FIONREAD, &n));
	say("%s: %d", what, n);
}

int main(void)
{
	char c;
	int fd[2];

	stream_pair(AF_INET, fd);
	send_all(fd[0], "abc", 3);
	MUST(send(fd[0], "U", 1, MSG_OOB));
	send_all(fd[0], "de", 2);
	await(fd[1], POLLPRI);
	settle();
	count("all there", fd[1]);
	set_option(fd[1], SOL_SOCKET, SO_OOBINLINE, 1);
	count("inline", fd[1]);
	set_option(fd[1], SOL_SOCKET, SO_OOBINLINE, 0);
	recv_all(fd[1], &c, 1);
	count("one read", fd[1]);
	say_recv("oob", fd[1], MSG_OOB);
	count("oob read", fd[1]);
	say_recv("to the mark", fd[1], 0);
	count("at the mark", fd[1]);
	recv_all(fd[1], &c, 1);
	count("behind", fd[1]);
	return 0;
}
