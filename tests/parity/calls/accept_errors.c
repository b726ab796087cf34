/* accept() on sockets that do not listen, with bad lengths and flags.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place at;
	int l = listener(family, 5, &at), c = connected_to(&at), a;
	int u = dgram_socket(family), s = stream_socket(family);
	struct sockaddr_storage room;
	socklen_t length = (socklen_t)-1;

	SHOW(accept(s, NULL, NULL));
	SHOW(accept(c, NULL, NULL));
	SHOW(accept(u, NULL, NULL));
	SHOW(accept4(s, NULL, NULL, 1));
	SHOW(accept4(l, NULL, NULL, 1));
	SHOW(accept4(u, NULL, NULL, 1));
	SHOW(accept(l, (void *)&room, &length));
	say("length %d", (int)length);
	set_nonblocking(l, true);
	SHOW(accept(l, NULL, NULL));
	/* Whether the connection is lost with the bad length. */
	c = connected_to(&at);
	await(l, POLLIN);
	length = (socklen_t)-5;
	SHOW(accept(l, (void *)&room, &length));
	a = accept(l, NULL, NULL);
	say("then %s", a < 0 ? error_name(errno) : "accepted");
}

int main(void)
{
	both_families(look);
	return 0;
}
