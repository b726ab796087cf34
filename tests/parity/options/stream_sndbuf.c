/* SO_SNDBUF of a connection grows by itself, until the program sets it. With a
 * congestion control that both sides have: its number is in the sum.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../say.h"

#include "../ends.h"

static void cubic(int fd)
{
	MUST(setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "cubic", 5));
}

static void look(int family)
{
	struct place at;
	int l = listener(family, 5, &at), c = stream_socket(family), s;

	cubic(l);
	cubic(c);
	say("listener %d", get_option(l, SOL_SOCKET, SO_SNDBUF));
	say("before %d", get_option(c, SOL_SOCKET, SO_SNDBUF));
	MUST(connect(c, &at.any, at.length));
	s = accept_one(l);
	say("connected %d", get_option(c, SOL_SOCKET, SO_SNDBUF));
	say("accepted %d", get_option(s, SOL_SOCKET, SO_SNDBUF));
	set_option(c, SOL_SOCKET, SO_SNDBUF, 30000);
	say("set %d", get_option(c, SOL_SOCKET, SO_SNDBUF));
	close(c);
	close(s);
	c = stream_socket(family);
	cubic(c);
	set_option(c, SOL_SOCKET, SO_SNDBUF, 30000);
	MUST(connect(c, &at.any, at.length));
	say("set before %d", get_option(c, SOL_SOCKET, SO_SNDBUF));
	close(c);
	close(l);
}

int main(void)
{
	both_families(look);
	return 0;
}
