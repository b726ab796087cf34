/* Both ends shut down for writing, in turn: bytes both ways, then ends both
 * ways.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int fd[2];

	stream_pair(family, fd);
	send_all(fd[0], "to one", 6);
	MUST(shutdown(fd[0], SHUT_WR));
	send_all(fd[1], "to zero", 7);
	MUST(shutdown(fd[1], SHUT_WR));
	await(fd[0], POLLHUP);
	await(fd[1], POLLHUP);
	await_closed(fd[0]);
	await_closed(fd[1]);
	for (int i = 0; i < 2; i++) {
		say_recv("recv", fd[i], 0);
		say_recv("recv", fd[i], 0);
		SHOW(send(fd[i], "x", 1, MSG_NOSIGNAL));
		say_so_error("error", fd[i]);
		SHOW(shutdown(fd[i], SHUT_RD));
	}
	close(fd[0]);
	settle();
	say_poll("the other is closed", fd[1]);
	say_recv("recv", fd[1], 0);
}

int main(void)
{
	both_families(look);
	return 0;
}
