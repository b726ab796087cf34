/* IPV6_V6ONLY: which families reach a listener, and that it cannot be changed
 * any more once bound.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void try(int v6only)
{
	struct place any = anywhere(AF_INET6, 0), at, to;
	int l = stream_socket(AF_INET6), s = stream_socket(AF_INET);

	set_option(l, IPPROTO_IPV6, IPV6_V6ONLY, v6only);
	MUST(bind(l, &any.any, any.length));
	SHOW(setsockopt(l, IPPROTO_IPV6, IPV6_V6ONLY, &v6only, sizeof(v6only)));
	MUST(listen(l, 5));
	at = own_place(l);
	to = loopback(AF_INET, place_port(&at));
	SHOW(connect(s, &to.any, to.length));
	to = loopback(AF_INET6, place_port(&at));
	s = stream_socket(AF_INET6);
	SHOW(connect(s, &to.any, to.length));
	s = stream_socket(AF_INET6);
	set_option(s, IPPROTO_IPV6, IPV6_V6ONLY, v6only);
	to = place_of("::ffff:127.0.0.1", place_port(&at));
	SHOW(connect(s, &to.any, to.length));
	s = stream_socket(AF_INET6);
	set_option(s, IPPROTO_IPV6, IPV6_V6ONLY, v6only);
	to = place_of("::ffff:127.0.0.1", 0);
	SHOW(bind(s, &to.any, to.length));
}

int main(void)
{
	say_option("default", stream_socket(AF_INET6), IPPROTO_IPV6, IPV6_V6ONLY);
	say_option("of IPv4", stream_socket(AF_INET), IPPROTO_IPV6, IPV6_V6ONLY);
	say("-- off");
	try(0);
	say("-- on");
	try(1);
	return 0;
}
