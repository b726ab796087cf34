/* bind() with addresses that are too short, too long, or of no length at all.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void try(int family, int type, socklen_t length)
{
	struct place p = loopback(family, 0);
	int fd = MUST(socket(family, type, 0));

	say("length %d", (int)length);
	SHOW(bind(fd, &p.any, length));
	say("port is there: %d", ({
		struct place own = own_place(fd);
		place_port(&own) != 0;
	}));
	close(fd);
}

static void look(int family)
{
	static const socklen_t lengths[] = { 0, 1, 2, 4, 8, 15, 16, 17, 23, 24, 27, 28,
		29, 64, 128, 129, 1000, (socklen_t)-1, INT_MIN };

	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		if ((int)lengths[i] > 128) {
			/* Longer than any address is refused unread. */
			int fd = stream_socket(family);
			static char room[1000];

			SHOW_AS("bind, too long", bind(fd, (void *)room, lengths[i]));
			close(fd);
			continue;
		}
		try(family, SOCK_STREAM, lengths[i]);
		try(family, SOCK_DGRAM, lengths[i]);
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
