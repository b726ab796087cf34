/* poll() at both ends after shutdown(SHUT_RDWR) at one of them.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int fd[2];

	stream_pair(family, fd);
	MUST(shutdown(fd[0], SHUT_RDWR));
	say_poll("who shut", fd[0]);
	say_poll_until("the other", fd[1], POLLRDHUP);
	SHOW(send(fd[0], "x", 1, MSG_NOSIGNAL));
	SHOW(recv(fd[0], &(char){ 0 }, 1, 0));
	say_poll("who shut, after calls", fd[0]);
	SHOW(send(fd[1], "x", 1, MSG_NOSIGNAL));
	settle();
	say_poll("the other, after a send", fd[1]);
	say_poll("who shut", fd[0]);
	SHOW(recv(fd[0], &(char){ 0 }, 1, 0));
}

int main(void)
{
	both_families(look);
	return 0;
}
