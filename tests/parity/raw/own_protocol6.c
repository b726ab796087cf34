/* A protocol of one's own over IPv6: no header is received. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "echo.h"

int main(void)
{
	int fd = MUST(socket(AF_INET6, SOCK_RAW, 253));
	int other = MUST(socket(AF_INET6, SOCK_RAW, 253));
	struct sockaddr_in6 lo = { .sin6_family = AF_INET6,
		.sin6_addr = in6addr_loopback };
	struct sockaddr_in v4 = { .sin_family = AF_INET };

	SHOW(sendto(fd, "hello", 5, 0, (void *)&lo, sizeof(lo)));
	say_packets(fd, false);
	say_packets(other, false);
	SHOW(sendto(fd, "hello", 5, 0, (void *)&v4, sizeof(v4)));
	SHOW(sendto(fd, "hello", 5, 0, NULL, 0));
	SHOW(sendto(fd, "hello", 5, 0, (void *)&lo, 8));
	return 0;
}
