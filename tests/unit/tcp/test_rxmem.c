/* What received packets weigh: sizes as Linux has them, and a queue against a plain
 * list. SPDX-License-Identifier: BSD-2-Clause */
#include "rxmem.h"

#include "base/rng.h"
#include "check.h"

enum { HEADER = 40, MOST = 4096 };

static uint32_t size_of(uint32_t len)
{
	return rxmem_packet(HEADER, len).size;
}

/* As seen by SO_MEMINFO on Linux 6.18, of packets through a TUN device. */
TEST(packets_weigh_what_linux_gives_them)
{
	CHECK_INT(size_of(1), ==, 896);
	CHECK_INT(size_of(216), ==, 896);
	CHECK_INT(size_of(217), ==, 1280);
	CHECK_INT(size_of(1000), ==, 2304);
	CHECK_INT(size_of(1460), ==, 2304);
	CHECK_INT(size_of(2920), ==, 4352);
	CHECK_INT(size_of(20000), ==, 896 + 16384 + 4096);
	CHECK_INT(rxmem_packet(HEADER, 20000).chunks, ==, 2);
	CHECK_INT(rxmem_packet(HEADER, 20000).head, ==, 896);
	CHECK_INT(rxmem_packet(HEADER, 1).spare, ==, 215);
}

static struct rxmem m;

static void put(uint32_t end, uint32_t len)
{
	struct rxmem_packet p = rxmem_packet(HEADER, len);

	rxmem_put(&m, seq_of(end), len, &p);
}

static void read_to(uint32_t to)
{
	uint32_t at;

	do
		at = rxmem_read(&m, seq_of(to)).v;
	while (at != to);
}

TEST(small_ones_go_into_what_is_spare)
{
	rxmem_init(&m);
	put(1, 1);
	for (uint32_t i = 2; i <= 216; i++)
		put(i, 1);
	CHECK_INT(m.total, ==, 896);
	put(217, 1);
	CHECK_INT(m.total, ==, 2 * 896);
	read_to(216);
	CHECK_INT(m.total, ==, 896);
	read_to(217);
	CHECK_INT(m.total, ==, 0);
	rxmem_fini(&m);
}

TEST(pages_are_hung_on_without_their_head)
{
	uint32_t end = 0;

	rxmem_init(&m);
	for (int i = 0; i < 17; i++) /* one chunk each */
		put(end += 4056, 4056);
	CHECK_INT(m.total, ==, 896 + 17 * 4096);
	put(end += 4056, 4056);
	CHECK_INT(m.total, ==, 2 * 896 + 18 * 4096);
	rxmem_fini(&m);
}

TEST(collapsing_never_makes_it_more)
{
	rxmem_init(&m);
	for (uint32_t i = 1; i <= 10; i++)
		put(600 * i, 600);
	CHECK_INT(m.total, ==, 10 * 1280);
	rxmem_collapse(&m, 6000);
	CHECK_INT(m.total, ==, 2 * 4352);
	rxmem_collapse(&m, 6000);
	CHECK_INT(m.total, ==, 2 * 4352);
	read_to(5999);
	CHECK_INT(m.total, ==, 2 * 4352);
	read_to(6000);
	CHECK_INT(m.total, ==, 0);
	rxmem_fini(&m);
}

/* Against a list of packets that nothing is put into. */
TEST(as_a_list_does)
{
	static uint32_t ends[MOST], sizes[MOST];
	uint32_t first = 0, n = 0, head = 0, end = 0, total = 0;
	struct rng rng;

	rng_init(&rng, 7);
	rxmem_init(&m);
	for (int i = 0; i < 20000; i++) {
		uint32_t len = 1300 + (uint32_t)rng_below(&rng, 200);

		if (n - first < 1000 && rng_below(&rng, 2)) {
			end += len;
			put(end, len);
			ends[n % MOST] = end;
			sizes[n++ % MOST] = size_of(len);
			total += size_of(len);
		} else if (end != head) {
			head += 1 + (uint32_t)rng_below(&rng, end - head);
			read_to(head);
			for (; first < n && (int32_t)(ends[first % MOST] - head) <= 0;
				first++)
				total -= sizes[first % MOST];
		}
		CHECK_INT(m.total, ==, total);
	}
	rxmem_fini(&m);
	CHECK(m.at == NULL);
}
