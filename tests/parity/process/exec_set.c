/* A set and its sockets over exec. SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int after(int ep, int a, int b)
{
	struct epoll_event ev = { .events = EPOLLIN };
	char byte;

	say_wait("inherited", ep, 8, LIMIT_MS);
	SHOW_AS("ADD", epoll_ctl(ep, EPOLL_CTL_ADD, a, &ev));
	set_change(ep, a, EPOLLIN, 8);
	say_wait("changed", ep, 8, LIMIT_MS);
	recv_all(a, &byte, 1);
	say_wait("read", ep, 8, 0);
	set_add(ep, b, EPOLLIN, 11);
	send_all(a, "x", 1);
	say_wait("one more", ep, 8, LIMIT_MS);
	say_poll("the set", ep);
	SHOW_AS("DEL", epoll_ctl(ep, EPOLL_CTL_DEL, a, NULL));
	SHOW(close(ep));
	return 0;
}

int main(int argc, char **argv)
{
	int fd[2], ep;
	char text[3][12];

	if (argc > 1)
		return after(atoi(argv[1]), atoi(argv[2]), atoi(argv[3]));
	ep = epoll_create1(0);
	stream_pair(AF_INET, fd);
	set_add(ep, fd[0], EPOLLIN, 7);
	send_all(fd[1], "a", 1);
	await(fd[0], POLLIN);
	snprintf(text[0], 12, "%d", ep);
	snprintf(text[1], 12, "%d", fd[0]);
	snprintf(text[2], 12, "%d", fd[1]);
	fflush(stdout);
	execl("/proc/self/exe", argv[0], text[0], text[1], text[2], (char *)NULL);
	return 1;
}
