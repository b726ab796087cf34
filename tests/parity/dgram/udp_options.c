/* UDP's own options: defaults and what they take.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

#ifndef UDP_NO_CHECK6_TX
#define UDP_NO_CHECK6_TX 101
#define UDP_NO_CHECK6_RX 102
#endif
#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#define UDP_GRO 104
#endif
#ifndef UDP_ENCAP
#define UDP_ENCAP 100
#endif

int main(void)
{
	static const int names[] = { UDP_CORK, UDP_ENCAP, UDP_NO_CHECK6_TX,
		UDP_NO_CHECK6_RX, UDP_SEGMENT, UDP_GRO, 77 };
	int fd = dgram_socket(AF_INET6), three = 3;
	char byte = 1;

	for (unsigned k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
		if (names[k] == UDP_ENCAP)
			continue;
		say("option %d", names[k]);
		say_option("by default", fd, IPPROTO_UDP, names[k]);
		SHOW(setsockopt(fd, IPPROTO_UDP, names[k], &byte, 1));
		SHOW(setsockopt(fd, IPPROTO_UDP, names[k], &three, sizeof(three)));
		say_option("then", fd, IPPROTO_UDP, names[k]);
	}
	return 0;
}
