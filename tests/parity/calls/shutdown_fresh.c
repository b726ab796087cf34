/* shutdown() of a stream that is not connected marks it all the same: what the
 * calls say then, and after connect().
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place at;
	int l = listener(family, 5, &at);

	for (int how = SHUT_RD; how <= SHUT_RDWR; how++) {
		int s = stream_socket(family);

		SHOW(shutdown(s, how));
		say_poll("poll", s);
		SHOW(recv(s, &(char){ 0 }, 1, 0));
		SHOW(send(s, "x", 1, MSG_NOSIGNAL));
		SHOW(connect(s, &at.any, at.length));
		say_poll("connected", s);
		SHOW(recv(s, &(char){ 0 }, 1, MSG_DONTWAIT));
		SHOW(send(s, "x", 1, MSG_NOSIGNAL));
		close(s);
		close(accept_one(l));
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
