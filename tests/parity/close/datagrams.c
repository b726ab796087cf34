/* A datagram socket that closes: what was sent to it before and after.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int fd[2];

	dgram_pair(family, fd);
	MUST(send(fd[0], "before", 6, 0));
	await(fd[1], POLLIN);
	close(fd[1]);
	SHOW(send(fd[0], "after", 5, 0));
	say_poll_until("error", fd[0], POLLERR);
	SHOW(send(fd[0], "again", 5, 0));
	SHOW(send(fd[0], "again", 5, 0));
	await(fd[0], POLLERR);
	say_recv("recv", fd[0], 0);
	say_recv("recv", fd[0], 0);
	say_poll("told", fd[0]);
}

int main(void)
{
	both_families(look);
	return 0;
}
