/* What programs are told of their host's network.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef INET_PUBLISH_H
#define INET_PUBLISH_H

#include "shm/layout.h"
#include "stack/stack.h"

/* Copies the stack's interfaces, addresses and routes into the header: after each
 * change of them. What does not fit there is left out. */
void publish(struct shm_header *hdr, const struct stack *s);

struct published { /* zeroes at first */
	uint64_t neigh_changes;
	uint32_t neigh_seq;
};
/* Neighbours, if anything has changed since the last call. */
void publish_neighbours(struct shm_header *hdr, const struct stack *s,
	struct published *last);
/* TCP's settings that sockets begin with. */
void publish_rules(struct shm_header *hdr, const struct tcp_rules *rules);
struct published_paths { /* zeroes at first */
	unsigned n, next;
	struct shm_addr dst[SHM_PATHS_MAX];
};
/* A path takes only so much, until then (monotonic ns). */
void publish_path(struct shm_header *hdr, const struct shm_addr *dst, uint32_t mtu,
	int64_t until, struct published_paths *last);
/* A frame passed an interface. */
void publish_frame(struct shm_header *hdr, uint32_t ifindex, bool in, size_t bytes);

#endif
