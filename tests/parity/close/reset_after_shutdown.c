/* A reset after one or both ends had shut down: which error, or none.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	for (int who = 1; who < 4; who++) {
		int fd[2];

		stream_pair(family, fd);
		if (who & 1) {
			MUST(shutdown(fd[0], SHUT_WR));
			await(fd[1], POLLRDHUP);
		}
		if (who & 2) {
			MUST(shutdown(fd[1], SHUT_WR));
			await(fd[0], POLLRDHUP);
		}
		reset_on_close(fd[0]);
		close(fd[0]);
		settle();
		say("shut: %s%s", who & 1 ? "who resets " : "", who & 2 ? "the other" : "");
		say_poll("the other", fd[1]);
		say_recv("recv", fd[1], 0);
		say_so_error("error", fd[1]);
		SHOW(send(fd[1], "x", 1, MSG_NOSIGNAL));
		close(fd[1]);
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
