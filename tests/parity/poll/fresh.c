/* poll() of sockets that nothing has happened to: fresh, bound, datagrams too.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place p = loopback(family, 0);
	int s = stream_socket(family), u = dgram_socket(family);

	say_poll("stream, fresh", s);
	say_poll("datagrams, fresh", u);
	MUST(bind(s, &p.any, p.length));
	MUST(bind(u, &p.any, p.length));
	say_poll("stream, bound", s);
	say_poll("datagrams, bound", u);
}

int main(void)
{
	both_families(look);
	return 0;
}
