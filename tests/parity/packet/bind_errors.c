/* bind() of a packet socket: what is refused. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "frames.h"

int main(void)
{
	int fd = MUST(socket(AF_PACKET, SOCK_RAW, 0));
	struct sockaddr_ll ll = { .sll_family = AF_PACKET, .sll_ifindex = LO };

	SHOW(bind(fd, (void *)&ll, sizeof(ll) - 1));
	SHOW(bind(fd, (void *)&ll, 2));
	ll.sll_family = AF_INET;
	SHOW(bind(fd, (void *)&ll, sizeof(ll)));
	ll.sll_family = AF_PACKET;
	ll.sll_ifindex = 4711;
	SHOW(bind(fd, (void *)&ll, sizeof(ll)));
	ll.sll_ifindex = -1;
	SHOW(bind(fd, (void *)&ll, sizeof(ll)));
	ll.sll_ifindex = LO;
	SHOW(bind(fd, (void *)&ll, sizeof(ll)));
	ll.sll_ifindex = 0; /* again, and to all */
	SHOW(bind(fd, (void *)&ll, sizeof(ll)));
	SHOW(bind(fd, NULL, sizeof(ll)));
	return 0;
}
