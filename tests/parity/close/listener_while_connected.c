/* A listener's closing does nothing to the connections that it has accepted.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place at;
	int l = listener(family, 5, &at), c = connected_to(&at), a = accept_one(l);
	int d = stream_socket(family);

	close(l);
	SHOW(connect(d, &at.any, at.length));
	send_all(c, "to", 2);
	await(a, POLLIN);
	say_recv("accepted", a, 0);
	send_all(a, "fro", 3);
	await(c, POLLIN);
	say_recv("connected", c, 0);
}

int main(void)
{
	both_families(look);
	return 0;
}
