/* A connected datagram socket hears its peer only; what came before connect()
 * is still there.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place a, b, c;
	int u = dgram_bound(family, &a), v = dgram_bound(family, &b), w = dgram_bound(family, &c);

	MUST(sendto(w, "before", 6, 0, &a.any, a.length));
	await(u, POLLIN);
	MUST(connect(u, &b.any, b.length));
	say_recv("recv", u, 0);
	SHOW(sendto(w, "not the peer", 12, 0, &a.any, a.length));
	SHOW(sendto(v, "the peer", 8, 0, &a.any, a.length));
	await(u, POLLIN);
	say_recv("recv", u, 0);
	say_recv("recv", u, 0);
	MUST(connect(w, &a.any, a.length));
	SHOW(send(w, "refused", 7, 0));
	settle();
	say_so_error("not the peer", w);
}

int main(void)
{
	both_families(look);
	return 0;
}
