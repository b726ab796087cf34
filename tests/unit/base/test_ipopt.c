/* IPv4 options: what may be sent and come, and what is written into them.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "base/ipopt.h"

#include <string.h>

#include "base/rng.h"
#include "check.h"

static bool elsewhere(const void *user, const uint8_t a[4])
{
	return a[0] != 10;
}

static const struct ipopt_host host = { { 10, 0, 0, 1 }, 0x01020304, elsewhere, NULL };

TEST(privilege_for_what_nobody_knows)
{
	uint8_t unknown[4] = { 0x1e, 4, 1, 2 };
	uint8_t odd[8] = { 0x44, 8, 5, 7 };

	CHECK(!ipopt_may_send(unknown, 4, &host, false));
	CHECK(ipopt_may_send(unknown, 4, &host, true));
	CHECK(!ipopt_may_send(odd, 8, &host, false));
	CHECK(ipopt_may_send(odd, 8, &host, true));
	CHECK(!ipopt_may_send(unknown, 3, &host, true));
}

TEST(source_routes_begin_here)
{
	struct ip_options o = { 12, { 0x83, 11, 4, 10, 0, 0, 2, 10, 0, 0, 3, 0 } };
	static const uint8_t dst[4] = { 10, 0, 0, 9 };
	uint8_t hop[4], strict[8] = { 0x89, 7, 4, 10, 0, 0, 2, 0 };
	bool s = true;

	CHECK(ipopt_may_send(o.bytes, o.len, &host, false));
	CHECK(ipopt_hop(&o, hop, &s));
	CHECK(!s);
	CHECK_MEM(hop, ((uint8_t[]){ 10, 0, 0, 2 }), 4);
	ipopt_set_out(&o, dst);
	CHECK_MEM(o.bytes, ((uint8_t[]){ 0x83, 11, 4, 10, 0, 0, 3, 10, 0, 0, 9, 0 }), 12);
	o = (struct ip_options){ 8, { 0 } };
	memcpy(o.bytes, strict, 8);
	CHECK(ipopt_hop(&o, hop, &s));
	CHECK(s);
	/* Begun, empty, ragged, twice. */
	CHECK(!ipopt_may_send((uint8_t[]){ 0x83, 7, 8, 1, 1, 1, 1, 0 }, 8, &host, true));
	CHECK(!ipopt_may_send((uint8_t[]){ 0x83, 3, 4, 0 }, 4, &host, true));
	CHECK(!ipopt_may_send((uint8_t[]){ 0x83, 8, 4, 1, 1, 1, 1, 1 }, 8, &host, true));
	CHECK(!ipopt_may_send((uint8_t[]){ 0x83, 7, 4, 1, 1, 1, 1, 1, 0x89, 7, 4, 1, 1, 1,
		1, 1 }, 16, &host, true));
}

TEST(source_routes_do_not_come)
{
	uint8_t loose[8] = { 0x83, 7, 4, 10, 0, 0, 2, 0 };
	uint8_t strict[8] = { 0x89, 7, 8, 10, 0, 0, 2, 0 };

	CHECK_INT(ipopt_wrong(loose, 8), ==, -1);
	CHECK(!ipopt_may_come(loose, 8));
	CHECK(!ipopt_may_come(strict, 8));
}

/* Where a complaint points to. */
TEST(what_is_wrong)
{
	static const struct {
		int at;
		uint8_t o[12];
	} rows[] = {
		{ 0, { 0x94, 0 } }, { 0, { 0x94, 1 } }, { 1, { 1, 0x94, 12 } },
		{ 11, { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 7 } },
		{ 1, { 7, 2, 4 } }, { 2, { 7, 7, 3 } }, { 2, { 7, 6, 4 } },
		{ 3, { 7, 3, 4, 7, 3, 4 } }, { 1, { 0x44, 3, 5 } },
		{ 2, { 0x44, 8, 4, 0 } }, { 2, { 0x44, 8, 5, 1 } },
		{ 3, { 0x44, 4, 5, 0xf0 } }, { 1, { 0x94, 3, 0, 0 } },
		{ 1, { 0x83, 2, 4 } }, { 2, { 0x83, 7, 3 } },
		{ 2, { 0x86, 10, 0, 0, 0, 1, 1, 4 } }, { -1, { 0x1e, 4 } },
		{ -1, { 0, 7, 1, 1 } },
	};

	for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++)
		CHECK_INT(ipopt_wrong(rows[k].o, 12), ==, rows[k].at);
}

TEST(slots_are_filled_in_order)
{
	uint8_t o[12] = { 1, 7, 11, 4 }, half[12] = { 1, 7, 11, 8, 10, 0, 0, 1 };
	uint8_t full[12] = { 1, 7, 11, 12, 10, 0, 0, 1, 10, 0, 0, 1 };
	uint8_t answer[IPOPT_BYTES], want[12] = { 7, 11, 8, 10, 0, 0, 1 };

	ipopt_fill(o, 12, &host, false);
	CHECK_MEM(o, half, 12);
	CHECK_INT(ipopt_echo(o, 12, &host, answer), ==, 12);
	CHECK_MEM(answer, want, 12);
	ipopt_fill(o, 12, &host, true);
	CHECK_MEM(o, full, 12);
	ipopt_fill(o, 12, &host, true);
	CHECK_MEM(o, full, 12);
}

TEST(times)
{
	uint8_t time[8] = { 0x44, 8, 5, 0 }, both[12] = { 0x44, 12, 5, 1 };
	uint8_t ours[12] = { 0x44, 12, 5, 3, 10, 0, 0, 1 };
	uint8_t theirs[12] = { 0x44, 12, 5, 3, 11, 0, 0, 1 };
	uint8_t same[12];

	ipopt_fill(time, 8, &host, false);
	CHECK_MEM(time, ((uint8_t[]){ 0x44, 8, 9, 0, 1, 2, 3, 4 }), 8);
	ipopt_fill(time, 8, &host, false); /* a sender does not count itself */
	CHECK_INT(time[3], ==, 0);
	ipopt_fill(time, 8, &host, true);
	CHECK_INT(time[3], ==, 0x10);
	ipopt_fill(both, 12, &host, true);
	CHECK_MEM(both, ((uint8_t[]){ 0x44, 12, 13, 1, 10, 0, 0, 1, 1, 2, 3, 4 }), 12);
	ipopt_fill(ours, 12, &host, true);
	CHECK_MEM(ours, ((uint8_t[]){ 0x44, 12, 13, 3, 10, 0, 0, 1, 1, 2, 3, 4 }), 12);
	memcpy(same, theirs, 12);
	ipopt_fill(theirs, 12, &host, true);
	CHECK_MEM(theirs, same, 12);
	CHECK_INT(ipopt_ms(INT64_C(86400000) * 1000000 * 3 + 5000000), ==, 5);
}

TEST(fragments_keep_what_is_copied)
{
	uint8_t o[16] = { 7, 7, 4, 9, 9, 9, 9, 0x94, 4, 0, 0, 0x44, 4, 5, 0, 0 };
	uint8_t want[16] = { 1, 1, 1, 1, 1, 1, 1, 0x94, 4, 0, 0, 1, 1, 1, 1, 0 };

	ipopt_fragment(o, 16);
	CHECK_MEM(o, want, 16);
}

/* Whatever bytes: nothing outside the list is touched, nor is it made unsound. */
TEST(any_bytes)
{
	static const uint8_t types[] = { 0, 1, 7, 0x44, 0x94, 0x83, 0x1e };
	uint8_t room[IPOPT_BYTES + 8], answer[IPOPT_BYTES];
	unsigned sent = 0;
	struct rng g;

	rng_init(&g, 7);
	for (int round = 0; round < 200000; round++) {
		size_t len = 4 * rng_below(&g, 11);
		uint8_t *o = room + 4;

		memset(room, 0xaa, sizeof(room));
		for (size_t k = 0; k < len; k++)
			o[k] = rng_below(&g, 2) ? (uint8_t)rng_below(&g, 16) :
						  types[rng_below(&g, sizeof(types))];
		if (ipopt_may_send(o, len, &host, round % 2)) {
			struct ip_options list = { .len = (uint8_t)len };
			uint8_t hop[4];

			sent += len > 0;
			memcpy(list.bytes, o, len);
			CHECK_INT(ipopt_wrong(o, len), ==, -1);
			CHECK_INT(ipopt_may_come(o, len), !=,
				ipopt_hop(&list, hop, NULL));
			ipopt_set_out(&list, host.addr);
			CHECK_INT(ipopt_wrong(list.bytes, len), ==, -1);
		}
		ipopt_fill(o, len, &host, round % 3);
		CHECK_INT(ipopt_echo(o, len, &host, answer), <=, IPOPT_BYTES);
		ipopt_fragment(o, len);
		CHECK_INT(o[-1], ==, 0xaa);
		CHECK_INT(o[len], ==, 0xaa);
	}
	CHECK(sent > 100);
}
