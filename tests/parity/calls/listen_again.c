/* A socket that was shut down or refused can listen; a listener that was shut
 * down too.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place at, nobody = loopback(family, quiet_port(family, SOCK_STREAM));
	int l = listener(family, 3, &at), s = stream_socket(family), c;

	SHOW(shutdown(l, SHUT_RD));
	SHOW(accept(l, NULL, NULL));
	SHOW(getsockopt(l, SOL_SOCKET, SO_ACCEPTCONN, &c, &(socklen_t){ sizeof(c) }));
	say("it is one: %d", c);
	c = stream_socket(family);
	SHOW(connect(c, &at.any, at.length));
	SHOW(listen(l, 3));
	say_names("again", l);
	at = own_place(l);
	c = stream_socket(family);
	SHOW(connect(c, &at.any, at.length));
	say_names("accepted", accept_one(l));

	SHOW(connect(s, &nobody.any, nobody.length));
	SHOW(listen(s, 3));
}

int main(void)
{
	both_families(look);
	return 0;
}
