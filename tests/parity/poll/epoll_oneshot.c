/* EPOLLONESHOT: once told, silent until it is modified.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLONESHOT, .data.u32 = 7 }, got;
	int ep = MUST(epoll_create1(0)), fd[2];

	stream_pair(family, fd);
	MUST(epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &e));
	SHOW(epoll_wait(ep, &got, 1, 0));
	send_all(fd[1], "x", 1);
	await(fd[0], POLLIN);
	SHOW(epoll_wait(ep, &got, 1, 0));
	say("%s %u", epoll_text(got.events), got.data.u32);
	SHOW(epoll_wait(ep, &got, 1, 0));
	send_all(fd[1], "x", 1);
	settle();
	SHOW(epoll_wait(ep, &got, 1, 0));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &e));
	e.data.u32 = 8;
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, fd[0], &e));
	SHOW(epoll_wait(ep, &got, 1, 0));
	say("%s %u", epoll_text(got.events), got.data.u32);
	close(fd[1]);
	settle();
	SHOW(epoll_wait(ep, &got, 1, 0));
}

int main(void)
{
	both_families(look);
	return 0;
}
