/* A relay by splice(), a few hundred KiB through one pipe: nothing is lost.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#define BYTES 400000

static int from[2], to[2];
static unsigned char all[BYTES];

static void feed(void *unused)
{
	(void)unused;
	send_all(from[1], all, BYTES);
	close(from[1]);
}

static void count(void *unused)
{
	unsigned char buf[5000];
	long sum = 0, bytes = 0;
	ssize_t n;

	(void)unused;
	while ((n = read(to[1], buf, sizeof(buf))) > 0) {
		for (ssize_t k = 0; k < n; k++)
			sum += buf[k] * ((bytes + k) % 251);
		bytes += n;
	}
	say("%ld bytes, sum %ld", bytes, sum);
}

int main(void)
{
	struct thread feeder, counter;
	int pipes[2];
	ssize_t n, m;

	for (int k = 0; k < BYTES; k++)
		all[k] = (unsigned char)(k * 7);
	stream_pair(AF_INET, from);
	stream_pair(AF_INET, to);
	MUST(pipe(pipes));
	thread_start(&feeder, feed, NULL);
	thread_start(&counter, count, NULL);
	while ((n = splice(from[0], NULL, pipes[1], NULL, 1 << 20,
		SPLICE_F_MOVE | SPLICE_F_MORE)) > 0) {
		for (; n > 0; n -= m)
			m = MUST(splice(pipes[0], NULL, to[0], NULL, (size_t)n,
				SPLICE_F_MOVE));
	}
	SHOW_AS("the end", n);
	shutdown(to[0], SHUT_WR);
	thread_join(&feeder);
	thread_join(&counter);
	return 0;
}
