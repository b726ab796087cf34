/* SPDX-License-Identifier: BSD-2-Clause */
#include "writeq.h"

#include "check.h"
#include "limits.h"

/* Against plain arrays, with random operations. */
TEST(model)
{
	static uint32_t end[TCP_WRITEQ_MAX];
	static uint8_t flags[TCP_WRITEQ_MAX];
	uint32_t n = 0, at = 7, state = 12345;
	struct writeq q;

	writeq_init(&q);
	for (int step = 0; step < 20000; step++) {
		state = state * 1103515245 + 12345;
		switch (state >> 16 & 3) {
		case 0:
			at += 10 + (state >> 20 & 63);
			end[n] = at;
			flags[n] = state >> 26 & PIECE_PSH;
			CHECK(writeq_push(&q, seq_of(at), flags[n]) != NULL);
			n++;
			break;
		case 1:
			if (n == 0)
				break;
			writeq_pop(&q);
			for (uint32_t i = 0; i + 1 < n; i++) {
				end[i] = end[i + 1];
				flags[i] = flags[i + 1];
			}
			n--;
			break;
		case 2:
			if (n == 0)
				break;
			CHECK(writeq_cut(&q, seq_of(end[0] - 5)));
			for (uint32_t i = n; i > 0; i--) {
				end[i] = end[i - 1];
				flags[i] = flags[i - 1];
			}
			end[0] -= 5;
			flags[0] = 0;
			n++;
			break;
		default:
			writeq_grow(&q, 3);
			if (n < 2 || (flags[0] & PIECE_EOR))
				break;
			if (end[0] + 3 < end[1]) {
				end[0] += 3;
				break;
			}
			flags[1] |= flags[0];
			for (uint32_t i = 0; i + 1 < n; i++) {
				end[i] = end[i + 1];
				flags[i] = flags[i + 1];
			}
			n--;
		}
		CHECK_INT(q.n, ==, n);
		for (uint32_t i = 0; i < n; i++) {
			CHECK_INT(writeq_at(&q, i)->end.v, ==, end[i]);
			CHECK_INT(writeq_at(&q, i)->flags, ==, flags[i]);
		}
	}
	writeq_fini(&q);
	CHECK(writeq_first(&q) == NULL);
	CHECK(writeq_tail(&q) == NULL);
}

TEST(record_s_end_does_not_grow)
{
	struct writeq q;

	writeq_init(&q);
	writeq_push(&q, seq_of(10), PIECE_EOR);
	writeq_push(&q, seq_of(20), PIECE_PSH);
	writeq_grow(&q, 100);
	CHECK_INT(q.n, ==, 2);
	CHECK_INT(writeq_first(&q)->end.v, ==, 10);
	writeq_fini(&q);
}

TEST(it_has_a_limit)
{
	struct writeq q;
	uint32_t n = 0;

	writeq_init(&q);
	while (writeq_push(&q, seq_of(n + 1), 0))
		n++;
	CHECK_INT(n, ==, TCP_WRITEQ_MAX);
	CHECK(!writeq_cut(&q, seq_of(0)));
	writeq_fini(&q);
}
