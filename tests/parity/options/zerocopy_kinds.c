/* SO_ZEROCOPY is of streams and UDP; level IPPROTO_IP not of raw IPv6 sockets. Needs
 * root for the raw ones.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../say.h"

#include "../ends.h"

static void ask(int fd)
{
	static const int ip[] = { IP_TOS, IP_TTL, IP_RECVERR, IP_MTU_DISCOVER };
	int two = 2, zero = 0, v;
	socklen_t len = sizeof(v);

	SHOW(setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &two, sizeof(two)));
	SHOW(setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &zero, sizeof(zero)));
	SHOW(getsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &v, &len));
	for (unsigned k = 0; k < 4; k++) {
		SHOW(setsockopt(fd, IPPROTO_IP, ip[k], "", 0));
		SHOW(setsockopt(fd, IPPROTO_IP, ip[k], &zero, sizeof(zero)));
		SHOW(getsockopt(fd, IPPROTO_IP, ip[k], &v, &len));
	}
	close(fd);
}

int main(void)
{
	say("TCP");
	ask(MUST(socket(AF_INET, SOCK_STREAM, 0)));
	say("TCP over IPv6");
	ask(MUST(socket(AF_INET6, SOCK_STREAM, 0)));
	say("UDP");
	ask(MUST(socket(AF_INET, SOCK_DGRAM, 0)));
	say("raw");
	ask(MUST(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)));
	say("raw over IPv6");
	ask(MUST(socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6)));
	return 0;
}
