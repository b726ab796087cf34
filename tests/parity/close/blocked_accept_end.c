/* A sleeping accept() is woken by shutdown() of its listener.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int l;

static void waiter(void *unused)
{
	SHOW(accept(l, NULL, NULL));
}

static void look(int family)
{
	for (int how = SHUT_RD; how <= SHUT_RDWR; how += 2) {
		struct thread t;

		l = listener(family, 5, NULL);
		thread_start(&t, waiter, NULL);
		await_asleep(t.tid);
		SHOW(shutdown(l, how));
		thread_join(&t);
		close(l);
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
