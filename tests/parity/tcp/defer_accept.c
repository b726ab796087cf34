/* TCP_DEFER_ACCEPT: a connection is not given to accept() before data, or its end,
 * has come.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	struct place at;
	int l = listener(AF_INET, 5, &at), fd, peer;

	set_option(l, IPPROTO_TCP, TCP_DEFER_ACCEPT, 30);
	say_option("defer", l, IPPROTO_TCP, TCP_DEFER_ACCEPT);
	set_nonblocking(l, true);
	fd = connected_to(&at);
	say_poll("connected", l);
	SHOW(accept(l, NULL, NULL));
	say_poll("client", fd);
	send_all(fd, "hello", 5);
	say_poll_until("sent", l, POLLIN);
	peer = accept_one(l);
	say_recv("first", peer, 0);
	say_option("accepted", peer, IPPROTO_TCP, TCP_DEFER_ACCEPT);
	close(fd);
	close(peer);
	fd = connected_to(&at);
	say_poll("second", l);
	close(fd);
	say_poll_until("closed", l, POLLIN);
	peer = accept_one(l);
	say_recv("end", peer, 0);
	return 0;
}
