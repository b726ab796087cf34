/* connect() of a datagram socket: names, again, elsewhere, to nobody.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place a, b;
	int u = dgram_socket(family), v = dgram_bound(family, &a), w = dgram_bound(family, &b);

	say_names("fresh", u);
	SHOW(connect(u, &a.any, a.length));
	say_names("first", u);
	SHOW(connect(u, &a.any, a.length));
	SHOW(connect(u, &b.any, b.length));
	say_names("second", u);
	SHOW(send(u, "to b", 4, 0));
	await(w, POLLIN);
	say_recv("b", w, 0);
	SHOW(sendto(u, "to a", 4, 0, &a.any, a.length));
	await(v, POLLIN);
	say_recv("a", v, 0);
	SHOW(connect(u, &a.any, 3));
	say_names("still", u);
	SHOW(connect(u, &a.any, 0));
	SHOW(connect(u, &a.any, 1));
	close(v);
	SHOW(connect(u, &a.any, a.length));
	SHOW(send(u, "x", 1, 0));
	await(u, POLLERR);
	say_so_error("nobody", u);
}

int main(void)
{
	both_families(look);
	return 0;
}
