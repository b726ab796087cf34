/* POLLOUT goes when the other end does not read, and comes when it has read.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int fd[2];

	stream_pair(family, fd);
	set_nonblocking(fd[0], true);
	fill(fd[0]);
	say_poll("full", fd[0]);
	say_poll("its reader", fd[1]);
	drain(fd[1]);
	say_poll_until("drained", fd[0], POLLOUT);
	say_poll("its reader", fd[1]);
}

int main(void)
{
	both_families(look);
	return 0;
}
