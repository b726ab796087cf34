/* UDP_SEGMENT: one send, several datagrams.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

static void take_all(int fd)
{
	char got[5000];
	ssize_t n;

	while ((n = recv(settled(fd), got, sizeof(got), MSG_DONTWAIT)) >= 0)
		say("  datagram of %zd", n);
}

int main(void)
{
	static char big[65000];
	struct place at;
	int b = dgram_bound(AF_INET, &at), a = dgram_socket(AF_INET), size = 1000;
	uint16_t small = 3;

	say_option("by default", a, IPPROTO_UDP, UDP_SEGMENT);
	SHOW(setsockopt(a, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size)));
	SHOW(sendto(a, big, 3500, 0, &at.any, at.length));
	take_all(b);
	SHOW(sendto(a, big, 500, 0, &at.any, at.length));
	take_all(b);
	show_send("of three", a, &at, IPPROTO_UDP, UDP_SEGMENT, &small, 2);
	take_all(b);
	show_send("wrong size", a, &at, IPPROTO_UDP, UDP_SEGMENT, &size, 4);
	show_send("unknown", a, &at, IPPROTO_UDP, 99, &size, 4);
	size = 10;
	MUST(setsockopt(a, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size)));
	SHOW(sendto(a, big, 1280, 0, &at.any, at.length));
	SHOW(sendto(a, big, 1281, 0, &at.any, at.length));
	size = 65536;
	SHOW(setsockopt(a, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size)));
	size = -1;
	SHOW(setsockopt(a, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size)));
	turn_on(a, SOL_SOCKET, SO_NO_CHECK);
	SHOW(sendto(a, big, 100, 0, &at.any, at.length));
	return 0;
}
