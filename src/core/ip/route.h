/* The routing table: longest prefix first, then the oldest.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef IP_ROUTE_H
#define IP_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ipaddr.h"

struct route {
	struct ip_prefix dst;
	struct ip_addr gateway; /* family IP_NONE: on link */
	uint32_t ifindex;
};

struct route_table {
	struct route *routes; /* by falling length of prefix */
	unsigned n, room;
};

void route_init(struct route_table *t);
void route_fini(struct route_table *t);
/* The bits behind the prefix are cleared. 0, -EINVAL (families differ, too many
 * bits), -EEXIST (same prefix, gateway and interface), -ENOMEM. */
int route_add(struct route_table *t, const struct route *r);
/* The best one whose interface passes (ifindex 0: any, as far as usable() says
 * so), or NULL. */
const struct route *route_find(const struct route_table *t,
	const struct ip_addr *dst, uint32_t ifindex,
	bool (*usable)(const void *user, uint32_t ifindex), const void *user);

#endif
