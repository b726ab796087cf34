/* Addresses: text both ways, classes, prefixes.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "base/ipaddr.h"
#include "check.h"

#include <errno.h>
#include <string.h>

static struct ip_addr parsed(const char *text)
{
	struct ip_addr a;

	if (ip_addr_parse(text, &a) != 0)
		check_failed(__FILE__, __LINE__, "\"%s\" not parsed", text);
	return a;
}

TEST(text_comes_back_canonical)
{
	static const char *const t[][2] = {
		{ "10.0.0.1", "10.0.0.1" },
		{ "255.255.255.255", "255.255.255.255" },
		{ "::", "::" },
		{ "::1", "::1" },
		{ "1::", "1::" },
		{ "2001:DB8:0:0:0:0:0:1", "2001:db8::1" },
		{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
		{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },
		{ "2001:db8::1:0:0:1", "2001:db8::1:0:0:1" },
		{ "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0" },
		{ "::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8" },
		{ "::ffff:192.0.2.1", "::ffff:192.0.2.1" },
		{ "::ffff:c000:201", "::ffff:192.0.2.1" },
		{ "64:ff9b::192.0.2.33", "64:ff9b::c000:221" },
		{ "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304" },
		{ "fe80::1%2", "fe80::1%2" },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295",
			"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295" },
	};
	char buf[IPADDR_TEXT_MAX];

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct ip_addr a = parsed(t[i][0]);

		CHECK_STR(ip_addr_format(&a, buf), t[i][1]);
	}
}

TEST(nonsense_is_refused)
{
	static const char *const t[] = { "", "1.2.3", "1.2.3.4.5", "1.2.3.256",
		"01.2.3.4", "1.2.3.4 ", " 1.2.3.4", "1.2.3.-4", "localhost", ":",
		":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::",
		"1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1:", ":1", "::1:",
		"fe80::1%", "fe80::1%eth0", "fe80::1%4294967296", "::1.2.3.4:5",
		"1:2:3:4:5:6:7:1.2.3.4", "::g", "[::1]", "::1/64" };
	struct ip_addr a;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		if (ip_addr_parse(t[i], &a) != -EINVAL)
			check_failed(__FILE__, __LINE__, "\"%s\" was accepted",
				t[i]);
}

TEST(classes)
{
	struct ip_addr a;

	a = parsed("127.9.9.9");
	CHECK(ip_addr_is_loopback(&a) && !ip_addr_is_any(&a));
	a = parsed("::1");
	CHECK(ip_addr_is_loopback(&a) && !ip_addr_is_multicast(&a));
	a = parsed("::2");
	CHECK(!ip_addr_is_loopback(&a));
	a = parsed("224.0.0.1");
	CHECK(ip_addr_is_multicast(&a));
	a = parsed("240.0.0.1");
	CHECK(!ip_addr_is_multicast(&a));
	a = parsed("ff02::1");
	CHECK(ip_addr_is_multicast(&a) && !ip_addr_is_linklocal(&a));
	a = parsed("169.254.1.2");
	CHECK(ip_addr_is_linklocal(&a));
	a = parsed("febf::1");
	CHECK(ip_addr_is_linklocal(&a));
	a = parsed("fec0::1");
	CHECK(!ip_addr_is_linklocal(&a));
	a = parsed("255.255.255.255");
	CHECK(ip_addr_is_broadcast(&a));
	a = parsed("::");
	CHECK(ip_addr_is_any(&a) && !ip_addr_is_broadcast(&a));
	a = ip_addr_any(IP_V4);
	CHECK(ip_addr_is_any(&a));
}

TEST(equality_and_scope)
{
	struct ip_addr a = parsed("fe80::1%2"), b = parsed("fe80::1%3"),
		       c = parsed("fe80::1");

	CHECK(!ip_addr_equal(&a, &b));
	CHECK(ip_addr_equal(&a, &c) && ip_addr_equal(&b, &c));
	a = parsed("0.0.0.1");
	b = parsed("1::");
	CHECK(!ip_addr_equal(&a, &b));
	a = ip_addr_any(IP_V4);
	b = ip_addr_any(IP_V6);
	CHECK(!ip_addr_equal(&a, &b));
}

TEST(mapped_addresses)
{
	struct ip_addr v4 = ip_addr_v4(192, 0, 2, 1), m = ip_addr_map(&v4), u;

	CHECK(ip_addr_is_mapped(&m) && m.family == IP_V6);
	u = ip_addr_unmap(&m);
	CHECK(ip_addr_equal(&u, &v4) && u.family == IP_V4);
	m = parsed("2001:db8::1");
	u = ip_addr_unmap(&m);
	CHECK(ip_addr_equal(&u, &m));
	u = ip_addr_map(&m);
	CHECK(ip_addr_equal(&u, &m));
}

static int contains(const char *prefix, const char *addr)
{
	struct ip_prefix p;
	struct ip_addr a = parsed(addr);

	CHECK_INT(ip_prefix_parse(prefix, &p), ==, 0);
	return ip_prefix_contains(&p, &a);
}

TEST(prefixes)
{
	static const char *const bad[] = { "10.0.0.0/33", "::/129", "10.0.0.0/",
		"10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.0/08", "/8", "10/8" };
	struct ip_prefix p;

	CHECK(contains("10.0.0.0/8", "10.255.1.2"));
	CHECK(!contains("10.0.0.0/8", "11.0.0.0"));
	CHECK(contains("10.0.0.128/25", "10.0.0.200"));
	CHECK(!contains("10.0.0.128/25", "10.0.0.127"));
	CHECK(contains("0.0.0.0/0", "1.2.3.4"));
	CHECK(!contains("0.0.0.0/0", "::"));
	CHECK(contains("10.0.0.1", "10.0.0.1"));
	CHECK(!contains("10.0.0.1", "10.0.0.2"));
	CHECK(contains("2001:db8::/33", "2001:db8:7fff::1"));
	CHECK(!contains("2001:db8::/33", "2001:db8:8000::1"));
	CHECK(contains("::/0", "ff02::1"));
	CHECK(contains("fe80::%2/64", "fe80::5%2"));
	CHECK(!contains("fe80::%2/64", "fe80::5%3"));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK_INT(ip_prefix_parse(bad[i], &p), ==, -EINVAL);
}
