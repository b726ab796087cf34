/* A datagram to oneself as packet sockets see it: out and in, by protocol. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "frames.h"

static void show(const char *what, int fd, int frames)
{
	uint8_t b[2000];

	say("%s:", what);
	for (int k = 0; k < frames; k++) {
		int n = next_frame(fd, b, sizeof(b), 0);

		say("  type %02x%02x, IP version %d, protocol %d, payload %.*s", b[12],
			b[13], b[14] >> 4, b[23], n - 42, (char *)b + 42);
	}
	SHOW(recv(fd, b, sizeof(b), MSG_DONTWAIT));
}

int main(void)
{
	int all = packet_on(SOCK_RAW, ETH_P_ALL, LO), on = 1;
	int everywhere = packet_on(SOCK_RAW, ETH_P_ALL, 0);
	int ip = packet_on(SOCK_RAW, ETH_P_IP, LO);
	int ipv6 = packet_on(SOCK_RAW, ETH_P_IPV6, LO);
	int none = MUST(socket(AF_PACKET, SOCK_RAW, 0));
	int in_only = packet_on(SOCK_RAW, ETH_P_ALL, LO);
	int udp = udp_to_itself();
	char buf[10];

	MUST(setsockopt(in_only, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on)));
	SHOW(send(udp, "hello", 5, 0));
	SHOW(recv(udp, buf, sizeof(buf), 0));
	show("all protocols", all, 2);
	show("on all interfaces", everywhere, 2);
	show("IPv4 alone: only what comes in", ip, 1);
	show("what comes in", in_only, 1);
	SHOW(recv(ipv6, buf, sizeof(buf), MSG_DONTWAIT));
	SHOW(recv(none, buf, sizeof(buf), MSG_DONTWAIT));
	return 0;
}
