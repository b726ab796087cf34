/* IPv4 packets: each header check by a packet that only it refuses.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include "wire/ipv4.h"

#include <errno.h>
#include <string.h>

#include "base/checksum.h"
#include "base/cursor.h"

enum { LEN = 44 };

static void make(uint8_t p[LEN])
{
	struct ipv4_header h = { .src = ip_addr_v4(10, 0, 0, 1),
		.dst = ip_addr_v4(10, 0, 0, 2), .proto = 17, .ttl = 64,
		.tos = 0xb8, .id = 0x1234, .dont_fragment = true };

	memset(p, 0xaa, LEN);
	ipv4_emit(p, &h, LEN - IPV4_HEADER_LEN);
}

/* With a header of this many bytes, from what p holds. */
static void resum(uint8_t *p, size_t header)
{
	struct checksum c = CHECKSUM_INIT;

	p[0] = (uint8_t)(4 << 4 | header / 4);
	put_be16(p + 10, 0);
	checksum_add(&c, p, header);
	put_be16(p + 10, checksum_finish(&c));
}

TEST(known_header)
{
	/* The example of many textbooks: checksum b861. */
	static const uint8_t want[] = { 0x45, 0, 0, 0x73, 0, 0, 0x40, 0, 0x40,
		0x11, 0xb8, 0x61, 0xc0, 0xa8, 0, 1, 0xc0, 0xa8, 0, 0xc7 };
	struct ipv4_header h = { .src = ip_addr_v4(192, 168, 0, 1),
		.dst = ip_addr_v4(192, 168, 0, 199), .proto = 17, .ttl = 64,
		.dont_fragment = true };
	uint8_t p[IPV4_HEADER_LEN];

	ipv4_emit(p, &h, 0x73 - 20);
	CHECK_MEM(p, want, sizeof(want));
}

TEST(emitted_is_parsed)
{
	struct ipv4_packet r;
	uint8_t p[LEN];

	make(p);
	CHECK_INT(ipv4_parse(p, LEN, &r), ==, 0);
	CHECK_INT(r.h.src.b[3], ==, 1);
	CHECK_INT(r.h.dst.b[3], ==, 2);
	CHECK_INT(r.h.proto, ==, 17);
	CHECK_INT(r.h.ttl, ==, 64);
	CHECK_INT(r.h.tos, ==, 0xb8);
	CHECK_INT(r.h.id, ==, 0x1234);
	CHECK(r.h.dont_fragment);
	CHECK_INT(r.header_len, ==, 20);
	CHECK_INT(r.len, ==, 24);
	CHECK(r.payload == p + 20);
}

TEST(padding_is_cut_off)
{
	uint8_t p[LEN + 16] = { 0 };
	struct ipv4_packet r;

	make(p);
	CHECK_INT(ipv4_parse(p, sizeof(p), &r), ==, 0);
	CHECK_INT(r.len, ==, 24);
}

TEST(truncated)
{
	struct ipv4_packet r;
	uint8_t p[LEN];

	make(p);
	for (size_t len = 0; len < LEN; len++)
		CHECK_INT(ipv4_parse(p, len, &r), ==, -EINVAL);
}

TEST(every_header_bit_is_covered)
{
	for (int bit = 0; bit < 8 * IPV4_HEADER_LEN; bit++) {
		struct ipv4_packet r;
		uint8_t p[LEN];

		make(p);
		p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		CHECK_INT(ipv4_parse(p, LEN, &r), <, 0);
	}
}

TEST(version_and_lengths)
{
	struct ipv4_packet r;
	uint8_t p[LEN];

	make(p);
	resum(p, 16); /* header shorter than it can be */
	CHECK_INT(ipv4_parse(p, LEN, &r), ==, -EINVAL);
	make(p);
	put_be16(p + 2, 19); /* total shorter than the header */
	resum(p, 20);
	CHECK_INT(ipv4_parse(p, LEN, &r), ==, -EINVAL);
	make(p);
	p[0] = 6 << 4 | 5;
	CHECK_INT(ipv4_parse(p, LEN, &r), ==, -EINVAL);
}

TEST(fragments)
{
	static const struct {
		uint16_t field, offset;
		bool more, df;
	} t[] = { { 0x2000, 0, true, false }, { 0x0001, 8, false, false },
		{ 0x1fff, 65528, false, false }, { 0x6002, 16, true, true },
		{ 0x4000, 0, false, true } };
	struct ipv4_packet r;
	uint8_t p[LEN];

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		make(p);
		put_be16(p + 6, t[i].field);
		resum(p, 20);
		CHECK_INT(ipv4_parse(p, LEN, &r), ==, 0);
		CHECK_INT(r.h.fragment_offset, ==, t[i].offset);
		CHECK_INT(r.h.more_fragments, ==, t[i].more);
		CHECK_INT(r.h.dont_fragment, ==, t[i].df);
		CHECK_INT(ipv4_is_fragment(&r.h), ==, t[i].field != 0x4000);
		CHECK_INT(ipv4_parse_quoted(p, LEN, &r), ==,
			t[i].offset ? -EINVAL : 0);
		ipv4_emit(p, &r.h, LEN - 20);
		CHECK_INT(get_be16(p + 6), ==, t[i].field);
	}
}

TEST(options_are_skipped)
{
	/* Whether they are sound is asked elsewhere, as that has an answer. */
	static const uint8_t any[][4] = { { 0, 0, 0, 0 }, { 1, 1, 1, 1 },
		{ 0x94, 4, 0, 0 }, { 1, 0, 0xff, 0xff }, { 0x94, 5, 0, 0 } };
	struct ipv4_packet r;
	uint8_t p[LEN];

	for (size_t i = 0; i < sizeof(any) / sizeof(any[0]); i++) {
		make(p);
		memcpy(p + 20, any[i], 4);
		resum(p, 24);
		CHECK_INT(ipv4_parse(p, LEN, &r), ==, 0);
		CHECK_INT(r.header_len, ==, 24);
		CHECK_INT(r.len, ==, 20);
	}
}

TEST(quoted_may_be_short)
{
	struct ipv4_packet r;
	uint8_t p[LEN];

	make(p);
	p[10] ^= 1; /* the checksum is not looked at: it may have changed */
	CHECK_INT(ipv4_parse_quoted(p, 28, &r), ==, 0);
	CHECK_INT(r.len, ==, 8);
	CHECK_INT(ipv4_parse_quoted(p, LEN, &r), ==, 0);
	CHECK_INT(r.len, ==, 24);
	CHECK_INT(ipv4_parse_quoted(p, 20, &r), ==, 0);
	CHECK_INT(r.len, ==, 0);
	CHECK_INT(ipv4_parse_quoted(p, 19, &r), ==, -EINVAL);
	p[0] = 4 << 4 | 10;
	CHECK_INT(ipv4_parse_quoted(p, 28, &r), ==, -EINVAL);
}
