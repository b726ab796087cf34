/* A listener that closes resets whom it has not accepted.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place at;
	int l = listener(family, 5, &at), c = connected_to(&at), d = connected_to(&at);

	await(l, POLLIN);
	send_all(d, "never read", 10);
	close(accept_one(l));
	close(l);
	say_poll_until("accepted and closed", c, POLLRDHUP);
	say_recv("accepted and closed", c, 0);
	say_poll_until("not accepted", d, POLLHUP);
	say_recv("not accepted", d, 0);
	say_recv("not accepted", d, 0);
	SHOW(connect(c, &at.any, at.length));
}

int main(void)
{
	both_families(look);
	return 0;
}
