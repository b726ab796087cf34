/* connect() to 0.0.0.0 and :: means the host itself.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place at, any, p;
	int l = listener(family, 5, &at), s = stream_socket(family);
	int v = dgram_bound(family, &at), u;

	at = own_place(l);
	any = anywhere(family, place_port(&at));
	SHOW(connect(s, &any.any, any.length));
	say_names("stream", s);
	say_names("accepted", accept_one(l));
	at = own_place(v);
	any = anywhere(family, place_port(&at));
	u = dgram_socket(family);
	SHOW(connect(u, &any.any, any.length));
	/* By chance its port may be a stream's. */
	p = with_port(own_place(u), 0);
	say("datagrams: from %s", address_text(&p.any, p.length));
	MUST(getpeername(u, &p.any, &p.length));
	say("to the same port %d", place_port(&p) == place_port(&at));
	p = with_port(p, 0);
	say("of %s", address_text(&p.any, p.length));
	SHOW(send(u, "hello", 5, 0));
	await(v, POLLIN);
	say_recv("arrived", v, 0);
}

int main(void)
{
	both_families(look);
	return 0;
}
