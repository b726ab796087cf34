/* What an accepted socket has from its listener.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

int main(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(a);
	int l = each_socket(0), c = each_socket(0), s;
	static const int v[][3] = { { SOL_SOCKET, SO_KEEPALIVE, 1 },
		{ SOL_SOCKET, SO_OOBINLINE, 1 }, { SOL_SOCKET, SO_PRIORITY, 3 },
		{ SOL_SOCKET, SO_RCVLOWAT, 7 }, { SOL_SOCKET, SO_BUSY_POLL, 5 },
		{ SOL_SOCKET, SO_DONTROUTE, 1 }, { SOL_SOCKET, SO_BUF_LOCK, 2 },
		{ IPPROTO_TCP, TCP_NODELAY, 1 }, { IPPROTO_TCP, TCP_KEEPIDLE, 99 },
		{ IPPROTO_TCP, TCP_USER_TIMEOUT, 1234 },
		{ IPPROTO_TCP, TCP_LINGER2, 9 }, { IPPROTO_TCP, TCP_SYNCNT, 2 },
		{ IPPROTO_IP, IP_TTL, 33 }, { IPPROTO_IP, IP_TOS, 16 },
		{ IPPROTO_IP, IP_FREEBIND, 1 } };

	for (int k = 0; k < N(v); k++)
		MUST(setsockopt(l, v[k][0], v[k][1], &v[k][2], 4));
	MUST(bind(l, (struct sockaddr *)&a, sizeof(a)));
	MUST(listen(l, 5));
	MUST(getsockname(l, (struct sockaddr *)&a, &n));
	MUST(connect(c, (struct sockaddr *)&a, sizeof(a)));
	s = MUST(accept(l, NULL, NULL));
	for (int k = 0; k < N(v); k++) {
		char what[40];

		snprintf(what, sizeof(what), "level %d option %d", v[k][0], v[k][1]);
		say_option(what, s, v[k][0], v[k][1]);
	}
}
