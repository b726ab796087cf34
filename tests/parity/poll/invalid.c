/* POLLNVAL: numbers that are closed, before and during the use of their
 * neighbours.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	struct pollfd p[3];
	int fd[2];

	stream_pair(AF_INET, fd);
	send_all(fd[0], "x", 1);
	await(fd[1], POLLIN);
	close(fd[0]);
	p[0] = (struct pollfd){ .fd = fd[0], .events = 0 };
	p[1] = (struct pollfd){ .fd = fd[1], .events = POLLIN | POLLRDHUP };
	p[2] = (struct pollfd){ .fd = 12345, .events = POLLIN | POLLOUT };
	await(fd[1], POLLRDHUP);
	SHOW(poll(p, 3, 0));
	for (int i = 0; i < 3; i++)
		say("%s", poll_text(p[i].revents));
	SHOW(poll(p, 1, -1));
	say("%s", poll_text(p[0].revents));
	return 0;
}
