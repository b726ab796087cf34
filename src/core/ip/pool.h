/* Buffers for packets that outlive the call: a free list of each of two sizes,
 * last used first, so that the hot path finds warm memory and asks malloc for
 * none once it has run for a while.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef IP_POOL_H
#define IP_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"

enum { POOL_SMALL = 2048, POOL_BIG = 65536 + 128, POOL_CLASSES = 2 };

struct ip_buf {
	struct list node;
	uint32_t ifindex;
	uint32_t len;	/* bytes at data */
	uint32_t class; /* pool's */
	bool unsure;	/* loopback's: checksums have to be looked at */
	bool seen;	/* loopback's: not for onlookers any more */
	bool foreign;	/* loopback's: as if it had come from outside */
	uint8_t data[];
};

struct pool {
	struct list free[POOL_CLASSES];
	unsigned nfree[POOL_CLASSES];
};

void pool_init(struct pool *p);
void pool_fini(struct pool *p); /* buffers still out are their owner's */
/* Room for len bytes, b->len = len; NULL when too long or without memory. */
struct ip_buf *pool_get(struct pool *p, size_t len);
void pool_put(struct pool *p, struct ip_buf *b);

#endif
