/* A full backlog: how many get in, what a non-blocking connect is told then, and
 * that it comes through when there is room.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void go(int backlog)
{
	struct place at;
	int l = listener(AF_INET, backlog, &at), fd[8], in = 0;

	say("backlog %d", backlog);
	for (int k = 0; k < 8; k++) {
		fd[k] = stream_socket(AF_INET);
		set_nonblocking(fd[k], true);
		if (connect(fd[k], &at.any, at.length) != -1 ||
			errno != EINPROGRESS)
			broken("connect: %s", error_name(errno));
	}
	settle();
	for (int k = 0; k < 8; k++) {
		struct pollfd p = { .fd = fd[k], .events = POLLOUT };

		in += poll(&p, 1, 0) == 1;
	}
	say("connected: %d", in);
	SHOW_AS("the last again", connect(fd[7], &at.any, at.length));
	say_poll("the last", fd[7]);
	for (int k = 0; k < 8; k++)
		close(fd[k]);
	close(l);
}

int main(void)
{
	go(0);
	go(1);
	go(3);
	return 0;
}
