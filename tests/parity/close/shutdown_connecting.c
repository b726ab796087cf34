/* shutdown of a connect that is under way, as the listener's queue is full: it is
 * taken back, and the socket can be used again.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../say.h"

#include "../ends.h"

static void one(int family, int how)
{
	struct place at, other;
	int l = listener(family, 0, &at), l2 = listener(family, 5, &other);
	int first = connected_to(&at), c = stream_socket(family);
	struct pollfd p;

	say("how %d", how);
	set_nonblocking(c, true);
	SHOW(connect(c, &at.any, at.length));
	SHOW(shutdown(c, how));
	p = (struct pollfd){ .fd = c, .events = POLLIN | POLLOUT | POLLRDHUP };
	SHOW(poll(&p, 1, 0));
	say("events %x", p.revents);
	say("error %d", get_option(c, SOL_SOCKET, SO_ERROR));
	SHOW(shutdown(c, how));
	SHOW(connect(c, &other.any, other.length));
	await(c, POLLOUT);
	SHOW(connect(c, &other.any, other.length));
	close(c);
	close(first);
	close(l);
	close(l2);
}

static void look(int family)
{
	one(family, SHUT_RD);
	one(family, SHUT_WR);
	one(family, SHUT_RDWR);
}

int main(void)
{
	both_families(look);
	return 0;
}
