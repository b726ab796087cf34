/* SPDX-License-Identifier: BSD-2-Clause */
#include "table.h"

#include "check.h"

enum { N = 2000 };

static struct tcp_tuple tuple(int i)
{
	return (struct tcp_tuple){ { ip_addr_v4(10, 0, 0, 1),
		(uint16_t)(1000 + i % 7) }, { ip_addr_v4(10, 0,
		(uint8_t)(i >> 8), (uint8_t)i), (uint16_t)(2000 + i) } };
}

TEST(finds_what_was_added_and_only_that)
{
	static struct entry e[N];
	static const struct siphash_key key = { { 3, 4 } };
	struct table t;
	unsigned ports = 0;

	CHECK_INT(table_init(&t, &key), ==, 0);
	for (int i = 0; i < N; i++) {
		e[i].tuple = tuple(i);
		CHECK(table_find(&t, &e[i].tuple, 0) == NULL);
		table_add(&t, &e[i]);
	}
	CHECK_INT(t.n, ==, N);
	CHECK_INT(t.size, >=, N / 2); /* it grew */
	for (int i = 0; i < N; i += 2)
		table_remove(&t, &e[i]);
	for (int i = 0; i < N; i++) {
		struct tcp_tuple k = tuple(i);

		CHECK(table_find(&t, &k, 0) == (i % 2 ? &e[i] : NULL));
		k.local.port ^= 1;
		CHECK(table_find(&t, &k, 0) == NULL);
	}
	LIST_FOREACH(pos, &t.ports[1003 % TABLE_PORT_BUCKETS])
		ports++;
	CHECK_INT(ports, ==, 143); /* odd i with i % 7 == 3 */
	table_fini(&t);
}

TEST(newest_of_a_tuple_is_found_first)
{
	static const struct siphash_key key = { { 3, 4 } };
	struct entry a = { .tuple = tuple(1) }, b = { .tuple = tuple(1) };
	struct table t;

	CHECK_INT(table_init(&t, &key), ==, 0);
	table_add(&t, &a);
	table_add(&t, &b);
	CHECK(table_find(&t, &a.tuple, 0) == &b);
	table_remove(&t, &a);
	CHECK(table_find(&t, &a.tuple, 0) == &b);
	table_fini(&t);
}
