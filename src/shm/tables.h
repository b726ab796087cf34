/* Inside shm: the pools' free lists seen alike.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHM_TABLES_H
#define SHM_TABLES_H

#include "shm/arena.h"

/* A link field's value while the record is taken: a free record holds the next
 * free index or 0. So a second free is noticed. */
#define SHM_LINK_TAKEN 0xffffffffu

/* Where the link of record i of some table lies. */
struct shm_links {
	uint8_t *base;	 /* first record's link */
	uint32_t stride; /* bytes between two */
	uint32_t count;	 /* valid indices are 1..count - 1 */
};

/* Stack of indices through such links; head: tag in the high half. 0: empty. */
uint32_t shm_links_pop(_Atomic uint64_t *head, const struct shm_links *l);
/* false when it was free already, or a bad index. */
bool shm_links_push(_Atomic uint64_t *head, const struct shm_links *l, uint32_t i);
/* From the free list, else a fresh one; 0 none left. */
uint32_t shm_pool_take(struct shm_pool *p, const struct shm_links *l);
/* One that was never used. */
uint32_t shm_pool_fresh(struct shm_pool *p, const struct shm_links *l);

#endif
