/* A connection lives until its last descriptor is closed.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int fd[2], copy;

	stream_pair(family, fd);
	copy = MUST(dup(fd[0]));
	close(fd[0]);
	settle();
	say_poll("one closed", fd[1]);
	send_all(copy, "still here", 10);
	await(fd[1], POLLIN);
	say_recv("recv", fd[1], 0);
	close(copy);
	say_poll_until("both closed", fd[1], POLLRDHUP);
}

int main(void)
{
	both_families(look);
	return 0;
}
