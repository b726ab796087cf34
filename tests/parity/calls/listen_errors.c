/* listen() on sockets that cannot: datagrams, connected ones, connecting ones.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place at;
	int l = listener(family, 5, &at), c = connected_to(&at), a = accept_one(l);
	int u = dgram_socket(family), v = dgram_bound(family, NULL);

	SHOW(listen(u, 1));
	SHOW(listen(v, 1));
	SHOW(listen(c, 1));
	SHOW(listen(a, 1));
	SHOW(shutdown(c, SHUT_RDWR));
	SHOW(listen(c, 1));
	SHOW(listen(l, 1));
	SHOW(listen(l, 0));
	SHOW(listen(l, -1));
	SHOW(listen(l, INT_MAX));
}

int main(void)
{
	both_families(look);
	return 0;
}
