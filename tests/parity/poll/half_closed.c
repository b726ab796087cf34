/* poll() at both ends after shutdown(SHUT_WR) at one of them, with data before
 * the end.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int fd[2];
	char b[10];

	stream_pair(family, fd);
	send_all(fd[0], "bye", 3);
	MUST(shutdown(fd[0], SHUT_WR));
	say_poll("who shut", fd[0]);
	say_poll_until("the other", fd[1], POLLRDHUP);
	recv_all(fd[1], b, 3);
	say_poll("data read", fd[1]);
	SHOW(recv(fd[1], b, 1, 0));
	say_poll("end read", fd[1]);
	send_all(fd[1], "still", 5);
	say_poll_until("who shut, with data", fd[0], POLLIN);
	recv_all(fd[0], b, 5);
	say_poll("who shut, read", fd[0]);
	MUST(shutdown(fd[1], SHUT_WR));
	say_poll_until("both shut, first", fd[0], POLLHUP);
	say_poll_until("both shut, second", fd[1], POLLHUP);
	SHOW(recv(fd[0], b, 1, 0));
	say_poll("first, end read", fd[0]);
}

int main(void)
{
	both_families(look);
	return 0;
}
