/* Names of IPv4 peers at IPv6 sockets: datagrams.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	struct place any = anywhere(AF_INET6, 0), at, to, from = { .length = sizeof(from.room) };
	int v = dgram_socket(AF_INET6), u = dgram_socket(AF_INET), w = dgram_socket(AF_INET6);
	char b[10];

	set_option(v, IPPROTO_IPV6, IPV6_V6ONLY, 0);
	MUST(bind(v, &any.any, any.length));
	at = own_place(v);
	to = loopback(AF_INET, place_port(&at));
	SHOW(sendto(u, "v4", 2, 0, &to.any, to.length));
	await(v, POLLIN);
	SHOW(recvfrom(v, b, sizeof(b), 0, &from.any, &from.length));
	say("from %s", address_text(&from.any, from.length));
	SHOW(sendto(v, "back", 4, 0, &from.any, from.length));
	await(u, POLLIN);
	from.length = sizeof(from.room);
	SHOW(recvfrom(u, b, sizeof(b), 0, &from.any, &from.length));
	say("from %s", address_text(&from.any, from.length));
	to = place_of("::ffff:127.0.0.1", place_port(&at));
	SHOW(connect(w, &to.any, to.length));
	say_names("connected mapped", w);
	SHOW(send(w, "mapped", 6, 0));
	await(v, POLLIN);
	from.length = sizeof(from.room);
	SHOW(recvfrom(v, b, sizeof(b), 0, &from.any, &from.length));
	say("from %s", address_text(&from.any, from.length));
	return 0;
}
