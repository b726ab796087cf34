/* Several threads in one recvfrom(): each datagram goes to one of them.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#define THREADS 4

static int v;
static _Atomic int sum, count;

static void worker(void *unused)
{
	char b;

	for (;;) {
		if (MUST(recvfrom(v, &b, 1, 0, NULL, NULL)) == 0)
			return;
		sum += b;
		count++;
	}
}

static void look(int family)
{
	struct thread t[THREADS];
	struct place at;
	int u = dgram_socket(family);

	sum = count = 0;
	v = dgram_bound(family, &at);
	for (int i = 0; i < THREADS; i++)
		thread_start(&t[i], worker, NULL);
	for (int i = 0; i < THREADS; i++)
		await_asleep(t[i].tid);
	for (char i = 1; i <= 50; i++)
		MUST(sendto(u, &i, 1, 0, &at.any, at.length));
	for (int i = 0; i < THREADS; i++)
		MUST(sendto(u, "", 0, 0, &at.any, at.length));
	for (int i = 0; i < THREADS; i++)
		thread_join(&t[i]);
	say("%d messages, sum %d", count, sum);
}

int main(void)
{
	both_families(look);
	return 0;
}
