/* A poll() that sleeps for room is woken by the reader, and by its going.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int fd[2];

static void wait_for_out(void *unused)
{
	struct pollfd p = { .fd = fd[0], .events = POLLOUT };

	say("poll %d", poll(&p, 1, LIMIT_MS));
	say("%s", poll_text(p.revents));
}

static void look(int family)
{
	struct thread t;

	for (int close_it = 0; close_it < 2; close_it++) {
		stream_pair(family, fd);
		fill(fd[0]);
		thread_start(&t, wait_for_out, NULL);
		await_asleep(t.tid);
		if (close_it)
			close(fd[1]);
		else
			drain(fd[1]);
		thread_join(&t);
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
