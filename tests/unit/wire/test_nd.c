/* Neighbour discovery messages and their validity rules (RFC 4861 7.1).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include "wire/nd.h"

#include <errno.h>
#include <string.h>

#include "wire/icmp6.h"

static const struct ip_addr us = { .family = IP_V6, .b = { 0xfd, [15] = 1 } },
	them = { .family = IP_V6, .b = { 0xfd, [13] = 7, 8, 9 } },
	any = { .family = IP_V6 },
	nodes = { .family = IP_V6, .b = { 0xff, 2, [15] = 1 } };
static const uint8_t mac[] = { 2, 0, 0, 0, 0, 9 };

static struct nd_message message(bool advert)
{
	struct nd_message m = { .advert = advert, .has_mac = true,
		.target = them, .solicited = advert, .override = advert };

	memcpy(m.mac, mac, 6);
	return m;
}

TEST(both_come_back)
{
	for (int advert = 0; advert < 2; advert++) {
		struct nd_message m = message(advert), r;
		uint8_t b[ND_LEN_MAX];
		size_t len = nd_emit(b, &m, &us, &them);
		struct icmp_message icmp;

		CHECK_INT(len, ==, 32);
		CHECK_INT(icmp6_parse(b, len, &us, &them, false, &icmp), ==, 0);
		CHECK_INT(icmp.kind, ==, ICMP_KIND_ND);
		CHECK_INT(nd_parse(b, len, &us, &them, 255, &r), ==, 0);
		CHECK_INT(r.advert, ==, advert);
		CHECK_INT(r.solicited, ==, advert);
		CHECK_INT(r.override, ==, advert);
		CHECK(!r.router && r.has_mac);
		CHECK(ip_addr_equal(&r.target, &them));
		CHECK_MEM(r.mac, mac, 6);
		m.has_mac = false;
		CHECK_INT(nd_emit(b, &m, &us, &them), ==, 24);
		CHECK_INT(nd_parse(b, 24, &us, &them, 255, &r), ==, 0);
		CHECK(!r.has_mac);
	}
}

TEST(validity)
{
	struct nd_message m = message(false), r;
	struct ip_addr node = nd_solicited_node(&them);
	uint8_t b[ND_LEN_MAX];
	size_t len = nd_emit(b, &m, &us, &them);

	CHECK_INT(nd_parse(b, len, &us, &them, 254, &r), ==, -EINVAL);
	CHECK_INT(nd_parse(b, len, &any, &node, 255, &r), ==, -EINVAL);
	b[1] = 1;
	CHECK_INT(nd_parse(b, len, &us, &them, 255, &r), ==, -EINVAL);
	b[1] = 0;
	b[8] = 0xff; /* the target is a group */
	CHECK_INT(nd_parse(b, len, &us, &them, 255, &r), ==, -EINVAL);
	b[8] = 0xfd;
	for (size_t n = 0; n < len; n++)
		CHECK_INT(nd_parse(b, n, &us, &them, 255, &r), ==,
			n == 24 ? 0 : -EINVAL);
	/* Without source: only to the solicited node, without an option. */
	CHECK_INT(nd_parse(b, 24, &any, &node, 255, &r), ==, 0);
	CHECK_INT(nd_parse(b, 24, &any, &them, 255, &r), ==, -EINVAL);
	m = message(true);
	len = nd_emit(b, &m, &us, &nodes);
	CHECK_INT(nd_parse(b, len, &us, &nodes, 255, &r), ==, -EINVAL);
	m.solicited = false;
	len = nd_emit(b, &m, &us, &nodes);
	CHECK_INT(nd_parse(b, len, &us, &nodes, 255, &r), ==, 0);
}

TEST(options)
{
	struct nd_message m = message(false), r;
	uint8_t b[ND_LEN_MAX + 16] = { 0 };

	nd_emit(b, &m, &us, &them);
	b[32] = 14; /* a nonce: skipped */
	b[33] = 2;
	CHECK_INT(nd_parse(b, 48, &us, &them, 255, &r), ==, 0);
	CHECK(r.has_mac);
	b[33] = 0;
	CHECK_INT(nd_parse(b, 48, &us, &them, 255, &r), ==, -EINVAL);
	b[33] = 3;
	CHECK_INT(nd_parse(b, 48, &us, &them, 255, &r), ==, -EINVAL);
	b[24] = 2; /* a target's address in a solicitation says nothing */
	CHECK_INT(nd_parse(b, 32, &us, &them, 255, &r), ==, 0);
	CHECK(!r.has_mac);
	b[24] = 1;
	b[26] = 3; /* nobody has a group's address */
	CHECK_INT(nd_parse(b, 32, &us, &them, 255, &r), ==, 0);
	CHECK(!r.has_mac);
}

TEST(solicited_node_group)
{
	char buf[IPADDR_TEXT_MAX];
	struct ip_addr g = nd_solicited_node(&them);

	CHECK_STR(ip_addr_format(&g, buf), "ff02::1:ff07:809");
}
