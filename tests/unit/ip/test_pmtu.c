/* Paths that take less than their first link.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "pmtu.h"
#include "bench.h"
#include "check.h"

#include <errno.h>

static int send_as(struct bench *b, enum ip_pmtu pmtu, uint8_t proto, size_t len)
{
	static uint8_t data[1480];

	return ip_send(b->h, b->now, &(struct ip_packet_out){ .dst = b->peer4,
		.proto = proto, .pmtu = (uint8_t)pmtu, .nspans = 1,
		.spans = { { data, len } } });
}

TEST(what_was_learnt_counts_for_ten_minutes)
{
	struct bench *b = bench_new();
	unsigned before;

	bench_meet(b);
	before = b->nframes;
	CHECK_INT(send_as(b, IP_PMTU_DO, IP_PROTO_UDP, 1400), ==, 0);
	CHECK_INT(b->nframes, ==, before + 1);
	ip_learn_pmtu(b->h, b->now, &b->peer4, 1000);
	CHECK_INT(send_as(b, IP_PMTU_DO, IP_PROTO_UDP, 1400), ==, -EMSGSIZE);
	CHECK_INT(send_as(b, IP_PMTU_DO, IP_PROTO_UDP, 980), ==, 0);
	CHECK_INT(b->nframes, ==, before + 2);
	/* In two pieces that fit it. */
	CHECK_INT(send_as(b, IP_PMTU_WANT, IP_PROTO_UDP, 1400), ==, 0);
	CHECK_INT(b->nframes, ==, before + 4);
	CHECK_INT(bench_last(b, 1)->len, <=, 14 + 1000);
	CHECK_INT(bench_last(b, 1)->b[14 + 6] & 0x40, ==, 0); /* no DF */
	/* Probes go out as they are, and TCP looks after itself. */
	CHECK_INT(send_as(b, IP_PMTU_PROBE, IP_PROTO_UDP, 1400), ==, 0);
	CHECK_INT(send_as(b, IP_PMTU_DO, IP_PROTO_TCP, 1400), ==, 0);
	CHECK_INT(b->nframes, ==, before + 6);
	b->now = instant_add(b->now, DURATION_S(601));
	CHECK_INT(send_as(b, IP_PMTU_DO, IP_PROTO_UDP, 1400), ==, 0);
	bench_free(b);
}

TEST(no_path_becomes_wider)
{
	struct bench *b = bench_new();

	ip_learn_pmtu(b->h, b->now, &b->peer4, 1000);
	ip_learn_pmtu(b->h, b->now, &b->peer4, 1200);
	CHECK_INT(ip_path(b->h, b->now, &b->peer4, 1500, 0), ==, 1000);
	CHECK_INT(ip_path(b->h, b->now, &b->peer4, 1500, 1100), ==, 1000);
	CHECK_INT(ip_path(b->h, b->now, &b->peer4, 1500, 900), ==, 900);
	CHECK_INT(b->npaths, ==, 2);
	CHECK_INT(b->path_mtu, ==, 900);
	bench_free(b);
}

TEST(the_oldest_makes_way)
{
	struct pmtu_table t = { 0 };
	struct instant now = { 0 };
	struct ip_addr a = bench_addr("10.9.0.0");

	for (unsigned k = 0; k < PMTU_PATHS + 1; k++) {
		a.b[3] = (uint8_t)k;
		now = instant_add(now, DURATION_S(1));
		pmtu_learn(&t, now, &a, 600 + k);
	}
	CHECK_INT(pmtu_of(&t, now, &a, 1500), ==, 600 + PMTU_PATHS);
	CHECK_INT(pmtu_of(&t, now, &a, 576), ==, 576);
	a.b[3] = 0;
	CHECK_INT(pmtu_of(&t, now, &a, 1500), ==, 1500);
	a.b[3] = 1;
	CHECK_INT(pmtu_of(&t, now, &a, 1500), ==, 601);
	pmtu_learn(&t, now, &a, 800); /* in its own place */
	CHECK_INT(pmtu_of(&t, now, &a, 1500), ==, 800);
	a.b[3] = 2;
	CHECK_INT(pmtu_of(&t, now, &a, 1500), ==, 602);
}
