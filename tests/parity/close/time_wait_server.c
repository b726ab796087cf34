/* A server that closed first is started again: its port is taken for a minute,
 * unless both had SO_REUSEADDR.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void restart(const char *what, bool before, bool after, bool server_first)
{
	struct place at = loopback(AF_INET, quiet_port(AF_INET, SOCK_STREAM));
	int l = stream_socket(AF_INET), fd, peer;

	set_option(l, SOL_SOCKET, SO_REUSEADDR, before);
	MUST(bind(l, &at.any, at.length));
	MUST(listen(l, 5));
	fd = connected_to(&at);
	peer = accept_one(l);
	if (server_first) {
		close(peer);
		await(fd, POLLRDHUP);
		close(fd);
	} else {
		close(fd);
		await(peer, POLLRDHUP);
		close(peer);
	}
	close(l);
	l = stream_socket(AF_INET);
	set_option(l, SOL_SOCKET, SO_REUSEADDR, after);
	SHOW_AS(what, bind(l, &at.any, at.length));
	close(l);
}

int main(void)
{
	for (int k = 0; k < 4; k++) {
		char what[80];

		for (int first = 0; first < 2; first++) {
			snprintf(what, sizeof(what), "%s%s, %s closed first",
				k & 1 ? "reuse" : "plain",
				k & 2 ? ", then reuse" : ", then plain",
				first ? "server" : "client");
			restart(what, k & 1, k & 2, first);
		}
	}
	return 0;
}
