/* An IPv6 socket and an IPv4 peer: whose RECVERR counts.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

static void look(int level, int name)
{
	int fd = dgram_socket(AF_INET6);
	struct place to = place_of("::ffff:127.0.0.1",
		quiet_port(AF_INET, SOCK_DGRAM));

	turn_on(fd, level, name);
	SHOW(sendto(fd, "payload", 7, 0, &to.any, to.length));
	say_poll("then", fd);
	say_message(fd, MSG_ERRQUEUE, 256);
	close(fd);
}

int main(void)
{
	say("IPV6_RECVERR");
	look(IPPROTO_IPV6, IPV6_RECVERR);
	say("IP_RECVERR");
	look(IPPROTO_IP, IP_RECVERR);
	return 0;
}
