/* The buffer pool.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include "pool.h"

#include <string.h>

TEST(last_used_first)
{
	struct pool p;
	struct ip_buf *a, *b, *c;

	pool_init(&p);
	a = pool_get(&p, 10);
	b = pool_get(&p, POOL_SMALL);
	CHECK(a && b && a != b);
	CHECK_INT(b->len, ==, POOL_SMALL);
	pool_put(&p, a);
	pool_put(&p, b);
	c = pool_get(&p, 5);
	CHECK(c == b);
	CHECK_INT(c->len, ==, 5);
	pool_put(&p, c);
	pool_fini(&p);
}

TEST(two_sizes)
{
	struct pool p;
	struct ip_buf *small, *big;

	pool_init(&p);
	small = pool_get(&p, POOL_SMALL);
	big = pool_get(&p, POOL_BIG);
	CHECK(small && big);
	memset(small->data, 1, POOL_SMALL); /* the sanitizer looks on */
	memset(big->data, 1, POOL_BIG);
	pool_put(&p, big);
	CHECK(pool_get(&p, POOL_SMALL + 1) == big);
	CHECK(!pool_get(&p, POOL_BIG + 1));
	pool_put(&p, big);
	pool_put(&p, small);
	pool_fini(&p);
}

TEST(keeps_a_bounded_number)
{
	static struct ip_buf *out[1000];
	struct pool p;

	pool_init(&p);
	for (int i = 0; i < 1000; i++)
		CHECK(out[i] = pool_get(&p, 1));
	for (int i = 0; i < 1000; i++)
		pool_put(&p, out[i]);
	CHECK_INT(p.nfree[0], <, 1000);
	CHECK_INT(p.nfree[0], >, 0);
	pool_fini(&p);
}
