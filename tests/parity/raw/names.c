/* Names of raw sockets: the port is the protocol. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void names(const char *what, int fd)
{
	struct sockaddr_storage sa = { 0 };
	socklen_t len = sizeof(sa);

	if (say_result(what, getsockname(fd, (void *)&sa, &len)) == 0)
		say("  %u: port %u", len,
			ntohs(((struct sockaddr_in *)&sa)->sin_port));
	len = sizeof(sa);
	if (say_result("peer", getpeername(fd, (void *)&sa, &len)) == 0)
		say("  %u: port %u", len,
			ntohs(((struct sockaddr_in *)&sa)->sin_port));
}

int main(void)
{
	int fd = MUST(socket(AF_INET, SOCK_RAW, 253));
	int six = MUST(socket(AF_INET6, SOCK_RAW, 254));
	struct sockaddr_in lo = { .sin_family = AF_INET, .sin_port = htons(9),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_in6 lo6 = { .sin6_family = AF_INET6,
		.sin6_addr = in6addr_loopback };

	names("fresh", fd);
	names("fresh six", six);
	SHOW(bind(fd, (void *)&lo, sizeof(lo)));
	names("bound", fd);
	SHOW(bind(fd, (void *)&lo, sizeof(lo)));
	SHOW(bind(six, (void *)&lo6, sizeof(lo6)));
	names("bound six", six);
	SHOW(connect(fd, (void *)&lo, sizeof(lo)));
	names("connected", fd);
	SHOW(bind(fd, (void *)&lo, sizeof(lo)));
	say_option("type", fd, SOL_SOCKET, SO_TYPE);
	say_option("protocol", fd, SOL_SOCKET, SO_PROTOCOL);
	say_option("domain", six, SOL_SOCKET, SO_DOMAIN);
	say_poll("poll", fd);
	SHOW(listen(fd, 1));
	SHOW(accept(fd, NULL, NULL));
	SHOW(shutdown(six, SHUT_WR));
	SHOW(shutdown(fd, SHUT_RD));
	return 0;
}
