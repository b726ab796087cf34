/* Reassembly: in any order, with duplicates; what overlaps, contradicts itself, is
 * too long or comes too late is dropped, and who sent it told where that is due.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "bench.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "base/rng.h"
#include "wire/ipv4.h"
#include "wire/ipv6.h"

enum { TURN = 4096 }; /* where the text begins again */

static uint8_t text[TURN + BENCH_FRAME];

static void fill_text(void)
{
	for (size_t k = 0; k < sizeof(text); k++)
		text[k] = (uint8_t)(k + k / 256 % 16);
}

/* A part of text from the peer. */
static void give4(struct bench *b, uint16_t id, unsigned from, unsigned len,
	bool more)
{
	uint8_t p[BENCH_FRAME];

	ipv4_emit(p, &(struct ipv4_header){ .src = b->peer4, .dst = b->v4,
		.proto = 17, .ttl = 64, .id = id, .more_fragments = more,
		.fragment_offset = (uint16_t)from }, len);
	memcpy(p + IPV4_HEADER_LEN, text + from % TURN, len);
	bench_give_frame(b, NULL, 0x0800, p, IPV4_HEADER_LEN + len);
}

static void give6(struct bench *b, uint32_t id, unsigned from, unsigned len,
	bool more)
{
	uint8_t p[BENCH_FRAME];

	ipv6_emit(p, &(struct ipv6_header){ .src = b->peer6, .dst = b->v6,
		.proto = IPV6_NEXT_FRAGMENT, .hop_limit = 64 }, 8 + len);
	ipv6_emit_fragment(p + 40, 17, (uint16_t)from, more, id);
	memcpy(p + 48, text + from % TURN, len);
	bench_give_frame(b, NULL, 0x86dd, p, 48 + len);
}

typedef void give_fn(struct bench *b, unsigned from, unsigned len, bool more);

static void one4(struct bench *b, unsigned from, unsigned len, bool more)
{
	give4(b, 7, from, len, more);
}

static void one6(struct bench *b, unsigned from, unsigned len, bool more)
{
	give6(b, 7, from, len, more);
}

static give_fn *const families[] = { one4, one6 };

static void check_text(const struct bench *b, unsigned n, size_t len)
{
	CHECK_INT(b->npackets, ==, n);
	CHECK_INT(b->packet.proto, ==, 17);
	CHECK_INT(b->packet.len, ==, len);
	CHECK_MEM(b->l4, text, len);
}

TEST(every_order_of_three)
{
	static const unsigned orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 },
		{ 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	struct bench *b = bench_new();

	fill_text();
	for (unsigned f = 0; f < 2; f++) {
		for (unsigned i = 0; i < 6; i++) {
			b->npackets = 0;
			for (unsigned k = 0; k < 3; k++) {
				unsigned at = orders[i][k];

				CHECK_INT(b->npackets, ==, 0);
				families[f](b, 400 * at, at == 2 ? 123 : 400,
					at != 2);
			}
			check_text(b, 1, 923);
		}
	}
	CHECK_INT(ip_stats(b->h)->ip_reasm_ok, ==, 12);
	CHECK_INT(ip_stats(b->h)->ip_fragments, ==, 36);
	CHECK_INT(ip_stats(b->h)->ip_reasm_fail, ==, 0);
	CHECK(!b->packet.csum_ok);
	bench_free(b);
}

TEST(datagrams_do_not_mix)
{
	struct bench *b = bench_new();

	fill_text();
	give4(b, 1, 0, 800, true);
	give4(b, 2, 800, 10, false);
	CHECK_INT(b->npackets, ==, 0);
	give4(b, 1, 800, 10, false);
	check_text(b, 1, 810);
	give4(b, 2, 0, 800, true);
	check_text(b, 2, 810);
	bench_free(b);
}

TEST(duplicates_are_ignored)
{
	struct bench *b = bench_new();

	fill_text();
	for (unsigned f = 0; f < 2; f++) {
		b->npackets = 0;
		families[f](b, 0, 800, true);
		families[f](b, 0, 800, true);
		families[f](b, 8, 80, true);
		families[f](b, 800, 100, true);
		CHECK_INT(b->npackets, ==, 0);
		families[f](b, 896, 4, false);
	}
	/* 100 is not a multiple of eight: IPv4 cuts it, IPv6 complains. */
	CHECK_INT(b->npackets, ==, 0);
	families[0](b, 0, 800, true);
	bench_free(b);
}

TEST(overlaps_drop_all)
{
	struct bench *b = bench_new();

	fill_text();
	for (unsigned f = 0; f < 2; f++) {
		families[f](b, 0, 800, true);
		families[f](b, 792, 100, false);
		families[f](b, 800, 100, false); /* of a new one */
		CHECK_INT(b->npackets, ==, 0);
		CHECK_INT(ip_stats(b->h)->ip_reasm_fail, ==, f + 1);
		families[f](b, 0, 800, true);
		check_text(b, 1, 900);
		b->npackets = 0;
	}
	bench_free(b);
}

TEST(ends_that_contradict)
{
	static const struct {
		unsigned from, len;
		bool more;
	} t[][3] = {
		{ { 800, 100, false }, { 800, 104, true }, { 0, 800, true } },
		{ { 800, 100, false }, { 1600, 8, true }, { 0, 800, true } },
		{ { 1600, 8, true }, { 800, 100, false }, { 0, 800, true } },
		{ { 800, 100, false }, { 800, 96, false }, { 0, 800, true } },
	};
	struct bench *b = bench_new();

	fill_text();
	for (unsigned f = 0; f < 2; f++) {
		for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
			uint64_t before = ip_stats(b->h)->ip_reasm_fail;

			for (unsigned k = 0; k < 3; k++)
				families[f](b, t[i][k].from, t[i][k].len,
					t[i][k].more);
			CHECK_INT(b->npackets, ==, 0);
			CHECK_INT(ip_stats(b->h)->ip_reasm_fail, ==, before + 1);
			families[f](b, 792, 16, true); /* the rest goes too */
		}
	}
	bench_free(b);
}

TEST(too_long)
{
	struct bench *b = bench_new();

	fill_text();
	give4(b, 1, 65528, 100, false);
	CHECK_INT(ip_stats(b->h)->ip_reasm_fail, ==, 1);
	/* 65,535 bytes of payload fit no IPv4 packet. */
	for (unsigned from = 0; from < 64000; from += 1280)
		give4(b, 2, from, 1280, true);
	give4(b, 2, 64000, 1535, false);
	CHECK_INT(ip_stats(b->h)->ip_reasm_fail, ==, 2);
	CHECK_INT(b->npackets, ==, 0);
	bench_free(b);
}

TEST(the_largest)
{
	struct bench *b = bench_new();

	fill_text();
	for (unsigned from = 0; from < 64000; from += 1280)
		give4(b, 2, from, 1280, true);
	give4(b, 2, 64000, 1515, false);
	CHECK_INT(b->npackets, ==, 1);
	CHECK_INT(b->packet.len, ==, 65515);
	for (unsigned from = 0; from < 64000; from += 1280)
		give6(b, 2, from, 1280, true);
	give6(b, 2, 64000, 1535, false);
	CHECK_INT(b->npackets, ==, 2);
	CHECK_INT(b->packet.len, ==, 65535);
	bench_free(b);
}

/* The ICMP message that was sent last: its type and code; 0xffff: none. */
static unsigned complaint(const struct bench *b)
{
	const struct bench_frame *f;

	if (b->nframes == 0)
		return 0xffff;
	f = bench_last(b, 0);
	return f->b[14] >> 4 == 4 ? get_be16(f->b + 34) : get_be16(f->b + 54);
}

TEST(late)
{
	struct bench *b = bench_new();

	fill_text();
	bench_meet(b);
	give4(b, 1, 0, 800, true);
	give6(b, 1, 0, 800, true);
	give4(b, 2, 800, 800, true); /* without the first: nobody is told */
	bench_run(b, DURATION_MS(29900));
	CHECK_INT(ip_stats(b->h)->icmp_out, ==, 0);
	bench_meet(b);
	bench_run(b, DURATION_MS(200));
	CHECK_INT(ip_stats(b->h)->ip_reasm_timeout, ==, 2);
	CHECK_INT(complaint(b), ==, 11 << 8 | 1);
	/* It quotes the fragment as it came. */
	CHECK_INT(get_be16(bench_last(b, 0)->b + 42 + 6), ==, 0x2000);
	CHECK_INT(get_be16(bench_last(b, 0)->b + 42 + 2), ==, 820);
	CHECK_MEM(bench_last(b, 0)->b + 42 + 20, text, 100);
	bench_run(b, DURATION_MS(29800));
	bench_meet(b);
	bench_run(b, DURATION_MS(200));
	CHECK_INT(ip_stats(b->h)->ip_reasm_timeout, ==, 3);
	CHECK_INT(ip_stats(b->h)->icmp_out, ==, 2);
	CHECK_INT(b->frames[0].b[54], ==, 3);
	CHECK_INT(b->frames[0].b[55], ==, 1);
	CHECK_INT(b->frames[0].b[62 + 6], ==, IPV6_NEXT_FRAGMENT);
	CHECK_INT(b->frames[0].b[62 + 40], ==, 17);
	CHECK_MEM(b->frames[0].b + 62 + 48, text, 100);
	give4(b, 1, 800, 8, false); /* too late */
	CHECK_INT(b->npackets, ==, 0);
	bench_free(b);
}

TEST(what_ipv6_complains_about)
{
	static const uint8_t cut_off[] = { 60, 0, 0, 1, 0, 0, 0, 9,
		17, 1, 1, 4, 0, 0, 0, 0 };
	struct bench *b = bench_new();
	const uint8_t *l4;

	fill_text();
	bench_meet(b);
	give6(b, 1, 0, 801, true);
	CHECK_INT(complaint(b), ==, 4 << 8);
	CHECK_INT(get_be32(bench_last(b, 0)->b + 58), ==, 4);
	give6(b, 1, 65528, 80, false);
	CHECK_INT(complaint(b), ==, 4 << 8);
	CHECK_INT(get_be32(bench_last(b, 0)->b + 58), ==, 42);
	bench_give(b, &b->peer6, &b->v6, 44, cut_off, sizeof(cut_off));
	l4 = bench_last(b, 0)->b + 54;
	CHECK_INT(get_be16(l4), ==, 4 << 8 | 3); /* RFC 7112 */
	CHECK_INT(get_be32(l4 + 4), ==, 0);
	CHECK_INT(b->npackets, ==, 0);
	bench_free(b);
}

TEST(atomic_fragments_wait_for_nobody)
{
	struct bench *b = bench_new();

	fill_text();
	give6(b, 5, 0, 800, true);
	give6(b, 5, 0, 100, false); /* RFC 6946 4: not part of that one */
	check_text(b, 1, 100);
	give6(b, 5, 800, 10, false);
	check_text(b, 2, 810);
	bench_free(b);
}

TEST(ecn)
{
	/* Two parts' fields, and what the whole has; 4: dropped. RFC 3168 5.3 */
	static const uint8_t t[][3] = { { 0, 0, 0 }, { 2, 2, 2 }, { 2, 3, 3 },
		{ 3, 1, 3 }, { 0, 3, 4 }, { 2, 0, 4 }, { 1, 1, 1 } };
	struct bench *b = bench_new();

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		b->npackets = 0;
		for (unsigned k = 0; k < 2; k++) {
			uint8_t p[28];

			ipv4_emit(p, &(struct ipv4_header){ .src = b->peer4,
				.dst = b->v4, .proto = 17, .ttl = 64,
				.id = (uint16_t)i, .tos = 8 | t[i][k],
				.more_fragments = k == 0,
				.fragment_offset = (uint16_t)(8 * k) }, 8);
			memset(p + 20, 1, 8);
			bench_give_frame(b, NULL, 0x0800, p, 28);
		}
		CHECK_INT(b->npackets, ==, t[i][2] != 4);
		if (t[i][2] != 4)
			CHECK_INT(b->packet.tos, ==, 8 | t[i][2]);
	}
	bench_free(b);
}

/* A flood of beginnings: memory stays bounded, the newest are kept, and another
 * source is not harmed by it. */
TEST(flood)
{
	struct bench *b = bench_new();
	struct ip_addr other = bench_addr("10.0.0.3");
	uint8_t p[28];

	fill_text();
	ipv4_emit(p, &(struct ipv4_header){ .src = other, .dst = b->v4,
		.proto = 17, .ttl = 64, .id = 1, .more_fragments = true }, 8);
	memcpy(p + 20, text, 8);
	bench_give_frame(b, NULL, 0x0800, p, 28);
	for (unsigned k = 0; k < 1000; k++)
		give4(b, (uint16_t)k, 0, 800, true);
	CHECK_INT(ip_stats(b->h)->ip_reasm_fail, ==, 1000 - REASM_PER_SOURCE);
	give4(b, 999, 800, 8, false);
	check_text(b, 1, 808);
	give4(b, 999 - REASM_PER_SOURCE, 800, 8, false);
	CHECK_INT(b->npackets, ==, 1);
	ipv4_emit(p, &(struct ipv4_header){ .src = other, .dst = b->v4,
		.proto = 17, .ttl = 64, .id = 1, .fragment_offset = 8 }, 8);
	memcpy(p + 20, text + 8, 8);
	bench_give_frame(b, NULL, 0x0800, p, 28);
	check_text(b, 2, 16);
	bench_free(b);
}

/* What we send in pieces to ourselves comes in whole. */
TEST(to_ourselves)
{
	static uint8_t big[65535];
	struct bench *b = bench_new();

	CHECK_INT(bench_send(b, &b->v6, 17, big, 65535), ==, 0);
	ip_flush(b->h, b->now);
	CHECK_INT(b->npackets, ==, 1);
	CHECK_INT(b->packet.len, ==, 65535);
	CHECK(b->packet.csum_ok);
	CHECK_INT(ip_stats(b->h)->ip_reasm_ok, ==, 1);
	bench_free(b);
}
