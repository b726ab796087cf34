/* setsockopt() of an int with fewer bytes, more bytes, none, or a negative
 * length.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void one(int fd, int level, int name, const char *what)
{
	static const socklen_t lengths[] = { 0, 1, 2, 3, 4, 5, 8, 100, (socklen_t)-1 };

	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		int room[32] = { 1, 1, 1, 1 };

		if ((lengths[i] == 0 || lengths[i] > 100) && level == IPPROTO_IP &&
			name == IP_TOS)
			continue; /* Linux does not look */
		SHOW_AS(what, setsockopt(fd, level, name, room, lengths[i]));
		say("room %d: %d", (int)lengths[i], get_option(fd, level, name));
	}
}

int main(void)
{
	int s = stream_socket(AF_INET), t = stream_socket(AF_INET6);

	one(s, SOL_SOCKET, SO_KEEPALIVE, "KEEPALIVE");
	one(s, SOL_SOCKET, SO_LINGER, "LINGER");
	one(s, SOL_SOCKET, SO_RCVTIMEO, "RCVTIMEO");
	one(s, IPPROTO_IP, IP_TTL, "TTL");
	one(s, IPPROTO_IP, IP_TOS, "TOS");
	one(s, IPPROTO_TCP, TCP_NODELAY, "NODELAY");
	one(t, IPPROTO_IPV6, IPV6_UNICAST_HOPS, "HOPS");
	one(t, IPPROTO_IPV6, IPV6_V6ONLY, "V6ONLY");
	return 0;
}
