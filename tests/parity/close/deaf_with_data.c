/* shutdown(SHUT_RDWR) with unread bytes there: they can be read, more bring a
 * reset.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int fd[2];

	stream_pair(family, fd);
	send_all(fd[1], "there", 5);
	await(fd[0], POLLIN);
	MUST(shutdown(fd[0], SHUT_RDWR));
	say_poll("shut", fd[0]);
	say_recv("recv", fd[0], 0);
	say_recv("recv", fd[0], 0);
	await(fd[1], POLLRDHUP);
	SHOW(send(fd[1], "more", 4, MSG_NOSIGNAL));
	say_poll_until("sender", fd[1], POLLHUP);
	say_so_error("sender", fd[1]);
	say_poll("shut", fd[0]);
	say_so_error("shut", fd[0]);
	say_recv("recv", fd[0], 0);
}

int main(void)
{
	both_families(look);
	return 0;
}
