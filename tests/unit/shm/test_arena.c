/* Geometry: laid out, attached, and refused when it does not hold.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "ground.h"

TEST(arena_attach_sees_the_same)
{
	struct shm_arena b;

	ground_init();
	CHECK_INT(shm_arena_attach(&b, arena.base, GROUND_SIZE), ==, 0);
	CHECK(b.socks == arena.socks && b.bytes == arena.bytes);
	CHECK_INT(b.n_items, ==, arena.n_items);
	CHECK_INT(b.bytes_size, ==, arena.bytes_size);
	CHECK(shm_sock_at(&b, 0) == NULL);
	CHECK(shm_sock_at(&b, b.n_socks) == NULL);
	CHECK(shm_sock_at(&b, b.n_socks - 1) != NULL);
}

TEST(arena_default_is_16_gib)
{
	struct shm_geometry g = { 0 };
	uint64_t size = shm_arena_size(&g);

	CHECK_INT(size, ==, 16ll << 30);
	CHECK_INT(shm_arena_create(&arena, ground_map(size), size, &g), ==, 0);
	CHECK_INT(arena.n_socks, ==, 1 << 18);
	CHECK_INT(arena.bytes_size, >, 15ll << 30);
}

TEST(arena_create_refuses)
{
	struct shm_geometry g = { .size = 1 << 20 };
	void *m = ground_map(GROUND_SIZE);

	CHECK_INT(shm_arena_create(&arena, m, 1 << 19, &g), ==, -EINVAL);
	g.n_socks = 1 << 20; /* more records than bytes */
	CHECK_INT(shm_arena_create(&arena, m, 1 << 20, &g), ==, -EINVAL);
	g = (struct shm_geometry){ .size = GROUND_SIZE, .n_socks = 1 };
	CHECK_INT(shm_arena_create(&arena, m, GROUND_SIZE, &g), ==, -EINVAL);
}

/* Whichever word of the geometry is changed, it is noticed. */
TEST(arena_attach_refuses_any_change)
{
	struct shm_arena b;
	struct shm_header *h;
	uint8_t *raw;

	ground_init();
	raw = arena.base;
	h = arena.hdr;
	for (size_t at = 0; at < offsetof(struct shm_header, n_time_waits) + 4; at++) {
		if (at >= offsetof(struct shm_header, size) &&
			at < offsetof(struct shm_header, off_procs))
			continue;
		raw[at] ^= 0x10;
		CHECK_INT(shm_arena_attach(&b, raw, GROUND_SIZE), ==, -EPROTO);
		raw[at] ^= 0x10;
	}
	h->size = GROUND_SIZE + 1;
	CHECK_INT(shm_arena_attach(&b, raw, GROUND_SIZE), ==, -EPROTO);
	h->size = 4096;
	CHECK_INT(shm_arena_attach(&b, raw, GROUND_SIZE), ==, -EPROTO);
	h->size = GROUND_SIZE;
	CHECK_INT(shm_arena_attach(&b, raw, GROUND_SIZE), ==, 0);
	CHECK_INT(shm_arena_attach(&b, raw, 100), ==, -EPROTO);
}
