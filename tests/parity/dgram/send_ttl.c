/* Hop limit and class for one datagram; what is refused.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

int main(void)
{
	struct place at, at6;
	int b = dgram_bound(AF_INET, &at), a = dgram_socket(AF_INET);
	int b6 = dgram_bound(AF_INET6, &at6), a6 = dgram_socket(AF_INET6);
	char byte = 8;

	turn_on(b, IPPROTO_IP, IP_RECVTTL);
	turn_on(b, IPPROTO_IP, IP_RECVTOS);
	turn_on(b6, IPPROTO_IPV6, IPV6_RECVHOPLIMIT);
	turn_on(b6, IPPROTO_IPV6, IPV6_RECVTCLASS);
	show_send_int("ttl 9", a, &at, IPPROTO_IP, IP_TTL, 9);
	say_message(b, MSG_DONTWAIT, 256);
	show_send_int("tos 4", a, &at, IPPROTO_IP, IP_TOS, 4);
	say_message(b, MSG_DONTWAIT, 256);
	show_send("tos of one byte", a, &at, IPPROTO_IP, IP_TOS, &byte, 1);
	say_message(b, MSG_DONTWAIT, 256);
	show_send_int("ttl 0", a, &at, IPPROTO_IP, IP_TTL, 0);
	show_send_int("ttl 256", a, &at, IPPROTO_IP, IP_TTL, 256);
	show_send_int("tos -1", a, &at, IPPROTO_IP, IP_TOS, -1);
	show_send("ttl of one byte", a, &at, IPPROTO_IP, IP_TTL, &byte, 1);
	show_send_int("hop limit 7", a6, &at6, IPPROTO_IPV6, IPV6_HOPLIMIT, 7);
	say_message(b6, MSG_DONTWAIT, 256);
	show_send_int("class 3", a6, &at6, IPPROTO_IPV6, IPV6_TCLASS, 3);
	say_message(b6, MSG_DONTWAIT, 256);
	show_send_int("hop limit -1", a6, &at6, IPPROTO_IPV6, IPV6_HOPLIMIT, -1);
	say_message(b6, MSG_DONTWAIT, 256);
	show_send_int("hop limit -2", a6, &at6, IPPROTO_IPV6, IPV6_HOPLIMIT, -2);
	show_send_int("class 256", a6, &at6, IPPROTO_IPV6, IPV6_TCLASS, 256);
	show_send_int("dontfrag 2", a6, &at6, IPPROTO_IPV6, IPV6_DONTFRAG, 2);
	show_send_int("dontfrag 1", a6, &at6, IPPROTO_IPV6, IPV6_DONTFRAG, 1);
	show_send_int("unknown", a6, &at6, IPPROTO_IPV6, 123, 1);
	show_send_int("other level", a6, &at6, IPPROTO_IP, IP_TTL, 1);
	show_send_int("unknown to IPv4", a, &at, IPPROTO_IP, 123, 1);
	show_send_int("socket level", a, &at, SOL_SOCKET, SO_KEEPALIVE, 1);
	show_send_int("TCP's level", a, &at, IPPROTO_TCP, 1, 1);
	return 0;
}
