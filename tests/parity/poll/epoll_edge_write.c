/* Edge-triggered: POLLOUT comes once after the reader has made room.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int ep;

static void edge(const char *what)
{
	struct epoll_event got[4];
	int n = epoll_wait(ep, got, 4, 0);

	say("%s: %s", what, n ? epoll_text(got[0].events) : "nothing");
}

static void look(int family)
{
	struct epoll_event e = { .events = EPOLLOUT | EPOLLET };
	int fd[2];

	ep = MUST(epoll_create1(0));
	stream_pair(family, fd);
	set_nonblocking(fd[0], true);
	MUST(epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &e));
	edge("added");
	fill(fd[0]);
	epoll_wait(ep, &e, 1, 0);
	edge("full");
	drain(fd[1]);
	await(fd[0], POLLOUT);
	edge("drained");
	edge("again");
	close(fd[1]);
	await(fd[0], POLLRDHUP);
	close(ep);
}

int main(void)
{
	both_families(look);
	return 0;
}
