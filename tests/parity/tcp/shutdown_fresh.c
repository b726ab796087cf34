/* shutdown() of a socket without a connection says ENOTCONN; does it leave a mark
 * all the same?
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void go(const char *what, int how)
{
	struct place at;
	int l = listener(AF_INET, 5, &at), fd = stream_socket(AF_INET), peer;

	say("%s", what);
	say_poll("before", fd);
	SHOW(shutdown(fd, how));
	say_poll("shut", fd);
	say_recv("shut", fd, 0);
	SHOW(send(fd, "x", 1, MSG_NOSIGNAL));
	SHOW(connect(fd, &at.any, at.length));
	peer = accept_one(l);
	say_poll("connected", fd);
	SHOW(send(fd, "x", 1, MSG_NOSIGNAL));
	send_all(peer, "y", 1);
	settle();
	say_recv("connected", fd, 0);
	say_poll("peer", peer);
	close(fd);
	close(peer);
	close(l);
}

int main(void)
{
	go("read", SHUT_RD);
	go("write", SHUT_WR);
	go("both", SHUT_RDWR);
	SHOW(shutdown(stream_socket(AF_INET), 3));
	SHOW(shutdown(stream_socket(AF_INET), -1));
	return 0;
}
