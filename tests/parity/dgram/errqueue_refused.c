/* The error queue of a UDP socket whose datagrams nobody takes: both families.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

static void look(int family)
{
	int fd = dgram_socket(family);
	struct place to = loopback(family, quiet_port(family, SOCK_DGRAM));

	say("family %d", family);
	turn_on(fd, family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6,
		family == AF_INET ? IP_RECVERR : IPV6_RECVERR);
	say_message(fd, MSG_ERRQUEUE, 256);
	SHOW(sendto(fd, "payload", 7, 0, &to.any, to.length));
	say_poll("error waits", fd);
	say_message(fd, MSG_ERRQUEUE, 256);
	say_poll("taken", fd);
	say_so_error("after the queue was read", fd);
	SHOW(sendto(fd, "again", 5, 0, &to.any, to.length));
	say_so_error("SO_ERROR first", fd);
	say_poll("the report stays", fd);
	say_message(fd, MSG_ERRQUEUE, 256);
	say_poll("empty", fd);
	close(fd);
}

int main(void)
{
	look(AF_INET);
	look(AF_INET6);
	return 0;
}
