/* A second urgent byte before the first was read: the first becomes plain data, if
 * the reader does not stand right on it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void go(const char *what, bool read_before, bool read_first)
{
	int fd[2];

	say("%s", what);
	stream_pair(AF_INET, fd);
	send_all(fd[0], "ab", 2);
	MUST(send(fd[0], "1", 1, MSG_OOB));
	await(fd[1], POLLPRI);
	settle();
	if (read_first)
		say_recv("first", fd[1], MSG_OOB);
	if (read_before)
		say_recv("before", fd[1], 0);
	send_all(fd[0], "cd", 2);
	MUST(send(fd[0], "2", 1, MSG_OOB));
	await(fd[1], POLLPRI);
	settle();
	say_recv("oob", fd[1], MSG_OOB);
	say_poll("now", fd[1]);
	SHOW(sockatmark(fd[1]));
	say_recv("stream", fd[1], 0);
	SHOW(sockatmark(fd[1]));
	say_recv("stream", fd[1], 0);
	close(fd[0]);
	close(fd[1]);
}

int main(void)
{
	go("nothing read", false, false);
	go("first one read", false, true);
	go("on the first mark", true, false);
	go("on the first mark, which was read", true, true);
	return 0;
}
