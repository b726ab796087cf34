/* One end writes much and closes at once: every byte arrives.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#define SIZE (3 << 20)

static int fd[2];

static void writer(void *unused)
{
	static char all[SIZE];

	for (int i = 0; i < SIZE; i++)
		all[i] = (char)(i * 31 >> 3);
	send_all(fd[0], all, SIZE);
	close(fd[0]);
}

static void look(int family)
{
	static char block[70001];
	struct thread t;
	size_t total = 0, wrong = 0;
	ssize_t n;

	stream_pair(family, fd);
	thread_start(&t, writer, NULL);
	while ((n = MUST(recv(fd[1], block, sizeof(block), 0))) > 0) {
		for (ssize_t i = 0; i < n; i++)
			wrong += block[i] != (char)((int)(total + i) * 31 >> 3);
		total += n;
	}
	thread_join(&t);
	say("%zu bytes, %zu wrong", total, wrong);
}

int main(void)
{
	both_families(look);
	return 0;
}
