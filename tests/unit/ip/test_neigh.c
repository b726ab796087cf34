/* Neighbours: what waits, what is forgotten. Their states over time are in
 * tests/sim/test_twostacks.c.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "bench.h"
#include "check.h"

#include <errno.h>
#include <string.h>

#include "wire/arp.h"

static void answer(struct bench *b, uint8_t last)
{
	struct arp_packet p = { .op = ARP_REPLY, .target = b->v4,
		.sender = ip_addr_v4(10, 0, 0, last),
		.sender_mac = { 2, 0, 0, 0, 0, last } };
	uint8_t m[ARP_LEN];

	arp_emit(m, &p);
	bench_give_frame(b, NULL, ETH_TYPE_ARP, m, ARP_LEN);
}

TEST(copies_wait)
{
	struct bench *b = bench_new();
	char data[4] = "one";

	CHECK_INT(bench_send(b, &b->peer4, 17, data, 3), ==, 0);
	memcpy(data, "two", 3);
	CHECK_INT(bench_send(b, &b->peer4, 17, data, 3), ==, 0);
	memcpy(data, "xxx", 3);
	CHECK_INT(b->nframes, ==, 1); /* one question */
	answer(b, 2);
	CHECK_INT(b->nframes, ==, 3);
	CHECK_INT(bench_last(b, 1)->len, ==, 14 + 20 + 3);
	CHECK_MEM(bench_last(b, 1)->b + 34, "one", 3);
	CHECK_MEM(bench_last(b, 0)->b + 34, "two", 3);
	CHECK_INT(bench_last(b, 0)->b[5], ==, 2);
	answer(b, 2); /* nothing twice */
	CHECK_INT(b->nframes, ==, 3);
	bench_free(b);
}

TEST(the_oldest_gives_way)
{
	struct bench *b = bench_new();
	uint8_t n;

	for (n = 0; n < NEIGH_PENDING_MAX + 5; n++)
		CHECK_INT(bench_send(b, &b->peer4, 17, &n, 1), ==, 0);
	CHECK_INT(ip_stats(b->h)->pending_dropped, ==, 5);
	answer(b, 2);
	CHECK_INT(b->nframes, ==, 1 + NEIGH_PENDING_MAX);
	CHECK_INT(bench_last(b, 0)->b[34], ==, NEIGH_PENDING_MAX + 4);
	CHECK_INT(bench_last(b, NEIGH_PENDING_MAX - 1)->b[34], ==, 5);
	bench_free(b);
}

TEST(failure_is_told)
{
	struct bench *b = bench_new();

	CHECK_INT(bench_send(b, &b->peer4, 17, "01234567", 8), ==, 0);
	bench_run(b, DURATION_MS(2999));
	CHECK_INT(b->nerrors, ==, 0);
	bench_run(b, DURATION_MS(1));
	CHECK_INT(b->nerrors, ==, 1);
	CHECK_INT(b->nframes, ==, 3);
	CHECK_INT(b->error.err, ==, EHOSTUNREACH);
	CHECK(b->error.hard);
	CHECK_INT(b->error.proto, ==, 17);
	CHECK(ip_addr_equal(&b->error.src, &b->v4));
	CHECK(ip_addr_equal(&b->error.dst, &b->peer4));
	CHECK_INT(b->error.len, ==, 8);
	CHECK_MEM(b->l4, "01234567", 8);
	CHECK(instant_is_never(ip_deadline(b->h)));
	bench_free(b);
}

static void count(void *user, const struct ip_neigh_view *v)
{
	++*(unsigned *)user;
}

TEST(bounded_table)
{
	struct bench *b = bench_new();
	struct ip_prefix wide = bench_prefix("10.8.0.1/13");
	unsigned n = 0;

	CHECK_INT(ip_add_addr(b->h, 2, &wide), ==, 0);
	/* Asked by very many: the oldest are forgotten, the peer is in use. */
	bench_meet(b);
	for (unsigned i = 0; i < 3000; i++) {
		struct arp_packet p = { .op = ARP_REQUEST, .target = b->v4,
			.sender = ip_addr_v4(10, 8, (uint8_t)(i >> 8),
				(uint8_t)(2 + i % 250)),
			.sender_mac = { 2, 9 } };
		uint8_t m[ARP_LEN];

		arp_emit(m, &p);
		bench_give_frame(b, NULL, ETH_TYPE_ARP, m, ARP_LEN);
		if (i % 100 == 0)
			bench_send(b, &b->peer4, 17, "x", 1);
	}
	ip_foreach_neigh(b->h, count, &n);
	CHECK_INT(n, ==, NEIGH_MAX);
	b->nframes = 0;
	bench_send(b, &b->peer4, 17, "x", 1);
	CHECK_INT(bench_last(b, 0)->len, ==, 35); /* no question was needed */
	bench_free(b);
}

TEST(full_of_waiting)
{
	struct bench *b = bench_new();
	struct ip_prefix wide = bench_prefix("10.8.0.1/13");
	int r = 0;
	unsigned n = 0;

	CHECK_INT(ip_add_addr(b->h, 2, &wide), ==, 0);
	for (unsigned i = 0; i < 3000 && r == 0; i++, n++) {
		struct ip_addr a = ip_addr_v4(10, 9, (uint8_t)(i / 200),
			(uint8_t)(1 + i % 200));

		r = bench_send(b, &a, 17, "01234567", 8);
	}
	CHECK_INT(r, ==, -ENOBUFS);
	CHECK_INT(n, ==, NEIGH_MAX + 1);
	bench_run(b, DURATION_S(5));
	CHECK_INT(b->nerrors, ==, NEIGH_MAX);
	CHECK_INT(bench_send(b, &b->peer4, 17, "x", 1), ==, 0);
	bench_free(b);
}

TEST(forgotten_with_the_interface)
{
	struct bench *b = bench_new();
	unsigned n = 0;

	bench_meet(b);
	bench_send(b, &b->peer4, 17, "x", 1);
	ip_set_iface_up(b->h, 2, false);
	ip_foreach_neigh(b->h, count, &n);
	CHECK_INT(n, ==, 0);
	CHECK(instant_is_never(ip_deadline(b->h)));
	bench_free(b);
}
