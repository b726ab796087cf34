/* What outlives connect(AF_UNSPEC): options, O_NONBLOCK, close-on-exec, a bound
 * name; epoll goes on watching.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static const struct sockaddr none = { .sa_family = AF_UNSPEC };

int main(void)
{
	struct place at, mine, now;
	int l = listener(AF_INET, 5, &at), fd = stream_socket(AF_INET), peer;
	struct epoll_event ev = { .events = EPOLLIN, .data.u64 = 77 };
	int ep = MUST(epoll_create1(0)), two;

	mine = loopback(AF_INET, quiet_port(AF_INET, SOCK_STREAM));
	MUST(bind(fd, &mine.any, mine.length));
	set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	set_option(fd, SOL_SOCKET, SO_RCVLOWAT, 3);
	MUST(fcntl(fd, F_SETFD, FD_CLOEXEC));
	MUST(connect(fd, &at.any, at.length));
	set_nonblocking(fd, true);
	MUST(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev));
	two = MUST(dup(fd));
	peer = accept_one(l);
	SHOW(connect(fd, &none, sizeof(none)));
	now = own_place(fd);
	say("same port: %d", place_port(&mine) == place_port(&now));
	say_option("nodelay", fd, IPPROTO_TCP, TCP_NODELAY);
	say_option("keepalive", fd, SOL_SOCKET, SO_KEEPALIVE);
	say_option("rcvlowat", fd, SOL_SOCKET, SO_RCVLOWAT);
	say("nonblocking: %d", (fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
	say("cloexec: %d %d", fcntl(fd, F_GETFD), fcntl(two, F_GETFD));
	set_option(fd, SOL_SOCKET, SO_RCVLOWAT, 1);
	close(peer);
	settle();
	set_nonblocking(two, false);
	SHOW(listen(two, 3));
	say_option("the other number", fd, SOL_SOCKET, SO_ACCEPTCONN);
	peer = connected_to(&now);
	memset(&ev, 0, sizeof(ev));
	say("epoll %d", epoll_wait(ep, &ev, 1, LIMIT_MS));
	say("%s %d", epoll_text(ev.events), (int)ev.data.u64);
	return 0;
}
