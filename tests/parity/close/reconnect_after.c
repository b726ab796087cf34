/* A socket whose connection has ended cannot be connected or listen again.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place at;
	int l = listener(family, 5, &at), c = connected_to(&at), a = accept_one(l);

	MUST(shutdown(c, SHUT_WR));
	MUST(shutdown(a, SHUT_WR));
	await(c, POLLHUP);
	await(a, POLLHUP);
	SHOW(connect(c, &at.any, at.length));
	SHOW(listen(c, 1));
	SHOW(connect(a, &at.any, at.length));
	c = connected_to(&at);
	a = accept_one(l);
	reset_on_close(a);
	close(a);
	await(c, POLLHUP);
	SHOW(connect(c, &at.any, at.length));
	SHOW(listen(c, 1));
	say_so_error("error", c);
}

int main(void)
{
	both_families(look);
	return 0;
}
