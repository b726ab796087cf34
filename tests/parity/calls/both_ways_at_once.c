/* Both ends write much and read much at the same time, one thread for each.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#define SIZE (4 << 20)

static int fd[2];

static void writer(void *end)
{
	static char block[1 << 16];
	int s = *(int *)end;

	for (int i = 0; i < SIZE; i += sizeof(block))
		send_all(s, block, sizeof(block));
	MUST(shutdown(s, SHUT_WR));
}

static void reader(void *end)
{
	char block[30000];
	size_t total = 0;
	ssize_t n;

	while ((n = MUST(read(*(int *)end, block, sizeof(block)))) > 0)
		total += n;
	if (total != SIZE)
		broken("%zu bytes", total);
}

static void look(int family)
{
	struct thread t[4];

	stream_pair(family, fd);
	for (int i = 0; i < 2; i++) {
		thread_start(&t[i], writer, &fd[i]);
		thread_start(&t[2 + i], reader, &fd[i]);
	}
	for (int i = 0; i < 4; i++)
		thread_join(&t[i]);
	say_poll("done", fd[0]);
	say_so_error("done", fd[0]);
}

int main(void)
{
	both_families(look);
	return 0;
}
