/* ICMP6_FILTER: only what is wanted. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "echo.h"

#include <netinet/icmp6.h>

int main(void)
{
	int fd = MUST(socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6));
	int other = MUST(socket(AF_INET6, SOCK_RAW, 253));
	struct sockaddr_in6 lo = { .sin6_family = AF_INET6,
		.sin6_addr = in6addr_loopback };
	struct icmp6_filter f, got;
	socklen_t len = sizeof(got);
	uint8_t m[16];

	SHOW(getsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &got, &len));
	say("%x %u", got.icmp6_filt[0], len);
	ICMP6_FILTER_SETBLOCKALL(&f);
	ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &f);
	SHOW(setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &f, sizeof(f)));
	SHOW(getsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &got, &len));
	say("%d", memcmp(&f, &got, sizeof(f)));
	SHOW(setsockopt(other, IPPROTO_ICMPV6, ICMP6_FILTER, &f, sizeof(f)));
	echo_request(m, 128, 3);
	SHOW(sendto(fd, m, sizeof(m), 0, (void *)&lo, sizeof(lo)));
	say_packets(fd, false);
	return 0;
}
