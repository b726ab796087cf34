/* IP_ROUTER_ALERT and IPV6_ROUTER_ALERT: on which raw sockets, and how often. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family, int type, int protocol, int level, int name)
{
	static const int values[] = { 1, 1, 0, 0, 5, -1, -1, 0, 7, -1 };
	int fd = MUST(socket(family, type, protocol));

	say("family %d, type %d, protocol %d", family, type, protocol);
	for (size_t k = 0; k < sizeof(values) / sizeof(values[0]); k++) {
		say("%d:", values[k]);
		SHOW(setsockopt(fd, level, name, &values[k], sizeof(int)));
		say_option("then", fd, level, name);
	}
	close(fd);
}

int main(void)
{
	look(AF_INET, SOCK_RAW, 253, IPPROTO_IP, IP_ROUTER_ALERT);
	look(AF_INET, SOCK_RAW, IPPROTO_RAW, IPPROTO_IP, IP_ROUTER_ALERT);
	look(AF_INET6, SOCK_RAW, 253, IPPROTO_IPV6, IPV6_ROUTER_ALERT);
	look(AF_INET6, SOCK_RAW, IPPROTO_RAW, IPPROTO_IPV6, IPV6_ROUTER_ALERT);
	return 0;
}
