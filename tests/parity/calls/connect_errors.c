/* connect(): bad lengths and families, nobody there, twice, on a listener.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place at, other, nobody = loopback(family, quiet_port(family, SOCK_STREAM));
	int l = listener(family, 5, &at), s = stream_socket(family), c;

	other = loopback(family == AF_INET ? AF_INET6 : AF_INET, place_port(&at));
	SHOW(connect(s, &at.any, 0));
	SHOW(connect(s, &at.any, 1));
	SHOW(connect(s, &at.any, 2));
	SHOW(connect(s, &at.any, at.length - 5));
	SHOW(connect(s, &at.any, -1));
	SHOW(connect(s, &at.any, 1000));
	SHOW(connect(s, &other.any, other.length));
	at.any.sa_family = 77;
	SHOW_AS("family 77", connect(s, &at.any, at.length));
	at.any.sa_family = family;
	SHOW(connect(s, &nobody.any, nobody.length));
	say_names("refused", s);
	say_so_error("refused", s);
	SHOW(connect(s, &nobody.any, nobody.length));
	SHOW(connect(s, &at.any, at.length));
	SHOW(connect(s, &at.any, at.length));
	SHOW(connect(s, &nobody.any, nobody.length));
	SHOW(connect(s, &other.any, other.length));
	SHOW(connect(l, &at.any, at.length));
	SHOW(connect(l, &nobody.any, nobody.length));
	c = accept_one(l);
	SHOW(connect(c, &at.any, at.length));
	SHOW(connect(c, &at.any, 3));
}

int main(void)
{
	both_families(look);
	return 0;
}
