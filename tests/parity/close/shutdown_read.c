/* shutdown(SHUT_RD): what was there is read, then the end; later bytes are
 * read all the same.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int fd[2];

	stream_pair(family, fd);
	send_all(fd[1], "before", 6);
	await(fd[0], POLLIN);
	SHOW(shutdown(fd[0], SHUT_RD));
	say_recv("recv", fd[0], 0);
	say_recv("recv", fd[0], 0);
	SHOW(send(fd[1], "after", 5, MSG_NOSIGNAL));
	settle();
	say_recv("recv", fd[0], 0);
	say_recv("recv", fd[0], 0);
	SHOW(send(fd[0], "out", 3, MSG_NOSIGNAL));
	await(fd[1], POLLIN);
	say_recv("other", fd[1], 0);
	SHOW(shutdown(fd[0], SHUT_RD));
	SHOW(shutdown(fd[0], SHUT_WR));
	await(fd[1], POLLRDHUP);
	say_recv("other", fd[1], 0);
}

int main(void)
{
	both_families(look);
	return 0;
}
