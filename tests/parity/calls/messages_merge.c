/* A stream keeps no borders: several sends are one read, one send several
 * reads.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	char b[32];
	int fd[2];

	stream_pair(family, fd);
	send_all(fd[0], "uno", 3);
	send_all(fd[0], "dos", 3);
	send_all(fd[0], "tres", 4);
	settle();
	await(fd[1], POLLIN);
	say("%s", bytes_text(b, MUST(recv(fd[1], b, sizeof(b), 0))));
	send_all(fd[0], "cuatro cinco", 12);
	await(fd[1], POLLIN);
	say("%s", bytes_text(b, MUST(recv(fd[1], b, 6, 0))));
	say("%s", bytes_text(b, MUST(recv(fd[1], b, 1, 0))));
	say("%s", bytes_text(b, MUST(recv(fd[1], b, sizeof(b), 0))));
}

int main(void)
{
	both_families(look);
	return 0;
}
