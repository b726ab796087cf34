/* Names of IPv4 peers at IPv6 sockets: streams.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	struct place any = anywhere(AF_INET6, 0), at, to;
	int l = stream_socket(AF_INET6), c, a;

	set_option(l, IPPROTO_IPV6, IPV6_V6ONLY, 0);
	MUST(bind(l, &any.any, any.length));
	MUST(listen(l, 5));
	at = own_place(l);
	to = loopback(AF_INET, place_port(&at));
	c = connected_to(&to);
	a = accept_one(l);
	say_names("from IPv4", c);
	say_names("to both", a);
	say_option("domain", a, SOL_SOCKET, SO_DOMAIN);
	to = place_of("::ffff:127.0.0.1", place_port(&at));
	c = connected_to(&to);
	a = accept_one(l);
	say_names("from mapped", c);
	say_names("to both", a);
	to = loopback(AF_INET6, place_port(&at));
	c = connected_to(&to);
	a = accept_one(l);
	say_names("from IPv6", c);
	say_names("to both", a);
	l = listener(AF_INET, 1, &at);
	to = place_of("::ffff:127.0.0.1", place_port(&at));
	c = connected_to(&to);
	a = accept_one(l);
	say_names("mapped to IPv4", c);
	say_names("IPv4's", a);
	c = stream_socket(AF_INET6);
	to = place_of("::ffff:127.0.0.1", 0);
	MUST(bind(c, &to.any, to.length));
	say_names("bound mapped", c);
	to = place_of("::ffff:127.0.0.1", place_port(&at));
	SHOW(connect(c, &to.any, to.length));
	say_names("connected", c);
	return 0;
}
