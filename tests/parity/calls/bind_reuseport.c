/* SO_REUSEPORT: both must have it, and then both may listen.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int bound(int type, int reuse, const struct place *p)
{
	int fd = MUST(socket(p->any.sa_family, type, 0));

	if (reuse)
		set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1);
	SHOW(bind(fd, &p->any, p->length));
	return fd;
}

static void look(int family)
{
	for (int reuse = 0; reuse < 4; reuse++) {
		struct place p = loopback(family, 0);
		int a, b;

		say("first reuses %d, second reuses %d", reuse & 1, reuse >> 1);
		a = bound(SOCK_STREAM, reuse & 1, &p);
		p = own_place(a);
		SHOW(listen(a, 1));
		b = bound(SOCK_STREAM, reuse >> 1, &p);
		SHOW(listen(b, 1));
		close(a);
		close(b);
		p = loopback(family, 0);
		a = bound(SOCK_DGRAM, reuse & 1, &p);
		p = own_place(a);
		b = bound(SOCK_DGRAM, reuse >> 1, &p);
		close(a);
		close(b);
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
