/* SOCK_NONBLOCK and SOCK_CLOEXEC, as fcntl() tells them.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM };
	static const int flags[] = { 0, SOCK_NONBLOCK, SOCK_CLOEXEC,
		SOCK_NONBLOCK | SOCK_CLOEXEC };

	for (int t = 0; t < 2; t++) {
		for (int f = 0; f < 4; f++) {
			int fd = MUST(socket(family, types[t] | flags[f], 0));

			say("type %d, flags %d: F_GETFL %x, F_GETFD %x", types[t], f,
				MUST(fcntl(fd, F_GETFL)), MUST(fcntl(fd, F_GETFD)));
			close(fd);
		}
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
