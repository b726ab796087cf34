/* MSG_WAITALL means nothing to datagrams.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	char b[20];
	int fd[2];

	dgram_pair(family, fd);
	MUST(send(fd[0], "one", 3, 0));
	MUST(send(fd[0], "two", 3, 0));
	await(fd[1], POLLIN);
	say("%s", bytes_text(b, MUST(recv(fd[1], b, 20, MSG_WAITALL))));
	say("%s", bytes_text(b, MUST(recv(fd[1], b, 20, MSG_WAITALL))));
}

int main(void)
{
	both_families(look);
	return 0;
}
