/* recvfrom() fills in as much of the sender's name as there is room for.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	static const socklen_t lengths[] = { 0, 1, 4, 16, 28, 100 };
	struct place at;
	int u = dgram_bound(family, NULL), v = dgram_bound(family, &at);

	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		unsigned char room[128];
		socklen_t length = lengths[i];
		size_t filled = sizeof(room);
		char b[4];

		memset(room, 0xee, sizeof(room));
		MUST(sendto(u, "x", 1, 0, &at.any, at.length));
		await(v, POLLIN);
		SHOW(recvfrom(v, b, 1, 0, (void *)room, &length));
		while (filled && room[filled - 1] == 0xee)
			filled--;
		say("room %u: length %u, %s", lengths[i], length,
			filled <= lengths[i] ? "within it" : "beyond it");
	}
	MUST(sendto(u, "x", 1, 0, &at.any, at.length));
	await(v, POLLIN);
	{
		socklen_t length = 7;
		char b[4];

		SHOW(recvfrom(v, b, 1, 0, NULL, &length));
		say("length %u", length);
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
