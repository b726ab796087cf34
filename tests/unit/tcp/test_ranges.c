/* SPDX-License-Identifier: BSD-2-Clause */
#include "ranges.h"

#include <string.h>

#include "base/rng.h"
#include "check.h"
#include "limits.h"

enum { SPAN = 256 };

static void same_as_twin(const struct ranges *r, const uint8_t *twin,
	struct seq base)
{
	uint32_t bytes = 0;

	for (uint32_t i = 0; i < SPAN; i++) {
		bool in = ranges_find(r, seq_add(base, i)) != NULL;

		CHECK_INT(in, ==, twin[i]);
		bytes += twin[i];
	}
	CHECK_INT(ranges_bytes(r), ==, bytes);
	for (uint32_t i = 1; i < r->n; i++) /* disjoint, sorted, not touching */
		CHECK(seq_lt(r->at[i - 1].to, r->at[i].from));
}

/* The naive twin: a byte for each number. Across the wrap of numbers. */
TEST(behaves_as_its_naive_twin)
{
	struct rng g;

	rng_init(&g, 21);
	for (int round = 0; round < 200; round++) {
		struct seq base = seq_of(UINT32_MAX - rng_below(&g, 300));
		uint8_t twin[SPAN] = { 0 };
		struct ranges r;

		ranges_init(&r);
		for (int i = 0; i < 30; i++) {
			uint32_t from = rng_below(&g, SPAN - 1);
			uint32_t len = 1 + rng_below(&g, 12), added = 0;
			struct range m;
			bool news;

			if (from + len > SPAN)
				len = SPAN - from;
			for (uint32_t k = from; k < from + len; k++) {
				added += !twin[k];
				twin[k] = 1;
			}
			news = ranges_add(&r, seq_add(base, from),
				seq_add(base, from + len), &m);
			CHECK_INT(news, ==, added != 0);
			CHECK(seq_le(m.from, seq_add(base, from)) &&
				seq_le(seq_add(base, from + len), m.to));
			same_as_twin(&r, twin, base);
		}
		for (uint32_t at = 0; at < SPAN; at += 7) {
			struct seq to = ranges_take(&r, seq_add(base, at));
			uint32_t end = at;

			while (end < SPAN && twin[end])
				end++;
			CHECK_INT(seq_diff(to, base), ==, end);
			memset(twin, 0, end);
			same_as_twin(&r, twin, base);
		}
		ranges_fini(&r);
	}
}

TEST(limit_is_kept_and_merging_still_works)
{
	struct ranges r;
	struct range m;

	ranges_init(&r);
	for (uint32_t i = 0; i < TCP_RANGES_MAX; i++)
		CHECK(ranges_add(&r, seq_of(i * 10), seq_of(i * 10 + 5), &m));
	CHECK(!ranges_add(&r, seq_of(100000), seq_of(100005), &m));
	CHECK(m.from.v == m.to.v);
	CHECK(ranges_add(&r, seq_of(0), seq_of(5 + 10 * 50), &m));
	CHECK(ranges_add(&r, seq_of(100000), seq_of(100005), &m));
	ranges_fini(&r);
}
