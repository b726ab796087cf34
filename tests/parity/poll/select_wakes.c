/* A sleeping select() is woken by data, by an end, by a connection, by room.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int fd[2], l;
static int how;

static void waiter(void *unused)
{
	struct timeval t = { LIMIT_MS / 1000, 0 };
	fd_set r, w;

	FD_ZERO(&r);
	FD_ZERO(&w);
	if (how < 2)
		FD_SET(fd[0], &r);
	else if (how == 2)
		FD_SET(l, &r);
	else
		FD_SET(fd[0], &w);
	say("select %d", select(64, &r, &w, NULL, &t));
	say("%d %d %d", FD_ISSET(fd[0], &r) != 0, FD_ISSET(l, &r) != 0,
		FD_ISSET(fd[0], &w) != 0);
}

static void look(int family)
{
	struct place at;

	l = listener(family, 5, &at);
	for (how = 0; how < 4; how++) {
		struct thread t;

		stream_pair(family, fd);
		if (how == 3)
			fill(fd[0]);
		thread_start(&t, waiter, NULL);
		await_asleep(t.tid);
		if (how == 0)
			send_all(fd[1], "x", 1);
		else if (how == 1)
			MUST(shutdown(fd[1], SHUT_WR));
		else if (how == 2)
			connected_to(&at);
		else
			drain(fd[1]);
		thread_join(&t);
		close(fd[0]);
		close(fd[1]);
	}
	close(l);
}

int main(void)
{
	both_families(look);
	return 0;
}
