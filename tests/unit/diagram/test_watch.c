/* Which numbers came by, against a naive model: a flag for each.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <stdbool.h>
#include <string.h>

#include "base/rng.h"
#include "check.h"
#include "watch.h"

enum { NUMBERS = 200, START = 0xffffff80 };

TEST(watch_track_against_flags)
{
	struct rng r;

	rng_init(&r, 5);
	for (int round = 0; round < 500; round++) {
		struct track t = { .any = true, .next = { START } };
		bool came[NUMBERS] = { false };
		unsigned top = 0;

		for (int step = 0; step < 40; step++) {
			unsigned from = (unsigned)rng_below(&r, NUMBERS - 8);
			unsigned to = from + 1 + (unsigned)rng_below(&r, 7);
			bool fills = false, below = from < top;
			enum track_verdict v;

			for (unsigned i = from; i < to; i++) {
				fills |= i < top && !came[i];
				came[i] = true;
			}
			v = track_take(&t, seq_of(START + from), seq_of(START + to));
			CHECK_INT(v, ==, !below ? TRACK_NEW : fills ? TRACK_FILLS :
				TRACK_AGAIN);
			top = to > top ? to : top;
			CHECK_INT(t.next.v, ==, START + top);
			for (unsigned i = 0, k; i < top; i++) {
				for (k = 0; k < t.n_holes; k++) {
					if (i + START - t.hole[k].from.v <
						t.hole[k].to.v - t.hole[k].from.v)
						break;
				}
				CHECK_INT(k < t.n_holes, ==, !came[i]);
			}
		}
	}
}

TEST(watch_many_holes)
{
	struct track t = { .any = true };

	/* More than it remembers: nothing breaks, the rest counts as sent again. */
	for (uint32_t i = 0; i < 1000; i++)
		CHECK_INT(track_take(&t, seq_of(2 * i + 1), seq_of(2 * i + 2)), ==,
			TRACK_NEW);
	CHECK_INT(t.n_holes, ==, HOLES_MAX);
	CHECK_INT(track_take(&t, seq_of(0), seq_of(1)), ==, TRACK_FILLS);
	CHECK_INT(track_take(&t, seq_of(1000), seq_of(1001)), ==, TRACK_AGAIN);
}
