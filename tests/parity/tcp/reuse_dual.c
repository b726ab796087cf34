/* One port and both families: wildcard and dual stack.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void go(int type, int v6only, bool v4_first, bool any4, bool any6)
{
	int port = quiet_port(AF_INET6, type);
	struct place four = any4 ? anywhere(AF_INET, port) : loopback(AF_INET, port);
	struct place six = any6 ? anywhere(AF_INET6, port) : loopback(AF_INET6, port);
	int a = type == SOCK_STREAM ? stream_socket(AF_INET) : dgram_socket(AF_INET);
	int b = type == SOCK_STREAM ? stream_socket(AF_INET6) :
				      dgram_socket(AF_INET6), r;

	set_option(b, IPPROTO_IPV6, IPV6_V6ONLY, v6only);
	if (v4_first) {
		MUST(bind(a, &four.any, four.length));
		r = bind(b, &six.any, six.length);
	} else {
		MUST(bind(b, &six.any, six.length));
		r = bind(a, &four.any, four.length);
	}
	say("%s v6only %d %s first, %s %s: %s",
		type == SOCK_STREAM ? "tcp" : "udp", v6only, v4_first ? "v4" : "v6",
		any4 ? "0.0.0.0" : "127.0.0.1", any6 ? "::" : "::1",
		r == 0 ? "0" : error_name(errno));
	close(a);
	close(b);
}

int main(void)
{
	for (int k = 0; k < 32; k++)
		go(k & 1 ? SOCK_DGRAM : SOCK_STREAM, k >> 1 & 1, k >> 2 & 1,
			k >> 3 & 1, k >> 4 & 1);
	return 0;
}
