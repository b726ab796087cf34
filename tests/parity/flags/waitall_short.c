/* MSG_WAITALL that cannot get all: non-blocking, MSG_DONTWAIT, a time limit, a
 * reset.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct timeval limit = { 0, 50000 };
	char b[20];
	int fd[2];

	stream_pair(family, fd);
	send_all(fd[0], "0123456789", 10);
	await(fd[1], POLLIN);
	SHOW(recv(fd[1], b, 20, MSG_WAITALL | MSG_DONTWAIT));
	SHOW(recv(fd[1], b, 20, MSG_WAITALL | MSG_DONTWAIT));
	set_nonblocking(fd[1], true);
	send_all(fd[0], "01234", 5);
	await(fd[1], POLLIN);
	SHOW(recv(fd[1], b, 20, MSG_WAITALL));
	set_nonblocking(fd[1], false);
	MUST(setsockopt(fd[1], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)));
	send_all(fd[0], "012", 3);
	SHOW(recv(fd[1], b, 20, MSG_WAITALL));
	SHOW(recv(fd[1], b, 20, MSG_WAITALL));
	send_all(fd[0], "01", 2);
	await(fd[1], POLLIN);
	reset_on_close(fd[0]);
	close(fd[0]);
	await(fd[1], POLLHUP);
	SHOW(recv(fd[1], b, 20, MSG_WAITALL));
	SHOW(recv(fd[1], b, 20, MSG_WAITALL));
	SHOW(recv(fd[1], b, 20, MSG_WAITALL));
}

int main(void)
{
	both_families(look);
	return 0;
}
