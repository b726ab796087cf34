/* A blocking write takes all, however much; the reader gets it in pieces.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#define SIZE (8 << 20)

static int fd[2];
static char all[SIZE];

static void writer(void *unused)
{
	struct iovec iov[3] = { { all, 1 }, { all + 1, SIZE / 2 }, { all + 1 + SIZE / 2,
		SIZE - 1 - SIZE / 2 } };

	say("write: %zd", write(fd[0], all, SIZE));
	say("writev: %zd", writev(fd[0], iov, 3));
	say("send: %zd", send(fd[0], all, SIZE, 0));
	close(fd[0]);
}

static void look(int family)
{
	static char block[100000];
	struct thread t;
	size_t total = 0;
	ssize_t n;

	stream_pair(family, fd);
	thread_start(&t, writer, NULL);
	await_asleep(t.tid);
	while ((n = MUST(read(fd[1], block, sizeof(block)))) > 0)
		total += n;
	thread_join(&t);
	say("read: %zu", total);
}

int main(void)
{
	both_families(look);
	return 0;
}
