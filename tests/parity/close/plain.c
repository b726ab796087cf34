/* One end closes with nothing unread: what each call of the other gives, in
 * order.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int fd[2];
	char b;

	stream_pair(family, fd);
	close(fd[0]);
	await(fd[1], POLLRDHUP);
	say_names("names", fd[1]);
	SHOW(recv(fd[1], &b, 1, 0));
	SHOW(recv(fd[1], &b, 1, MSG_PEEK));
	SHOW(read(fd[1], &b, 1));
	SHOW(send(fd[1], "x", 1, MSG_NOSIGNAL));
	await(fd[1], POLLHUP);
	SHOW(send(fd[1], "x", 1, MSG_NOSIGNAL));
	SHOW(send(fd[1], "x", 1, MSG_NOSIGNAL));
	SHOW(recv(fd[1], &b, 1, 0));
	SHOW(recv(fd[1], &b, 1, 0));
	SHOW(shutdown(fd[1], SHUT_WR));
	SHOW(shutdown(fd[1], SHUT_RD));
	say_names("names", fd[1]);
}

int main(void)
{
	both_families(look);
	return 0;
}
