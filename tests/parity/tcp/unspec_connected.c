/* connect(AF_UNSPEC) on a connection: the peer is reset, the socket is free again.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static const struct sockaddr none = { .sa_family = AF_UNSPEC };

int main(void)
{
	struct place at;
	int l = listener(AF_INET, 5, &at), fd, peer;
	char c;

	fd = connected_to(&at);
	peer = accept_one(l);
	send_all(fd, "abc", 3);
	SHOW(connect(fd, &none, sizeof(none)));
	say_names("after", fd);
	say_poll("after", fd);
	say_so_error("after", fd);
	SHOW(recv(fd, &c, 1, MSG_DONTWAIT));
	SHOW(send(fd, "x", 1, MSG_NOSIGNAL));
	SHOW(shutdown(fd, SHUT_WR));
	await(peer, POLLERR);
	say_poll("peer", peer);
	say_recv("peer", peer, 0);
	say_recv("peer", peer, 0);
	SHOW(connect(fd, &none, sizeof(none)));
	SHOW(connect(fd, &at.any, at.length));
	peer = accept_one(l);
	send_all(fd, "again", 5);
	await(peer, POLLIN);
	say_recv("second", peer, 0);
	send_all(peer, "back", 4);
	await(fd, POLLIN);
	say_recv("second", fd, 0);
	return 0;
}
