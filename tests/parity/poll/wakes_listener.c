/* A sleeping poll() of a listener is woken by a connection, and by shutdown().
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static struct place at;
static int l;

static void wait_for_in(void *unused)
{
	struct pollfd p = { .fd = l, .events = POLLIN };

	say("poll %d", poll(&p, 1, LIMIT_MS));
	say("%s", poll_text(p.revents));
}

static void look(int family)
{
	struct thread t;

	l = listener(family, 5, &at);
	thread_start(&t, wait_for_in, NULL);
	await_asleep(t.tid);
	connected_to(&at);
	thread_join(&t);
	close(accept_one(l));
	thread_start(&t, wait_for_in, NULL);
	await_asleep(t.tid);
	MUST(shutdown(l, SHUT_RD));
	thread_join(&t);
}

int main(void)
{
	both_families(look);
	return 0;
}
