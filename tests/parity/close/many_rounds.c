/* Five hundred connections, each with an answer: nothing is left over.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place at;
	int l = listener(family, 5, &at), wrong = 0, highest = 0;

	for (int i = 0; i < 500; i++) {
		int c = connected_to(&at), a = accept_one(l);
		char b = (char)i;

		send_all(c, &b, 1);
		recv_all(a, &b, 1);
		send_all(a, &b, 1);
		close(a);
		recv_all(c, &b, 1);
		wrong += b != (char)i || recv(c, &b, 1, 0) != 0;
		highest = c > highest ? c : highest;
		close(c);
	}
	say("%d wrong, highest number %d", wrong, highest);
	close(l);
}

int main(void)
{
	both_families(look);
	return 0;
}
