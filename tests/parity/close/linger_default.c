/* SO_LINGER: off at first, on with a time, and close() with nothing unsent
 * does not wait for it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct linger on = { 1, 20 }, got;
	socklen_t size = sizeof(got);
	int fd[2];

	stream_pair(family, fd);
	MUST(getsockopt(fd[0], SOL_SOCKET, SO_LINGER, &got, &size));
	say("%d %d", got.l_onoff, got.l_linger);
	SHOW(setsockopt(fd[0], SOL_SOCKET, SO_LINGER, &on, sizeof(on)));
	MUST(getsockopt(fd[0], SOL_SOCKET, SO_LINGER, &got, &size));
	say("%d %d", got.l_onoff, got.l_linger);
	send_all(fd[0], "all of it", 9);
	await(fd[1], POLLIN);
	say_recv("recv", fd[1], 0);
	close(fd[1]);
	await(fd[0], POLLRDHUP);
	SHOW(close(fd[0]));
}

int main(void)
{
	both_families(look);
	return 0;
}
