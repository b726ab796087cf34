/* What sendto() refuses, in which order.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

int main(void)
{
	static char big[70000];
	struct place at, six = loopback(AF_INET6, 9), zero = loopback(AF_INET, 0);
	struct place bcast = place_of("255.255.255.255", 9);
	struct place brd = place_of("127.255.255.255", 9);
	struct place far = place_of("192.0.2.1", 9), group = place_of("224.1.2.3", 9);
	struct place group6 = place_of("ff02::5", 9), far6 = place_of("2001:db8::1", 9);
	struct place link = place_of("fe80::1", 9), nobody = place_of("0.0.0.0", 9);
	int b = dgram_bound(AF_INET, &at), a = dgram_socket(AF_INET);
	int s = dgram_socket(AF_INET6);

	SHOW(send(a, "x", 1, 0));
	SHOW(sendto(a, "x", 1, 0, &at.any, 8));
	SHOW(sendto(a, "x", 1, 0, &six.any, six.length));
	SHOW(sendto(a, "x", 1, 0, &zero.any, zero.length));
	SHOW(sendto(a, "x", 1, 0, &far.any, far.length));
	SHOW(sendto(a, "x", 1, 0, &bcast.any, bcast.length));
	SHOW(sendto(a, "x", 1, 0, &brd.any, brd.length));
	SHOW(sendto(a, "x", 1, 0, &group.any, group.length));
	SHOW(sendto(a, "x", 1, 0, &nobody.any, nobody.length));
	SHOW(sendto(a, big, 65507, 0, &at.any, at.length));
	SHOW(sendto(a, big, 65508, 0, &at.any, at.length));
	SHOW(sendto(a, big, 65536, 0, &at.any, at.length));
	SHOW(sendto(a, big, 65536, 0, &zero.any, zero.length));
	SHOW(sendto(s, "x", 1, 0, &far6.any, far6.length));
	SHOW(sendto(s, "x", 1, 0, &link.any, link.length));
	SHOW(sendto(s, "x", 1, 0, &group6.any, group6.length));
	SHOW(sendto(s, big, 65527, 0, &six.any, six.length));
	SHOW(sendto(s, big, 65528, 0, &six.any, six.length));
	SHOW(sendto(s, "x", 1, 0, &six.any, 20));
	SHOW(recv(settled(b), big, sizeof(big), MSG_DONTWAIT));
	return 0;
}
