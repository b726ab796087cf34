/* The Berkeley rules, groups: what the sockets of a host have joined, for who tells
 * the routers; what holds for all of it: sock/sock.h.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_GROUPS_H
#define SOCK_GROUPS_H

#include "sock/sock.h"

/* What one socket has joined. */
struct sock_membership {
	uint32_t ifindex;
	struct shm_addr group;
	bool include; /* only the sources; else all but them */
	uint32_t n;
	const uint8_t (*sources)[16];
};
typedef void sock_groups_fn(void *user, const struct sock_membership *m);
/* Moves on with each change of them. */
uint32_t sock_groups_changes(const struct sock_env *e);
/* Those who are closed everywhere leave. */
void sock_groups_bury(struct sock_env *e);
/* All memberships of the host; fn must not come back to sock. */
void sock_groups_read(struct sock_env *e, sock_groups_fn *fn, void *user);
/* i's last descriptor is closed, it has left all. False: the list's lock is held for
 * long. */
bool sock_groups_leave(struct sock_env *e, uint32_t i);

/* After the native close. True: it was in groups, the service should look at once. */
bool sock_groups_closed(struct sock_env *e, uint32_t i);

#endif
