/* Datagrams longer than the protocol carries.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	static char block[70000], in[70000];
	static const int sizes[] = { 0, 1, 1472, 1473, 9000, 65000, 65507, 65508, 65527,
		65528, 65535, 65536, 70000 };
	int fd[2];

	dgram_pair(family, fd);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		ssize_t n;

		say("%d", sizes[i]);
		n = SHOW_AS("send", send(fd[0], block, sizes[i], 0));
		if (n < 0)
			continue;
		await(fd[1], POLLIN);
		SHOW(recv(fd[1], in, sizeof(in), 0));
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
