/* A full sender whose reader closes: reset, and what it is told.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int fd[2];

	stream_pair(family, fd);
	set_nonblocking(fd[0], true);
	fill(fd[0]);
	close(fd[1]);
	say_poll_until("the reader is gone", fd[0], POLLHUP);
	SHOW(send(fd[0], "x", 1, MSG_NOSIGNAL));
	SHOW(send(fd[0], "x", 1, MSG_NOSIGNAL));
	say_poll("then", fd[0]);
}

int main(void)
{
	both_families(look);
	return 0;
}
