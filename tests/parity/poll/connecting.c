/* poll() of a non-blocking connect that comes through: writable, no error.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place at;
	int l = listener(family, 5, &at), s = stream_socket(family);

	set_nonblocking(s, true);
	SHOW(connect(s, &at.any, at.length));
	say_poll_until("through", s, POLLOUT);
	say_so_error("through", s);
	send_all(s, "x", 1);
	close(l);
	say_poll_until("the listener is closed", s, POLLHUP);
	say_so_error("the listener is closed", s);
}

int main(void)
{
	both_families(look);
	return 0;
}
