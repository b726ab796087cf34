/* Chosen ports do not run out though each connection leaves TIME-WAIT, and none is
 * given again within a second.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(void)
{
	static double left[65536]; /* when it was closed at the earliest */
	struct place at;
	int l = listener(AF_INET, 64, &at), twice = 0;

	for (int k = 0; k < 300; k++) {
		int fd = connected_to(&at), peer = accept_one(l);
		struct place me = own_place(fd);

		twice += now() - left[place_port(&me)] < 1;
		left[place_port(&me)] = now();
		close(fd);
		await(peer, POLLRDHUP);
		close(peer);
	}
	say("given twice: %d", twice);
	return 0;
}
