/* IP_RECVTTL and IP_RECVTOS tell of the ICMP message, too.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

int main(void)
{
	int fd = dgram_socket(AF_INET), six = dgram_socket(AF_INET6);
	struct place to = loopback(AF_INET, quiet_port(AF_INET, SOCK_DGRAM));
	struct place to6 = loopback(AF_INET6, quiet_port(AF_INET6, SOCK_DGRAM));

	turn_on(fd, IPPROTO_IP, IP_RECVERR);
	turn_on(fd, IPPROTO_IP, IP_RECVTTL);
	turn_on(fd, IPPROTO_IP, IP_RECVTOS);
	SHOW(sendto(fd, "four", 4, 0, &to.any, to.length));
	say_message(fd, MSG_ERRQUEUE, 256);
	turn_on(six, IPPROTO_IPV6, IPV6_RECVERR);
	turn_on(six, IPPROTO_IPV6, IPV6_RECVHOPLIMIT);
	SHOW(sendto(six, "six", 3, 0, &to6.any, to6.length));
	say_message(six, MSG_ERRQUEUE, 256);
	return 0;
}
