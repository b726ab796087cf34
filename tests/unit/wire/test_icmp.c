/* ICMP messages.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include "wire/icmp.h"

#include <errno.h>
#include <string.h>

static void make(uint8_t m[13], uint8_t type, uint8_t code, uint32_t info)
{
	memcpy(m + 8, "hello", 5);
	icmp_emit(m, type, code, info, "hello", 5);
}

TEST(known_bytes)
{
	static const uint8_t want[] = { 8, 0, 0xf7, 0xf8, 0, 5, 0, 2 };
	uint8_t m[8];

	icmp_emit(m, ICMP_ECHO_REQUEST, 0, 5 << 16 | 2, NULL, 0);
	CHECK_MEM(m, want, 8);
}

TEST(kinds)
{
	static const struct {
		uint8_t type, code;
		int result, kind;
		uint32_t info;
	} t[] = { { 8, 0, 0, ICMP_KIND_REQUEST, 0 }, { 0, 0, 0, ICMP_KIND_REPLY, 0 },
		{ 3, 1, 0, ICMP_KIND_ERROR, 0 },
		{ 3, 4, 0, ICMP_KIND_ERROR, 1400 },
		{ 11, 0, 0, ICMP_KIND_ERROR, 0 },
		{ 12, 0, 0, ICMP_KIND_ERROR, 0 }, { 4, 0, -ENOMSG, 0, 0 },
		{ 5, 1, -ENOMSG, 0, 0 }, { 13, 0, -ENOMSG, 0, 0 },
		{ 255, 0, -ENOMSG, 0, 0 } };

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct icmp_message r;
		uint8_t m[13];

		make(m, t[i].type, t[i].code, 7 << 16 | 1400);
		CHECK_INT(icmp_parse(m, sizeof(m), false, &r), ==, t[i].result);
		if (t[i].result != 0)
			continue;
		CHECK_INT(r.kind, ==, t[i].kind);
		CHECK_INT(r.id, ==, 7);
		CHECK_INT(r.seq, ==, 1400);
		CHECK_INT(r.info, ==, t[i].info);
		CHECK_INT(r.len, ==, 5);
		CHECK_MEM(r.body, "hello", 5);
	}
}

TEST(bad_messages)
{
	struct icmp_message r;
	uint8_t m[13];

	make(m, 8, 0, 1);
	for (size_t len = 0; len < 8; len++)
		CHECK_INT(icmp_parse(m, len, false, &r), ==, -EINVAL);
	for (size_t at = 0; at < sizeof(m); at++) {
		m[at] ^= 0x10;
		CHECK_INT(icmp_parse(m, sizeof(m), false, &r), ==, -EBADMSG);
		m[at] ^= 0x10;
	}
	m[12] ^= 1;
	CHECK_INT(icmp_parse(m, sizeof(m), true, &r), ==, 0);
}
