/* Data before and behind the urgent byte: where reads stop.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void go(bool take_first)
{
	int fd[2];

	say("urgent byte %s", take_first ? "read first" : "never read");
	stream_pair(AF_INET, fd);
	send_all(fd[0], "before", 6);
	MUST(send(fd[0], "!", 1, MSG_OOB));
	send_all(fd[0], "behind", 6);
	await(fd[1], POLLPRI);
	settle();
	if (take_first)
		say_recv("oob", fd[1], MSG_OOB);
	say_recv("one", fd[1], 0);
	say_poll("at the mark", fd[1]);
	say_recv("two", fd[1], 0);
	say_poll("behind it", fd[1]);
	say_recv("three", fd[1], 0);
	say_recv("oob", fd[1], MSG_OOB);
	close(fd[0]);
	close(fd[1]);
}

int main(void)
{
	go(true);
	go(false);
	return 0;
}
