/* ICMPv6 messages.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include "wire/icmp6.h"

#include <errno.h>
#include <string.h>

static const struct ip_addr a = { .family = IP_V6, .b = { 0xfd, [15] = 1 } },
	b = { .family = IP_V6, .b = { 0xfd, [15] = 2 } },
	c = { .family = IP_V6, .b = { 0xfd, [15] = 3 } };

static void make(uint8_t m[13], uint8_t type, uint32_t info)
{
	memcpy(m + 8, "hello", 5);
	icmp6_emit(m, &a, &b, type, 0, info, "hello", 5);
}

TEST(kinds)
{
	static const struct {
		uint8_t type;
		int result, kind;
		uint32_t info;
	} t[] = { { 128, 0, ICMP_KIND_REQUEST, 0 }, { 129, 0, ICMP_KIND_REPLY, 0 },
		{ 1, 0, ICMP_KIND_ERROR, 0 },
		{ 2, 0, ICMP_KIND_ERROR, 7 << 16 | 1400 },
		{ 3, 0, ICMP_KIND_ERROR, 0 }, { 4, 0, ICMP_KIND_ERROR, 0 },
		{ 135, 0, ICMP_KIND_ND, 0 }, { 136, 0, ICMP_KIND_ND, 0 },
		{ 134, -ENOMSG, 0, 0 }, { 137, -ENOMSG, 0, 0 },
		{ 5, -ENOMSG, 0, 0 }, { 143, 0, ICMP_KIND_GROUP, 0 } };

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct icmp_message r;
		uint8_t m[13];

		make(m, t[i].type, 7 << 16 | 1400);
		CHECK_INT(icmp6_parse(m, sizeof(m), &a, &b, false, &r), ==,
			t[i].result);
		if (t[i].result != 0)
			continue;
		CHECK_INT(r.kind, ==, t[i].kind);
		CHECK_INT(r.id, ==, 7);
		CHECK_INT(r.seq, ==, 1400);
		CHECK_INT(r.info, ==, t[i].info);
		CHECK_INT(r.len, ==, 5);
	}
}

TEST(bad_messages)
{
	struct icmp_message r;
	uint8_t m[13];

	make(m, 128, 1);
	for (size_t len = 0; len < 8; len++)
		CHECK_INT(icmp6_parse(m, len, &a, &b, false, &r), ==, -EINVAL);
	for (size_t at = 0; at < sizeof(m); at++) {
		m[at] ^= 0x10;
		CHECK_INT(icmp6_parse(m, sizeof(m), &a, &b, false, &r), ==,
			-EBADMSG);
		m[at] ^= 0x10;
	}
	/* The pseudo header counts. */
	CHECK_INT(icmp6_parse(m, sizeof(m), &a, &c, false, &r), ==, -EBADMSG);
	CHECK_INT(icmp6_parse(m, sizeof(m), &a, &c, true, &r), ==, 0);
}
