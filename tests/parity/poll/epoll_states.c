/* What epoll says, level-triggered, in each state of a stream.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void say_epoll(const char *what, int fd)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLOUT | EPOLLPRI | EPOLLRDHUP |
			EPOLLRDNORM | EPOLLWRNORM }, got = { 0 };
	int ep = MUST(epoll_create1(0));

	MUST(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e));
	if (epoll_wait(ep, &got, 1, 0) == 0)
		got.events = 0;
	say("%s: %s", what, epoll_text(got.events));
	close(ep);
}

static void look(int family)
{
	struct place at, nobody = loopback(family, quiet_port(family, SOCK_STREAM));
	int l = listener(family, 5, &at), s = stream_socket(family), fd[2];

	say_epoll("fresh", s);
	say_epoll("listener", l);
	fd[0] = connected_to(&at);
	await(l, POLLIN);
	say_epoll("pending", l);
	fd[1] = accept_one(l);
	say_epoll("connected", fd[0]);
	send_all(fd[1], "x", 1);
	await(fd[0], POLLIN);
	say_epoll("data", fd[0]);
	fill(fd[1]);
	say_epoll("full", fd[1]);
	drain(fd[0]);
	await(fd[1], POLLOUT);
	say_epoll("drained", fd[1]);
	MUST(shutdown(fd[1], SHUT_WR));
	await(fd[0], POLLRDHUP);
	say_epoll("end", fd[0]);
	say_epoll("who shut", fd[1]);
	MUST(shutdown(fd[0], SHUT_WR));
	await(fd[1], POLLHUP);
	say_epoll("both shut, first", fd[0]);
	say_epoll("both shut, second", fd[1]);
	stream_pair(family, fd);
	MUST(shutdown(fd[0], SHUT_RD));
	say_epoll("shut for reading", fd[0]);
	reset_on_close(fd[1]);
	close(fd[1]);
	await(fd[0], POLLHUP);
	say_epoll("reset", fd[0]);
	say_so_error("reset", fd[0]);
	say_epoll("told", fd[0]);
	set_nonblocking(s, true);
	connect(s, &nobody.any, nobody.length);
	await(s, POLLHUP);
	say_epoll("refused", s);
	say_so_error("refused", s);
	say_epoll("told", s);
	MUST(shutdown(l, SHUT_RD));
	say_epoll("listener, shut", l);
}

int main(void)
{
	both_families(look);
	return 0;
}
