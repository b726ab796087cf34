/* Too long for the way with IP_PMTUDISC_DO: a report of our own.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

int main(void)
{
	static char big[70000];
	int fd = dgram_socket(AF_INET6), two = IPV6_PMTUDISC_DO;
	struct place to = loopback(AF_INET6, 0);
	int peer = dgram_bound(AF_INET6, &to);

	turn_on(fd, IPPROTO_IPV6, IPV6_RECVERR);
	MUST(setsockopt(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &two, sizeof(two)));
	SHOW(sendto(fd, big, 65488, 0, &to.any, to.length));
	SHOW(sendto(fd, big, 65489, 0, &to.any, to.length));
	say_poll("then", fd);
	say_message(fd, MSG_ERRQUEUE, 256);
	say_message(fd, MSG_ERRQUEUE, 256);
	SHOW(recv(settled(peer), big, sizeof(big), MSG_DONTWAIT));
	return 0;
}
