/* One end sends and closes: all is read, then the end.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int fd[2];

	stream_pair(family, fd);
	send_all(fd[0], "all of this", 11);
	close(fd[0]);
	await(fd[1], POLLRDHUP);
	say_recv("first", fd[1], MSG_PEEK);
	say_recv("second", fd[1], 0);
	say_recv("third", fd[1], 0);
	say_recv("fourth", fd[1], 0);
}

int main(void)
{
	both_families(look);
	return 0;
}
