/* poll() of datagram sockets: data, none, an error, shut down.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int fd[2];

	dgram_pair(family, fd);
	say_poll("idle", fd[0]);
	MUST(send(fd[1], "one", 3, 0));
	MUST(send(fd[1], "", 0, 0));
	say_poll_until("two messages", fd[0], POLLIN);
	say_recv("first", fd[0], 0);
	say_poll("an empty one left", fd[0]);
	say_recv("second", fd[0], 0);
	say_poll("read", fd[0]);
	close(fd[1]);
	say_poll("nobody there any more", fd[0]);
	MUST(send(fd[0], "x", 1, 0));
	say_poll_until("its error", fd[0], POLLERR);
	say_so_error("its error", fd[0]);
	say_poll("told", fd[0]);
}

int main(void)
{
	both_families(look);
	return 0;
}
