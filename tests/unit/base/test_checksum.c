/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/checksum.h"

#include "base/rng.h"
#include "check.h"

/* RFC 1071's definition, word by word. */
static uint16_t naive(const uint8_t *p, size_t len)
{
	uint32_t s = 0;

	for (size_t i = 0; i < len; i++) {
		s += i % 2 ? p[i] : (uint32_t)p[i] << 8;
		s = (s & 0xffff) + (s >> 16);
	}
	return (uint16_t)~s;
}

TEST(example_of_rfc_1071)
{
	static const uint8_t in[] = { 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6,
		0xf7 };
	struct checksum c = CHECKSUM_INIT;

	checksum_add(&c, in, sizeof(in));
	CHECK_INT(checksum_finish(&c), ==, 0xffff & ~0xddf2);
}

TEST(any_cut_into_spans_gives_the_same_sum)
{
	static uint8_t in[1500];
	struct rng g;

	rng_init(&g, 5);
	for (int round = 0; round < 3000; round++) {
		size_t len = rng_below(&g, sizeof(in) + 1), at = 0;
		struct checksum c = CHECKSUM_INIT;

		for (size_t i = 0; i < len; i++)
			in[i] = round % 5 ? (uint8_t)rng_next(&g) : 0xff;
		while (at < len) {
			size_t n = rng_below(&g, 40);

			n = n < len - at ? n : len - at;
			checksum_add(&c, in + at, n);
			at += n;
		}
		CHECK_INT(checksum_finish(&c), ==, naive(in, len));
	}
}

TEST(pseudo_headers_of_both_families)
{
	struct ip_addr a = ip_addr_v4(192, 0, 2, 1), b = ip_addr_v4(10, 0, 0, 2);
	static const uint8_t v4[] = { 192, 0, 2, 1, 10, 0, 0, 2, 0, 6, 1, 44 };
	uint8_t v6[40] = { 0x20, 1, [15] = 1, [16] = 0xfe, 0x80, [31] = 9,
		[33] = 1, [35] = 44, [39] = 17 };
	struct checksum c = CHECKSUM_INIT;

	checksum_add_pseudo(&c, &a, &b, 6, 300);
	CHECK_INT(checksum_finish(&c), ==, naive(v4, sizeof(v4)));
	a = ip_addr_from(IP_V6, v6);
	b = ip_addr_from(IP_V6, v6 + 16);
	c = CHECKSUM_INIT;
	checksum_add_pseudo(&c, &a, &b, 17, 65536 + 44);
	CHECK_INT(checksum_finish(&c), ==, naive(v6, sizeof(v6)));
}

TEST(right_checksum_sums_to_zero)
{
	uint8_t in[7] = { 1, 2, 0, 0, 3, 4, 5 };
	struct checksum c = CHECKSUM_INIT, d = CHECKSUM_INIT;
	uint16_t sum;

	checksum_add(&c, in, sizeof(in));
	sum = checksum_finish(&c);
	in[2] = (uint8_t)(sum >> 8);
	in[3] = (uint8_t)sum;
	checksum_add(&d, in, sizeof(in));
	CHECK_INT(checksum_finish(&d), ==, 0);
}
