/* Sends that fail on raw sockets: sizes, addresses, flags. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	static char big[70000];
	int fd = MUST(socket(AF_INET, SOCK_RAW, 253));
	struct sockaddr_in lo = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_in far = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(0xc0000201) };
	struct sockaddr_in all = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_BROADCAST) };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };

	SHOW(send(fd, "x", 1, 0));
	SHOW(sendto(fd, "x", 1, 0, (void *)&lo, 8));
	SHOW(sendto(fd, "x", 1, 0, (void *)&six, sizeof(six)));
	SHOW(sendto(fd, "x", 1, 0, (void *)&far, sizeof(far)));
	SHOW(sendto(fd, "x", 1, 0, (void *)&all, sizeof(all)));
	SHOW(sendto(fd, "x", 1, MSG_OOB, (void *)&lo, sizeof(lo)));
	SHOW(sendto(fd, big, 65515, 0, (void *)&lo, sizeof(lo)));
	SHOW(sendto(fd, big, 65516, 0, (void *)&lo, sizeof(lo)));
	SHOW(sendto(fd, big, 70000, 0, (void *)&lo, sizeof(lo)));
	SHOW(recv(fd, big, sizeof(big), 0));
	SHOW(recv(fd, big, sizeof(big), MSG_DONTWAIT));
	SHOW(recv(fd, big, sizeof(big), MSG_OOB | MSG_DONTWAIT));
	return 0;
}
