/* A reader that sleeps is woken by each way in which the other end goes.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int fd[2];

static void reader(void *unused)
{
	char b;

	SHOW(recv(fd[0], &b, 1, 0));
}

static void look(int family)
{
	static const char *const ways[] = { "shutdown", "close", "reset", "own shutdown" };

	for (int way = 0; way < 4; way++) {
		struct thread t;

		stream_pair(family, fd);
		thread_start(&t, reader, NULL);
		await_asleep(t.tid);
		say("%s", ways[way]);
		if (way == 0)
			MUST(shutdown(fd[1], SHUT_WR));
		if (way == 2)
			reset_on_close(fd[1]);
		if (way == 1 || way == 2)
			close(fd[1]);
		if (way == 3)
			MUST(shutdown(fd[0], SHUT_RD));
		thread_join(&t);
		close(fd[0]);
		if (way == 0 || way == 3)
			close(fd[1]);
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
