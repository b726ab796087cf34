/* A name is free again as soon as its socket is closed: bound, listening,
 * failed to connect.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void again(const char *what, int type, const struct place *p)
{
	int fd = MUST(socket(p->any.sa_family, type, 0));

	SHOW_AS(what, bind(fd, &p->any, p->length));
	close(fd);
}

static void look(int family)
{
	struct place p, nobody = loopback(family, quiet_port(family, SOCK_STREAM));
	int fd;

	fd = dgram_bound(family, &p);
	close(fd);
	again("after a datagram socket", SOCK_DGRAM, &p);
	fd = listener(family, 1, &p);
	again("while it listens", SOCK_STREAM, &p);
	close(fd);
	again("after a listener", SOCK_STREAM, &p);
	fd = stream_socket(family);
	MUST(bind(fd, &p.any, p.length));
	SHOW(connect(fd, &nobody.any, nobody.length));
	say_names("refused", fd);
	again("while it is bound", SOCK_STREAM, &p);
	close(fd);
	again("after a refused one", SOCK_STREAM, &p);
}

int main(void)
{
	both_families(look);
	return 0;
}
