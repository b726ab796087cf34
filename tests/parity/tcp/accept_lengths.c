/* accept, getsockname and getpeername with room for less or more than an address.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void filled(const char *what, int r, const unsigned char *b, socklen_t len)
{
	int last = -1;

	for (int k = 0; k < 40; k++) {
		if (b[k] != 0xee)
			last = k;
	}
	say("%s: %d length %d, written up to %d", what, r < 0 ? -1 : 0, (int)len,
		last);
}

int main(void)
{
	static const int room[] = { 0, 1, 2, 4, 15, 16, 17, 40, -1 };
	struct place at;
	int l = listener(AF_INET, 16, &at);

	for (int k = 0; k < 9; k++) {
		int fd = connected_to(&at), peer;
		unsigned char b[40];
		socklen_t len = (socklen_t)room[k];

		memset(b, 0xee, sizeof(b));
		await(l, POLLIN);
		peer = accept(l, (struct sockaddr *)b, &len);
		filled("accept", peer, b, len);
		if (peer < 0) {
			say("%s", error_name(errno));
			close(fd);
			continue;
		}
		memset(b, 0xee, sizeof(b));
		len = (socklen_t)room[k];
		filled("getsockname", getsockname(peer, (struct sockaddr *)b, &len),
			b, len);
		memset(b, 0xee, sizeof(b));
		len = (socklen_t)room[k];
		filled("getpeername", getpeername(peer, (struct sockaddr *)b, &len),
			b, len);
		close(fd);
		close(peer);
	}
	return 0;
}
