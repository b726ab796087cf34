/* Whose datagrams to a group pass: by the sources that each socket has named.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../groups.h"

#define G "239.6.6.6"
#define LO "127.0.0.1"

static int bound(int *port)
{
	struct place p = place_of("0.0.0.0", *port);
	int fd = MUST(socket(AF_INET, SOCK_DGRAM, 0)), one = 1;

	MUST(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)));
	MUST(bind(fd, &p.any, p.length));
	p = own_place(fd);
	*port = place_port(&p);
	return fd;
}

static int sender(const char *text)
{
	struct place p = place_of(text, 0);
	int fd = MUST(socket(AF_INET, SOCK_DGRAM, 0));

	MUST(bind(fd, &p.any, p.length));
	by_loopback(fd);
	return fd;
}

static void round_(const char *what, int one, int two, const int *fds, int port)
{
	say("%s", what);
	SHOW(to_group(one, G, port, "from 1"));
	SHOW(to_group(two, G, port, "from 2"));
	for (int k = 0; k < 3; k++)
		say_all(k == 0 ? "a" : k == 1 ? "b" : "c", fds[k]);
}

int main(void)
{
	int port = 0, one = sender("127.0.0.1"), two = sender("127.0.0.2");
	int fds[3] = { bound(&port), bound(&port), bound(&port) };

	MUST(mreqs(fds[0], IP_ADD_SOURCE_MEMBERSHIP, G, LO, "127.0.0.1"));
	round_("a takes 1", one, two, fds, port);
	MUST(mreqn(fds[1], IP_ADD_MEMBERSHIP, G, LO, 0));
	round_("b takes all", one, two, fds, port);
	MUST(mreqs(fds[1], IP_BLOCK_SOURCE, G, LO, "127.0.0.1"));
	round_("b not 1", one, two, fds, port);
	MUST(mreqs(fds[1], IP_BLOCK_SOURCE, G, LO, "127.0.0.2"));
	round_("b nobody", one, two, fds, port);
	MUST(mreqs(fds[0], IP_ADD_SOURCE_MEMBERSHIP, G, LO, "127.0.0.2"));
	MUST(mreqs(fds[0], IP_DROP_SOURCE_MEMBERSHIP, G, LO, "127.0.0.1"));
	round_("a takes 2", one, two, fds, port);
	MUST(mreqs(fds[1], IP_UNBLOCK_SOURCE, G, LO, "127.0.0.1"));
	round_("b takes 1", one, two, fds, port);
	MUST(mreqs(fds[0], IP_DROP_SOURCE_MEMBERSHIP, G, LO, "127.0.0.2"));
	round_("a has left", one, two, fds, port);
	return 0;
}
