/* One end closes while the other has bytes unread, reads them, answers.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int fd[2];

	stream_pair(family, fd);
	send_all(fd[0], "question", 8);
	close(fd[0]);
	await(fd[1], POLLRDHUP);
	SHOW(send(fd[1], "answer", 6, MSG_NOSIGNAL));
	await(fd[1], POLLHUP);
	say_poll("answered", fd[1]);
	say_recv("recv", fd[1], 0);
	say_recv("recv", fd[1], 0);
	say_recv("recv", fd[1], 0);
	SHOW(send(fd[1], "more", 4, MSG_NOSIGNAL));
}

int main(void)
{
	both_families(look);
	return 0;
}
