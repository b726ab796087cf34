/* SO_MEMINFO: words, and how many are given.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

int main(void)
{
	int fd = each_socket(1), v[9] = { 0 };
	socklen_t n;

	for (n = 0; n < 60; n += 12) {
		socklen_t got = n;

		SHOW(getsockopt(fd, SOL_SOCKET, SO_MEMINFO, v, &got));
		say("%u bytes", got);
	}
	n = sizeof(v);
	MUST(getsockopt(fd, SOL_SOCKET, SO_MEMINFO, v, &n));
	say("waiting %d, buffers %d %d, lost %d", v[0], v[1], v[3], v[8]);
}
