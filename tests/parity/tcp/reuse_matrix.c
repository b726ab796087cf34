/* SO_REUSEADDR and SO_REUSEPORT: second binds and listens.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

struct opts {
	const char *name;
	int addr, port;
};

static const struct opts all[] = { { "none", 0, 0 }, { "addr", 1, 0 },
	{ "port", 0, 1 }, { "both", 1, 1 } };

static int made(int type, const struct opts *o)
{
	int fd = type == SOCK_STREAM ? stream_socket(AF_INET) :
				       dgram_socket(AF_INET);

	set_option(fd, SOL_SOCKET, SO_REUSEADDR, o->addr);
	set_option(fd, SOL_SOCKET, SO_REUSEPORT, o->port);
	return fd;
}

static void go(int type, const struct opts *x, const struct opts *y, bool any,
	bool listening)
{
	struct place at = loopback(AF_INET, quiet_port(AF_INET, type));
	struct place other = any ? anywhere(AF_INET, place_port(&at)) : at;
	int a = made(type, x), b = made(type, y), r;

	MUST(bind(a, &at.any, at.length));
	if (listening)
		MUST(listen(a, 1));
	r = bind(b, &other.any, other.length);
	say("%s %s, %s%s%s: bind %s", type == SOCK_STREAM ? "tcp" : "udp", x->name,
		y->name, any ? ", wildcard" : "", listening ? ", listening" : "",
		r == 0 ? "0" : error_name(errno));
	if (r == 0 && type == SOCK_STREAM) {
		r = listen(b, 1);
		say("    listen %s", r == 0 ? "0" : error_name(errno));
		if (!listening) {
			r = listen(a, 1);
			say("    the first too %s", r == 0 ? "0" : error_name(errno));
		}
	}
	close(a);
	close(b);
}

int main(void)
{
	for (int x = 0; x < 4; x++) {
		for (int y = 0; y < 4; y++) {
			go(SOCK_STREAM, &all[x], &all[y], false, false);
			go(SOCK_STREAM, &all[x], &all[y], true, true);
			go(SOCK_DGRAM, &all[x], &all[y], false, false);
		}
	}
	return 0;
}
