/* IPv6's ancillary data, on datagrams of both families, and RFC 2292's.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

int main(void)
{
	struct place at, any = anywhere(AF_INET6, 0), mapped;
	int a = dgram_socket(AF_INET6), b = dgram_socket(AF_INET6), class = 0x20;

	MUST(bind(b, &any.any, any.length));
	at = own_place(b);
	mapped = place_of("::ffff:127.0.0.1", place_port(&at));
	at = loopback(AF_INET6, place_port(&at));
	turn_on(b, IPPROTO_IPV6, IPV6_RECVPKTINFO);
	turn_on(b, IPPROTO_IPV6, IPV6_RECVHOPLIMIT);
	turn_on(b, IPPROTO_IPV6, IPV6_RECVTCLASS);
	turn_on(b, IPPROTO_IPV6, IPV6_2292PKTINFO);
	turn_on(b, IPPROTO_IPV6, IPV6_2292HOPLIMIT);
	turn_on(b, IPPROTO_IPV6, IPV6_RECVHOPOPTS);
	turn_on(b, IPPROTO_IPV6, IPV6_RECVDSTOPTS);
	turn_on(b, IPPROTO_IPV6, IPV6_RECVRTHDR);
	turn_on(b, IPPROTO_IPV6, IPV6_RECVORIGDSTADDR);
	MUST(setsockopt(a, IPPROTO_IPV6, IPV6_TCLASS, &class, sizeof(class)));
	MUST(sendto(a, "six", 3, 0, &at.any, at.length));
	say_message(b, 0, 512);
	MUST(sendto(a, "four", 4, 0, &mapped.any, mapped.length));
	say_message(b, 0, 512);
	turn_on(b, IPPROTO_IP, IP_PKTINFO);
	turn_on(b, IPPROTO_IP, IP_RECVTTL);
	MUST(sendto(a, "four", 4, 0, &mapped.any, mapped.length));
	say_message(b, 0, 512);
	return 0;
}
