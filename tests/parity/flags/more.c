/* MSG_MORE on a stream: all arrives once a send without it follows, or the
 * end.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	char b[20];
	int fd[2];

	stream_pair(family, fd);
	SHOW(send(fd[0], "one ", 4, MSG_MORE));
	SHOW(send(fd[0], "two ", 4, MSG_MORE));
	SHOW(send(fd[0], "three", 5, 0));
	recv_all(fd[1], b, 13);
	say("%s", bytes_text(b, 13));
	SHOW(send(fd[0], "last", 4, MSG_MORE));
	MUST(shutdown(fd[0], SHUT_WR));
	recv_all(fd[1], b, 4);
	say("%s", bytes_text(b, 4));
}

int main(void)
{
	both_families(look);
	return 0;
}
