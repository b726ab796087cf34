/* SOCK_DGRAM packet sockets: frames without the link header, in and out. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "frames.h"

int main(void)
{
	int in = packet_on(SOCK_DGRAM, ETH_P_ALL, LO);
	int raw = packet_on(SOCK_RAW, ETH_P_OURS, LO);
	int out = MUST(socket(AF_PACKET, SOCK_DGRAM, 0));
	struct sockaddr_ll ll = { .sll_family = AF_PACKET, .sll_ifindex = LO,
		.sll_protocol = htons(ETH_P_OURS), .sll_halen = 6,
		.sll_addr = { 2, 0, 0, 0, 0, 9 } };
	uint8_t b[100];

	only_ours(in);
	SHOW(sendto(out, "payload", 7, 0, (void *)&ll, sizeof(ll)));
	next_frame(in, b, sizeof(b), 0);
	say("  %.7s", (char *)b);
	next_frame(in, b, sizeof(b), 0);
	next_frame(raw, b, sizeof(b), 0);
	say("  to %02x..%02x from %02x..%02x type %02x%02x %.7s", b[0], b[5], b[6],
		b[11], b[12], b[13], (char *)b + 14);
	ll.sll_halen = 0; /* no address: lo does without */
	SHOW(sendto(out, "again", 5, 0, (void *)&ll, sizeof(ll)));
	next_frame(raw, b, sizeof(b), 0);
	say("  to %02x..%02x %.5s", b[0], b[5], (char *)b + 14);
	return 0;
}
