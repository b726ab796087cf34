/* Inside sock: who of those that share a name by SO_REUSEPORT.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_REUSE_H
#define SOCK_REUSE_H

#include "inside.h"

#define REUSE_MEMBERS 256 /* of one name, that a program chooses among */

/* What has come. */
struct reuse_packet {
	const struct span *payload;
	unsigned n;
	size_t len;
	uint32_t ifindex;
	bool v6;
};

/* The members (in the order of the port's chain) that suit equally well; otherwise: by
 * the hash, taken when no program chooses. k NULL: without payload. */
uint32_t reuse_choose(struct sock_env *e, const struct reuse_packet *k,
	const uint32_t *members, unsigned n, uint32_t otherwise);

/* port.c: the others that share the name of s. */
unsigned sock_port_siblings(struct sock_env *e, const struct shm_sock *s, uint32_t *out,
	unsigned max);
/* port.c: as sock_find_dgram_on(), of that packet. */
uint32_t sock_find_dgram_for(struct sock_env *e, int protocol,
	const struct shm_addr *local, const struct shm_addr *remote,
	uint32_t ifindex, const struct reuse_packet *k);

#endif
