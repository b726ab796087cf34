/* accept, getsockname and getpeername with room for less or more than an address.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#define FILL 0xee /* what no byte of a name may be, or it counts as not written */

static void filled(const char *what, int r, const unsigned char *b, socklen_t len)
{
	int last = -1;

	for (int k = 0; k < 40; k++) {
		if (b[k] != FILL)
			last = k;
	}
	say("%s: %d length %d, written up to %d", what, r < 0 ? -1 : 0, (int)len,
		last);
}

static bool is_distinct(int fd)
{
	int port = place_port((struct place[]){ own_place(fd) });

	return (port & 0xff) != FILL && port >> 8 != FILL;
}

static int distinct_listener(struct place *at)
{
	for (;;) {
		int l = listener(AF_INET, 16, at);

		if (is_distinct(l))
			return l;
		MUST(close(l));
	}
}

static int distinct_client(int l, const struct place *at)
{
	for (;;) {
		int fd = connected_to(at);

		if (is_distinct(fd))
			return fd;
		MUST(close(accept_one(l)));
		MUST(close(fd));
	}
}

int main(void)
{
	static const int room[] = { 0, 1, 2, 4, 15, 16, 17, 40, -1 };
	struct place at;
	int l = distinct_listener(&at);

	for (int k = 0; k < 9; k++) {
		int fd = distinct_client(l, &at), peer;
		unsigned char b[40];
		socklen_t len = (socklen_t)room[k];

		memset(b, FILL, sizeof(b));
		await(l, POLLIN);
		peer = accept(l, (struct sockaddr *)b, &len);
		filled("accept", peer, b, len);
		if (peer < 0) {
			say("%s", error_name(errno));
			close(fd);
			continue;
		}
		memset(b, FILL, sizeof(b));
		len = (socklen_t)room[k];
		filled("getsockname", getsockname(peer, (struct sockaddr *)b, &len),
			b, len);
		memset(b, FILL, sizeof(b));
		len = (socklen_t)room[k];
		filled("getpeername", getpeername(peer, (struct sockaddr *)b, &len),
			b, len);
		close(fd);
		close(peer);
	}
	return 0;
}
