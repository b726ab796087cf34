/* Several threads sleep in recv() on one stream: each byte wakes one of them,
 * the end all.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#define THREADS 3

static int fd[2];
static _Atomic int bytes, ends;

static void reader(void *unused)
{
	char b;
	ssize_t n;

	while ((n = MUST(recv(fd[0], &b, 1, 0))) == 1)
		bytes++;
	ends++;
}

static void look(int family)
{
	struct thread t[THREADS];

	bytes = ends = 0;
	stream_pair(family, fd);
	for (int i = 0; i < THREADS; i++)
		thread_start(&t[i], reader, NULL);
	for (int i = 0; i < 30; i++)
		send_all(fd[1], "x", 1);
	for (int ms = 0; bytes < 30 && ms < LIMIT_MS; ms++)
		sleep_ms(1);
	MUST(shutdown(fd[1], SHUT_WR));
	for (int i = 0; i < THREADS; i++)
		thread_join(&t[i]);
	say("%d bytes, %d ends", bytes, ends);
}

int main(void)
{
	both_families(look);
	return 0;
}
