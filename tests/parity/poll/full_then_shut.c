/* A full sender that shuts down for writing, and one whose reader shuts down.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int fd[2];
	size_t sent;

	stream_pair(family, fd);
	sent = fill(fd[0]);
	MUST(shutdown(fd[0], SHUT_WR));
	say_poll("full and shut", fd[0]);
	say("all arrives: %d", drain(fd[1]) == sent);
	say_poll_until("reader", fd[1], POLLRDHUP);
	say_recv("reader", fd[1], 0);
	close(fd[0]);
	close(fd[1]);

	stream_pair(family, fd);
	fill(fd[0]);
	MUST(shutdown(fd[1], SHUT_WR));
	say_poll_until("full, reader shut", fd[0], POLLRDHUP);
	say_recv("full, reader shut", fd[0], 0);
	drain(fd[1]);
	say_poll_until("drained", fd[0], POLLOUT);
}

int main(void)
{
	both_families(look);
	return 0;
}
