/* Several threads in one accept(): each connection goes to one of them.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#define THREADS 4

static int l;
static _Atomic int accepted;

static void worker(void *unused)
{
	int a = MUST(accept(l, NULL, NULL));
	char b;

	accepted++;
	MUST(recv(a, &b, 1, MSG_WAITALL));
	send_all(a, &b, 1);
	close(a);
}

static void look(int family)
{
	struct thread t[THREADS];
	struct place at;
	int c[THREADS];

	accepted = 0;
	l = listener(family, 10, &at);
	for (int i = 0; i < THREADS; i++)
		thread_start(&t[i], worker, NULL);
	for (int i = 0; i < THREADS; i++)
		await_asleep(t[i].tid);
	for (int i = 0; i < THREADS; i++) {
		char b = (char)('a' + i);

		c[i] = connected_to(&at);
		send_all(c[i], &b, 1);
		recv_all(c[i], &b, 1);
		say("%c", b);
	}
	for (int i = 0; i < THREADS; i++)
		thread_join(&t[i]);
	say("%d accepted", accepted);
	say_poll("listener", l);
}

int main(void)
{
	both_families(look);
	return 0;
}
