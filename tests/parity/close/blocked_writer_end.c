/* A writer that sleeps is woken by each way in which the other end goes, or
 * its own shutdown.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int fd[2];

static void writer(void *unused)
{
	static char block[1 << 16];
	ssize_t n = 0;

	for (int i = 0; i < 1000; i++) {
		n = send(fd[0], block, sizeof(block), MSG_NOSIGNAL);
		if (n < (ssize_t)sizeof(block))
			break;
	}
	if (n >= 0)
		n = send(fd[0], block, sizeof(block), MSG_NOSIGNAL);
	say_result("the last send", n);
}

static void look(int family)
{
	static const char *const ways[] = { "close", "reset", "own shutdown" };

	for (int way = 0; way < 3; way++) {
		struct thread t;

		stream_pair(family, fd);
		thread_start(&t, writer, NULL);
		await_asleep(t.tid);
		say("%s", ways[way]);
		if (way == 1)
			reset_on_close(fd[1]);
		if (way == 2)
			MUST(shutdown(fd[0], SHUT_WR));
		else
			close(fd[1]);
		thread_join(&t);
		close(fd[0]);
		if (way == 2)
			close(fd[1]);
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
