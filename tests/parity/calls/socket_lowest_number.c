/* socket() and accept() take the lowest free numbers, as open() does.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	struct place at;
	int l, c, a;

	close(0);
	l = listener(AF_INET, 1, &at);
	c = connected_to(&at);
	a = accept_one(l);
	say("listener %d", l);
	say("connector is lower than the accepted: %d", c < a);
	close(l);
	SHOW(stream_socket(AF_INET));
	SHOW(dup(c) > a);
	return 0;
}
