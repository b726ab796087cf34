/* IPV6_DONTFRAG and IPV6_RECVPATHMTU: what was too long is told.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

int main(void)
{
	static char big[65536];
	struct place at;
	int b = dgram_bound(AF_INET6, &at), a = dgram_socket(AF_INET6);

	say_option("by default", a, IPPROTO_IPV6, IPV6_DONTFRAG);
	turn_on(a, IPPROTO_IPV6, IPV6_DONTFRAG);
	turn_on(a, IPPROTO_IPV6, IPV6_RECVPATHMTU);
	SHOW(sendto(a, big, 65488, 0, &at.any, at.length));
	SHOW(sendto(a, big, 65489, 0, &at.any, at.length));
	say_message(a, MSG_DONTWAIT, 256);
	say_message(a, MSG_DONTWAIT, 256);
	SHOW(recv(settled(b), big, sizeof(big), MSG_DONTWAIT));
	return 0;
}
