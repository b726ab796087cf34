/* Interfaces, addresses, what is ours.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "bench.h"
#include "check.h"

#include <errno.h>

static bool ours(struct bench *b, const char *text)
{
	struct ip_addr a = bench_addr(text);

	return ip_is_local(b->h, &a);
}

TEST(what_is_ours)
{
	struct bench *b = bench_new();

	CHECK(ours(b, "127.0.0.1") && ours(b, "127.255.1.2") && ours(b, "::1"));
	CHECK(ours(b, "10.0.0.1") && ours(b, "fd00::1"));
	CHECK(ours(b, "10.0.0.255") && ours(b, "255.255.255.255"));
	CHECK(ours(b, "fe80::ff:fe00:1%2")); /* EUI-64 of the MAC */
	CHECK(!ours(b, "fe80::ff:fe00:1%3"));
	CHECK(!ours(b, "10.0.0.2") && !ours(b, "10.0.1.255"));
	CHECK(!ours(b, "::") && !ours(b, "0.0.0.0") && !ours(b, "224.0.0.1"));
	bench_free(b);
}

TEST(narrow_subnets_have_no_broadcast)
{
	struct bench *b = bench_new();
	struct ip_prefix p = bench_prefix("192.0.2.0/31"),
			 q = bench_prefix("192.0.2.9/32");

	CHECK_INT(ip_add_addr(b->h, 2, &p), ==, 0);
	CHECK_INT(ip_add_addr(b->h, 2, &q), ==, 0);
	CHECK(ours(b, "192.0.2.0") && !ours(b, "192.0.2.1"));
	bench_free(b);
}

static int add_iface(struct bench *b, const char *name, uint8_t mac0, uint32_t mtu)
{
	uint8_t mac[] = { mac0, 0, 0, 0, 0, 7 };

	return ip_add_iface(b->h, name, mac, mtu);
}

TEST(interfaces_refused)
{
	struct bench *b = bench_new();
	char name[8] = "ethXX";

	CHECK_INT(add_iface(b, "", 2, 0), ==, -EINVAL);
	CHECK_INT(add_iface(b, "0123456789abcdef", 2, 0), ==, -EINVAL);
	CHECK_INT(add_iface(b, "eth1", 3, 0), ==, -EINVAL);
	CHECK_INT(add_iface(b, "eth1", 2, 67), ==, -EINVAL);
	CHECK_INT(add_iface(b, "eth1", 2, 65536), ==, -EINVAL);
	CHECK_INT(add_iface(b, "eth0", 2, 0), ==, -EEXIST);
	CHECK_INT(add_iface(b, "lo", 2, 0), ==, -EEXIST);
	CHECK_INT(add_iface(b, "eth1", 2, 68), ==, 3);
	for (int i = 4; i <= IP_IFACES_MAX; i++) {
		name[3] = (char)('0' + i / 10);
		name[4] = (char)('0' + i % 10);
		CHECK_INT(add_iface(b, name, 2, 0), ==, i);
	}
	CHECK_INT(add_iface(b, "more", 2, 0), ==, -ENOMEM);
	CHECK_INT(ip_set_iface_up(b->h, 0, true), ==, -ENODEV);
	CHECK_INT(ip_set_iface_up(b->h, 65, true), ==, -ENODEV);
	bench_free(b);
}

static int add_addr(struct bench *b, uint32_t ifindex, const char *text)
{
	struct ip_prefix p = bench_prefix(text);

	return ip_add_addr(b->h, ifindex, &p);
}

TEST(addresses_refused)
{
	struct bench *b = bench_new();
	struct ip_prefix bad = { .bits = 8 };

	CHECK_INT(add_addr(b, 3, "10.0.0.3/24"), ==, -ENODEV);
	CHECK_INT(add_addr(b, 2, "10.0.0.1/24"), ==, -EEXIST);
	CHECK_INT(add_addr(b, 2, "127.0.0.5/8"), ==, -EEXIST);
	CHECK_INT(add_addr(b, 2, "0.0.0.0/24"), ==, -EINVAL);
	CHECK_INT(add_addr(b, 2, "224.0.0.1/24"), ==, -EINVAL);
	CHECK_INT(add_addr(b, 2, "255.255.255.255/24"), ==, -EINVAL);
	CHECK_INT(add_addr(b, 2, "ff02::1/64"), ==, -EINVAL);
	CHECK_INT(ip_add_addr(b->h, 2, &bad), ==, -EINVAL);
	/* No IPv6 on a link that cannot carry it (RFC 8200 5). */
	CHECK_INT(add_iface(b, "slip", 2, 1279), ==, 3);
	CHECK_INT(add_addr(b, 3, "fd01::1/64"), ==, -EINVAL);
	CHECK_INT(add_addr(b, 3, "10.1.0.1/24"), ==, 0);
	CHECK_INT(add_addr(b, 2, "10.0.0.3/24"), ==, 0); /* same subnet */
	CHECK(ours(b, "10.0.0.3"));
	bench_free(b);
}

TEST(down_is_silent)
{
	struct bench *b = bench_new();

	bench_meet(b);
	CHECK_INT(ip_set_iface_up(b->h, 2, false), ==, 0);
	CHECK_INT(bench_send(b, &b->peer4, 17, "x", 1), ==, -ENETUNREACH);
	bench_give(b, &b->peer4, &b->v4, 17, "12345678", 8);
	CHECK_INT(b->npackets, ==, 0);
	CHECK_INT(b->nframes, ==, 0);
	ip_set_iface_up(b->h, 2, true);
	bench_give(b, &b->peer4, &b->v4, 17, "12345678", 8);
	CHECK_INT(b->npackets, ==, 1);
	bench_free(b);
}
