/* listen() in each state; a second one changes the backlog.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	struct place at;
	int l, fd, p[2];

	fd = stream_socket(AF_INET);
	SHOW(listen(fd, 3));
	at = own_place(fd);
	say("has a port: %d", place_port(&at) != 0);
	SHOW(listen(fd, 0));
	SHOW(listen(fd, -1));
	SHOW(connect(fd, &at.any, at.length));
	close(fd);
	stream_pair(AF_INET, p);
	SHOW_AS("connected", listen(p[0], 1));
	SHOW_AS("accepted", listen(p[1], 1));
	shutdown(p[0], SHUT_RDWR);
	SHOW_AS("shut", listen(p[0], 1));
	close(p[1]);
	fd = stream_socket(AF_INET);
	at = loopback(AF_INET, quiet_port(AF_INET, SOCK_STREAM));
	SHOW_AS("refused", connect(fd, &at.any, at.length));
	SHOW_AS("after a refusal", listen(fd, 1));
	l = dgram_bound(AF_INET, NULL);
	SHOW_AS("datagram", listen(l, 1));
	SHOW_AS("no socket", listen(-1, 1));
	SHOW_AS("a pipe", (pipe(p), listen(p[0], 1)));
	return 0;
}
