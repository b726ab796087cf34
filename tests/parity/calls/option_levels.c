/* Options that do not exist, levels that are not the socket's.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	static const int levels[] = { SOL_SOCKET, IPPROTO_IP, IPPROTO_IPV6, IPPROTO_TCP,
		IPPROTO_UDP, IPPROTO_ICMP, IPPROTO_RAW, 77, -1, 10000 };

	for (int t = SOCK_STREAM; t <= SOCK_DGRAM; t++) {
		int s = MUST(socket(family, t, 0));

		say("type %d", t);
		for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++) {
			int v = 1;
			socklen_t size = sizeof(v);

			say("level %d", levels[i]);
			SHOW(getsockopt(s, levels[i], 190, &v, &size));
			SHOW(setsockopt(s, levels[i], 190, &v, sizeof(v)));
			SHOW(getsockopt(s, levels[i], -1, &v, &size));
			SHOW(setsockopt(s, levels[i], -1, &v, sizeof(v)));
		}
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
