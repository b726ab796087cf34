/* One end closes with unread bytes: the other is reset.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int fd[2];
	char b;

	stream_pair(family, fd);
	send_all(fd[1], "unread", 6);
	await(fd[0], POLLIN);
	close(fd[0]);
	say_poll_until("reset", fd[1], POLLHUP);
	say_names("names", fd[1]);
	SHOW(recv(fd[1], &b, 1, 0));
	SHOW(recv(fd[1], &b, 1, 0));
	SHOW(send(fd[1], "x", 1, MSG_NOSIGNAL));
	SHOW(shutdown(fd[1], SHUT_RDWR));
}

int main(void)
{
	both_families(look);
	return 0;
}
