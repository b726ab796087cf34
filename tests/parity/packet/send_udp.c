/* A frame with a whole UDP datagram, sent on lo, comes to a UDP socket; the sender sees
 * it come in, but not go out. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "frames.h"

#define HEADERS (14 + 40 + 8)

static void checksum(uint8_t *f, size_t len)
{
	uint8_t *udp = f + 54, *at = f + 60;
	uint32_t s = (uint32_t)(len - 54) + IPPROTO_UDP;

	for (const uint8_t *p = f + 22; p < udp; p += 2) /* the addresses */
		s += (uint32_t)p[0] << 8 | p[1];
	for (const uint8_t *p = udp; p < f + len; p += 2)
		s += (uint32_t)p[0] << 8 | p[1];
	s = (s & 0xffff) + (s >> 16);
	s = ~(s + (s >> 16));
	at[0] = (uint8_t)(s >> 8);
	at[1] = (uint8_t)s;
}

int main(void)
{
	uint8_t f[HEADERS + 4] = { [12] = 0x86, 0xdd, 0x60, [19] = 12, 17, 64,
		[37] = 1, [53] = 1, 0x12, 0x34, 0, 0, 0, 12, 0, 0, 'd', 'a', 't', 'a' };
	int udp = MUST(socket(AF_INET6, SOCK_DGRAM, 0));
	struct sockaddr_in6 in = { .sin6_family = AF_INET6,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct sockaddr_ll ll = { .sll_family = AF_PACKET, .sll_ifindex = LO };
	int fd = packet_on(SOCK_RAW, ETH_P_ALL, LO), on = 1;
	int other = packet_on(SOCK_RAW, ETH_P_ALL, LO);
	socklen_t len = sizeof(in);
	uint8_t buf[100];

	MUST(bind(udp, (void *)&in, sizeof(in)));
	MUST(getsockname(udp, (void *)&in, &len));
	memcpy(f + 56, &in.sin6_port, 2);
	checksum(f, sizeof(f));
	SHOW(sendto(fd, f, sizeof(f), 0, (void *)&ll, sizeof(ll)));
	SHOW(recvfrom(udp, buf, sizeof(buf), 0, (void *)&in, &len));
	say("%.4s from port %d", (char *)buf, ntohs(in.sin6_port));
	next_frame(fd, buf, sizeof(buf), 0);
	next_frame(other, buf, sizeof(buf), 0);
	next_frame(other, buf, sizeof(buf), 0);
	say("with PACKET_QDISC_BYPASS nobody sees it go out");
	MUST(setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof(on)));
	SHOW(sendto(fd, f, sizeof(f), 0, (void *)&ll, sizeof(ll)));
	SHOW(recv(udp, buf, sizeof(buf), 0));
	next_frame(other, buf, sizeof(buf), 0);
	SHOW(recv(other, buf, sizeof(buf), MSG_DONTWAIT));
	return 0;
}
