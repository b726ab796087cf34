/* A protocol of one's own between raw sockets: header, TTL, TOS, sizes. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "echo.h"

int main(void)
{
	int fd = MUST(socket(AF_INET, SOCK_RAW, 253));
	int other = MUST(socket(AF_INET, SOCK_RAW, 253));
	int stranger = MUST(socket(AF_INET, SOCK_RAW, 254)), v = 7;
	struct sockaddr_in lo = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	SHOW(sendto(fd, "hello", 5, 0, (void *)&lo, sizeof(lo)));
	say("sender");
	say_packets(fd, true);
	say("other");
	say_packets(other, true);
	say("stranger");
	say_packets(stranger, true);
	MUST(setsockopt(fd, IPPROTO_IP, IP_TTL, &v, sizeof(v)));
	v = 0x48;
	MUST(setsockopt(fd, IPPROTO_IP, IP_TOS, &v, sizeof(v)));
	v = IP_PMTUDISC_DONT;
	MUST(setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &v, sizeof(v)));
	SHOW(sendto(fd, "", 0, 0, (void *)&lo, sizeof(lo)));
	say_packets(other, true);
	return 0;
}
