/* One set with listeners, streams, datagrams, a pipe: all that is ready is
 * told, each with its data.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct epoll_event got[16];
	struct place at, to;
	int ep = MUST(epoll_create1(0)), l = listener(family, 5, &at), fd[2], p[2];
	int u = dgram_bound(family, &to), n, seen = 0;
	int all[4];

	stream_pair(family, fd);
	MUST(pipe(p));
	all[0] = l;
	all[1] = fd[0];
	all[2] = u;
	all[3] = p[0];
	for (int i = 0; i < 4; i++) {
		struct epoll_event e = { .events = EPOLLIN, .data.u32 = i };

		MUST(epoll_ctl(ep, EPOLL_CTL_ADD, all[i], &e));
	}
	SHOW(epoll_wait(ep, got, 16, 0));
	connected_to(&at);
	send_all(fd[1], "x", 1);
	MUST(sendto(dgram_socket(family), "x", 1, 0, &to.any, to.length));
	MUST(write(p[1], "x", 1));
	for (int i = 0; i < 4; i++)
		await(all[i], POLLIN);
	n = SHOW(epoll_wait(ep, got, 16, 0));
	for (int i = 0; i < n; i++)
		seen |= 1 << got[i].data.u32;
	say("seen %x", seen);
	SHOW(epoll_wait(ep, got, 2, 0));
	for (int i = 0; i < 4; i++)
		close(all[i]);
	SHOW(epoll_wait(ep, got, 16, 0));
	close(ep);
}

int main(void)
{
	both_families(look);
	return 0;
}
