/* The rest of world.h: sending and receiving with one buffer.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef WORLD_IO_H
#define WORLD_IO_H

#include "world.h"

static inline ssize_t put(uint32_t i, const void *p, size_t len)
{
	struct iovec v = { (void *)(uintptr_t)p, len };

	return sock_send(&env, i, &v, 1, 0, &fx);
}

static inline ssize_t get(uint32_t i, void *p, size_t len, int flags)
{
	struct iovec v = { p, len };

	return sock_recv(&env, i, &v, 1, flags, &fx);
}

static inline ssize_t send_to(uint32_t i, const char *ip, uint16_t port,
	const void *p, size_t size)
{
	struct iovec v = { (void *)(uintptr_t)p, size };
	union name n;
	socklen_t len;

	if (!ip)
		return sock_sendto(&env, i, &v, 1, 0, NULL, 0, NULL, &fx);
	len = name_of(&n, ip, port);
	return sock_sendto(&env, i, &v, 1, 0, &n.sa, len, NULL, &fx);
}

static inline ssize_t recv_from(uint32_t i, void *p, size_t size, int flags,
	union name *from, int *mflags)
{
	struct iovec v = { p, size };
	socklen_t len = sizeof(*from);

	return sock_recvfrom(&env, i, &v, 1, flags, from ? &from->sa : NULL, &len,
		NULL, mflags, &fx);
}

#endif
