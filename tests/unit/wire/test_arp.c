/* ARP packets.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include "wire/arp.h"

#include <errno.h>
#include <string.h>

static const uint8_t request[ARP_LEN] = { 0, 1, 8, 0, 6, 4, 0, 1,
	2, 0, 0, 0, 0, 1, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 10, 0, 0, 2 };

TEST(known_bytes)
{
	struct arp_packet p;
	uint8_t out[ARP_LEN];

	CHECK_INT(arp_parse(request, sizeof(request), &p), ==, 0);
	CHECK_INT(p.op, ==, ARP_REQUEST);
	CHECK_MEM(p.sender_mac, request + 8, 6);
	CHECK_INT(p.sender.b[3], ==, 1);
	CHECK_INT(p.target.b[3], ==, 2);
	CHECK_INT(p.target.family, ==, IP_V4);
	arp_emit(out, &p);
	CHECK_MEM(out, request, ARP_LEN);
}

TEST(truncated)
{
	struct arp_packet p;

	for (size_t len = 0; len < ARP_LEN; len++)
		CHECK_INT(arp_parse(request, len, &p), ==, -EINVAL);
}

TEST(padding_is_no_harm)
{
	uint8_t f[46] = { 0 };
	struct arp_packet p;

	memcpy(f, request, ARP_LEN);
	CHECK_INT(arp_parse(f, sizeof(f), &p), ==, 0);
}

TEST(other_kinds_are_refused)
{
	for (size_t at = 0; at < 8; at++) {
		uint8_t f[ARP_LEN];
		struct arp_packet p;

		memcpy(f, request, ARP_LEN);
		f[at] ^= 0x40;
		CHECK_INT(arp_parse(f, sizeof(f), &p), ==, -EINVAL);
	}
}
