/* SO_REUSEADDR on streams: two may have a name while neither listens; who
 * listens first has it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int bound(int reuse, const struct place *p)
{
	int fd = stream_socket(p->any.sa_family);

	if (reuse)
		set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	SHOW(bind(fd, &p->any, p->length));
	return fd;
}

static void look(int family)
{
	for (int reuse = 0; reuse < 4; reuse++) {
		struct place p = loopback(family, 0), any;
		int a, b, c;

		say("first reuses %d, second reuses %d", reuse & 1, reuse >> 1);
		a = bound(reuse & 1, &p);
		p = own_place(a);
		any = anywhere(family, place_port(&p));
		b = bound(reuse >> 1, &p);
		SHOW(listen(a, 1));
		c = bound(reuse >> 1, &p);
		close(c);
		c = bound(reuse >> 1, &any);
		SHOW(listen(c, 1));
		SHOW(listen(b, 1));
		close(a);
		SHOW(listen(b, 1));
		close(b);
		close(c);
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
