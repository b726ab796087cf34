/* listen() names a socket that has no name: all addresses, some port.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int l = stream_socket(family), c;
	struct place at, to;

	say_names("fresh", l);
	SHOW(listen(l, 1));
	say_names("listening", l);
	at = own_place(l);
	to = loopback(family, place_port(&at));
	c = connected_to(&to);
	say_names("accepted", accept_one(l));
	say_names("connected", c);
}

int main(void)
{
	both_families(look);
	return 0;
}
