/* MSG_PEEK: the bytes stay; with more room, less room, several times.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	char b[20];
	int fd[2];

	stream_pair(family, fd);
	send_all(fd[0], "0123456789", 10);
	await(fd[1], POLLIN);
	say("%s", bytes_text(b, MUST(recv(fd[1], b, 4, MSG_PEEK))));
	say("%s", bytes_text(b, MUST(recv(fd[1], b, 20, MSG_PEEK))));
	say("%s", bytes_text(b, MUST(recv(fd[1], b, 4, 0))));
	say("%s", bytes_text(b, MUST(recv(fd[1], b, 4, MSG_PEEK))));
	SHOW(recv(fd[1], b, 0, MSG_PEEK));
	say("%s", bytes_text(b, MUST(recv(fd[1], b, 20, 0))));
	SHOW(recv(fd[1], b, 1, MSG_PEEK | MSG_DONTWAIT));
	MUST(shutdown(fd[0], SHUT_WR));
	await(fd[1], POLLRDHUP);
	SHOW(recv(fd[1], b, 1, MSG_PEEK));
	SHOW(recv(fd[1], b, 1, MSG_PEEK));
}

int main(void)
{
	both_families(look);
	return 0;
}
