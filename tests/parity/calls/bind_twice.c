/* A socket takes a name once; the second bind() fails, whatever it asks for.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM };

	for (int t = 0; t < 2; t++) {
		struct place p = loopback(family, 0), any = anywhere(family, 0);
		int fd = MUST(socket(family, types[t], 0));

		SHOW(bind(fd, &p.any, p.length));
		SHOW(bind(fd, &p.any, p.length));
		p = own_place(fd);
		SHOW(bind(fd, &p.any, p.length));
		SHOW(bind(fd, &any.any, any.length));
		say_names("still", fd);
		close(fd);
		fd = MUST(socket(family, types[t], 0));
		SHOW_AS("bind to ANY, port 0", bind(fd, &any.any, any.length));
		SHOW(bind(fd, &p.any, p.length));
		close(fd);
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
