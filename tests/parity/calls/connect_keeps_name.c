/* The name that a socket has from bind() is kept by connect(), refused or not.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place at, p = loopback(family, 0), any = anywhere(family, 0);
	struct place nobody = loopback(family, quiet_port(family, SOCK_STREAM));
	int l = listener(family, 5, &at), s;

	s = stream_socket(family);
	MUST(bind(s, &p.any, p.length));
	say_names("bound", s);
	SHOW(connect(s, &nobody.any, nobody.length));
	say_names("refused", s);
	SHOW(connect(s, &at.any, at.length));
	say_names("connected", s);

	s = stream_socket(family);
	MUST(bind(s, &any.any, any.length));
	say_names("bound to any", s);
	SHOW(connect(s, &nobody.any, nobody.length));
	say_names("refused", s);
	SHOW(connect(s, &at.any, at.length));
	say_names("connected", s);

	s = stream_socket(family);
	SHOW(connect(s, &nobody.any, nobody.length));
	/* Which it is, is chance: it may be another connection's to another place. */
	p = own_place(s);
	say("refused, had no name: has a port %d", place_port(&p) != 0);
	p = with_port(p, 0);
	say("of %s", address_text(&p.any, p.length));
	close(l);
}

int main(void)
{
	both_families(look);
	return 0;
}
