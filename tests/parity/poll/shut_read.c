/* poll() at both ends after shutdown(SHUT_RD) at one of them.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int fd[2];
	char b[10];

	stream_pair(family, fd);
	send_all(fd[1], "before", 6);
	await(fd[0], POLLIN);
	MUST(shutdown(fd[0], SHUT_RD));
	say_poll("who shut", fd[0]);
	say_poll("the other", fd[1]);
	recv_all(fd[0], b, 6);
	say_poll("who shut, read", fd[0]);
	SHOW(recv(fd[0], b, 1, 0));
	send_all(fd[1], "after", 5);
	settle();
	say_poll("who shut, with more data", fd[0]);
	SHOW(recv(fd[0], b, sizeof(b), 0));
	SHOW(recv(fd[0], b, sizeof(b), 0));
	say_poll("the other", fd[1]);
	MUST(shutdown(fd[0], SHUT_WR));
	say_poll("who shut both", fd[0]);
	say_poll_until("the other", fd[1], POLLRDHUP);
}

int main(void)
{
	both_families(look);
	return 0;
}
