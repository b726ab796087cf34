/* Which names exclude each other: bind() of a second socket to the port of a
 * first.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static const char *const names[] = { "0.0.0.0", "127.0.0.1", "127.0.0.2", "::", "::1",
	"::ffff:0.0.0.0", "::ffff:127.0.0.1" };
#define NAMES (int)(sizeof(names) / sizeof(*names))

static int bound(int type, const char *name, int *port, bool v6only, int *error)
{
	struct place p = place_of(name, *port);
	int fd = MUST(socket(p.any.sa_family, type, 0));

	if (p.any.sa_family == AF_INET6)
		set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, v6only);
	*error = bind(fd, &p.any, p.length) < 0 ? errno : 0;
	p = own_place(fd);
	*port = place_port(&p);
	return fd;
}

static void try(int type, bool v6only)
{
	for (int i = 0; i < NAMES; i++) {
		for (int k = 0; k < NAMES; k++) {
			int port = 0, first, second, error;

			first = bound(type, names[i], &port, v6only, &error);
			if (error) {
				close(first);
				continue;
			}
			second = bound(type, names[k], &port, v6only, &error);
			say("%s, then %s: %s", names[i], names[k], error_name(error));
			close(first);
			close(second);
		}
	}
}

int main(void)
{
	for (int v6only = 0; v6only < 2; v6only++) {
		say("-- stream, V6ONLY %d", v6only);
		try(SOCK_STREAM, v6only);
		say("-- datagrams, V6ONLY %d", v6only);
		try(SOCK_DGRAM, v6only);
	}
	return 0;
}
