/* Pools and fifos: against a naive model, and with processes that hammer them.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "ground.h"

TEST(pool_against_a_list)
{
	static uint8_t used[100000];
	uint32_t have[600], n = 0;
	struct rng r;

	ground_init();
	rng_init(&r, 7);
	for (int step = 0; step < 20000; step++) {
		if (rng_below(&r, 2) || n == 0) {
			uint32_t i = shm_sock_take(&arena);

			if (n == arena.n_socks - 1) {
				CHECK_INT(i, ==, 0);
				continue;
			}
			CHECK(i > 0 && i < arena.n_socks && !used[i]);
			CHECK_INT(arena.socks[i].state, ==, 0);
			CHECK_INT(arena.socks[i].local.port, ==, 0);
			used[i] = 1;
			arena.socks[i].state = SHM_SOCK_OPEN;
			arena.socks[i].local.port = 7;
			have[n++] = i;
		} else {
			uint32_t k = rng_below(&r, n), gen;

			gen = arena.socks[have[k]].gen;
			shm_sock_free(&arena, have[k]);
			shm_sock_free(&arena, have[k]); /* refused */
			CHECK_INT(arena.socks[have[k]].gen, ==, gen);
			used[have[k]] = 0;
			have[k] = have[--n];
		}
	}
}

TEST(pool_ignores_nonsense)
{
	ground_init();
	shm_sock_free(&arena, 0);
	shm_sock_free(&arena, 0xffffffff);
	shm_sock_free(&arena, 5); /* never taken */
	CHECK_INT(shm_sock_take(&arena), ==, 1);
	CHECK_INT(shm_sock_take(&arena), ==, 2);
}

TEST(fifo_sizes_and_reuse)
{
	struct fifo_end w;
	uint32_t a, b, c;

	ground_init();
	a = shm_fifo_take(&arena, 5000);
	CHECK_INT(shm_fifo_writer(&arena, a, &w), ==, 0);
	CHECK_INT(w.size, ==, 8192);
	CHECK_INT(arena.fifos[a].limit, ==, 8192);
	b = shm_fifo_take(&arena, 0);
	CHECK_INT(shm_fifo_writer(&arena, b, &w), ==, 0);
	CHECK_INT(w.size, ==, 4096);
	CHECK_INT(shm_fifo_take(&arena, 0xffffffff), ==, 0); /* no room for it */
	c = shm_fifo_take(&arena, 5 << 20);
	CHECK_INT(shm_fifo_writer(&arena, c, &w), ==, 0);
	CHECK_INT(w.size, ==, 8 << 20);
	shm_fifo_writer(&arena, a, &w);
	fifo_write(&w, "x", 1);
	shm_fifo_free(&arena, a);
	shm_fifo_free(&arena, a);
	CHECK_INT(shm_fifo_writer(&arena, a, &w), ==, -EPROTO);
	b = shm_fifo_take(&arena, 8000);
	CHECK_INT(b, ==, a); /* last used first */
	CHECK_INT(shm_fifo_writer(&arena, b, &w), ==, 0);
	CHECK_INT(fifo_writer_used(&w), ==, 0);
}

/* Writes, and perhaps dies before it has noted its place. */
static void stream_write(uint32_t i, const char *text, bool dies)
{
	struct fifo_end w;

	CHECK_INT(shm_kept_writer(&arena, i, &w), ==, 0);
	CHECK_INT(fifo_write(&w, text, (uint32_t)strlen(text)), ==, strlen(text));
	if (!dies)
		shm_kept_written(&arena, i, &w);
}

TEST(stream_writers_follow_each_other)
{
	struct fifo_end r;
	char got[32] = "";
	uint32_t i;

	ground_init();
	i = shm_fifo_take(&arena, 4096);
	CHECK_INT(shm_fifo_reader(&arena, i, &r), ==, 0);
	stream_write(i, "one ", false);
	stream_write(i, "two ", false);
	CHECK_INT(arena.fifos[i].tail_sure, ==, 1);
	CHECK_INT(arena.fifos[i].tail_kept, ==, 8);
	stream_write(i, "three ", true);
	CHECK_INT(arena.fifos[i].tail_sure, ==, 0);
	stream_write(i, "four", false);
	CHECK_INT(fifo_read(&r, got, sizeof(got)), ==, 18);
	CHECK_STR(got, "one two three four");
	/* Another life of it begins at 0. */
	shm_fifo_free(&arena, i);
	CHECK_INT(shm_fifo_take(&arena, 4096), ==, i);
	CHECK_INT(shm_fifo_reader(&arena, i, &r), ==, 0);
	stream_write(i, "five", false);
	CHECK_INT(fifo_read(&r, got, sizeof(got)), ==, 4);
	CHECK_INT(arena.fifos[i].sh.tail, ==, 4);
}

TEST(fifo_until_the_bytes_run_out)
{
	uint32_t n = 0, last = 0, i;

	ground_init();
	while ((i = shm_fifo_take(&arena, 1 << 20)) != 0) {
		n++;
		last = i;
	}
	CHECK_INT(n, ==, (arena.bytes_size - SHM_RING_SHARE) >> 20);
	shm_fifo_free(&arena, last);
	CHECK(shm_fifo_take(&arena, 1 << 20) != 0);
	CHECK_INT(shm_fifo_take(&arena, 1 << 20), ==, 0);
}

/* Of a connection's two rings, the page that an address is in. */
static uintptr_t page_after(uint32_t fifo, uint32_t bytes)
{
	struct fifo_end w;
	struct span_mut piece[2];

	CHECK_INT(shm_fifo_writer(&arena, fifo, &w), ==, 0);
	CHECK_INT(fifo_writer_spans(&w, bytes, 1, piece), ==, 1);
	return (uintptr_t)piece[0].base / 4096;
}

TEST(streams_share_a_page_in_pairs)
{
	uint32_t late, early, size = 1 << 16;
	uintptr_t page, before = 0;

	ground_init();
	CHECK_INT((uintptr_t)arena.bytes % 4096, ==, 0);
	for (int k = 0; k < 8; k++) {
		late = shm_stream_take(&arena, size);
		early = shm_stream_take(&arena, size);
		page = page_after(late, 0);
		CHECK(page != before);
		CHECK(page_after(late, SHM_RING_SHARE - 1) == page);
		CHECK(page_after(late, SHM_RING_SHARE) != page);
		CHECK(page_after(early, 0) == page);
		CHECK(page_after(early, SHM_RING_SHARE - 1) == page);
		CHECK(page_after(early, SHM_RING_SHARE) != page);
		before = page;
	}
}

TEST(streams_rings_are_reused)
{
	uint64_t used;
	uint32_t two[2];

	ground_init();
	for (int k = 0; k < 100; k++) {
		two[0] = shm_stream_take(&arena, 1 << 16);
		two[1] = shm_stream_take(&arena, 1 << 16);
		shm_fifo_free(&arena, two[k % 2]);
		shm_fifo_free(&arena, two[!(k % 2)]);
		used = arena.hdr->bytes_next;
		CHECK_INT(used, ==, SHM_RING_SHARE + (2 << 16));
	}
}

TEST(a_ring_that_was_given_back_waits)
{
	uint32_t a, b;

	ground_init();
	a = shm_stream_take(&arena, 1 << 16);
	b = shm_stream_take(&arena, 1 << 16);
	CHECK(!shm_ring_waits(&arena, 1 << 16));
	shm_fifo_free(&arena, a);
	CHECK(shm_ring_waits(&arena, 1 << 16));
	CHECK(shm_ring_waits(&arena, (1 << 16) - 1)); /* the same class */
	CHECK(!shm_ring_waits(&arena, 1 << 15));
	CHECK(!shm_ring_waits(&arena, (1 << 16) + 1));
	a = shm_stream_take(&arena, 1 << 16);
	CHECK(!shm_ring_waits(&arena, 1 << 16));
	shm_fifo_free(&arena, a);
	shm_fifo_free(&arena, b);
}

TEST(an_empty_fifo_grows)
{
	uint8_t in[3000] = { 1, [2999] = 2 }, out[3000];
	struct fifo_end w, r;
	uint32_t a;

	ground_init();
	a = shm_fifo_take(&arena, 4096);
	CHECK_INT(shm_fifo_writer(&arena, a, &w), ==, 0);
	CHECK_INT(fifo_write(&w, in, 3000), ==, 3000);
	shm_fifo_grow(&arena, a, 8192); /* not now */
	CHECK_INT(shm_fifo_reader(&arena, a, &r), ==, 0);
	CHECK_INT(r.size, ==, 4096);
	CHECK_INT(fifo_read(&r, out, 3000), ==, 3000);
	shm_fifo_grow(&arena, a, 4096);
	CHECK(!shm_ring_waits(&arena, 4096));
	shm_fifo_grow(&arena, a, 8192);
	CHECK(shm_ring_waits(&arena, 4096));
	CHECK_INT(shm_fifo_writer(&arena, a, &w), ==, 0);
	CHECK_INT(w.size, ==, 8192);
	CHECK_INT(fifo_write(&w, in, 3000), ==, 3000);
	CHECK_INT(fifo_write(&w, in, 3000), ==, 3000);
	CHECK_INT(shm_fifo_reader(&arena, a, &r), ==, 0);
	for (int k = 0; k < 2; k++) {
		CHECK_INT(fifo_read(&r, out, 3000), ==, 3000);
		CHECK_INT(memcmp(in, out, 3000), ==, 0);
	}
	shm_fifo_grow(&arena, a, 4096); /* never less */
	CHECK_INT(shm_fifo_reader(&arena, a, &r), ==, 0);
	CHECK_INT(r.size, ==, 8192);
}

TEST(fifo_refuses_a_bad_ring)
{
	struct fifo_end w;
	uint32_t a, ring;

	ground_init();
	a = shm_fifo_take(&arena, 4096);
	ring = arena.fifos[a].ring;
	arena.rings[ring].offset = GROUND_SIZE - 100;
	CHECK_INT(shm_fifo_reader(&arena, a, &w), ==, -EPROTO);
	arena.rings[ring].offset = 0; /* the header itself */
	CHECK_INT(shm_fifo_reader(&arena, a, &w), ==, -EPROTO);
	arena.rings[ring].offset = UINT64_MAX - 10;
	CHECK_INT(shm_fifo_reader(&arena, a, &w), ==, -EPROTO);
	arena.rings[ring].offset = arena.bytes_off;
	arena.rings[ring].size_log2 = 63;
	CHECK_INT(shm_fifo_reader(&arena, a, &w), ==, -EPROTO);
	arena.fifos[a].ring = 0xffffff;
	CHECK_INT(shm_fifo_reader(&arena, a, &w), ==, -EPROTO);
	CHECK_INT(shm_fifo_reader(&arena, 0xffffff, &w), ==, -EPROTO);
}

/* Each process writes its number into what it holds: nobody else may. */
static void hammer(unsigned k)
{
	struct rng r;
	uint32_t have[8] = { 0 };

	rng_init(&r, k + 1);
	for (int step = 0; step < 30000; step++) {
		uint32_t *h = &have[rng_below(&r, 8)];

		if (*h == 0) {
			*h = shm_fifo_take(&arena, 4096);
			if (*h == 0)
				continue;
			if (arena.fifos[*h].drops != 0)
				_exit(1);
			arena.fifos[*h].drops = k + 1;
		} else {
			if (arena.fifos[*h].drops != k + 1)
				_exit(2);
			arena.fifos[*h].drops = 0;
			shm_fifo_free(&arena, *h);
			*h = 0;
		}
	}
}

TEST(pool_hammered_by_four_processes)
{
	ground_init();
	ground_fork(4, hammer);
	CHECK_INT(arena.hdr->fifos.fresh, <=, 4 * 8 + 1);
}

TEST(item_still_queued_is_not_reused)
{
	uint32_t ep, a, b;

	ground_init();
	ep = shm_epoll_take(&arena);
	a = shm_item_take(&arena);
	shm_stack_push_item(&arena, &arena.epolls[ep], a);
	shm_item_free(&arena, a);
	b = shm_item_take(&arena);
	CHECK(b != a && b != 0);
	shm_epoll_free(&arena, ep); /* which drains its stack */
	CHECK_INT(arena.items[a].queued, ==, 0);
	CHECK_INT(shm_item_take(&arena), ==, a);
}
