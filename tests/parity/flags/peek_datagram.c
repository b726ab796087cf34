/* MSG_PEEK of datagrams: each stays whole, the sender's name comes with it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place from = { .length = sizeof(from.room) };
	int fd[2];
	char b[20];

	dgram_pair(family, fd);
	MUST(send(fd[0], "first", 5, 0));
	MUST(send(fd[0], "second", 6, 0));
	await(fd[1], POLLIN);
	say("%s", bytes_text(b, MUST(recvfrom(fd[1], b, 3, MSG_PEEK, &from.any, &from.length))));
	say("from the other: %d", ({ struct place p = own_place(fd[0]);
		memcmp(&p.any, &from.any, p.length) == 0; }));
	say("%s", bytes_text(b, MUST(recv(fd[1], b, 20, MSG_PEEK))));
	say("%s", bytes_text(b, MUST(recv(fd[1], b, 3, 0))));
	say("%s", bytes_text(b, MUST(recv(fd[1], b, 20, MSG_PEEK))));
	say("%s", bytes_text(b, MUST(recv(fd[1], b, 20, 0))));
	SHOW(recv(fd[1], b, 20, MSG_PEEK | MSG_DONTWAIT));
}

int main(void)
{
	both_families(look);
	return 0;
}
