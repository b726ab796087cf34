/* select(): which sets a socket is in, in each state of a connection.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void three(const char *what, int fd)
{
	struct timeval now = { 0 };
	fd_set r, w, x;
	int n;

	FD_ZERO(&r);
	FD_SET(fd, &r);
	w = x = r;
	n = select(fd + 1, &r, &w, &x, &now);
	say("%s: %d, %s%s%s", what, n, FD_ISSET(fd, &r) ? "r" : "-",
		FD_ISSET(fd, &w) ? "w" : "-", FD_ISSET(fd, &x) ? "x" : "-");
}

static void look(int family)
{
	struct place at;
	int l = listener(family, 5, &at), fd[2], s = stream_socket(family);
	struct place nobody = loopback(family, quiet_port(family, SOCK_STREAM));

	three("listener", l);
	three("fresh", s);
	three("datagrams", dgram_socket(family));
	fd[0] = connected_to(&at);
	await(l, POLLIN);
	three("pending", l);
	fd[1] = accept_one(l);
	three("connected", fd[0]);
	send_all(fd[0], "x", 1);
	await(fd[1], POLLIN);
	three("data", fd[1]);
	fill(fd[0]);
	three("full", fd[0]);
	drain(fd[1]);
	MUST(shutdown(fd[0], SHUT_WR));
	await(fd[1], POLLRDHUP);
	three("who shut", fd[0]);
	three("end", fd[1]);
	reset_on_close(fd[1]);
	close(fd[1]);
	await(fd[0], POLLHUP);
	three("reset", fd[0]);
	set_nonblocking(s, true);
	connect(s, &nobody.any, nobody.length);
	await(s, POLLHUP);
	three("refused", s);
}

int main(void)
{
	both_families(look);
	return 0;
}
