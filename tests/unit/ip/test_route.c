/* The routing table.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "bench.h"
#include "check.h"
#include "route.h"

#include <errno.h>

static bool all_up(const void *user, uint32_t ifindex)
{
	return true;
}

static bool not_three(const void *user, uint32_t ifindex)
{
	return ifindex != 3;
}

static int add(struct route_table *t, const char *dst, const char *gateway,
	uint32_t ifindex)
{
	struct route r = { .dst = bench_prefix(dst), .ifindex = ifindex };

	if (gateway)
		r.gateway = bench_addr(gateway);
	return route_add(t, &r);
}

static uint32_t find(const struct route_table *t, const char *dst)
{
	struct ip_addr a = bench_addr(dst);
	const struct route *r = route_find(t, &a, 0, all_up, NULL);

	return r ? r->ifindex : 0;
}

TEST(longest_prefix)
{
	struct route_table t;
	struct ip_addr a = bench_addr("10.1.2.3");

	route_init(&t);
	CHECK_INT(find(&t, "10.1.2.3"), ==, 0);
	CHECK_INT(add(&t, "10.1.0.0/16", NULL, 3), ==, 0);
	CHECK_INT(add(&t, "0.0.0.0/0", "10.0.0.1", 2), ==, 0);
	CHECK_INT(add(&t, "10.1.2.3/32", NULL, 4), ==, 0);
	CHECK_INT(add(&t, "10.0.0.0/8", NULL, 5), ==, 0);
	CHECK_INT(add(&t, "::/0", "fe80::1", 6), ==, 0);
	CHECK_INT(add(&t, "fd00::/64", NULL, 7), ==, 0);
	CHECK_INT(find(&t, "10.1.2.3"), ==, 4);
	CHECK_INT(find(&t, "10.1.2.4"), ==, 3);
	CHECK_INT(find(&t, "10.2.0.0"), ==, 5);
	CHECK_INT(find(&t, "11.0.0.0"), ==, 2);
	CHECK_INT(find(&t, "fd00::9"), ==, 7);
	CHECK_INT(find(&t, "fd01::9"), ==, 6);
	/* Only by that interface; only by those that are up. */
	CHECK_INT(route_find(&t, &a, 5, all_up, NULL)->ifindex, ==, 5);
	CHECK(!route_find(&t, &a, 9, all_up, NULL));
	a = bench_addr("10.1.2.4");
	CHECK_INT(route_find(&t, &a, 0, not_three, NULL)->ifindex, ==, 5);
	route_fini(&t);
}

TEST(first_of_equals)
{
	struct route_table t;

	route_init(&t);
	add(&t, "10.0.0.0/8", NULL, 2);
	add(&t, "10.0.0.0/8", NULL, 3);
	CHECK_INT(find(&t, "10.0.0.1"), ==, 2);
	route_fini(&t);
}

TEST(refused)
{
	struct route_table t;
	struct route bad = { .dst = { .bits = 0 } };

	route_init(&t);
	CHECK_INT(route_add(&t, &bad), ==, -EINVAL);
	CHECK_INT(add(&t, "10.0.0.0/8", "fe80::1", 2), ==, -EINVAL);
	CHECK_INT(add(&t, "10.0.0.0/8", NULL, 2), ==, 0);
	CHECK_INT(add(&t, "10.9.9.9/8", NULL, 2), ==, -EEXIST); /* host bits */
	bad.dst = bench_prefix("10.0.0.0/8");
	bad.dst.bits = 33;
	CHECK_INT(route_add(&t, &bad), ==, -EINVAL);
	route_fini(&t);
}

TEST(bounded)
{
	struct route_table t;
	struct route r = { .dst = bench_prefix("10.0.0.0/32"), .ifindex = 2 };
	int err = 0;

	route_init(&t);
	for (int i = 0; i < 10000 && err == 0; i++) {
		r.dst.addr.b[2] = (uint8_t)(i >> 8);
		r.dst.addr.b[3] = (uint8_t)i;
		err = route_add(&t, &r);
	}
	CHECK_INT(err, ==, -ENOMEM);
	CHECK_INT(t.n, ==, 4096);
	route_fini(&t);
}
