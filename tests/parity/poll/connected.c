/* poll() of a connected pair: idle, with data, with more, read, written.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int fd[2];
	char b[10];

	stream_pair(family, fd);
	say_poll("connector", fd[0]);
	say_poll("accepted", fd[1]);
	send_all(fd[0], "hello", 5);
	say_poll_until("data", fd[1], POLLIN);
	recv_all(fd[1], b, 4);
	say_poll("one byte left", fd[1]);
	recv_all(fd[1], b, 1);
	say_poll("all read", fd[1]);
	say_poll("sender", fd[0]);
}

int main(void)
{
	both_families(look);
	return 0;
}
