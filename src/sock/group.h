/* Inside sock: who is a member of which group.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_GROUP_H
#define SOCK_GROUP_H

#include "inside.h"

/* Does any socket of this host listen to the group on that interface (or is it one
 * that every host listens to)? */
bool group_host_joined(const struct sock_env *e, const struct shm_addr *group,
	uint32_t ifindex);
/* Does s take what `from` sent to the group on that interface? Linux:
 * ip_mc_sf_allow(), inet6_mc_check(). */
bool group_allows(const struct sock_env *e, const struct shm_sock *s,
	const struct shm_addr *group, const struct shm_addr *from,
	uint32_t ifindex);

#endif
