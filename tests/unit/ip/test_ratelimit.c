/* How many ICMP errors may leave.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include "ratelimit.h"

static const struct siphash_key key = { { 1, 2 } };

static int allowed(struct ratelimit *r, int64_t ms, uint8_t peer, int tries)
{
	struct ip_addr a = ip_addr_v4(10, 0, 0, peer);
	struct instant now = { ms * 1000000 };
	int n = 0;

	while (tries-- > 0)
		n += ratelimit_allow(r, now, &a);
	return n;
}

TEST(six_then_one_a_second)
{
	struct ratelimit r;

	ratelimit_init(&r, &key);
	CHECK_INT(allowed(&r, 1000, 1, 100), ==, 6);
	CHECK_INT(allowed(&r, 1999, 1, 100), ==, 0);
	CHECK_INT(allowed(&r, 2000, 1, 100), ==, 1);
	CHECK_INT(allowed(&r, 4500, 1, 100), ==, 2);
	CHECK_INT(allowed(&r, 5000, 1, 100), ==, 1); /* the halves add up */
	CHECK_INT(allowed(&r, 1000000, 1, 100), ==, 6);
	CHECK_INT(allowed(&r, 1, 1, 100), ==, 0); /* time does not go back */
}

TEST(fifty_at_once_for_all_peers)
{
	struct ratelimit r;
	int n = 0;

	ratelimit_init(&r, &key);
	for (uint8_t peer = 1; peer < 200; peer++)
		n += allowed(&r, 1000, peer, 1);
	CHECK_INT(n, ==, 50);
	for (uint8_t peer = 1; peer < 200; peer++)
		n += allowed(&r, 1010, peer, 1);
	CHECK_INT(n, ==, 60); /* a thousand a second */
}
