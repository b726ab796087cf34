/* MSG_OOB and MSG_ERRQUEUE where there is no urgent data and no error.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	char b[4];
	int fd[2], s = stream_socket(family);

	dgram_pair(family, fd);
	SHOW(send(fd[0], "x", 1, MSG_OOB));
	SHOW(recv(settled(fd[1]), b, 1, MSG_OOB | MSG_DONTWAIT));
	SHOW(recv(fd[1], b, 1, MSG_ERRQUEUE));
	SHOW(recv(s, b, 1, MSG_OOB | MSG_DONTWAIT));
	SHOW(recv(s, b, 1, MSG_ERRQUEUE));
	SHOW(send(s, "x", 1, MSG_OOB | MSG_NOSIGNAL));
	stream_pair(family, fd);
	SHOW(recv(settled(fd[1]), b, 1, MSG_OOB | MSG_DONTWAIT));
	SHOW(recv(fd[1], b, 1, MSG_ERRQUEUE));
}

int main(void)
{
	both_families(look);
	return 0;
}
