/* IP_HDRINCL: what the kernel fills in, and what it leaves. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "echo.h"

static uint8_t p[64];

static size_t make(uint32_t src, uint32_t dst)
{
	struct iphdr h = { .version = 4, .ihl = 5, .tos = 4, .ttl = 9,
		.protocol = 253, .saddr = htonl(src), .daddr = htonl(dst),
		.tot_len = htons(999), .check = 1 };

	memcpy(p, &h, sizeof(h));
	memcpy(p + sizeof(h), "data", 4);
	return sizeof(h) + 4;
}

int main(void)
{
	int fd = MUST(socket(AF_INET, SOCK_RAW, IPPROTO_RAW));
	int ear = MUST(socket(AF_INET, SOCK_RAW, 253)), on = 1;
	struct sockaddr_in lo = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	size_t n = make(0, INADDR_LOOPBACK);

	say_option("IPPROTO_RAW", fd, IPPROTO_IP, IP_HDRINCL);
	say_option("others", ear, IPPROTO_IP, IP_HDRINCL);
	SHOW(sendto(fd, p, n, 0, (void *)&lo, sizeof(lo)));
	say_packets(ear, true);
	n = make(INADDR_LOOPBACK + 1, INADDR_LOOPBACK + 2);
	SHOW(sendto(fd, p, n, 0, (void *)&lo, sizeof(lo)));
	say_packets(ear, true);
	SHOW(sendto(fd, p, 19, 0, (void *)&lo, sizeof(lo)));
	p[0] = 0x4f; /* a header longer than the packet */
	SHOW(sendto(fd, p, n, 0, (void *)&lo, sizeof(lo)));
	MUST(setsockopt(ear, IPPROTO_IP, IP_HDRINCL, &on, sizeof(on)));
	say_option("set", ear, IPPROTO_IP, IP_HDRINCL);
	n = make(INADDR_LOOPBACK, INADDR_LOOPBACK);
	SHOW(sendto(ear, p, n, 0, (void *)&lo, sizeof(lo)));
	say_packets(ear, true);
	return 0;
}
