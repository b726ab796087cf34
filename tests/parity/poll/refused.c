/* poll() of a non-blocking connection that was refused.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place nobody = loopback(family, quiet_port(family, SOCK_STREAM));
	int s = stream_socket(family);

	set_nonblocking(s, true);
	SHOW(connect(s, &nobody.any, nobody.length));
	say_poll_until("refused", s, POLLHUP);
	say_so_error("refused", s);
	say_poll("told", s);
	SHOW(connect(s, &nobody.any, nobody.length));
	say_poll_until("again", s, POLLHUP);
	SHOW(connect(s, &nobody.any, nobody.length));
	say_poll_until("told by connect", s, POLLHUP);
}

int main(void)
{
	both_families(look);
	return 0;
}
