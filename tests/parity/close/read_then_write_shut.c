/* SHUT_RD, then SHUT_WR, each for itself: the same as both at once?
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	for (int first = SHUT_RD; first <= SHUT_WR; first++) {
		int fd[2];

		stream_pair(family, fd);
		MUST(shutdown(fd[0], first));
		MUST(shutdown(fd[0], first == SHUT_RD ? SHUT_WR : SHUT_RD));
		say_poll("shut", fd[0]);
		await(fd[1], POLLRDHUP);
		SHOW(send(fd[1], "x", 1, MSG_NOSIGNAL));
		settle();
		say_poll("sender", fd[1]);
		say_so_error("sender", fd[1]);
		say_so_error("shut", fd[0]);
		close(fd[0]);
		close(fd[1]);
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
