/* One end sends, then closes with unread bytes: are its last bytes still read?
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int fd[2];

	stream_pair(family, fd);
	send_all(fd[1], "unread", 6);
	await(fd[0], POLLIN);
	send_all(fd[0], "last words", 10);
	await(fd[1], POLLIN);
	close(fd[0]);
	say_poll_until("reset", fd[1], POLLHUP);
	say_recv("first", fd[1], 0);
	say_recv("second", fd[1], 0);
	say_recv("third", fd[1], 0);
	say_so_error("error", fd[1]);
}

int main(void)
{
	both_families(look);
	return 0;
}
