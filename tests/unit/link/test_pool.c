/* Frames of all sizes, their bound, and that slots are used again.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "check.h"
#include "link/link.h"
#include "pool.h"

TEST(pool_gives_every_size)
{
	static const size_t sizes[] = { 14, 1514, POOL_SHORT, POOL_SHORT + 1,
		9014, 9257, LINK_FRAME_MAX };
	struct frame *f[sizeof(sizes) / sizeof(sizes[0])];
	struct pool p;

	frame_pool_init(&p, POOL_BYTES_MAX);
	for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		f[i] = frame_pool_get(&p, sizes[i]);
		CHECK(f[i] != NULL);
		CHECK_INT(f[i]->len, ==, sizes[i]);
		memset(f[i]->data, (int)i, sizes[i]); /* asan watches */
	}
	for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		CHECK_INT(f[i]->data[sizes[i] - 1], ==, i);
	CHECK(frame_pool_get(&p, LINK_FRAME_MAX + 1) == NULL);
	frame_pool_fini(&p);
}

TEST(pool_uses_the_last_slot_first)
{
	struct frame *a, *b;
	struct pool p;

	frame_pool_init(&p, POOL_BYTES_MAX);
	a = frame_pool_get(&p, 100);
	b = frame_pool_get(&p, 100);
	CHECK(a != b);
	frame_pool_put(&p, a);
	CHECK(frame_pool_get(&p, 1500) == a);
	CHECK_INT(p.used, ==, 2);
	frame_pool_fini(&p);
}

TEST(pool_counts_references)
{
	struct frame *a;
	struct pool p;

	frame_pool_init(&p, POOL_BYTES_MAX);
	a = frame_pool_get(&p, 100);
	frame_ref(a);
	frame_pool_put(&p, a);
	CHECK(frame_pool_get(&p, 100) != a);
	frame_pool_put(&p, a);
	CHECK(frame_pool_get(&p, 100) == a);
	frame_pool_fini(&p);
}

TEST(pool_keeps_its_bound)
{
	struct frame *one;
	struct pool p;
	int n = 0;

	frame_pool_init(&p, 1 << 20);
	one = frame_pool_get(&p, 100);
	while (frame_pool_get(&p, 100))
		n++;
	CHECK_INT(n, >, 400);
	CHECK_INT(p.bytes, <=, 1 << 20);
	frame_pool_put(&p, one);
	CHECK(frame_pool_get(&p, 100) == one);
	frame_pool_fini(&p);
	CHECK_INT(p.bytes, ==, 0);
}
