/* accept() waits for a connection; another thread brings it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static struct place at;

static void connector(void *unused)
{
	int c = connected_to(&at);
	char b;

	say("connected");
	recv_all(c, &b, 1);
	say("got %c", b);
}

static pid_t waiter;

static void waker(void *unused)
{
	await_asleep(waiter);
	say("the other waits");
	connector(NULL);
}

static void look(int family)
{
	int l = listener(family, 8, &at), a;
	struct thread t;

	waiter = getpid();
	thread_start(&t, waker, NULL);
	a = MUST(accept(l, NULL, NULL));
	send_all(a, "x", 1);
	thread_join(&t);
}

int main(void)
{
	both_families(look);
	return 0;
}
