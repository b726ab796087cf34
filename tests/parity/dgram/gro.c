/* UDP_GRO: what UDP_SEGMENT would cut comes whole, with its size.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#define UDP_GRO 104
#endif

int main(void)
{
	struct place at;
	int b = dgram_bound(AF_INET, &at), a = dgram_socket(AF_INET), size = 10;
	static char text[] = "0123456789abcdefghijKLMNOPQRST*";

	say_option("by default", b, IPPROTO_UDP, UDP_GRO);
	turn_on(b, IPPROTO_UDP, UDP_GRO);
	MUST(setsockopt(a, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size)));
	SHOW(sendto(a, text, 31, 0, &at.any, at.length));
	say_message(b, MSG_DONTWAIT, 256);
	say_message(b, MSG_DONTWAIT, 256);
	SHOW(sendto(a, text, 10, 0, &at.any, at.length));
	say_message(b, MSG_DONTWAIT, 256);
	return 0;
}
