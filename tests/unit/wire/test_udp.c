/* UDP datagrams on the wire.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include "wire/udp.h"

#include <errno.h>
#include <string.h>

#include "base/cursor.h"

static const struct ip_addr a4 = { .family = IP_V4, .b = { 10, 0, 0, 1 } },
	b4 = { .family = IP_V4, .b = { 10, 0, 0, 2 } },
	a6 = { .family = IP_V6, .b = { 0xfd, [15] = 1 } },
	b6 = { .family = IP_V6, .b = { 0xfd, [15] = 2 } };

static void make(uint8_t m[13], const struct ip_addr *src,
	const struct ip_addr *dst)
{
	struct span payload = { m + 8, 5 };

	memcpy(m + 8, "hello", 5);
	udp_emit(m, src, dst, 4000, 53, &payload);
}

TEST(emitted_is_parsed)
{
	for (int v6 = 0; v6 < 2; v6++) {
		const struct ip_addr *s = v6 ? &a6 : &a4, *d = v6 ? &b6 : &b4;
		struct udp_datagram r;
		uint8_t m[13];

		make(m, s, d);
		CHECK_INT(udp_parse(m, 13, s, d, false, &r), ==, 0);
		CHECK_INT(r.src_port, ==, 4000);
		CHECK_INT(r.dst_port, ==, 53);
		CHECK_INT(r.len, ==, 5);
		CHECK_MEM(r.payload, "hello", 5);
		for (size_t at = 0; at < 13; at++) {
			m[at] ^= 0x20;
			CHECK_INT(udp_parse(m, 13, s, d, false, &r), <, 0);
			m[at] ^= 0x20;
		}
		CHECK_INT(udp_parse(m, 13, s, v6 ? &a6 : &a4, false, &r), ==,
			-EBADMSG);
	}
}

TEST(lengths)
{
	struct udp_datagram r;
	uint8_t m[20] = { 0 };

	make(m, &a4, &b4);
	for (size_t len = 0; len < 13; len++)
		CHECK_INT(udp_parse(m, len, &a4, &b4, false, &r), ==, -EINVAL);
	CHECK_INT(udp_parse(m, 20, &a4, &b4, false, &r), ==, 0);
	CHECK_INT(r.len, ==, 5); /* what follows is padding */
	put_be16(m + 4, 7);
	CHECK_INT(udp_parse(m, 13, &a4, &b4, true, &r), ==, -EINVAL);
	put_be16(m + 4, 8);
	CHECK_INT(udp_parse(m, 13, &a4, &b4, true, &r), ==, 0);
	CHECK_INT(r.len, ==, 0);
}

TEST(no_checksum)
{
	struct udp_datagram r;
	uint8_t m[13];

	make(m, &a4, &b4);
	put_be16(m + 6, 0);
	CHECK_INT(udp_parse(m, 13, &a4, &b4, false, &r), ==, 0);
	CHECK_INT(udp_parse(m, 13, &a6, &b6, false, &r), ==, -EBADMSG);
	CHECK_INT(udp_parse(m, 13, &a6, &b6, true, &r), ==, -EBADMSG);
}

TEST(a_sum_of_zero_is_sent_as_ones)
{
	uint8_t m[10] = { 0 };
	struct span payload = { m + 8, 2 };
	struct udp_datagram r;
	int seen = 0;

	for (uint32_t v = 0; v < 65536; v++) {
		put_be16(m + 8, (uint16_t)v);
		udp_emit(m, &a4, &b4, 1, 2, &payload);
		CHECK(get_be16(m + 6) != 0);
		seen += get_be16(m + 6) == 0xffff;
		CHECK_INT(udp_parse(m, 10, &a4, &b4, false, &r), ==, 0);
	}
	CHECK_INT(seen, >=, 1);
}
