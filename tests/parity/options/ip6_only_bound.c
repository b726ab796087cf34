/* IPV6_V6ONLY is on as soon as a socket has an address of IPv6's own; not when it has any,
 * or one of IPv4.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../say.h"

static void bound(const char *what, int type, const char *text)
{
	int fd = MUST(socket(AF_INET6, type, 0));
	struct place at = place_of(text, 0);

	say_option("before", fd, IPPROTO_IPV6, IPV6_V6ONLY);
	SHOW_AS(what, bind(fd, &at.any, at.length));
	say_option(text, fd, IPPROTO_IPV6, IPV6_V6ONLY);
	at = place_of("::ffff:127.0.0.1", 9);
	if (type == SOCK_DGRAM)
		SHOW(connect(fd, &at.any, at.length));
	close(fd);
}

int main(void)
{
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM };

	for (int k = 0; k < 2; k++) {
		bound("own", types[k], "::1");
		bound("any", types[k], "::");
		bound("mapped", types[k], "::ffff:127.0.0.1");
		bound("mapped any", types[k], "::ffff:0.0.0.0");
	}
	return 0;
}
