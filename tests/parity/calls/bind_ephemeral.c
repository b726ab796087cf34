/* Port 0 gives each socket another port, of the ephemeral range.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM };

	for (int t = 0; t < 2; t++) {
		int ports[50], fds[50], same = 0, outside = 0;

		for (int i = 0; i < 50; i++) {
			struct place p = loopback(family, 0);

			fds[i] = MUST(socket(family, types[t], 0));
			MUST(bind(fds[i], &p.any, p.length));
			p = own_place(fds[i]);
			ports[i] = place_port(&p);
			outside += ports[i] < 32768 || ports[i] > 60999;
			for (int k = 0; k < i; k++)
				same += ports[k] == ports[i];
		}
		say("type %d: %d the same, %d outside", types[t], same, outside);
		for (int i = 0; i < 50; i++)
			close(fds[i]);
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
