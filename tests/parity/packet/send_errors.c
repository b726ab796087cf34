/* Sending on packet sockets: what is refused. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "frames.h"

static uint8_t big[70000];

int main(void)
{
	int fd = MUST(socket(AF_PACKET, SOCK_RAW, htons(ETH_P_OURS)));
	int cooked = MUST(socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_OURS)));
	struct sockaddr_ll ll = { .sll_family = AF_PACKET, .sll_ifindex = LO,
		.sll_halen = 6, .sll_protocol = htons(ETH_P_OURS) };

	SHOW(send(fd, big, 60, 0));
	SHOW(sendto(fd, big, 60, 0, (void *)&ll, sizeof(ll)));
	SHOW(sendto(fd, big, 60, 0, (void *)&ll, sizeof(ll) - 1));
	SHOW(sendto(fd, big, 13, 0, (void *)&ll, sizeof(ll)));
	SHOW(sendto(fd, big, 14, 0, (void *)&ll, sizeof(ll)));
	SHOW(sendto(fd, big, 0, 0, (void *)&ll, sizeof(ll)));
	SHOW(sendto(fd, big, 65536 + 14, 0, (void *)&ll, sizeof(ll)));
	SHOW(sendto(fd, big, 65536 + 15, 0, (void *)&ll, sizeof(ll)));
	SHOW(sendto(fd, big, 65536 + 19, 0, (void *)&ll, sizeof(ll)));
	ll.sll_halen = 9;
	SHOW(sendto(fd, big, 60, 0, (void *)&ll, sizeof(ll)));
	ll.sll_halen = 6;
	ll.sll_ifindex = 4711;
	SHOW(sendto(fd, big, 60, 0, (void *)&ll, sizeof(ll)));
	ll.sll_ifindex = LO;
	ll.sll_family = AF_INET; /* nobody looks */
	SHOW(sendto(fd, big, 60, 0, (void *)&ll, sizeof(ll)));
	SHOW(send(cooked, big, 60, 0));
	SHOW(sendto(cooked, big, 0, 0, (void *)&ll, sizeof(ll)));
	SHOW(sendto(cooked, big, 65536, 0, (void *)&ll, sizeof(ll)));
	SHOW(sendto(cooked, big, 65537, 0, (void *)&ll, sizeof(ll)));
	SHOW(write(fd, big, 60));
	ll.sll_family = AF_PACKET;
	MUST(bind(fd, (void *)&ll, sizeof(ll)));
	SHOW(write(fd, big, 60));
	SHOW(send(fd, big, 60, MSG_OOB));
	SHOW(send(fd, big, 60, MSG_DONTWAIT | MSG_NOSIGNAL));
	return 0;
}
