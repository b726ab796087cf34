/* IP_OPTIONS: none at first, none again, and what are no options. IPV6_MTU: of a
 * connection alone.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

static void no_options(const char *what, int fd)
{
	static const uint8_t bad[][4] = {
		{ 0x83, 3, 3, 0 },  /* a loose source route whose pointer is before it */
		{ 0x83, 2, 4, 0 },  /* with no room for a pointer */
		{ 0x44, 1, 5, 0 },  /* a time stamp shorter than itself */
		{ 0x07, 9, 4, 0 },  /* a record of the route beyond the end */
	};
	uint8_t many[44] = { 0 };

	for (socklen_t room = 0; room <= 40; room += 8)
		each_get(what, fd, IPPROTO_IP, IP_OPTIONS, room);
	for (int k = 0; k < N(bad); k++)
		SHOW(setsockopt(fd, IPPROTO_IP, IP_OPTIONS, bad[k], 4));
	SHOW(setsockopt(fd, IPPROTO_IP, IP_OPTIONS, many, 41));
	SHOW(setsockopt(fd, IPPROTO_IP, IP_OPTIONS, many, sizeof(many)));
	SHOW(setsockopt(fd, IPPROTO_IP, IP_OPTIONS, many, 0));
	SHOW(setsockopt(fd, IPPROTO_IP, IP_OPTIONS, NULL, 0));
	each_get(what, fd, IPPROTO_IP, IP_OPTIONS, 40);
}

int main(void)
{
	int fd[2];

	for (int k = 0; k < 2; k++)
		no_options(each_kinds[k].name, each_socket(k));
	dgram_pair(AF_INET6, fd);
	say_option("of a connection", fd[0], IPPROTO_IPV6, IPV6_MTU);
	say_option("of none", each_socket(3), IPPROTO_IPV6, IPV6_MTU);
}
