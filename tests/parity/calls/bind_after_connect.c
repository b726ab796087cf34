/* bind() on sockets that connect() or a send has named.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place p = loopback(family, 0), to;
	int l = listener(family, 1, &to), c = connected_to(&to), a = accept_one(l);
	int u = dgram_socket(family), v = dgram_bound(family, &to);

	SHOW(bind(c, &p.any, p.length));
	SHOW(bind(a, &p.any, p.length));
	SHOW(bind(l, &p.any, p.length));
	MUST(sendto(u, "x", 1, 0, &to.any, to.length));
	SHOW(bind(u, &p.any, p.length));
	close(u);
	u = dgram_socket(family);
	MUST(connect(u, &to.any, to.length));
	SHOW(bind(u, &p.any, p.length));
	close(v);
}

int main(void)
{
	both_families(look);
	return 0;
}
