/* Options that only raw sockets have, and those of others. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void set(const char *what, int fd, int level, int name)
{
	int one = 1;

	say_result(what, setsockopt(fd, level, name, &one, sizeof(one)));
}

int main(void)
{
	int fd = MUST(socket(AF_INET, SOCK_RAW, 253));
	int six = MUST(socket(AF_INET6, SOCK_RAW, 253));
	int udp = MUST(socket(AF_INET, SOCK_DGRAM, 0));

	set("HDRINCL on UDP", udp, IPPROTO_IP, IP_HDRINCL);
	set("HDRINCL on raw", fd, IPPROTO_IP, IP_HDRINCL);
	set("UDP_CORK on raw", fd, IPPROTO_UDP, UDP_CORK);
	set("TCP_NODELAY on raw", fd, IPPROTO_TCP, TCP_NODELAY);
	set("IPV6_HDRINCL", six, IPPROTO_IPV6, 36);
	say_option("IPV6_HDRINCL", six, IPPROTO_IPV6, 36);
	set("IPV6_V6ONLY", six, IPPROTO_IPV6, IPV6_V6ONLY);
	set("IP_TTL", fd, IPPROTO_IP, IP_TTL);
	say_option("IP_TTL", fd, IPPROTO_IP, IP_TTL);
	set("SO_BROADCAST", fd, SOL_SOCKET, SO_BROADCAST);
	say_option("SO_RCVBUF", fd, SOL_SOCKET, SO_RCVBUF);
	say_option("SO_ERROR", fd, SOL_SOCKET, SO_ERROR);
	return 0;
}
