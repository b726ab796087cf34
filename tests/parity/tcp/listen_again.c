/* A listener that was shut down listens again; who had not been accepted is reset.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	struct place at = loopback(AF_INET, quiet_port(AF_INET, SOCK_STREAM));
	int l = stream_socket(AF_INET), fd, peer;

	/* Linux keeps only a port that was named. */
	MUST(bind(l, &at.any, at.length));
	MUST(listen(l, 5));
	fd = connected_to(&at);

	SHOW(shutdown(l, SHUT_WR));
	say_option("listens", l, SOL_SOCKET, SO_ACCEPTCONN);
	SHOW(shutdown(l, SHUT_RD));
	say_option("listens", l, SOL_SOCKET, SO_ACCEPTCONN);
	await(fd, POLLERR);
	say_recv("not accepted", fd, 0);
	close(fd);
	SHOW(accept(l, NULL, NULL));
	say_poll("shut", l);
	fd = stream_socket(AF_INET);
	SHOW(connect(fd, &at.any, at.length));
	SHOW(shutdown(l, SHUT_RD));
	SHOW(listen(l, 5));
	say_option("listens", l, SOL_SOCKET, SO_ACCEPTCONN);
	SHOW(connect(fd, &at.any, at.length));
	peer = accept_one(l);
	send_all(fd, "hello", 5);
	await(peer, POLLIN);
	say_recv("accepted", peer, 0);
	return 0;
}
