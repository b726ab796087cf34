/* A raw ICMPv6 socket pings ::1; the kernel fills in the checksum. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "echo.h"

int main(void)
{
	int fd = MUST(socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6));
	struct sockaddr_in6 lo = { .sin6_family = AF_INET6,
		.sin6_addr = in6addr_loopback };
	uint8_t m[16];

	echo_request(m, 128, 1);
	SHOW(sendto(fd, m, sizeof(m), 0, (void *)&lo, sizeof(lo)));
	say_packets(fd, false);
	lo.sin6_port = htons(17);
	SHOW(sendto(fd, m, sizeof(m), 0, (void *)&lo, sizeof(lo)));
	lo.sin6_port = htons(IPPROTO_ICMPV6);
	SHOW(sendto(fd, m, sizeof(m), 0, (void *)&lo, sizeof(lo)));
	return 0;
}
