/* A server with two sockets, one for each family, on one port: needs
 * IPV6_V6ONLY, and each hears its own.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	struct place any = anywhere(AF_INET, 0), at, to;
	int l4 = stream_socket(AF_INET), l6 = stream_socket(AF_INET6), c;

	MUST(bind(l4, &any.any, any.length));
	MUST(listen(l4, 5));
	at = own_place(l4);
	any = anywhere(AF_INET6, place_port(&at));
	SHOW(bind(l6, &any.any, any.length));
	set_option(l6, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	SHOW(bind(l6, &any.any, any.length));
	SHOW(listen(l6, 5));
	to = loopback(AF_INET, place_port(&at));
	c = connected_to(&to);
	say_poll_until("v4", l4, POLLIN);
	say_poll("v6", l6);
	close(accept_one(l4));
	close(c);
	to = loopback(AF_INET6, place_port(&at));
	c = connected_to(&to);
	say_poll_until("v6", l6, POLLIN);
	say_poll("v4", l4);
	close(c);
	to = place_of("::ffff:127.0.0.1", place_port(&at));
	c = connected_to(&to);
	say_poll_until("v4, mapped", l4, POLLIN);
	return 0;
}
