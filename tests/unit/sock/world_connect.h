/* The rest of world.h: connecting and accepting.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef WORLD_CONNECT_H
#define WORLD_CONNECT_H

#include "world.h"

/* connect() as the client does it; *embryo for accept_from(). */
static inline int connect_to(uint32_t i, const char *ip, uint16_t port,
	uint32_t *embryo)
{
	enum sock_route route = SOCK_ROUTE_NET;
	union name n;
	socklen_t len = name_of(&n, ip, port);
	uint32_t l = 0;
	int r = sock_connect_begin(&env, i, &n.sa, len, &route, &l, embryo);

	if (r == -ECONNREFUSED)
		sock_connect_undo(&env, i, 0, 0, false);
	if (r != 0 || route != SOCK_ROUTE_LOCAL)
		return r;
	sock_connect_done(&env, i, *embryo);
	return sock_connect_result(&env, i);
}

static inline int accept_from(uint32_t l, uint32_t embryo, uint32_t *out)
{
	struct shm_hello h = { .magic = SHM_MAGIC, .kind = SHM_HELLO_ACCEPT,
		.key = 42, .sock = embryo, .gen = at(embryo)->gen };

	return sock_accept_adopt(&env, l, &h, out);
}

static inline void pair_of(uint32_t *a, uint32_t *b, uint32_t *l)
{
	uint32_t embryo;

	*l = listener("127.0.0.1", 0);
	*a = tcp();
	CHECK_INT(connect_to(*a, "127.0.0.1", port_of(*l), &embryo), ==, 0);
	CHECK_INT(accept_from(*l, embryo, b), ==, 0);
}

#endif
