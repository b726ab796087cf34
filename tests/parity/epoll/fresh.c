/* Sockets that were in the set before they became what they are: connecting,
 * refused, listening. SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#define ALL (EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLPRI)

int main(void)
{
	int ep = epoll_create1(0), s = stream_socket(AF_INET), l, r;
	struct place at, nowhere;

	set_add(ep, s, ALL, 1);
	say_wait("never connected", ep, 8, 0);
	say_wait("still", ep, 8, 0);
	set_change(ep, s, ALL | EPOLLET, 1);
	say_wait("edge", ep, 8, 0);
	say_wait("told already", ep, 8, 0);
	l = stream_socket(AF_INET);
	set_add(ep, l, EPOLLIN | EPOLLET, 2);
	say_wait("one more", ep, 8, 0);
	MUST(bind(l, &(struct sockaddr_in){ .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) },
		sizeof(struct sockaddr_in)));
	MUST(listen(l, 4));
	at = own_place(l);
	MUST(connect(s, &at.any, at.length));
	await(l, POLLIN);
	say_wait("connected, and a caller", ep, 8, LIMIT_MS);
	say_wait("told already", ep, 8, 0);
	nowhere = loopback(AF_INET, quiet_port(AF_INET, SOCK_STREAM));
	r = stream_socket(AF_INET);
	set_nonblocking(r, true);
	set_add(ep, r, ALL, 3);
	connect(r, &nowhere.any, nowhere.length);
	await(r, POLLERR);
	say_wait("refused", ep, 8, LIMIT_MS);
	say_so_error("and", r);
	say_wait("taken", ep, 8, 0);
	return 0;
}
