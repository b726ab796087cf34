/* accept4() gives the new descriptor its flags; accept() none, whatever the
 * listener has.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	static const int flags[] = { 0, SOCK_NONBLOCK, SOCK_CLOEXEC,
		SOCK_NONBLOCK | SOCK_CLOEXEC };
	struct place at;
	int l = listener(family, 5, &at), c, a;

	for (int nonblocking = 0; nonblocking < 2; nonblocking++) {
		set_nonblocking(l, nonblocking);
		MUST(fcntl(l, F_SETFD, nonblocking ? FD_CLOEXEC : 0));
		for (int i = 0; i < 4; i++) {
			c = connected_to(&at);
			await(l, POLLIN);
			a = MUST(accept4(l, NULL, NULL, flags[i]));
			say("flags %d: F_GETFL %x, F_GETFD %x", i,
				MUST(fcntl(a, F_GETFL)), MUST(fcntl(a, F_GETFD)));
			close(a);
			close(c);
		}
		c = connected_to(&at);
		await(l, POLLIN);
		a = MUST(accept(l, NULL, NULL));
		say("accept: F_GETFL %x, F_GETFD %x", MUST(fcntl(a, F_GETFL)),
			MUST(fcntl(a, F_GETFD)));
		say_recv("nothing there", a, 0);
		close(a);
		close(c);
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
