/* Holes against a naive twin: a flag for each unit.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include "holes.h"

#include <stdbool.h>
#include <string.h>

#include "base/rng.h"
#include "ip/limits.h"

enum { UNITS = 8192 };

static uint8_t data[UNITS * 8];

static void fill(uint32_t from, uint32_t to)
{
	memset(data + from, 0xaa, to - from);
}

TEST(in_order)
{
	struct holes h;

	holes_init(&h, data);
	CHECK(!holes_none(&h));
	CHECK_INT(holes_fill(&h, 0, 1480, 0), ==, HOLES_TAKEN);
	fill(0, 1480);
	CHECK_INT(holes_fill(&h, 1480, 2960, 0), ==, HOLES_TAKEN);
	fill(1480, 2960);
	CHECK_INT(h.n, ==, 1);
	CHECK_INT(holes_fill(&h, 0, 1480, 0), ==, HOLES_KNOWN);
	CHECK_INT(holes_fill(&h, 8, 2960, 0), ==, HOLES_KNOWN);
	CHECK_INT(holes_fill(&h, 2952, 3000, 0), ==, HOLES_OVERLAP);
	CHECK_INT(holes_fill(&h, 2960, 2961, 1), ==, HOLES_TAKEN);
	CHECK(holes_none(&h));
	CHECK_INT(holes_fill(&h, 2960, 2961, 1), ==, HOLES_KNOWN);
}

TEST(backwards_and_the_largest)
{
	struct holes h;

	holes_init(&h, data);
	CHECK_INT(holes_fill(&h, 65528, 65535, 1), ==, HOLES_TAKEN);
	fill(65528, 65535);
	CHECK_INT(holes_fill(&h, 65520, 65528, 0), ==, HOLES_TAKEN);
	fill(65520, 65528);
	CHECK_INT(holes_fill(&h, 65512, 65528, 0), ==, HOLES_OVERLAP);
	CHECK_INT(holes_fill(&h, 0, 65520, 0), ==, HOLES_TAKEN);
	CHECK(holes_none(&h));
}

TEST(too_many)
{
	struct holes h;

	holes_init(&h, data);
	for (uint32_t k = 1; k < REASM_HOLES_MAX; k++) {
		CHECK_INT(holes_fill(&h, 16 * k, 16 * k + 8, 0), ==, HOLES_TAKEN);
		fill(16 * k, 16 * k + 8);
	}
	CHECK_INT(h.n, ==, REASM_HOLES_MAX);
	CHECK_INT(holes_fill(&h, 16 * 2000, 16 * 2000 + 8, 0), ==, HOLES_TOO_MANY);
	CHECK_INT(holes_fill(&h, 8, 16, 0), ==, HOLES_TAKEN); /* shrinks one */
	fill(8, 16);
	CHECK_INT(holes_fill(&h, 0, 8, 0), ==, HOLES_TAKEN); /* closes it */
	CHECK_INT(h.n, ==, REASM_HOLES_MAX - 1);
}

/* The twin's verdict. */
static enum holes_verdict naive(const bool *have, unsigned a, unsigned b)
{
	unsigned n = 0;

	for (unsigned k = a; k < b; k++)
		n += have[k];
	return n == 0 ? HOLES_TAKEN : n == b - a ? HOLES_KNOWN : HOLES_OVERLAP;
}

TEST(random_against_the_twin)
{
	static bool have[UNITS];
	struct rng rng;

	rng_init(&rng, 5);
	for (int round = 0; round < 200; round++) {
		unsigned whole = 1 + (unsigned)rng_below(&rng, 200), got = 0;
		struct holes h;

		holes_init(&h, data);
		memset(have, 0, sizeof(have));
		for (int k = 0; got < whole; k++) {
			/* The gaps that are left at the end: one by one. */
			unsigned a = k < 2000 ? (unsigned)rng_below(&rng, whole) :
						(unsigned)k % whole;
			unsigned b = a + 1 + (unsigned)(k < 2000 ?
				rng_below(&rng, 6) : 0);
			bool last;

			b = b > whole ? whole : b;
			last = b == whole;
			CHECK_INT(naive(have, a, b), ==,
				holes_fill(&h, 8 * a, 8 * b - last, last));
			if (naive(have, a, b) != HOLES_TAKEN)
				continue;
			for (unsigned u = a; u < b; u++)
				have[u] = true;
			got += b - a;
			fill(8 * a, 8 * b);
			CHECK_INT(holes_none(&h), ==, got == whole);
		}
		CHECK_INT(got, ==, whole);
	}
}
