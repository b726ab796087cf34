/* getsockname() and getpeername() with too little room, none, or a negative
 * length.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	static const socklen_t lengths[] = { 0, 1, 2, 8, 16, 28, 100, (socklen_t)-1,
		INT_MIN };
	int fd[2];

	stream_pair(family, fd);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		for (int peer = 0; peer < 2; peer++) {
			unsigned char room[256];
			socklen_t length = lengths[i];
			size_t filled = 128;
			int r;

			memset(room, 0xee, sizeof(room));
			r = (peer ? getpeername : getsockname)(fd[0], (void *)room, &length);
			while (filled && room[filled - 1] == 0xee)
				filled--;
			say("peer %d, room %d: %s, length %d, %s", peer, (int)lengths[i],
				r < 0 ? error_name(errno) : "0", (int)length,
				filled <= lengths[i] ? "within" : "beyond");
		}
	}
	{
		int s = stream_socket(family);
		struct sockaddr_storage room;
		socklen_t length = (socklen_t)-1;

		SHOW_AS("not connected, bad length", getpeername(s, (void *)&room, &length));
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
