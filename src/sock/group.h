/* Inside sock: who is a member of which group.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_GROUP_H
#define SOCK_GROUP_H

#include "inside.h"

/* Does any socket of this host take what `from` sends to the group on that
 * interface (or is it one that every host listens to)? Linux: ip_check_mc_rcu(),
 * ipv6_chk_mcast_addr(). May ask who is dead: no table's lock is held. */
bool group_host_joined(struct sock_env *e, const struct shm_addr *group,
	const struct shm_addr *from, uint32_t ifindex);
/* Does s take what `from` sent to the group on that interface? Linux:
 * ip_mc_sf_allow(), inet6_mc_check(). */
bool group_allows(const struct sock_env *e, const struct shm_sock *s,
	const struct shm_addr *group, const struct shm_addr *from,
	uint32_t ifindex);

/* s has a membership now, or has changed it; s->lock is held. Into the list of those
 * who have any, if it is not there; and the service is to look at them. */
void group_changed(struct sock_env *e, uint32_t i, struct shm_sock *s);

#endif
