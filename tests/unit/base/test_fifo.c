/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "base/fifo.h"
#include "base/rng.h"
#include "check.h"

static struct fifo_shared sh;
static uint8_t mem[64];
static atomic_bool written;

static void both(struct fifo_end *w, struct fifo_end *r, uint32_t size,
	uint32_t at)
{
	sh.head = sh.tail = at;
	CHECK_INT(fifo_writer_init(w, &sh, mem, size), ==, 0);
	CHECK_INT(fifo_reader_init(r, &sh, mem, size), ==, 0);
}

TEST(size_must_be_a_power_of_two_within_the_limit)
{
	static const uint32_t bad[] = { 0, 3, 6, 1000, FIFO_SIZE_MAX * 2,
		FIFO_SIZE_MAX + 1, UINT32_MAX };
	struct fifo_end e;

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CHECK_INT(fifo_writer_init(&e, &sh, mem, bad[i]), ==, -EINVAL);
		CHECK_INT(fifo_reader_init(&e, &sh, mem, bad[i]), ==, -EINVAL);
	}
	CHECK_INT(fifo_writer_init(&e, &sh, mem, 1), ==, 0);
	CHECK_INT(fifo_writer_init(&e, &sh, mem, FIFO_SIZE_MAX), ==, 0);
}

TEST(full_and_empty_are_told_apart)
{
	struct fifo_end w, r;
	uint8_t buf[64] = { 0 };

	both(&w, &r, 16, 0);
	CHECK_INT(fifo_read(&r, buf, 4), ==, 0);
	CHECK_INT(fifo_write(&w, buf, 64), ==, 16);
	CHECK_INT(fifo_writer_space(&w), ==, 0);
	CHECK_INT(fifo_writer_used(&w), ==, 16);
	CHECK_INT(fifo_reader_used(&r), ==, 16);
	CHECK_INT(fifo_write(&w, buf, 1), ==, 0);
	CHECK_INT(fifo_read(&r, buf, 64), ==, 16);
	CHECK_INT(fifo_reader_used(&r), ==, 0);
	CHECK_INT(fifo_writer_space(&w), ==, 16);
}

TEST(out_of_order_bytes_are_not_read_before_they_are_published)
{
	struct fifo_end w, r;
	uint8_t buf[8];

	both(&w, &r, 8, UINT32_MAX - 2);
	fifo_poke(&w, 3, "def", 3);
	CHECK_INT(fifo_reader_used(&r), ==, 0);
	fifo_poke(&w, 0, "abc", 3);
	fifo_publish(&w, 6);
	CHECK_INT(fifo_read(&r, buf, 8), ==, 6);
	CHECK_MEM(buf, "abcdef", 6);
}

TEST(spans_are_cut_at_the_rings_end)
{
	struct fifo_end w, r;
	struct span_mut m[2];
	struct span s[2];

	both(&w, &r, 16, 12);
	CHECK_INT(fifo_writer_spans(&w, 0, 0, m), ==, 0);
	CHECK_INT(fifo_writer_spans(&w, 0, 4, m), ==, 1);
	CHECK_INT(fifo_writer_spans(&w, 1, 10, m), ==, 2);
	CHECK(m[0].base == mem + 13 && m[0].len == 3);
	CHECK(m[1].base == mem && m[1].len == 7);
	CHECK_INT(fifo_reader_spans(&r, 6, 3, s), ==, 1);
	CHECK(s[0].base == mem + 2 && s[0].len == 3);
}

TEST(the_first_byte_may_lie_anywhere)
{
	struct fifo_end w, r;
	uint8_t buf[16];

	both(&w, &r, 16, 0);
	fifo_end_begin(&w, 14);
	fifo_end_begin(&r, 14);
	CHECK_INT(fifo_write(&w, "abcdefghijklmnop", 16), ==, 16);
	CHECK_MEM(mem + 14, "ab", 2);
	CHECK_MEM(mem, "cdefghijklmn", 12);
	CHECK_INT(fifo_read(&r, buf, 16), ==, 16);
	CHECK_MEM(buf, "abcdefghijklmnop", 16);
}

/* A foreign counter that cannot be: no address outside, nothing moved. */
TEST(corrupt_foreign_counter_is_refused)
{
	struct fifo_end w, r;
	uint8_t buf[64];
	static const uint32_t off[] = { 17, 1000, 1u << 31, UINT32_MAX };

	for (unsigned i = 0; i < 4; i++) {
		both(&w, &r, 16, 5);
		sh.head = 5 - off[i]; /* as if off[i] were unread */
		CHECK_INT(fifo_writer_used(&w), ==, -EPROTO);
		CHECK_INT(fifo_writer_space(&w), ==, 0);
		CHECK_INT(fifo_write(&w, buf, 4), ==, 0);
		CHECK_INT(sh.tail, ==, 5);
		both(&w, &r, 16, 5);
		sh.tail = 5 + off[i];
		CHECK_INT(fifo_reader_used(&r), ==, -EPROTO);
		CHECK_INT(fifo_read(&r, buf, 4), ==, 0);
		CHECK_INT(sh.head, ==, 5);
	}
	both(&w, &r, 16, 5);
	sh.head = 6; /* read what was never written */
	CHECK_INT(fifo_writer_used(&w), ==, -EPROTO);
}

TEST(reload_takes_over_another_holders_place)
{
	struct fifo_end w, w2, r;
	uint8_t buf[4];

	both(&w, &r, 16, 0);
	CHECK_INT(fifo_writer_init(&w2, &sh, mem, 16), ==, 0);
	CHECK_INT(fifo_write(&w, "ab", 2), ==, 2);
	fifo_writer_reload(&w2);
	CHECK_INT(fifo_write(&w2, "cd", 2), ==, 2);
	CHECK_INT(fifo_read(&r, buf, 4), ==, 4);
	CHECK_MEM(buf, "abcd", 4);
}

TEST(a_short_message_lies_beside_tail)
{
	struct fifo_end w, r;
	uint8_t buf[FIFO_NEAR];

	both(&w, &r, 64, UINT32_MAX - 3);
	fifo_write_near(&w, "abcdefghij", 10);
	memset(mem, 'x', sizeof(mem)); /* it is not the ring that is looked at */
	CHECK(!fifo_peek_near(&r, 9, buf));
	CHECK(!fifo_peek_near(&r, 11, buf));
	CHECK(fifo_peek_near(&r, 10, buf));
	CHECK_MEM(buf, "abcdefghij", 10);
	/* Behind others it is found when they are gone. */
	fifo_write_near(&w, "klm", 3);
	CHECK(!fifo_peek_near(&r, 13, buf));
	fifo_release(&r, 10);
	CHECK(fifo_peek_near(&r, 3, buf));
	CHECK_MEM(buf, "klm", 3);
	fifo_release(&r, 3);
	CHECK(!fifo_peek_near(&r, 0, buf));
	/* Nothing is left of it when its place comes again. */
	fifo_write(&w, "nop", 3);
	sh.tail = sh.head = w.own = r.own = UINT32_MAX - 3 + 10;
	CHECK(!fifo_peek_near(&r, 3, buf));
}

/* Of every length, wherever it lies in the ring: nothing else is touched. */
TEST(a_short_message_is_whole_beside_tail_and_in_the_ring)
{
	struct fifo_end w, r;
	uint8_t in[FIFO_NEAR], out[FIFO_NEAR + 2];

	for (uint32_t n = 0; n <= FIFO_NEAR; n++) {
		for (uint32_t at = 0; at < 64; at++) {
			both(&w, &r, 64, at);
			memset(mem, 0xee, sizeof(mem));
			for (uint32_t k = 0; k < n; k++)
				in[k] = (uint8_t)(n * 5 + k * 3 + at);
			fifo_write_near(&w, in, n);
			CHECK_INT(sh.tail, ==, at + n);
			memset(out, 0xdd, sizeof(out));
			CHECK_INT(fifo_peek_near(&r, n, out + 1), ==, n > 0);
			CHECK_MEM(out + 1, in, n);
			CHECK_INT(out[0], ==, 0xdd);
			CHECK_INT(out[n + 1], ==, 0xdd);
			fifo_peek(&r, 0, out, n);
			CHECK_MEM(out, in, n);
			for (uint32_t k = n; k < 64; k++)
				CHECK_INT(mem[(at + k) % 64], ==, 0xee);
		}
	}
}

/* Each byte says where it is. */
static void *write_many(void *writer)
{
	struct fifo_end *w = writer;
	uint8_t buf[FIFO_NEAR + 8];
	struct rng g;

	rng_init(&g, 3);
	for (uint32_t n = 0; n < 200000; n++) {
		uint32_t len = 1 + rng_below(&g, sizeof(buf));

		for (uint32_t i = 0; i < len; i++)
			buf[i] = (uint8_t)((w->own + i) * 37);
		while (fifo_writer_space(w) < len)
			sched_yield();
		if (len <= FIFO_NEAR)
			fifo_write_near(w, buf, len);
		else
			fifo_write(w, buf, len);
	}
	atomic_store(&written, true);
	return NULL;
}

TEST(a_reader_beside_a_writer_gets_the_same_bytes)
{
	struct fifo_end w, r;
	uint8_t buf[64];
	pthread_t thread;
	bool end = false;

	both(&w, &r, 64, 0);
	CHECK_INT(pthread_create(&thread, NULL, write_many, &w), ==, 0);
	while (!end || fifo_reader_used(&r) > 0) {
		int64_t used = fifo_reader_used(&r);
		uint32_t at = r.own;

		end = used == 0 && atomic_load(&written);
		if (used > 0 && fifo_peek_near(&r, (uint32_t)used, buf))
			fifo_release(&r, (uint32_t)used);
		else
			used = fifo_read(&r, buf, sizeof(buf));
		for (int64_t i = 0; i < used; i++)
			CHECK_INT(buf[i], ==, (uint8_t)((at + (uint32_t)i) * 37));
		if (used == 0)
			sched_yield();
	}
	CHECK_INT(pthread_join(thread, NULL), ==, 0);
}

/* The naive twin: all bytes ever written, two positions, no ring. */
struct twin {
	uint8_t all[1 << 16];
	uint32_t head, tail;
};

static void random_op(struct rng *g, struct twin *t, struct fifo_end *w,
	struct fifo_end *r)
{
	uint32_t size = w->size, n = rng_below(g, size + 3), k;
	uint32_t used = t->tail - t->head, space = size - used;
	uint8_t buf[80];

	CHECK_INT(fifo_writer_used(w), ==, used);
	CHECK_INT(fifo_reader_used(r), ==, used);
	switch (rng_below(g, 8)) {
	case 0:
		for (uint32_t i = 0; i < n; i++)
			buf[i] = (uint8_t)rng_next(g);
		k = fifo_write(w, buf, n);
		CHECK_INT(k, ==, n < space ? n : space);
		memcpy(t->all + t->tail, buf, k);
		t->tail += k;
		break;
	case 1:
	case 5:
	case 6:
		k = fifo_read(r, buf, n);
		CHECK_INT(k, ==, n < used ? n : used);
		CHECK_MEM(buf, t->all + t->head, k);
		t->head += k;
		break;
	case 2: /* backwards, byte by byte, then publish */
		k = n < space ? n : space;
		for (uint32_t i = k; i-- > 0;) {
			buf[0] = (uint8_t)rng_next(g);
			fifo_poke(w, i, buf, 1);
			t->all[t->tail + i] = buf[0];
		}
		fifo_publish(w, k);
		t->tail += k;
		break;
	case 3:
		k = n < space ? n : space;
		k = k < FIFO_NEAR ? k : FIFO_NEAR;
		for (uint32_t i = 0; i < k; i++)
			t->all[t->tail + i] = (uint8_t)rng_next(g);
		fifo_write_near(w, t->all + t->tail, k);
		t->tail += k;
		break;
	case 4:
		if (!fifo_peek_near(r, used, buf))
			break;
		CHECK_MEM(buf, t->all + t->head, used);
		fifo_release(r, used);
		t->head += used;
		break;
	default:
		k = used ? rng_below(g, used) : 0;
		n = used - k < n ? used - k : n;
		fifo_peek(r, k, buf, n);
		CHECK_MEM(buf, t->all + t->head + k, n);
		break;
	}
}

TEST(behaves_as_its_naive_twin_across_2_32)
{
	static struct twin t;
	struct rng g;

	rng_init(&g, 1);
	for (uint32_t size = 1; size <= 64; size *= 2) {
		for (int round = 0; round < 20; round++) {
			struct fifo_end w, r;

			both(&w, &r, size, UINT32_MAX - rng_below(&g, 500));
			t.head = t.tail = 0;
			for (int i = 0; i < 1000; i++)
				random_op(&g, &t, &w, &r);
			CHECK(size < 8 || t.tail > 500); /* it did wrap */
		}
	}
}
