/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/rng.h"
#include "check.h"

/* Vectors of the reference implementation (key 00..0f, input 00, 01, ...). */
TEST(siphash_matches_the_published_vectors)
{
	static const struct { size_t len; uint64_t out; } v[] = {
		{ 0, 0x726fdb47dd0e0e31ull }, { 1, 0x74f839c593dc67fdull },
		{ 7, 0xab0200f58b01d137ull }, { 8, 0x93f5f5799a932462ull },
		{ 15, 0xa129ca6149be45e5ull },
	};
	struct siphash_key key = { { 0x0706050403020100ull,
		0x0f0e0d0c0b0a0908ull } };
	uint8_t in[16];

	for (unsigned i = 0; i < 16; i++)
		in[i] = (uint8_t)i;
	for (unsigned i = 0; i < 5; i++)
		CHECK(siphash24(&key, in, v[i].len) == v[i].out);
}

TEST(same_seed_same_numbers)
{
	struct rng a, b, c;
	int differ = 0;

	rng_init(&a, 7);
	rng_init(&b, 7);
	rng_init(&c, 8);
	for (int i = 0; i < 100; i++) {
		uint64_t x = rng_next(&a);

		CHECK(x == rng_next(&b));
		differ += x != rng_next(&c);
	}
	CHECK_INT(differ, ==, 100);
}

/* splitmix64 of 0, then the generator's definition by hand. */
TEST(first_number_is_the_published_one)
{
	struct rng r = { { 1, 2, 3, 4 } };

	CHECK_INT(rng_next(&r), ==, 11520);
	CHECK_INT(rng_next(&r), ==, 0);
	CHECK_INT(rng_next(&r), ==, 1509978240);
}

TEST(below_is_even_and_in_range)
{
	struct rng r;
	unsigned seen[7] = { 0 };

	rng_init(&r, 3);
	for (int i = 0; i < 70000; i++) {
		uint32_t x = rng_below(&r, 7);

		CHECK_INT(x, <, 7);
		seen[x]++;
	}
	for (int i = 0; i < 7; i++) {
		CHECK_INT(seen[i], >, 9500);
		CHECK_INT(seen[i], <, 10500);
	}
	CHECK_INT(rng_below(&r, 1), ==, 0);
}

TEST(unit_is_within_zero_and_one)
{
	struct rng r;
	double sum = 0;

	rng_init(&r, 4);
	for (int i = 0; i < 10000; i++) {
		double x = rng_unit(&r);

		CHECK(x >= 0 && x < 1);
		sum += x;
	}
	CHECK(sum > 4800 && sum < 5200);
}
