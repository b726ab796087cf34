/* poll's bits through the life of an urgent byte.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	int fd[2];

	stream_pair(AF_INET, fd);
	say_poll("fresh", fd[1]);
	MUST(send(fd[0], "U", 1, MSG_OOB));
	say_poll_until("only the urgent byte", fd[1], POLLPRI);
	say_recv("stream", fd[1], 0);
	say_poll("after a read that got nothing", fd[1]);
	say_recv("oob", fd[1], MSG_OOB);
	say_poll("read", fd[1]);
	MUST(send(fd[0], "ab", 2, MSG_OOB));
	say_poll_until("with data", fd[1], POLLPRI);
	say_recv("oob", fd[1], MSG_OOB);
	say_poll("oob read", fd[1]);
	say_recv("stream", fd[1], 0);
	say_poll("at the mark", fd[1]);
	send_all(fd[0], "c", 1);
	await(fd[1], POLLIN);
	say_poll("and more", fd[1]);
	say_recv("stream", fd[1], 0);
	say_poll("all read", fd[1]);
	say_poll("sender", fd[0]);
	return 0;
}
