/* Which way to a group: by the bound name, by IP_MULTICAST_IF, by a peer; and which
 * source a socket has that is bound to a group or a broadcast address.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../groups.h"

#define G "239.6.6.6"

static int fresh(const char *name)
{
	struct place p = place_of(name, 0);
	int fd = MUST(socket(AF_INET, SOCK_DGRAM, 0));

	say("-- bound to %s", name);
	MUST(bind(fd, &p.any, p.length));
	return fd;
}

static int to(int fd, const char *name, int port)
{
	struct place p = place_of(name, port);

	return (int)sendto(fd, name, strlen(name), 0, &p.any, p.length);
}

static int joined(int fd, const char *name, int port)
{
	struct place p = place_of(name, port);

	return connect(fd, &p.any, p.length);
}

/* Everything that fd has sent: up to a last word, which comes behind it. */
static void heard(int fd, int listener, int port)
{
	struct pollfd p = { .fd = listener, .events = POLLIN };
	struct place from;
	char text[64];
	ssize_t n = 0;

	MUST(to(fd, "127.0.0.1", port));
	do {
		from.length = sizeof(from.room);
		if (poll(&p, 1, LIMIT_MS) != 1)
			broken("no last word");
		n = MUST(recvfrom(listener, text, sizeof(text), 0, &from.any,
			&from.length));
		say("  heard %.*s from %s", (int)n, text,
			address_text(&from.any, from.length));
	} while (n != 9 || memcmp(text, "127.0.0.1", 9) != 0);
}

static void sends(const char *name, int listener, int port)
{
	int fd = fresh(name), one = 1;
	uint32_t lo = htonl(INADDR_LOOPBACK);

	SHOW(to(fd, G, port));
	SHOW(to(fd, "224.0.0.9", port));
	SHOW(to(fd, "255.255.255.255", port));
	MUST(setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &one, sizeof(one)));
	SHOW(to(fd, "255.255.255.255", port));
	heard(fd, listener, port);
	MUST(setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &lo, sizeof(lo)));
	SHOW(to(fd, G, port));
	heard(fd, listener, port);
	SHOW(joined(fd, G, port));
	say_names("joined", fd);
	SHOW(send(fd, "sent", 4, 0));
	heard(fd, listener, port);
	SHOW(joined(fd, "127.0.0.1", port));
	say_names("joined again", fd);
	close(fd);
}

static void by_unicast_if(int port)
{
	int fd = fresh("0.0.0.0");
	uint32_t lo = htonl(1);

	SHOW(to(fd, "192.0.2.1", port));
	MUST(setsockopt(fd, IPPROTO_IP, IP_UNICAST_IF, &lo, sizeof(lo)));
	SHOW(to(fd, "192.0.2.1", port));
	SHOW(joined(fd, "192.0.2.1", port));
	say_names("by lo", fd);
	SHOW(joined(fd, "127.0.0.2", port));
	say_names("joined again", fd);
	SHOW(joined(fd, G, port));
	say_names("a group", fd);
	close(fd);
}

int main(void)
{
	int listener = fresh("0.0.0.0"), port;
	struct place p = own_place(listener);

	port = place_port(&p);
	MUST(mreqn(listener, IP_ADD_MEMBERSHIP, G, "127.0.0.1", 0));
	sends("0.0.0.0", listener, port);
	sends("127.0.0.1", listener, port);
	sends("127.0.0.9", listener, port);
	sends(G, listener, port);
	sends("127.255.255.255", listener, port);
	sends("255.255.255.255", listener, port);
	by_unicast_if(port);
	return 0;
}
