/* The same two names cannot be connected twice at a time.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place at, p = loopback(family, 0);
	int l = listener(family, 5, &at), a, b;

	a = stream_socket(family);
	b = stream_socket(family);
	set_option(a, SOL_SOCKET, SO_REUSEADDR, 1);
	set_option(b, SOL_SOCKET, SO_REUSEADDR, 1);
	MUST(bind(a, &p.any, p.length));
	p = own_place(a);
	SHOW(bind(b, &p.any, p.length));
	SHOW(connect(a, &at.any, at.length));
	SHOW(connect(b, &at.any, at.length));
	say_names("b", b);
	say_so_error("b", b);
	close(l);
	say_poll_until("a was never accepted", a, POLLHUP);
	SHOW(connect(b, &at.any, at.length));
}

int main(void)
{
	both_families(look);
	return 0;
}
