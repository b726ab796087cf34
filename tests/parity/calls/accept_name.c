/* accept() fills in as much of the name as there is room for, and tells its
 * whole length.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	static const socklen_t lengths[] = { 0, 1, 2, 4, 8, 16, 20, 28, 100 };
	struct place at;
	int l = listener(family, 5, &at);

	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		unsigned char room[128];
		socklen_t length = lengths[i];
		int c = connected_to(&at), a;
		size_t filled = sizeof(room);

		memset(room, 0xee, sizeof(room));
		await(l, POLLIN);
		a = MUST(accept(l, (void *)room, &length));
		while (filled && room[filled - 1] == 0xee)
			filled--;
		say("room %u: length %u, %s", lengths[i], length,
			filled <= lengths[i] ? "within it" : "beyond it");
		if (lengths[i] >= 28)
			say("%s", address_text(room, length));
		if (lengths[i] >= 28)
			say_names("connector", c);
		close(a);
		close(c);
	}
	/* An address without a length is not asked for when it is NULL. */
	{
		int c = connected_to(&at);
		socklen_t length = 5;

		await(l, POLLIN);
		SHOW(accept(l, NULL, &length) >= 0);
		say("length %u", length);
		close(c);
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
