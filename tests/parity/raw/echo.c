/* A raw ICMP socket pings 127.0.0.1: it sees its request and the reply. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "echo.h"

int main(void)
{
	int fd = MUST(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
	struct sockaddr_in lo = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	uint8_t m[16];

	echo_request(m, 8, 1);
	SHOW(sendto(fd, m, sizeof(m), 0, (void *)&lo, sizeof(lo)));
	say_packets(fd, true);
	m[2] ^= 1; /* a wrong checksum: heard, not answered */
	SHOW(sendto(fd, m, sizeof(m), 0, (void *)&lo, sizeof(lo)));
	say_packets(fd, true);
	return 0;
}
