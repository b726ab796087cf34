/* Groups: who hears what is sent to one.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "group.h"

/* RFC 1112 4 (224.0.0.1), RFC 4291 2.8 (ff01::1, ff02::1): every host's. */
static bool is_everybodys(const struct shm_addr *a)
{
	static const struct shm_addr all[] = {
		{ .family = IP_V4, .b = { 224, 0, 0, 1 } },
		{ .family = IP_V6, .b = { 0xff, 1, [15] = 1 } },
		{ .family = IP_V6, .b = { 0xff, 2, [15] = 1 } },
	};

	for (unsigned k = 0; k < sizeof(all) / sizeof(all[0]); k++)
		if (sock_addr_same(&all[k], a))
			return true;
	return false;
}

bool group_host_joined(const struct sock_env *e, const struct shm_addr *group,
	uint32_t ifindex)
{
	(void)e;
	(void)ifindex;
	return is_everybodys(group);
}

bool group_allows(const struct sock_env *e, const struct shm_sock *s,
	const struct shm_addr *group, const struct shm_addr *from,
	uint32_t ifindex)
{
	(void)e;
	(void)from;
	(void)ifindex;
	/* IP_MULTICAST_ALL, IPV6_MULTICAST_ALL */
	return group->family == IP_V4 ?
		!(sock_once(&s->opts.ip_bits) & SHM_IP_NO_MC_ALL) :
		!(sock_once(&s->opts.ip6_bits) & SHM_IP6_NO_MC_ALL);
}
