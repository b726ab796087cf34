/* Connections beyond the backlog: a non-blocking one stays under way until one
 * is accepted.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place at;
	int l = listener(family, 0, &at), c = connected_to(&at), d = stream_socket(family);
	int e = stream_socket(family), a;

	set_nonblocking(d, true);
	set_nonblocking(e, true);
	connect(d, &at.any, at.length);
	connect(e, &at.any, at.length);
	settle();
	say("first: %s", poll_text(({ struct pollfd p = { .fd = c, .events = POLLOUT };
		poll(&p, 1, 0); p.revents; })));
	a = accept_one(l);
	say_names("accepted", a);
	say_names("first", c);
	say_poll_until("second", d, POLLOUT);
	close(a);
}

int main(void)
{
	both_families(look);
	return 0;
}
