/* The frame pool: three free lists fed by slabs.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "pool.h"

#include <stdlib.h>

#include "link/link.h"

struct pool_slab {
	struct pool_slab *next;
	uint64_t pad; /* keeps the slots 16-aligned */
};

struct pool_class {
	uint32_t capacity; /* bytes of a frame */
	uint32_t count;	   /* frames in a slab */
};

/* An ordinary MTU, a jumbo one, and TCP's super-segments. */
static const struct pool_class classes[POOL_CLASSES] = {
	{ POOL_SHORT, 64 },
	{ 9256, 8 },
	{ LINK_FRAME_MAX, 2 },
};

static size_t slot_size(const struct pool_class *c)
{
	return (sizeof(struct frame) + c->capacity + 15) & ~(size_t)15;
}

void frame_pool_init(struct pool *p, size_t max_bytes)
{
	*p = (struct pool){ .max = max_bytes };
}

void frame_pool_fini(struct pool *p)
{
	struct pool_slab *next;

	for (struct pool_slab *s = p->slabs; s; s = next) {
		next = s->next;
		free(s);
	}
	frame_pool_init(p, p->max);
}

static int pool_grow(struct pool *p, unsigned class)
{
	const struct pool_class *c = &classes[class];
	size_t slot = slot_size(c);
	size_t bytes = sizeof(struct pool_slab) + slot * c->count;
	struct pool_slab *slab;

	if (bytes > p->max - p->bytes)
		return -1;
	slab = malloc(bytes);
	if (!slab)
		return -1;
	slab->next = p->slabs;
	p->slabs = slab;
	p->bytes += bytes;
	for (uint32_t i = c->count; i-- > 0;) {
		struct frame *f = (struct frame *)(void *)((char *)(slab + 1) +
			slot * i);

		f->class = class;
		f->next = p->free[class];
		p->free[class] = f;
	}
	return 0;
}

struct frame *frame_pool_get(struct pool *p, size_t len)
{
	unsigned class = 0;
	struct frame *f;

	while (class < POOL_CLASSES && len > classes[class].capacity)
		class++;
	if (class == POOL_CLASSES)
		return NULL;
	if (!p->free[class] && pool_grow(p, class) < 0)
		return NULL;
	f = p->free[class];
	p->free[class] = f->next;
	f->refs = 1;
	f->len = (uint32_t)len;
	f->offload = (struct offload){ 0 };
	p->used++;
	return f;
}

void frame_pool_put(struct pool *p, struct frame *f)
{
	if (--f->refs > 0)
		return;
	f->next = p->free[f->class];
	p->free[f->class] = f;
	p->used--;
}
