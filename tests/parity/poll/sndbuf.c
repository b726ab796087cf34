/* SO_SNDBUF and SO_RCVBUF small: a writer is stopped early, and goes on as
 * soon as there is room.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place at;
	int l = listener(family, 1, &at), c = stream_socket(family), a;
	size_t sent, got = 0;

	set_option(l, SOL_SOCKET, SO_RCVBUF, 4096);
	set_option(c, SOL_SOCKET, SO_SNDBUF, 4096);
	MUST(connect(c, &at.any, at.length));
	a = accept_one(l);
	sent = fill(c);
	say("less than a megabyte: %d", sent < 1 << 20);
	say_poll("full", c);
	got = drain(a);
	say("all came: %d", got == sent);
	say_poll_until("drained", c, POLLOUT);
}

int main(void)
{
	both_families(look);
	return 0;
}
