/* connect() to port 0: nobody listens there.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place zero = loopback(family, 0);
	int s = stream_socket(family), u = dgram_socket(family);

	SHOW(connect(s, &zero.any, zero.length));
	SHOW(connect(u, &zero.any, zero.length));
	say_names("datagrams", u);
	SHOW(send(u, "x", 1, 0));
}

int main(void)
{
	both_families(look);
	return 0;
}
