/* A listener in a set: level and edge, connections that come and go.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	int ep = epoll_create1(0), l, c[3];
	struct place at;

	l = listener(AF_INET, 8, &at);
	set_add(ep, l, EPOLLIN | EPOLLOUT, 1);
	say_wait("nobody", ep, 8, 0);
	c[0] = connected_to(&at);
	say_wait("one", ep, 8, LIMIT_MS);
	say_wait("again", ep, 8, LIMIT_MS);
	accept_one(l);
	say_wait("accepted", ep, 8, 0);
	set_change(ep, l, EPOLLIN | EPOLLET, 2);
	say_wait("edge", ep, 8, 0);
	c[1] = connected_to(&at);
	say_wait("one more", ep, 8, LIMIT_MS);
	say_wait("told already", ep, 8, 0);
	c[2] = connected_to(&at);
	say_wait("another", ep, 8, LIMIT_MS);
	accept_one(l);
	accept_one(l);
	say_wait("accepted", ep, 8, 0);
	close(l);
	say_wait("closed", ep, 8, 0);
	for (int k = 0; k < 3; k++)
		close(c[k]);
	return 0;
}
