/* Options that can only be read. SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	static const int names[] = { SO_TYPE, SO_DOMAIN, SO_PROTOCOL, SO_ERROR,
		SO_ACCEPTCONN, SO_PEERNAME, SO_PEERCRED, SO_COOKIE };

	for (int t = SOCK_STREAM; t <= SOCK_DGRAM; t++) {
		int s = MUST(socket(family, t, 0));

		for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
			int v = 1;

			say("option %d", names[i]);
			SHOW(setsockopt(s, SOL_SOCKET, names[i], &v, sizeof(v)));
		}
		say_option("TYPE", s, SOL_SOCKET, SO_TYPE);
		say_option("DOMAIN", s, SOL_SOCKET, SO_DOMAIN);
		say_option("PROTOCOL", s, SOL_SOCKET, SO_PROTOCOL);
		say_option("ERROR", s, SOL_SOCKET, SO_ERROR);
		say_option("ACCEPTCONN", s, SOL_SOCKET, SO_ACCEPTCONN);
		close(s);
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
