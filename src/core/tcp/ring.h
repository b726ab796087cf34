/* Rings that grow: slots of one size, a power of two of them, the first at `head`.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_RING_H
#define TCP_RING_H

#include <stddef.h>
#include <stdint.h>

/* What a ring may be: how large a slot is, how many there are at first and at most. */
struct ring_kind {
	size_t size;
	uint32_t first, most;
};

/* Room for one more than the n that are in the ring (NULL: one of no slots)? A full
 * one is made twice as long, and its first slot becomes slot 0. Returns the ring, which
 * may have moved; NULL: it may not grow or there is no memory, and it stays as it was. */
void *ring_room(void *ring, const struct ring_kind *kind, uint32_t *cap, uint32_t *head,
	uint32_t n);

#endif
