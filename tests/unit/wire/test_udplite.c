/* UDP-Lite datagrams on the wire.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include "wire/udplite.h"

#include <errno.h>
#include <string.h>

#include "base/cursor.h"

static const struct ip_addr a4 = { .family = IP_V4, .b = { 10, 0, 0, 1 } },
	b4 = { .family = IP_V4, .b = { 10, 0, 0, 2 } },
	a6 = { .family = IP_V6, .b = { 0xfd, [15] = 1 } },
	b6 = { .family = IP_V6, .b = { 0xfd, [15] = 2 } };

static void make(uint8_t m[13], const struct ip_addr *src,
	const struct ip_addr *dst, uint32_t coverage)
{
	struct span payload = { m + 8, 5 };

	memcpy(m + 8, "hello", 5);
	udplite_emit(m, src, dst, 4000, 53, &payload, coverage);
}

/* What is covered is guarded, what is not may change on the way. */
TEST(coverage_guards_so_much)
{
	static const uint32_t wishes[] = { 0, 8, 9, 12, 13, 14, 70000 };

	for (unsigned k = 0; k < 2 * sizeof(wishes) / sizeof(wishes[0]); k++) {
		const struct ip_addr *s = k & 1 ? &a6 : &a4, *d = k & 1 ? &b6 : &b4;
		uint32_t wish = wishes[k / 2];
		size_t covered = wish < 8 || wish > 13 ? 13 : wish;
		struct udplite_datagram r;
		uint8_t m[13];

		make(m, s, d, wish);
		CHECK_INT(udplite_parse(m, 13, s, d, false, &r), ==, 0);
		CHECK_INT(r.src_port, ==, 4000);
		CHECK_INT(r.dst_port, ==, 53);
		CHECK_INT(r.coverage, ==, covered);
		CHECK_INT(r.len, ==, 5);
		CHECK_MEM(r.payload, "hello", 5);
		for (size_t at = 0; at < 13; at++) {
			m[at] ^= 0x20;
			if (at < covered)
				CHECK_INT(udplite_parse(m, 13, s, d, false, &r), <, 0);
			else
				CHECK_INT(udplite_parse(m, 13, s, d, false, &r), ==, 0);
			m[at] ^= 0x20;
		}
		CHECK_INT(udplite_parse(m, 13, s, k & 1 ? &a6 : &a4, false, &r), ==,
			-EBADMSG);
	}
}

TEST(lengths)
{
	struct udplite_datagram r;
	uint8_t m[13];

	make(m, &a4, &b4, 0);
	for (size_t len = 0; len < 8; len++)
		CHECK_INT(udplite_parse(m, len, &a4, &b4, true, &r), ==, -EINVAL);
	for (uint16_t field = 1; field < 8; field++) {
		put_be16(m + 4, field);
		CHECK_INT(udplite_parse(m, 13, &a4, &b4, true, &r), ==, -EINVAL);
	}
	put_be16(m + 4, 14);
	CHECK_INT(udplite_parse(m, 13, &a4, &b4, true, &r), ==, -EINVAL);
	put_be16(m + 4, 0);
	CHECK_INT(udplite_parse(m, 13, &a4, &b4, true, &r), ==, 0);
	CHECK_INT(r.coverage, ==, 13);
}

TEST(a_checksum_is_a_must)
{
	struct udplite_datagram r;
	uint8_t m[13];

	make(m, &a4, &b4, 0);
	put_be16(m + 6, 0);
	CHECK_INT(udplite_parse(m, 13, &a4, &b4, true, &r), ==, -EBADMSG);
}
