/* poll() of a listener: nobody there, one waits, one accepted, one gone before
 * it was accepted.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place at;
	int l = listener(family, 5, &at), a, b, c;

	say_poll("nobody", l);
	a = connected_to(&at);
	say_poll_until("one", l, POLLIN);
	b = connected_to(&at);
	say_poll_until("two", l, POLLIN);
	c = accept_one(l);
	say_poll("one left", l);
	close(b);
	say_poll("it is closed", l);
	close(accept_one(l));
	say_poll("none left", l);
	close(a);
	close(c);
	say_poll("all closed", l);
}

int main(void)
{
	both_families(look);
	return 0;
}
