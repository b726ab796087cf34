/* Edge-triggered: each thing that happens to a stream is told once.
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
	struct epoll_event e = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET };
	char b[10];
	int fd[2];

	ep = MUST(epoll_create1(0));
	stream_pair(family, fd);
	MUST(epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &e));
	edge("added");
	edge("again");
	send_all(fd[1], "one", 3);
	await(fd[0], POLLIN);
	edge("data");
	edge("again");
	recv_all(fd[0], b, 1);
	edge("a part read");
	send_all(fd[1], "two", 3);
	settle();
	edge("more data");
	recv_all(fd[0], b, 5);
	edge("all read");
	MUST(epoll_ctl(ep, EPOLL_CTL_MOD, fd[0], &e));
	edge("modified");
	edge("again");
	MUST(shutdown(fd[1], SHUT_WR));
	await(fd[0], POLLRDHUP);
	edge("end");
	edge("again");
	MUST(recv(fd[0], b, 1, 0));
	edge("end read");
	close(fd[1]);
	settle();
	edge("closed");
	close(fd[0]);
	close(ep);
}

int main(void)
{
	both_families(look);
	return 0;
}
