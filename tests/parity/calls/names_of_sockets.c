/* getsockname() and getpeername() in each state of a stream and of a datagram
 * socket.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place at, p = loopback(family, 0);
	int l = listener(family, 5, &at), s = stream_socket(family), a;

	say_names("fresh", s);
	MUST(bind(s, &p.any, p.length));
	say_names("bound", s);
	say_names("listener", l);
	MUST(connect(s, &at.any, at.length));
	a = accept_one(l);
	say_names("connected", s);
	say_names("accepted", a);
	MUST(shutdown(s, SHUT_WR));
	await(a, POLLRDHUP);
	say_names("shut for writing", s);
	say_names("its other end", a);
	MUST(shutdown(a, SHUT_WR));
	await(s, POLLHUP);
	say_names("both shut, first", s);
	say_names("both shut, second", a);
	close(s);
	say_names("the first closed", a);

	s = dgram_socket(family);
	say_names("datagrams", s);
	MUST(connect(s, &at.any, at.length));
	say_names("connected", s);
	shutdown(s, SHUT_RDWR);
	say_names("shut", s);
}

int main(void)
{
	both_families(look);
	return 0;
}
