/* IPV6_CHECKSUM: range, and filled in. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "echo.h"

static void set(int fd, int v)
{
	say("%d", v);
	SHOW(setsockopt(fd, IPPROTO_IPV6, IPV6_CHECKSUM, &v, sizeof(v)));
}

int main(void)
{
	int fd = MUST(socket(AF_INET6, SOCK_RAW, 253));
	int plain = MUST(socket(AF_INET6, SOCK_RAW, 253));
	int icmp = MUST(socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6));
	struct sockaddr_in6 lo = { .sin6_family = AF_INET6,
		.sin6_addr = in6addr_loopback };

	say_option("default", fd, IPPROTO_IPV6, IPV6_CHECKSUM);
	say_option("of ICMPv6", icmp, IPPROTO_IPV6, IPV6_CHECKSUM);
	set(icmp, 2);
	set(fd, 3);
	set(fd, -5);
	say_option("off", fd, IPPROTO_IPV6, IPV6_CHECKSUM);
	set(fd, 4);
	say_option("on", fd, IPPROTO_IPV6, IPV6_CHECKSUM);
	SHOW(sendto(fd, "abcd\0\0gh", 8, 0, (void *)&lo, sizeof(lo)));
	say_packets(fd, false);
	SHOW(sendto(fd, "abcd", 4, 0, (void *)&lo, sizeof(lo)));
	/* Who wants it filled in hears only what has it. */
	SHOW(sendto(plain, "no sum at all", 13, 0, (void *)&lo, sizeof(lo)));
	say("without");
	say_packets(plain, false);
	say("with");
	say_packets(fd, false);
	return 0;
}
