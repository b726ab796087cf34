/* poll() after the other end was closed: with nothing unread, then a send.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int fd[2];

	stream_pair(family, fd);
	close(fd[1]);
	say_poll_until("closed", fd[0], POLLRDHUP);
	SHOW(recv(fd[0], &(char){ 0 }, 1, 0));
	say_poll("end read", fd[0]);
	SHOW(send(fd[0], "x", 1, MSG_NOSIGNAL));
	say_poll_until("after a send", fd[0], POLLHUP);
	say_so_error("its error", fd[0]);
	say_poll("told", fd[0]);
	SHOW(send(fd[0], "x", 1, MSG_NOSIGNAL));
	SHOW(recv(fd[0], &(char){ 0 }, 1, 0));
}

int main(void)
{
	both_families(look);
	return 0;
}
