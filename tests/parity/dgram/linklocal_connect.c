/* connect() of a datagram socket to an address of one link binds the socket to that
 * interface, even if there is no way; it wants to know which; and the end of the
 * connection ends that.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../say.h"

static void to(int fd, const char *text, unsigned scope)
{
	struct place p = place_of(text, 9);
	char what[64];

	p.v6.sin6_scope_id = scope;
	snprintf(what, sizeof(what), "connect to %s, interface %u", text, scope);
	SHOW_AS(what, connect(fd, &p.any, p.length));
	say_option("  bound to", fd, SOL_SOCKET, SO_BINDTOIFINDEX);
}

static int fresh(unsigned device)
{
	int fd = dgram_socket(AF_INET6);

	if (device)
		MUST(setsockopt(fd, SOL_SOCKET, SO_BINDTOIFINDEX, &device, sizeof(device)));
	return fd;
}

static void disconnect(int fd)
{
	struct sockaddr none = { .sa_family = AF_UNSPEC };

	SHOW_AS("disconnect", connect(fd, &none, sizeof(none)));
	say_option("  bound to", fd, SOL_SOCKET, SO_BINDTOIFINDEX);
}

int main(void)
{
	int fd = fresh(0);

	to(fd, "fe80::1", 0);
	to(fd, "fe80::1", 1);
	to(fd, "fe80::1", 99);
	disconnect(fd);
	to(fd, "::1", 1);
	disconnect(fd);
	close(fd);
	fd = fresh(0);
	to(fd, "ff02::1", 0);
	to(fd, "ff02::1", 1);
	disconnect(fd);
	close(fd);
	fd = fresh(1);
	to(fd, "fe80::1", 0);
	to(fd, "ff02::1", 0);
	to(fd, "fe80::1", 99);
	to(fd, "::1", 0);
	disconnect(fd);
	close(fd);
	return 0;
}
