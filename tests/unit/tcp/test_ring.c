/* SPDX-License-Identifier: BSD-2-Clause */
#include "ring.h"

#include <stdlib.h>

#include "check.h"

static const struct ring_kind kind = { sizeof(int), 4, 16 };

/* Whatever slot is the first when it grows, the order stays. */
TEST(order)
{
	for (uint32_t first = 0; first < 4; first++) {
		uint32_t cap = 0, head = 0, n = 0;
		int *ring = NULL;

		for (int k = 0; k < 16; k++) {
			if (k == 1)
				head = first, ring[first] = 0;
			ring = ring_room(ring, &kind, &cap, &head, n);
			CHECK(ring != NULL);
			ring[(head + n++) & (cap - 1)] = k;
			for (uint32_t i = 0; i < n; i++)
				CHECK_INT(ring[(head + i) & (cap - 1)], ==, (int)i);
		}
		CHECK_INT(cap, ==, 16);
		CHECK(ring_room(ring, &kind, &cap, &head, n) == NULL);
		CHECK_INT(cap, ==, 16);
		CHECK_INT(ring[head], ==, 0);
		free(ring);
	}
}
