/* SO_RCVLOWAT: fewer bytes than it are not readable, for poll, select and
 * epoll.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void three(const char *what, int fd)
{
	struct epoll_event ev = { .events = EPOLLIN };
	struct timeval now = { 0 };
	int ep = MUST(epoll_create1(0));
	fd_set set;

	MUST(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev));
	FD_ZERO(&set);
	FD_SET(fd, &set);
	say_poll(what, fd);
	say("select %d, epoll %d", select(fd + 1, &set, NULL, NULL, &now),
		epoll_wait(ep, &ev, 1, 0));
	close(ep);
}

static void look(int family)
{
	int fd[2];
	char b[10];

	stream_pair(family, fd);
	set_option(fd[1], SOL_SOCKET, SO_RCVLOWAT, 4);
	send_all(fd[0], "abc", 3);
	settle();
	three("three bytes", fd[1]);
	SHOW(recv(fd[1], b, 1, MSG_DONTWAIT));
	send_all(fd[0], "d", 1);
	settle();
	three("three again", fd[1]);
	send_all(fd[0], "e", 1);
	say_poll_until("four", fd[1], POLLIN);
	three("four", fd[1]);
	recv_all(fd[1], b, 2);
	three("two left", fd[1]);
	MUST(shutdown(fd[0], SHUT_WR));
	say_poll_until("two and the end", fd[1], POLLRDHUP);
	three("two and the end", fd[1]);
}

int main(void)
{
	both_families(look);
	return 0;
}
