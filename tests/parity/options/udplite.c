/* UDP-Lite's coverage: its range, and what UDP says of it; and that both answer to
 * either name of their level.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

/* libc has no names for them. */
#define UDPLITE_SEND_CSCOV 10
#define UDPLITE_RECV_CSCOV 11

static void values(const char *kind, int protocol)
{
	static const int v[] = { 0, 1, 7, 8, 9, 65535, 65536, -1, INT_MAX };
	static const int levels[] = { IPPROTO_UDP, IPPROTO_UDPLITE };
	char what[64];

	for (int name = UDPLITE_SEND_CSCOV; name <= UDPLITE_RECV_CSCOV; name++) {
		for (int l = 0; l < 2; l++) {
			int fd = MUST(socket(AF_INET, SOCK_DGRAM, protocol));

			snprintf(what, sizeof(what), "%s level %d option %d", kind,
				levels[l], name);
			each_get(what, fd, levels[l], name, 4);
			for (int k = 0; k < N(v); k++)
				each_value(what, fd, levels[l], name, v[k]);
			close(fd);
		}
	}
	for (int name = UDP_CORK; name <= 101; name += 100) {
		int fd = MUST(socket(AF_INET6, SOCK_DGRAM, protocol));

		snprintf(what, sizeof(what), "%s option %d by the other name", kind, name);
		each_value(what, fd, protocol == IPPROTO_UDPLITE ? IPPROTO_UDP :
			IPPROTO_UDPLITE, name, 1);
		close(fd);
	}
}

int main(void)
{
	values("udp", IPPROTO_UDP);
	values("udplite", IPPROTO_UDPLITE);
}
