/* Which options an accepted socket has from its listener.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void all(const char *what, int fd)
{
	struct linger l;
	socklen_t len = sizeof(l);

	say("%s", what);
	say_option("nodelay", fd, IPPROTO_TCP, TCP_NODELAY);
	say_option("cork", fd, IPPROTO_TCP, TCP_CORK);
	say_option("keepalive", fd, SOL_SOCKET, SO_KEEPALIVE);
	say_option("keepidle", fd, IPPROTO_TCP, TCP_KEEPIDLE);
	say_option("keepcnt", fd, IPPROTO_TCP, TCP_KEEPCNT);
	say_option("keepintvl", fd, IPPROTO_TCP, TCP_KEEPINTVL);
	say_option("rcvbuf", fd, SOL_SOCKET, SO_RCVBUF);
	say_option("sndbuf", fd, SOL_SOCKET, SO_SNDBUF);
	say_option("rcvlowat", fd, SOL_SOCKET, SO_RCVLOWAT);
	say_option("oobinline", fd, SOL_SOCKET, SO_OOBINLINE);
	say_option("reuseaddr", fd, SOL_SOCKET, SO_REUSEADDR);
	say_option("tos", fd, IPPROTO_IP, IP_TOS);
	say_option("ttl", fd, IPPROTO_IP, IP_TTL);
	say_option("linger2", fd, IPPROTO_TCP, TCP_LINGER2);
	say_option("user timeout", fd, IPPROTO_TCP, TCP_USER_TIMEOUT);
	say_option("syncnt", fd, IPPROTO_TCP, TCP_SYNCNT);
	say_option("notsent lowat", fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT);
	say_option("priority", fd, SOL_SOCKET, SO_PRIORITY);
	say_option("acceptconn", fd, SOL_SOCKET, SO_ACCEPTCONN);
	MUST(getsockopt(fd, SOL_SOCKET, SO_LINGER, &l, &len));
	say("linger %d %d", l.l_onoff, l.l_linger);
	say("nonblocking %d", (fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
	say("cloexec %d", fcntl(fd, F_GETFD));
}

int main(void)
{
	struct linger linger = { 1, 9 };
	struct place at;
	int l = listener(AF_INET, 5, &at), fd, peer;

	set_option(l, IPPROTO_TCP, TCP_NODELAY, 1);
	set_option(l, SOL_SOCKET, SO_KEEPALIVE, 1);
	set_option(l, IPPROTO_TCP, TCP_KEEPIDLE, 33);
	set_option(l, IPPROTO_TCP, TCP_KEEPCNT, 4);
	set_option(l, IPPROTO_TCP, TCP_KEEPINTVL, 5);
	set_option(l, SOL_SOCKET, SO_RCVBUF, 20000);
	set_option(l, SOL_SOCKET, SO_SNDBUF, 30000);
	set_option(l, SOL_SOCKET, SO_RCVLOWAT, 17);
	set_option(l, SOL_SOCKET, SO_OOBINLINE, 1);
	set_option(l, SOL_SOCKET, SO_REUSEADDR, 1);
	set_option(l, IPPROTO_IP, IP_TOS, 0x20);
	set_option(l, IPPROTO_IP, IP_TTL, 44);
	set_option(l, IPPROTO_TCP, TCP_LINGER2, 20);
	set_option(l, IPPROTO_TCP, TCP_USER_TIMEOUT, 4000);
	set_option(l, IPPROTO_TCP, TCP_SYNCNT, 3);
	set_option(l, IPPROTO_TCP, TCP_NOTSENT_LOWAT, 5000);
	set_option(l, SOL_SOCKET, SO_PRIORITY, 3);
	MUST(setsockopt(l, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)));
	fd = connected_to(&at);
	set_nonblocking(l, true);
	MUST(fcntl(l, F_SETFD, FD_CLOEXEC));
	await(l, POLLIN);
	peer = MUST(accept(l, NULL, NULL));
	all("accepted", peer);
	close(fd);
	return 0;
}
