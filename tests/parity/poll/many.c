/* One poll() over sockets in many states counts those that have something, and
 * leaves the others at 0.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct pollfd p[8];
	struct place at;
	int fd[2], other[2], l = listener(family, 5, &at);

	stream_pair(family, fd);
	stream_pair(family, other);
	send_all(fd[0], "x", 1);
	await(fd[1], POLLIN);
	close(other[1]);
	await(other[0], POLLRDHUP);
	p[0] = (struct pollfd){ .fd = l, .events = POLLIN };
	p[1] = (struct pollfd){ .fd = fd[0], .events = POLLIN };
	p[2] = (struct pollfd){ .fd = fd[1], .events = POLLIN };
	p[3] = (struct pollfd){ .fd = -1, .events = POLLIN, .revents = 77 };
	p[4] = (struct pollfd){ .fd = 900, .events = POLLIN };
	p[5] = (struct pollfd){ .fd = other[0], .events = POLLIN | POLLOUT };
	p[6] = (struct pollfd){ .fd = fd[1], .events = POLLOUT };
	p[7] = (struct pollfd){ .fd = dgram_socket(family), .events = POLLIN };
	say("%d", poll(p, 8, 0));
	for (int i = 0; i < 8; i++)
		say("%d: %s", i, poll_text(p[i].revents));
}

int main(void)
{
	both_families(look);
	return 0;
}
