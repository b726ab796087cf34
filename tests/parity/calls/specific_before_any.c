/* Two listeners on one port, one for all addresses and one for a single: the
 * single's hears its own.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place any = anywhere(family, 0), at, to;
	int all = stream_socket(family), one = stream_socket(family), c;

	set_option(all, SOL_SOCKET, SO_REUSEADDR, 1);
	set_option(one, SOL_SOCKET, SO_REUSEADDR, 1);
	MUST(bind(all, &any.any, any.length));
	at = own_place(all);
	to = loopback(family, place_port(&at));
	SHOW(bind(one, &to.any, to.length));
	SHOW(listen(all, 5));
	SHOW(listen(one, 5));
	close(all);
	SHOW(listen(one, 5));
	c = connected_to(&to);
	say_poll_until("the single's", one, POLLIN);
	close(c);
}

int main(void)
{
	both_families(look);
	return 0;
}
