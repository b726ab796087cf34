/* getsockopt() of an int with room for less, more, none, or a negative length.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void one(int fd, int level, int name, const char *what)
{
	static const socklen_t lengths[] = { 0, 1, 2, 3, 4, 5, 8, 100, (socklen_t)-1 };

	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		unsigned char room[128];
		socklen_t length = lengths[i];
		size_t filled = sizeof(room);
		int r;

		memset(room, 0xee, sizeof(room));
		r = getsockopt(fd, level, name, room, &length);
		while (filled && room[filled - 1] == 0xee)
			filled--;
		say("%s, room %d: %s, length %d, %zu filled", what, (int)lengths[i],
			r < 0 ? error_name(errno) : "0", (int)length, filled);
	}
}

int main(void)
{
	int s = stream_socket(AF_INET), t = stream_socket(AF_INET6);

	one(s, SOL_SOCKET, SO_KEEPALIVE, "KEEPALIVE");
	one(s, SOL_SOCKET, SO_TYPE, "TYPE");
	one(s, SOL_SOCKET, SO_LINGER, "LINGER");
	one(s, SOL_SOCKET, SO_RCVTIMEO, "RCVTIMEO");
	one(s, IPPROTO_IP, IP_TTL, "TTL");
	one(s, IPPROTO_IP, IP_TOS, "TOS");
	one(s, IPPROTO_TCP, TCP_NODELAY, "NODELAY");
	one(s, IPPROTO_TCP, TCP_CONGESTION, "CONGESTION");
	one(t, IPPROTO_IPV6, IPV6_V6ONLY, "V6ONLY");
	one(t, IPPROTO_IPV6, IPV6_UNICAST_HOPS, "HOPS");
	return 0;
}
