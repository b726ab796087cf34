/* Source address selection: the examples of RFC 6724 10.1 that a host of this
 * kind can meet, and IPv4's.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "bench.h"
#include "check.h"

#include <errno.h>

static void expect(struct bench *b, const char *dst, const char *want)
{
	struct ip_addr d = bench_addr(dst), src;
	char buf[IPADDR_TEXT_MAX];
	uint32_t mtu;

	CHECK_INT(ip_route(b->h, &d, 0, &src, &mtu), ==, 0);
	CHECK_STR(ip_addr_format(&src, buf), want);
}

static void add(struct bench *b, uint32_t ifindex, const char *text)
{
	struct ip_prefix p = bench_prefix(text);

	CHECK_INT(ip_add_addr(b->h, ifindex, &p), ==, 0);
}

static struct bench *with_default_routes(void)
{
	struct bench *b = bench_new();
	struct ip_prefix all4 = bench_prefix("0.0.0.0/0"),
			 all6 = bench_prefix("::/0");

	CHECK_INT(ip_add_route(b->h, &all4, &b->peer4, 2), ==, 0);
	CHECK_INT(ip_add_route(b->h, &all6, &b->peer6, 2), ==, 0);
	return b;
}

TEST(scopes)
{
	struct bench *b = with_default_routes();

	expect(b, "2001:db8::9", "fd00::1");
	expect(b, "fe80::9%2", "fe80::ff:fe00:1%2");
	expect(b, "ff02::9%2", "fe80::ff:fe00:1%2");
	expect(b, "ff0e::9", "fd00::1");
	expect(b, "192.0.2.1", "10.0.0.1");
	bench_free(b);
}

TEST(longest_match)
{
	struct bench *b = with_default_routes();

	add(b, 2, "2001:db8:1::1/64");
	add(b, 2, "2001:db8:2::1/64");
	add(b, 2, "10.0.1.1/24");
	expect(b, "2001:db8:1::9", "2001:db8:1::1");
	expect(b, "2001:db8:2::9", "2001:db8:2::1");
	expect(b, "fd00::9", "fd00::1");
	expect(b, "10.0.1.9", "10.0.1.1");
	expect(b, "10.0.0.9", "10.0.0.1");
	bench_free(b);
}

TEST(own_addresses)
{
	struct bench *b = bench_new();

	expect(b, "10.0.0.1", "10.0.0.1");
	expect(b, "fd00::1", "fd00::1");
	expect(b, "127.0.0.1", "127.0.0.1");
	expect(b, "127.4.5.6", "127.0.0.1"); /* as Linux */
	expect(b, "::1", "::1");
	bench_free(b);
}

TEST(outgoing_interface)
{
	struct bench *b = with_default_routes();
	uint8_t mac[] = { 2, 0, 0, 0, 0, 9 };

	CHECK_INT(ip_add_iface(b->h, "eth1", mac, 0), ==, 3);
	add(b, 3, "2001:db8::1/48");
	add(b, 3, "172.16.0.1/16");
	/* Rule 5 comes before rule 8. */
	expect(b, "2001:db8:ffff::9", "fd00::1");
	expect(b, "2001:db8::9", "2001:db8::1");
	expect(b, "172.17.0.9", "10.0.0.1");
	expect(b, "172.16.0.9", "172.16.0.1");
	bench_free(b);
}

TEST(none)
{
	struct bench *b = bench_new();
	struct ip_prefix all = bench_prefix("0.0.0.0/0");
	struct ip_addr dst = bench_addr("192.0.2.1"), src;
	uint8_t mac[] = { 2, 0, 0, 0, 0, 9 };
	uint32_t mtu;

	CHECK_INT(ip_route(b->h, &dst, 0, &src, &mtu), ==, -ENETUNREACH);
	/* An interface without an address borrows another's. */
	CHECK_INT(ip_add_iface(b->h, "eth1", mac, 0), ==, 3);
	CHECK_INT(ip_add_route(b->h, &all, NULL, 3), ==, 0);
	expect(b, "192.0.2.1", "10.0.0.1");
	bench_free(b);
}
