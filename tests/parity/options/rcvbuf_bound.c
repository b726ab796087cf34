/* SO_RCVBUF of a datagram socket that is bound already: it holds as much more.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../say.h"

#define SENT 100

static void look(int family)
{
	static char big[30000];
	struct place at;
	int from = dgram_socket(family), to, n;

	for (int size = 200000; size <= 2000000; size *= 10) {
		to = dgram_bound(family, &at);
		set_option(to, SOL_SOCKET, SO_RCVBUF, size);
		for (int k = 0; k < SENT; k++)
			MUST(sendto(from, big, sizeof(big), 0, &at.any, at.length));
		await(to, POLLIN);
		settle();
		for (n = 0; recv(to, big, sizeof(big), MSG_DONTWAIT) > 0; n++)
			;
		say("%d: %s", size, n == SENT ? "all" : n > 5 ? "some" : "few");
		close(to);
	}
	close(from);
}

int main(void)
{
	both_families(look);
	return 0;
}
