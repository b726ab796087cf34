/* SO_OOBINLINE: the urgent byte stays in the stream; reads stop before it all the
 * same, and MSG_OOB gives EINVAL.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	int fd[2];

	stream_pair(AF_INET, fd);
	set_option(fd[1], SOL_SOCKET, SO_OOBINLINE, 1);
	say_option("inline", fd[1], SOL_SOCKET, SO_OOBINLINE);
	send_all(fd[0], "before", 6);
	MUST(send(fd[0], "u", 1, MSG_OOB));
	send_all(fd[0], "behind", 6);
	await(fd[1], POLLPRI);
	settle();
	say_poll("all there", fd[1]);
	SHOW(sockatmark(fd[1]));
	say_recv("oob", fd[1], MSG_OOB);
	say_recv("one", fd[1], 0);
	SHOW(sockatmark(fd[1]));
	say_poll("at the mark", fd[1]);
	say_recv("two", fd[1], 0);
	SHOW(sockatmark(fd[1]));
	say_poll("behind", fd[1]);
	say_recv("three", fd[1], 0);
	return 0;
}
