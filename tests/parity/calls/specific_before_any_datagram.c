/* Two datagram sockets on one port, one for all addresses and one for a
 * single, connected ones before all.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place any = anywhere(family, 0), at, to, mine;
	int all = dgram_socket(family), one = dgram_socket(family);
	int peer = dgram_socket(family), u = dgram_bound(family, &mine);

	set_option(all, SOL_SOCKET, SO_REUSEADDR, 1);
	set_option(one, SOL_SOCKET, SO_REUSEADDR, 1);
	set_option(peer, SOL_SOCKET, SO_REUSEADDR, 1);
	MUST(bind(all, &any.any, any.length));
	at = own_place(all);
	to = loopback(family, place_port(&at));
	SHOW(bind(one, &to.any, to.length));
	MUST(sendto(u, "1", 1, 0, &to.any, to.length));
	await(one, POLLIN);
	say_recv("single", one, 0);
	say_recv("all", all, 0);
	SHOW(bind(peer, &to.any, to.length));
	SHOW(connect(peer, &mine.any, mine.length));
	MUST(sendto(u, "2", 1, 0, &to.any, to.length));
	await(peer, POLLIN);
	say_recv("connected", peer, 0);
	say_recv("single", one, 0);
	close(peer);
	close(one);
	MUST(sendto(u, "3", 1, 0, &to.any, to.length));
	await(all, POLLIN);
	say_recv("all", all, 0);
}

int main(void)
{
	both_families(look);
	return 0;
}
