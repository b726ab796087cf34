/* SPDX-License-Identifier: BSD-2-Clause */
#include "sendq.h"

#include "base/rng.h"
#include "check.h"
#include "limits.h"

static void sums_are_right(const struct sendq *q)
{
	uint32_t out = 0, sacked = 0, lost = 0, retrans = 0;

	for (uint32_t i = 0; i < q->n; i++) {
		const struct txseg *s = sendq_at(q, i);

		out += s->len;
		sacked += s->flags & TXSEG_SACKED ? s->len : 0;
		lost += s->flags & TXSEG_LOST ? s->len : 0;
		retrans += s->flags & TXSEG_RETRANS ? s->len : 0;
		if (i)
			CHECK(seq_eq(txseg_end(sendq_at(q, i - 1)), s->start));
	}
	CHECK_INT(q->out, ==, out);
	CHECK_INT(q->sacked, ==, sacked);
	CHECK_INT(q->lost, ==, lost);
	CHECK_INT(q->retrans, ==, retrans);
	CHECK_INT(sendq_in_flight(q), ==, out - sacked - lost + retrans);
}

TEST(sums_follow_random_operations)
{
	static const uint8_t some[] = { TXSEG_SACKED, TXSEG_LOST, TXSEG_RETRANS,
		TXSEG_LOST | TXSEG_RETRANS, TXSEG_EVER };
	struct sendq q;
	struct rng g;
	struct seq nxt = seq_of(UINT32_MAX - 5000);

	rng_init(&g, 31);
	sendq_init(&q);
	for (int i = 0; i < 20000; i++) {
		uint32_t len = 1 + rng_below(&g, 1460), k;

		switch (rng_below(&g, 6)) {
		case 0: case 1:
			if (q.n > 100 || !sendq_make_room(&q))
				break;
			sendq_push(&q, nxt, len, 0, (struct instant){ i });
			nxt = seq_add(nxt, len);
			break;
		case 2:
			if (q.n)
				sendq_pop(&q);
			break;
		case 3:
			if (q.n && sendq_at(&q, 0)->len > 1)
				sendq_trim(&q, sendq_at(&q, 0)->len / 2);
			break;
		case 4:
			k = q.n ? rng_below(&g, q.n) : 0;
			if (q.n && sendq_at(&q, k)->len > 1 &&
				sendq_make_room(&q))
				sendq_split(&q, k, sendq_at(&q, k)->len / 2);
			break;
		default:
			k = q.n ? rng_below(&g, q.n) : 0;
			if (q.n)
				sendq_mark(&q, sendq_at(&q, k),
					some[rng_below(&g, 5)],
					some[rng_below(&g, 5)]);
			break;
		}
		sums_are_right(&q);
	}
	sendq_fini(&q);
}

TEST(find_gives_the_record_that_holds_a_number)
{
	struct sendq q;

	sendq_init(&q);
	for (uint32_t i = 0; i < 50; i++) {
		CHECK(sendq_make_room(&q));
		sendq_push(&q, seq_of(i * 10 - 250), 10, 0, INSTANT_NEVER);
	}
	for (uint32_t i = 0; i < 500; i++)
		CHECK_INT(sendq_find(&q, seq_of(i - 250)), ==, i / 10);
	CHECK_INT(sendq_find(&q, seq_of(250)), ==, 50);
	sendq_fini(&q);
}

TEST(split_leaves_syn_in_front_and_fin_behind)
{
	struct sendq q;

	sendq_init(&q);
	CHECK(sendq_make_room(&q));
	sendq_push(&q, seq_of(1), 100, TXSEG_SYN | TXSEG_FIN | TXSEG_LOST,
		INSTANT_NEVER);
	CHECK(sendq_make_room(&q));
	sendq_split(&q, 0, 40);
	CHECK_INT(sendq_at(&q, 0)->flags, ==, TXSEG_SYN | TXSEG_LOST);
	CHECK_INT(sendq_at(&q, 1)->flags, ==, TXSEG_FIN | TXSEG_LOST);
	CHECK_INT(sendq_at(&q, 1)->start.v, ==, 41);
	CHECK_INT(sendq_at(&q, 1)->len, ==, 60);
	sendq_fini(&q);
}

TEST(limit_is_kept)
{
	struct sendq q;

	sendq_init(&q);
	for (uint32_t i = 0; i < TCP_SENDQ_MAX; i++) {
		CHECK(sendq_make_room(&q));
		sendq_push(&q, seq_of(i), 1, 0, INSTANT_NEVER);
	}
	CHECK(!sendq_make_room(&q));
	sendq_fini(&q);
}
