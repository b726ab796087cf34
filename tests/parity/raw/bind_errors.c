/* bind() on raw sockets: addresses of others, short ones, other families. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void try4(int fd, const char *text)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };

	inet_pton(AF_INET, text, &sa.sin_addr);
	say_result(text, bind(fd, (void *)&sa, sizeof(sa)));
}

static void try6(int fd, const char *text)
{
	struct sockaddr_in6 sa = { .sin6_family = AF_INET6 };

	inet_pton(AF_INET6, text, &sa.sin6_addr);
	say_result(text, bind(fd, (void *)&sa, sizeof(sa)));
}

int main(void)
{
	int fd = MUST(socket(AF_INET, SOCK_RAW, 253));
	int six = MUST(socket(AF_INET6, SOCK_RAW, 253));
	struct sockaddr_in sa = { .sin_family = AF_INET };
	struct sockaddr_in6 sa6 = { .sin6_family = AF_INET6 };

	try4(fd, "192.0.2.77");
	try4(fd, "127.0.0.2");
	try4(fd, "0.0.0.0");
	try4(fd, "255.255.255.255");
	try4(fd, "224.0.0.1");
	SHOW(bind(fd, (void *)&sa, sizeof(sa) - 1));
	try6(six, "2001:db8::1");
	try6(six, "::1");
	try6(six, "::");
	try6(six, "::ffff:127.0.0.1");
	try6(six, "fe80::1");
	SHOW(bind(six, (void *)&sa6, 20));
	SHOW(bind(six, (void *)&sa, sizeof(sa)));
	return 0;
}
