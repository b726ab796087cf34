/* Ten thousand sockets in one set: each is told, and only what is ready.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <sys/resource.h>

#include "say.h"

#define MANY 10000

static int fd[MANY];

int main(void)
{
	struct rlimit limit;
	struct epoll_event ev[64];
	struct place at;
	int ep = epoll_create1(0), n, sum = 0, from;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max < MANY + 100 ? limit.rlim_max : MANY + 100;
	setrlimit(RLIMIT_NOFILE, &limit);
	for (int k = 0; k < MANY; k++) {
		fd[k] = dgram_bound(AF_INET, &at);
		set_add(ep, fd[k], EPOLLIN, k);
	}
	say_wait("quiet", ep, 8, 0);
	from = dgram_socket(AF_INET);
	for (int k = 0; k < MANY; k += 71) {
		struct place to = own_place(fd[k]);

		MUST(sendto(from, "x", 1, 0, &to.any, to.length));
		await(fd[k], POLLIN);
	}
	while ((n = epoll_wait(ep, ev, 64, 0)) > 0) {
		for (int k = 0; k < n; k++) {
			char byte;

			MUST(recv(fd[ev[k].data.u32], &byte, 1, 0));
			sum += (int)ev[k].data.u32;
		}
	}
	say("sum %d", sum);
	return 0;
}
