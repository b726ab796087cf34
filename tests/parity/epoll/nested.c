/* A set in a set is ready while something in it is; loops and depth are refused.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void depth(void)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int chain[7], fd[2];

	chain[0] = epoll_create1(0);
	for (int k = 1; k < 7; k++) {
		chain[k] = epoll_create1(0);
		SHOW_AS("one deeper",
			epoll_ctl(chain[k], EPOLL_CTL_ADD, chain[k - 1], &ev));
	}
	SHOW_AS("a loop", epoll_ctl(chain[0], EPOLL_CTL_ADD, chain[3], &ev));
	stream_pair(AF_INET, fd);
	SHOW(epoll_ctl(chain[0], EPOLL_CTL_ADD, fd[0], &ev));
	say_poll("the outermost", chain[4]);
	send_all(fd[1], "a", 1);
	await(fd[0], POLLIN);
	for (int k = 0; k < 5; k++)
		say_poll("now", chain[k]);
	say_wait("the outermost", chain[4], 8, LIMIT_MS);
}

int main(void)
{
	int fd[2], inner = epoll_create1(0), outer = epoll_create1(0);
	int edge = epoll_create1(0);
	struct epoll_event ev = { .events = EPOLLIN };
	char byte;

	stream_pair(AF_INET, fd);
	set_add(inner, fd[0], EPOLLIN, 1);
	set_add(outer, inner, EPOLLIN, 2);
	set_add(edge, inner, EPOLLIN | EPOLLET, 3);
	SHOW(epoll_ctl(outer, EPOLL_CTL_ADD, inner, &ev));
	SHOW(epoll_ctl(inner, EPOLL_CTL_ADD, outer, &ev));
	for (int k = 0; k < 3; k++) {
		say_wait("empty", outer, 8, 0);
		say_wait("empty, edge", edge, 8, 0);
		send_all(fd[1], "a", 1);
		say_wait("a byte", outer, 8, LIMIT_MS);
		say_wait("still", outer, 8, LIMIT_MS);
		say_wait("edge", edge, 8, LIMIT_MS);
		say_wait("edge, told already", edge, 8, 0);
		say_wait("within", inner, 8, LIMIT_MS);
		recv_all(fd[0], &byte, 1);
	}
	set_change(outer, inner, EPOLLIN | EPOLLONESHOT, 4);
	send_all(fd[1], "a", 1);
	say_wait("one-shot", outer, 8, LIMIT_MS);
	say_wait("told already", outer, 8, 0);
	SHOW(epoll_ctl(outer, EPOLL_CTL_DEL, inner, NULL));
	SHOW(epoll_ctl(outer, EPOLL_CTL_DEL, inner, NULL));
	depth();
	return 0;
}
