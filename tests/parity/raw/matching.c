/* Who hears a packet: by bound address, and by peer. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "echo.h"

static int bound_to(const char *text)
{
	int fd = MUST(socket(AF_INET, SOCK_RAW, 253));
	struct sockaddr_in sa = { .sin_family = AF_INET };

	inet_pton(AF_INET, text, &sa.sin_addr);
	MUST(bind(fd, (void *)&sa, sizeof(sa)));
	return fd;
}

static int joined_to(const char *text)
{
	int fd = MUST(socket(AF_INET, SOCK_RAW, 253));
	struct sockaddr_in sa = { .sin_family = AF_INET };

	inet_pton(AF_INET, text, &sa.sin_addr);
	MUST(connect(fd, (void *)&sa, sizeof(sa)));
	return fd;
}

int main(void)
{
	int here = bound_to("127.0.0.2"), there = bound_to("127.0.0.3");
	int peer = joined_to("127.0.0.2"), any = bound_to("0.0.0.0");
	struct sockaddr_in sa = { .sin_family = AF_INET };

	inet_pton(AF_INET, "127.0.0.3", &sa.sin_addr);
	SHOW(sendto(here, "one", 3, 0, (void *)&sa, sizeof(sa)));
	say("here");
	say_packets(here, true);
	say("there");
	say_packets(there, true);
	say("peer");
	say_packets(peer, true);
	say("any");
	say_packets(any, true);
	SHOW(send(peer, "two", 3, 0));
	say("here");
	say_packets(here, true);
	say("any");
	say_packets(any, true);
	SHOW(send(any, "x", 1, 0));
	return 0;
}
