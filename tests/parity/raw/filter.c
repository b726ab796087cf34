/* ICMP_FILTER: types that are not heard. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "echo.h"

#define FILTER 1 /* ICMP_FILTER */

int main(void)
{
	int fd = MUST(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
	int other = MUST(socket(AF_INET, SOCK_RAW, 253));
	struct sockaddr_in lo = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	uint32_t mask = 1u << 8, got = 0;
	uint64_t twice = 0;
	socklen_t len = sizeof(got);
	uint8_t m[16];

	SHOW(getsockopt(fd, SOL_RAW, FILTER, &got, &len));
	say("%x %u", got, len);
	SHOW(setsockopt(fd, SOL_RAW, FILTER, &mask, sizeof(mask)));
	SHOW(getsockopt(fd, SOL_RAW, FILTER, &got, &len));
	say("%x %u", got, len);
	len = sizeof(twice);
	SHOW(getsockopt(fd, SOL_RAW, FILTER, &twice, &len));
	say("%u", len);
	SHOW(setsockopt(other, SOL_RAW, FILTER, &mask, sizeof(mask)));
	SHOW(getsockopt(other, SOL_RAW, FILTER, &got, &len));
	SHOW(setsockopt(fd, SOL_RAW, 99, &mask, sizeof(mask)));
	SHOW(getsockopt(fd, SOL_RAW, 99, &got, &len));
	echo_request(m, 8, 3);
	SHOW(sendto(fd, m, sizeof(m), 0, (void *)&lo, sizeof(lo)));
	say_packets(fd, true);
	mask = ~0u;
	SHOW(setsockopt(fd, SOL_RAW, FILTER, &mask, sizeof(mask)));
	SHOW(sendto(fd, m, sizeof(m), 0, (void *)&lo, sizeof(lo)));
	say_packets(fd, true);
	return 0;
}
