/* SO_NETNS_COOKIE: the same for all, of eight bytes only.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

int main(void)
{
	unsigned long long a = 0, b = 0;
	socklen_t n = 8;
	int fd = each_socket(0), other = each_socket(3);

	SHOW(getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &a, &n));
	SHOW(getsockopt(other, SOL_SOCKET, SO_NETNS_COOKIE, &b, &n));
	say("%s, %s", a ? "a number" : "zero", a == b ? "the same" : "another");
	for (n = 0; n < 20; n += 4) {
		socklen_t got = n;
		char room[32];

		SHOW(getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, room, &got));
	}
	SHOW(setsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &a, 8));
}
