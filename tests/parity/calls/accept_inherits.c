/* What an accepted socket has from its listener, among the options.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

struct one {
	const char *name;
	int level, option, value;
};

static const struct one all[] = {
	{ "KEEPALIVE", SOL_SOCKET, SO_KEEPALIVE, 1 },
	{ "OOBINLINE", SOL_SOCKET, SO_OOBINLINE, 1 },
	{ "REUSEADDR", SOL_SOCKET, SO_REUSEADDR, 1 },
	{ "REUSEPORT", SOL_SOCKET, SO_REUSEPORT, 1 },
	{ "BROADCAST", SOL_SOCKET, SO_BROADCAST, 1 },
	{ "PRIORITY", SOL_SOCKET, SO_PRIORITY, 3 },
	{ "RCVLOWAT", SOL_SOCKET, SO_RCVLOWAT, 7 },
	{ "NODELAY", IPPROTO_TCP, TCP_NODELAY, 1 },
	{ "CORK", IPPROTO_TCP, TCP_CORK, 1 },
	{ "KEEPIDLE", IPPROTO_TCP, TCP_KEEPIDLE, 50 },
	{ "KEEPINTVL", IPPROTO_TCP, TCP_KEEPINTVL, 51 },
	{ "KEEPCNT", IPPROTO_TCP, TCP_KEEPCNT, 5 },
	{ "USER_TIMEOUT", IPPROTO_TCP, TCP_USER_TIMEOUT, 5000 },
	{ "LINGER2", IPPROTO_TCP, TCP_LINGER2, 7 },
	{ "DEFER_ACCEPT", IPPROTO_TCP, TCP_DEFER_ACCEPT, 0 },
	{ "TTL", IPPROTO_IP, IP_TTL, 44 },
	{ "TOS", IPPROTO_IP, IP_TOS, 0x20 },
};

int main(void)
{
	struct place at;
	int l = listener(AF_INET, 5, &at), c, a;

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		set_option(l, all[i].level, all[i].option, all[i].value);
	c = connected_to(&at);
	a = accept_one(l);
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		say("%s: listener %d, accepted %d, connector %d", all[i].name,
			get_option(l, all[i].level, all[i].option),
			get_option(a, all[i].level, all[i].option),
			get_option(c, all[i].level, all[i].option));
	return 0;
}
