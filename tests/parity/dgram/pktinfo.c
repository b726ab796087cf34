/* IP_PKTINFO, IP_RECVTTL, IP_RECVTOS, IP_RECVORIGDSTADDR as they come.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

int main(void)
{
	struct place at, any = anywhere(AF_INET, 0), other;
	int a = dgram_socket(AF_INET), b = dgram_socket(AF_INET), tos = 0x28;

	MUST(bind(b, &any.any, any.length));
	at = loopback(AF_INET, place_port(&(struct place){ .v4 = own_place(b).v4 }));
	turn_on(b, IPPROTO_IP, IP_PKTINFO);
	turn_on(b, IPPROTO_IP, IP_RECVTTL);
	turn_on(b, IPPROTO_IP, IP_RECVTOS);
	turn_on(b, IPPROTO_IP, IP_RECVORIGDSTADDR);
	turn_on(b, IPPROTO_IP, IP_RECVOPTS);
	turn_on(b, IPPROTO_IP, IP_RETOPTS);
	MUST(setsockopt(a, IPPROTO_IP, IP_TOS, &tos, sizeof(tos)));
	MUST(sendto(a, "one", 3, 0, &at.any, at.length));
	say_message(b, 0, 256);
	other = place_of("127.0.0.9", place_port(&at));
	MUST(sendto(a, "two", 3, 0, &other.any, other.length));
	say_message(b, 0, 256);
	for (size_t room = 0; room <= 88; room += 11) {
		MUST(sendto(a, "cut", 3, 0, &at.any, at.length));
		say_message(b, 0, room);
	}
	return 0;
}
