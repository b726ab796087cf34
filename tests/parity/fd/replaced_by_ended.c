/* dup2() of something that has ended over one of two numbers of a connection: the other
 * goes on.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void talk(int near, int far)
{
	char got[4] = "";

	SHOW(send(near, "abc", 3, MSG_NOSIGNAL));
	recv_all(far, got, 3);
	say("the far end has \"%s\"", got);
	send_all(far, "xyz", 3);
	recv_all(near, got, 3);
	say("the near one has \"%s\"", got);
}

int main(void)
{
	int fd[2], local[2], twin;

	stream_pair(AF_INET, fd);
	twin = MUST(dup(fd[0]));
	MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, local));
	close(local[1]);
	MUST(dup2(local[0], fd[0]));
	talk(twin, fd[1]);
	say_recv("the ended one", fd[0], 0);
	say_poll("the connection", twin);
	close(fd[1]);
	await(twin, POLLRDHUP);
	say_poll("its end", twin);
	return 0;
}
