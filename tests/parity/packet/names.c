/* getsockname() of a packet socket, before and after bind(). Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "frames.h"

static void name(const char *when, int fd)
{
	struct sockaddr_ll ll = { 0 };
	socklen_t len = sizeof(ll);

	say("%s:", when);
	SHOW(getsockname(fd, (void *)&ll, &len));
	say("  length %d", (int)len);
	say_from("  name", &ll);
	len = 4;
	SHOW(getsockname(fd, (void *)&ll, &len));
	say("  length %d", (int)len);
}

int main(void)
{
	int fd = MUST(socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_ARP)));
	struct sockaddr_ll ll = { .sll_family = AF_PACKET, .sll_ifindex = LO };

	name("fresh", fd);
	MUST(bind(fd, (void *)&ll, sizeof(ll)));
	name("bound to lo, the protocol stays", fd);
	ll.sll_protocol = htons(ETH_P_IP);
	MUST(bind(fd, (void *)&ll, sizeof(ll)));
	name("another protocol", fd);
	ll.sll_ifindex = 0;
	MUST(bind(fd, (void *)&ll, sizeof(ll)));
	name("all interfaces", fd);
	return 0;
}
