/* Rings that grow.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "ring.h"

#include <stdlib.h>
#include <string.h>

void *ring_room(void *ring, const struct ring_kind *kind, uint32_t *cap, uint32_t *head,
	uint32_t n)
{
	uint32_t more = *cap ? *cap * 2 : kind->first;
	size_t before = *head * kind->size, behind = (*cap - *head) * kind->size;
	char *to;

	if (n < *cap)
		return ring;
	to = more > kind->most ? NULL : malloc(more * kind->size);
	if (!to)
		return NULL;
	if (ring) {
		memcpy(to, (char *)ring + before, behind);
		memcpy(to + behind, ring, before);
	}
	free(ring);
	*cap = more;
	*head = 0;
	return to;
}
