/* shutdown(SHUT_WR), then close(): what the other sends finds nobody.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int fd[2];

	stream_pair(family, fd);
	MUST(shutdown(fd[0], SHUT_WR));
	await(fd[1], POLLRDHUP);
	SHOW(send(fd[1], "read by nobody", 14, MSG_NOSIGNAL));
	await(fd[0], POLLIN);
	close(fd[0]);
	say_poll_until("closed with unread bytes", fd[1], POLLHUP);
	say_so_error("error", fd[1]);
	SHOW(send(fd[1], "x", 1, MSG_NOSIGNAL));
	say_recv("recv", fd[1], 0);

	stream_pair(family, fd);
	MUST(shutdown(fd[0], SHUT_WR));
	await(fd[1], POLLRDHUP);
	close(fd[0]);
	SHOW(send(fd[1], "x", 1, MSG_NOSIGNAL));
	say_poll_until("sent after the close", fd[1], POLLHUP);
	say_so_error("error", fd[1]);
}

int main(void)
{
	both_families(look);
	return 0;
}
