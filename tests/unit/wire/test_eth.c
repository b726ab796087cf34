/* Ethernet frames and group addresses.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include "wire/eth.h"

#include <errno.h>
#include <string.h>

static const uint8_t one[] = { 2, 0, 0, 0, 0, 1 }, two[] = { 2, 0, 0, 0, 0, 2 };

TEST(emitted_is_parsed)
{
	uint8_t f[20] = { 0 };
	struct eth_frame e;

	eth_emit(f, one, two, ETH_TYPE_IPV6);
	CHECK_INT(eth_parse(f, sizeof(f), &e), ==, 0);
	CHECK_MEM(e.dst, one, 6);
	CHECK_MEM(e.src, two, 6);
	CHECK_INT(e.type, ==, ETH_TYPE_IPV6);
	CHECK(e.payload == f + 14);
	CHECK_INT(e.len, ==, 6);
}

TEST(bad_frames)
{
	static const uint16_t unknown[] = { 0, 46, 0x5ff, 0x8100, 0x88cc, 0xffff };
	uint8_t f[64] = { 0 };
	struct eth_frame e;

	eth_emit(f, one, two, ETH_TYPE_IPV4);
	for (size_t len = 0; len < ETH_HEADER_LEN; len++)
		CHECK_INT(eth_parse(f, len, &e), ==, -EINVAL);
	CHECK_INT(eth_parse(f, ETH_HEADER_LEN, &e), ==, 0);
	f[6] |= 1; /* nobody sends from a group */
	CHECK_INT(eth_parse(f, sizeof(f), &e), ==, -EINVAL);
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		eth_emit(f, one, two, unknown[i]);
		CHECK_INT(eth_parse(f, sizeof(f), &e), ==, -ENOMSG);
	}
}

TEST(groups)
{
	static const uint8_t v4[] = { 1, 0, 0x5e, 0x7f, 2, 3 },
		v6[] = { 0x33, 0x33, 0xff, 1, 2, 3 },
		all[] = { 255, 255, 255, 255, 255, 255 };
	struct ip_addr a = ip_addr_v4(239, 255, 2, 3), b = ip_addr_v4(10, 0, 0, 255);
	struct ip_addr c = { .family = IP_V6, .b = { 0xff, 2, [11] = 1, 0xff, 1,
		2, 3 } };
	uint8_t mac[6];

	eth_addr_of_group(&a, mac);
	CHECK_MEM(mac, v4, 6);
	CHECK(eth_addr_is_group(mac) && !eth_addr_is_broadcast(mac));
	eth_addr_of_group(&b, mac);
	CHECK_MEM(mac, all, 6);
	CHECK(eth_addr_is_group(mac) && eth_addr_is_broadcast(mac));
	eth_addr_of_group(&c, mac);
	CHECK_MEM(mac, v6, 6);
	CHECK(!eth_addr_is_group(one));
}
