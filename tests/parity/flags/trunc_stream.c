/* MSG_TRUNC on a stream: bytes are thrown away, not copied.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	char b[20] = "untouched";
	int fd[2];

	stream_pair(family, fd);
	send_all(fd[0], "0123456789", 10);
	await(fd[1], POLLIN);
	SHOW(recv(fd[1], b, 4, MSG_TRUNC));
	say("%s", b);
	SHOW(recv(fd[1], NULL, 2, MSG_TRUNC));
	SHOW(recv(fd[1], b, 3, MSG_TRUNC | MSG_PEEK));
	say("%s", bytes_text(b, MUST(recv(fd[1], b, 2, 0))));
	SHOW(recv(fd[1], NULL, 100, MSG_TRUNC));
	SHOW(recv(fd[1], b, 4, MSG_TRUNC | MSG_DONTWAIT));
}

int main(void)
{
	both_families(look);
	return 0;
}
