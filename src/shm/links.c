/* Lock-free free lists: Treiber's stack over indices with a tag that moves at
 * each change, so that a head seen before and again is really unchanged (ABA).
 * Links come from shared memory: checked before they become the head.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "base/atomic.h"
#include "tables.h"

/* A program that scribbles could make a pop retry for ever. */
#define POP_TRIES 10000u

static _Atomic uint32_t *link_of(const struct shm_links *l, uint32_t i)
{
	return (_Atomic uint32_t *)(l->base + (size_t)i * l->stride);
}

static uint64_t head_next(uint64_t head, uint32_t i)
{
	return ((head >> 32) + 1) << 32 | i;
}

uint32_t shm_links_pop(_Atomic uint64_t *head, const struct shm_links *l)
{
	/* Pairs with the compare-and-swap in shm_links_push(): the link that
	 * it wrote is seen. */
	uint64_t h = atomic_get_acquire(head);

	for (unsigned n = 0; n < POP_TRIES; n++) {
		uint32_t i = (uint32_t)h, next;

		if (i == 0 || i >= l->count)
			return 0;
		next = atomic_get_relaxed(link_of(l, i));
		if (next >= l->count) {
			/* Somebody took it after we read head, or corrupt. */
			uint64_t again = atomic_get_acquire(head);

			if (again == h)
				return 0;
			h = again;
			continue;
		}
		if (atomic_cas(head, &h, head_next(h, next))) {
			/* Ours alone now. */
			atomic_put_relaxed(link_of(l, i), SHM_LINK_TAKEN);
			return i;
		}
	}
	return 0;
}

bool shm_links_push(_Atomic uint64_t *head, const struct shm_links *l, uint32_t i)
{
	uint32_t taken = SHM_LINK_TAKEN;
	uint64_t h;

	if (i == 0 || i >= l->count)
		return false;
	/* Only one of two who free the same record gets past here. */
	if (!atomic_cas(link_of(l, i), &taken, 0))
		return false;
	h = atomic_get_relaxed(head);
	for (;;) {
		atomic_put_relaxed(link_of(l, i), (uint32_t)h);
		/* Pairs with the acquire in shm_links_pop(). */
		if (atomic_cas(head, &h, head_next(h, i)))
			return true;
	}
}

uint32_t shm_pool_fresh(struct shm_pool *p, const struct shm_links *l)
{
	/* The index is all there is to it: relaxed. */
	uint32_t i = atomic_get_relaxed(&p->fresh);

	while (i > 0 && i < l->count) {
		if (atomic_cas(&p->fresh, &i, i + 1)) {
			atomic_put_relaxed(link_of(l, i), SHM_LINK_TAKEN);
			return i;
		}
	}
	return 0;
}

uint32_t shm_pool_take(struct shm_pool *p, const struct shm_links *l)
{
	uint32_t i = shm_links_pop(&p->head, l);

	return i != 0 ? i : shm_pool_fresh(p, l);
}
