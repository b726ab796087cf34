/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/span.h"

#include "check.h"

static const uint8_t bytes[] = "abcdefghij";
static const struct span in[] = {
	{ bytes, 3 }, { bytes + 3, 0 }, { bytes + 3, 4 }, { bytes + 7, 3 } };

/* Every part of ten bytes in four runs, one of them empty, and what is past them. */
TEST(each_part)
{
	for (size_t at = 0; at <= 12; at++) {
		for (size_t len = 0; at + len <= 13; len++) {
			size_t want = at >= 10 ? 0 : len < 10 - at ? len : 10 - at;
			struct span out[4];
			unsigned n = span_slice(in, 4, at, len, out);
			size_t got = 0;

			for (unsigned k = 0; k < n; k++) {
				CHECK_INT(out[k].len, >, 0);
				CHECK_MEM(out[k].base, bytes + at + got, out[k].len);
				got += out[k].len;
			}
			CHECK_INT(got, ==, want);
		}
	}
}

TEST(of_nothing_nothing)
{
	struct span out[1];

	CHECK_INT(span_slice(in, 0, 0, 5, out), ==, 0);
}
