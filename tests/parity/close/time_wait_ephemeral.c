/* Chosen ports do not run out though each connection leaves TIME-WAIT, and none is
 * given twice at a time.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	static unsigned char seen[65536];
	struct place at;
	int l = listener(AF_INET, 64, &at), twice = 0;

	for (int k = 0; k < 300; k++) {
		int fd = connected_to(&at), peer = accept_one(l);
		struct place me = own_place(fd);

		twice += seen[place_port(&me)]++;
		close(fd);
		await(peer, POLLRDHUP);
		close(peer);
	}
	say("given twice: %d", twice);
	return 0;
}
