/* A sleeping accept() is woken by shutdown() of its listener.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int l, accepted, its_errno;

/* Says nothing itself: which line came first would be chance. */
static void waiter(void *unused)
{
	accepted = accept(l, NULL, NULL);
	its_errno = errno;
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
		errno = its_errno;
		say_result("accept(l, NULL, NULL)", accepted);
		close(l);
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
