/* A connector that closes or resets before accept(): the connection is still
 * accepted, and what it gives then.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place at;
	int l = listener(family, 8, &at), c, a;

	c = connected_to(&at);
	send_all(c, "hello", 5);
	close(c);
	a = accept_one(l);
	say_poll_until("closed", a, POLLRDHUP);
	say_recv("recv", a, 0);
	say_recv("recv", a, 0);
	say_names("names", a);
	close(a);

	c = connected_to(&at);
	send_all(c, "hello", 5);
	reset_on_close(c);
	close(c);
	await(l, POLLIN);
	a = accept_one(l);
	say_poll_until("reset", a, POLLHUP);
	say_names("names", a);
	say_recv("recv", a, 0);
	say_recv("recv", a, 0);
	say_poll("after", a);
}

int main(void)
{
	both_families(look);
	return 0;
}
