/* Several threads sleep in poll() on one socket: data wakes them all, an
 * accept-like race none in vain.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#define THREADS 4

static int fd[2];
static _Atomic int woken;

static void sleeper(void *unused)
{
	struct pollfd p = { .fd = fd[0], .events = POLLIN };

	if (poll(&p, 1, LIMIT_MS) == 1 && p.revents == POLLIN)
		woken++;
}

static void look(int family)
{
	struct thread t[THREADS];

	woken = 0;
	stream_pair(family, fd);
	for (int i = 0; i < THREADS; i++)
		thread_start(&t[i], sleeper, NULL);
	for (int i = 0; i < THREADS; i++)
		await_asleep(t[i].tid);
	send_all(fd[1], "x", 1);
	for (int i = 0; i < THREADS; i++)
		thread_join(&t[i]);
	say("%d woken", woken);
}

int main(void)
{
	both_families(look);
	return 0;
}
