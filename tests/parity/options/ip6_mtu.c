/* IPV6_MTU to set: what it takes, and what a datagram that may not be cut has to do with
 * it; those that may be come whole.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

static void set(int fd, int v)
{
	say("%d", v);
	SHOW(setsockopt(fd, IPPROTO_IPV6, IPV6_MTU, &v, sizeof(v)));
}

static void sizes(int from, int to)
{
	static const int each[] = { 1232, 1233, 1400, 1452, 1453, 5000 };
	static char b[6000];

	for (unsigned k = 0; k < sizeof(each) / sizeof(each[0]); k++) {
		int r = SHOW(send(from, b, (size_t)each[k], 0));

		if (r < 0)
			continue;
		await(to, POLLIN);
		SHOW(recv(to, b, sizeof(b), MSG_DONTWAIT));
	}
}

static void with(const char *what, int from, int to, int option, int v, int mtu)
{
	say("%s, %d", what, mtu);
	set_option(from, IPPROTO_IPV6, option, v);
	set(from, mtu);
	sizes(from, to);
	set_option(from, IPPROTO_IPV6, option, 0);
	set(from, 0);
}

int main(void)
{
	static const int tried[] = { -1, 1, 1279, 1280, 1500, 65535, 65536, 1 << 30, 0 };
	struct place at;
	int to = dgram_bound(AF_INET6, &at), from = dgram_socket(AF_INET6);
	char b[100];

	for (int k = 0; k < 4; k++) {
		int fd = each_socket(k);

		say("%s", each_kinds[k].name);
		for (unsigned n = 0; n < sizeof(tried) / sizeof(tried[0]); n++)
			set(fd, tried[n]);
		close(fd);
	}
	MUST(connect(from, &at.any, at.length));
	with("may be cut", from, to, IPV6_DONTFRAG, 0, 1280);
	with("IPV6_DONTFRAG", from, to, IPV6_DONTFRAG, 1, 1280);
	with("IPV6_DONTFRAG", from, to, IPV6_DONTFRAG, 1, 1500);
	with("IPV6_MTU_DISCOVER", from, to, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DO, 1280);
	with("IPV6_MTU_DISCOVER", from, to, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_PROBE, 1500);
	set(from, 1280);
	say_option("of the connection all the same", from, IPPROTO_IPV6, IPV6_MTU);
	SHOW(recv(from, b, sizeof(b), MSG_DONTWAIT));
	return 0;
}
