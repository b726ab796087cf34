/* The queue of datagrams: against a naive list, and with corrupt contents.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "ground.h"

struct twin {
	uint32_t len;
	uint8_t first;
	uint16_t port;
};

static void fill(uint8_t *p, uint32_t len, uint8_t first)
{
	for (uint32_t k = 0; k < len; k++)
		p[k] = (uint8_t)(first + k * 7);
}

TEST(msgq_against_a_list)
{
	static struct twin list[4096];
	static uint8_t buf[9000], got[9000];
	uint32_t head = 0, tail = 0, used = 0, f;
	struct fifo_end w, r;
	struct shm_msg m;
	struct rng rng;

	ground_init();
	rng_init(&rng, 3);
	f = shm_fifo_take(&arena, 32768);
	CHECK_INT(shm_fifo_writer(&arena, f, &w), ==, 0);
	CHECK_INT(shm_fifo_reader(&arena, f, &r), ==, 0);
	for (int step = 0; step < 50000; step++) {
		if (rng_below(&rng, 2)) {
			uint32_t len = rng_below(&rng, 3000), cut;
			uint32_t need = shm_msgq_footprint(len);
			struct shm_msg put = { .len = len };
			struct span p[2];
			int e;

			put.src.port = (uint16_t)rng_next(&rng);
			fill(buf, len, (uint8_t)step);
			cut = len ? rng_below(&rng, len) : 0;
			p[0] = (struct span){ buf, cut };
			p[1] = (struct span){ buf + cut, len - cut };
			e = shm_msgq_put(&w, 20000, &put, p, 2);
			if (used > 0 && used + need > 20000) {
				CHECK_INT(e, ==, -ENOBUFS);
				continue;
			}
			CHECK_INT(e, ==, 0);
			used += need;
			list[tail++ % 4096] = (struct twin){ len, (uint8_t)step,
				put.src.port };
		} else {
			int e = shm_msgq_peek(&r, &m);
			struct twin *t = &list[head % 4096];

			CHECK_INT(e, ==, head != tail);
			if (!e)
				continue;
			CHECK_INT(m.len, ==, t->len);
			CHECK_INT(m.src.port, ==, t->port);
			shm_msgq_copy(&r, 0, got, m.len);
			fill(buf, m.len, t->first);
			CHECK_MEM(got, buf, m.len);
			shm_msgq_drop(&r, &m);
			used -= shm_msgq_footprint(m.len);
			head++;
		}
	}
}

TEST(msgq_refuses)
{
	struct span p = { (const uint8_t *)"abc", 3 };
	struct shm_msg m = { .len = 5000 };
	struct fifo_end w, r;
	uint32_t f;

	ground_init();
	f = shm_fifo_take(&arena, 4096);
	shm_fifo_writer(&arena, f, &w);
	shm_fifo_reader(&arena, f, &r);
	CHECK_INT(shm_msgq_put(&w, 4096, &m, &p, 1), ==, -EMSGSIZE);
	m.len = 0xffffffff;
	CHECK_INT(shm_msgq_put(&w, 4096, &m, &p, 1), ==, -EMSGSIZE);
	m.len = 4;
	CHECK_INT(shm_msgq_put(&w, 4096, &m, &p, 1), ==, -EINVAL);
	CHECK_INT(shm_msgq_peek(&r, &m), ==, 0); /* nothing was published */
}

TEST(msgq_corrupt)
{
	static uint8_t buf[65536];
	struct fifo_end w, r;
	struct shm_msg m;
	struct rng rng;
	uint32_t f;

	ground_init();
	rng_init(&rng, 9);
	f = shm_fifo_take(&arena, 4096);
	shm_fifo_writer(&arena, f, &w);
	for (int step = 0; step < 20000; step++) {
		for (int k = 0; k < 200; k += 4)
			w.data[rng_below(&rng, 4096)] = (uint8_t)rng_next(&rng);
		arena.fifos[f].sh.head = (uint32_t)rng_next(&rng);
		arena.fifos[f].sh.tail = arena.fifos[f].sh.head +
			rng_below(&rng, 5000);
		CHECK_INT(shm_fifo_reader(&arena, f, &r), ==, 0);
		if (shm_msgq_peek(&r, &m) != 1)
			continue;
		CHECK_INT(m.len, <=, 4096 - 72);
		shm_msgq_copy(&r, 0, buf, m.len);
		shm_msgq_drop(&r, &m);
	}
}
