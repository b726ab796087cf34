/* shutdown(SHUT_WR): the other reads all, then the end; the way back stays
 * open.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int fd[2];

	stream_pair(family, fd);
	send_all(fd[0], "before", 6);
	SHOW(shutdown(fd[0], SHUT_WR));
	SHOW(send(fd[0], "x", 1, MSG_NOSIGNAL));
	SHOW(send(fd[0], "", 0, MSG_NOSIGNAL));
	await(fd[1], POLLRDHUP);
	say_recv("other", fd[1], 0);
	say_recv("other", fd[1], 0);
	for (int i = 0; i < 3; i++)
		send_all(fd[1], "back ", 5);
	await(fd[0], POLLIN);
	settle();
	say_recv("back", fd[0], 0);
	SHOW(shutdown(fd[0], SHUT_WR));
	SHOW(shutdown(fd[1], SHUT_WR));
	await(fd[0], POLLHUP);
	await_closed(fd[1]);
	SHOW(shutdown(fd[0], SHUT_WR));
	SHOW(shutdown(fd[1], SHUT_WR));
	SHOW(shutdown(fd[1], SHUT_RD));
}

int main(void)
{
	both_families(look);
	return 0;
}
