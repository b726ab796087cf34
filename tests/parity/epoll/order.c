/* With few places each ready socket gets its turn. SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#define MANY 10

int main(void)
{
	int ep = epoll_create1(0), fd[MANY][2], seen[MANY] = { 0 };
	struct epoll_event ev[3];

	for (int k = 0; k < MANY; k++) {
		stream_pair(AF_INET, fd[k]);
		set_add(ep, fd[k][0], EPOLLIN, k);
		send_all(fd[k][1], "x", 1);
		await(fd[k][0], POLLIN);
	}
	for (int round = 0; round < 10; round++) {
		int n = epoll_wait(ep, ev, 3, LIMIT_MS);

		for (int k = 0; k < n; k++)
			seen[ev[k].data.u32]++;
		say("%d events", n);
	}
	for (int k = 0; k < MANY; k++)
		say("socket %d was told %d times", k, seen[k]);
	return 0;
}
