/* Connections are accepted in the order in which they came, each with its
 * bytes.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place at;
	int l = listener(family, 8, &at), c[6];

	for (int i = 0; i < 6; i++) {
		c[i] = connected_to(&at);
		send_all(c[i], &"abcdef"[i], 1);
	}
	for (int i = 0; i < 6; i++) {
		int a = accept_one(l);
		char b;

		recv_all(a, &b, 1);
		say("%c", b);
	}
	say_poll("listener", l);
}

int main(void)
{
	both_families(look);
	return 0;
}
