/* connect() of a non-blocking stream: under way, then there, then already
 * there.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place at, nobody = loopback(family, quiet_port(family, SOCK_STREAM));
	int l = listener(family, 5, &at), s = stream_socket(family);

	set_nonblocking(s, true);
	SHOW(connect(s, &at.any, at.length));
	await(s, POLLOUT);
	say_so_error("connected", s);
	SHOW(connect(s, &at.any, at.length));
	SHOW(connect(s, &at.any, at.length));
	close(s);

	s = stream_socket(family);
	set_nonblocking(s, true);
	SHOW(connect(s, &at.any, at.length));
	await(s, POLLOUT);
	say_names("not asked yet", s);
	SHOW(send(s, "x", 1, 0));
	SHOW(connect(s, &at.any, at.length));
	SHOW(connect(s, &at.any, at.length));
	close(s);

	s = stream_socket(family);
	set_nonblocking(s, true);
	SHOW(connect(s, &nobody.any, nobody.length));
	say_poll_until("refused", s, POLLHUP);
	SHOW(connect(s, &nobody.any, nobody.length));
	say_poll("told", s);
	SHOW(connect(s, &at.any, at.length));
	await(s, POLLOUT);
	say_so_error("connected", s);
	close(l);
}

int main(void)
{
	both_families(look);
	return 0;
}
