/* Memory of the frames under way: slots of three sizes, allocated in slabs when
 * first needed, used last-in first-out (warm in the cache), bounded in all.
 * Slabs are given back only by fini: a link that was once busy may be so again.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef LINK_POOL_H
#define LINK_POOL_H

#include <stddef.h>
#include <stdint.h>

#include "wire/offload.h"

#define POOL_BYTES_MAX (256u << 20) /* of one link: 10 Gbit/s for 200 ms */
#define POOL_CLASSES 3
#define POOL_SHORT 1640u /* bytes that fit the smallest slot */

struct frame {
	struct frame *next; /* in the free list */
	uint32_t refs;	    /* queue entries and callers holding it */
	uint32_t len;	    /* bytes in data */
	uint32_t class;	    /* index of its slot size */
	struct offload offload;
	uint8_t data[];
};

struct pool_slab;

struct pool {
	struct frame *free[POOL_CLASSES];
	struct pool_slab *slabs;
	size_t bytes; /* allocated */
	size_t max;   /* bound of it */
	size_t used;  /* frames out */
};

void frame_pool_init(struct pool *p, size_t max_bytes);
/* Frames still out become invalid. */
void frame_pool_fini(struct pool *p);
/* A frame of len bytes, unset, with one reference; NULL when the bound is
 * reached, without memory, or when len is larger than a frame can be. */
struct frame *frame_pool_get(struct pool *p, size_t len);
void frame_pool_put(struct pool *p, struct frame *f);

static inline struct frame *frame_ref(struct frame *f)
{
	f->refs++;
	return f;
}

#endif
