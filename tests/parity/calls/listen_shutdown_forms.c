/* shutdown() of a listener: for writing, for both, and what connectors find
 * then.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	static const int how[] = { SHUT_WR, SHUT_RD, SHUT_RDWR };

	for (int i = 0; i < 3; i++) {
		struct place at;
		int l = listener(family, 3, &at), c = stream_socket(family);

		set_nonblocking(l, true);
		say("how %d", how[i]);
		SHOW(shutdown(l, how[i]));
		say_poll("listener", l);
		if (SHOW(connect(c, &at.any, at.length)) == 0)
			await(l, POLLIN);
		say_option("SO_ACCEPTCONN", l, SOL_SOCKET, SO_ACCEPTCONN);
		SHOW(accept(l, NULL, NULL) >= 0);
		say_names("listener", l);
		SHOW(shutdown(l, how[i]));
		close(l);
		close(c);
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
