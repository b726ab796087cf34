/* Inside ip: what is known of paths that take less than their first link (RFC 1191,
 * RFC 8201). SPDX-License-Identifier: BSD-2-Clause */
#ifndef IP_PMTU_H
#define IP_PMTU_H

#include "base/ipaddr.h"
#include "base/time.h"

enum {
	PMTU_PATHS = 64,   /* the oldest makes way */
	PMTU_LIFE_S = 600, /* Linux's mtu_expires; RFC 1191 6.3 */
};

struct pmtu_path {
	struct ip_addr dst; /* family IP_NONE: free */
	uint32_t mtu;
	struct instant until;
};

struct pmtu_table {
	struct pmtu_path paths[PMTU_PATHS];
};

/* mtu, or the less that the path to dst is known to take. */
uint32_t pmtu_of(const struct pmtu_table *t, struct instant now,
	const struct ip_addr *dst, uint32_t mtu);
void pmtu_learn(struct pmtu_table *t, struct instant now, const struct ip_addr *dst,
	uint32_t mtu);

#endif
