/* poll() and select() over two hundred sockets, of which a few are ready.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct pollfd p[200];
	fd_set set;
	int n = 0, in_set = 0, highest = 0;

	FD_ZERO(&set);
	for (int i = 0; i < 200; i += 2) {
		int fd[2];

		stream_pair(family, fd);
		if (i % 40 == 0) {
			send_all(fd[0], "x", 1);
			await(fd[1], POLLIN);
		}
		for (int k = 0; k < 2; k++) {
			p[i + k] = (struct pollfd){ .fd = fd[k], .events = POLLIN };
			FD_SET(fd[k], &set);
			highest = fd[k] > highest ? fd[k] : highest;
		}
	}
	SHOW(poll(p, 200, 0));
	for (int i = 0; i < 200; i++)
		n += p[i].revents != 0;
	say("%d", n);
	SHOW(select(highest + 1, &set, NULL, NULL, &(struct timeval){ 0 }));
	for (int i = 0; i < 200; i++)
		in_set += FD_ISSET(p[i].fd, &set) != 0;
	say("%d", in_set);
	for (int i = 0; i < 200; i++)
		close(p[i].fd);
}

int main(void)
{
	both_families(look);
	return 0;
}
