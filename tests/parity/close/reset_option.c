/* SO_LINGER of 0 s: close() resets, with data under way and without.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	for (int data = 0; data < 2; data++) {
		int fd[2];

		stream_pair(family, fd);
		if (data) {
			send_all(fd[0], "data", 4);
			await(fd[1], POLLIN);
		}
		reset_on_close(fd[0]);
		close(fd[0]);
		say_poll_until("reset", fd[1], POLLHUP);
		say_recv("recv", fd[1], 0);
		say_recv("recv", fd[1], 0);
		say_recv("recv", fd[1], 0);
		SHOW(send(fd[1], "x", 1, MSG_NOSIGNAL));
		close(fd[1]);
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
