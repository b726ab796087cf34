/* close() of a descriptor while another of the same socket has a reader: the
 * reader goes on.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int fd[2], copy;

static void reader(void *unused)
{
	char b;

	SHOW(recv(copy, &b, 1, 0));
}

static void look(int family)
{
	struct thread t;

	stream_pair(family, fd);
	copy = MUST(dup(fd[0]));
	thread_start(&t, reader, NULL);
	await_asleep(t.tid);
	SHOW(close(fd[0]));
	send_all(fd[1], "x", 1);
	thread_join(&t);
}

int main(void)
{
	both_families(look);
	return 0;
}
