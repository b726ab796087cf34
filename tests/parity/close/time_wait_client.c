/* A client with a port of its own that closed first: bind() and connect() again.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

/* The client first: TIME-WAIT is his. */
static void end_both(int client, int server)
{
	close(client);
	await(server, POLLRDHUP);
	close(server);
}

static void go(bool reuse)
{
	struct place at, mine = loopback(AF_INET, quiet_port(AF_INET, SOCK_STREAM));
	int l = listener(AF_INET, 5, &at), fd = stream_socket(AF_INET), peer;

	say(reuse ? "with SO_REUSEADDR" : "without");
	set_option(fd, SOL_SOCKET, SO_REUSEADDR, reuse);
	MUST(bind(fd, &mine.any, mine.length));
	MUST(connect(fd, &at.any, at.length));
	peer = accept_one(l);
	end_both(fd, peer);
	fd = stream_socket(AF_INET);
	set_option(fd, SOL_SOCKET, SO_REUSEADDR, reuse);
	SHOW(bind(fd, &mine.any, mine.length));
	SHOW(listen(fd, 1));
	close(fd);
	fd = stream_socket(AF_INET);
	set_option(fd, SOL_SOCKET, SO_REUSEADDR, reuse);
	if (bind(fd, &mine.any, mine.length) == 0)
		SHOW_AS("the same names at once", connect(fd, &at.any, at.length));
	if (reuse) {
		/* Accepted: whether Linux lets a client's FIN-WAIT-2 go is chance. */
		end_both(fd, accept_one(l));
		sleep_ms(1200);
		fd = stream_socket(AF_INET);
		set_option(fd, SOL_SOCKET, SO_REUSEADDR, reuse);
		MUST(bind(fd, &mine.any, mine.length));
		SHOW_AS("the same names a second later",
			connect(fd, &at.any, at.length));
	}
	close(fd);
	close(l);
}

int main(void)
{
	go(false);
	go(true);
	return 0;
}
