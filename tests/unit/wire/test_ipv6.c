/* IPv6 packets and the walk along extension headers.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include "wire/ipv6.h"

#include <errno.h>
#include <string.h>

#include "base/cursor.h"

enum { MAX = 256 };

struct packet {
	uint8_t b[MAX];
	size_t len;
};

/* A header whose payload is these bytes; dst is a group when asked. */
static struct packet make(uint8_t next, const void *payload, size_t len, int group)
{
	struct ipv6_header h = { .src = { .family = IP_V6, .b = { 0xfd, [15] = 1 } },
		.dst = { .family = IP_V6, .b = { 0xfd, [15] = 2 } },
		.proto = next, .hop_limit = 64, .tclass = 0xb8,
		.flow = 0x12345 };
	struct packet p = { .len = IPV6_HEADER_LEN + len };

	if (group)
		h.dst.b[0] = 0xff;
	ipv6_emit(p.b, &h, len);
	memcpy(p.b + IPV6_HEADER_LEN, payload, len);
	return p;
}

static int parse(const struct packet *p, struct ipv6_packet *r,
	struct ipv6_problem *problem)
{
	*problem = (struct ipv6_problem){ .code = 99 };
	return ipv6_parse(p->b, p->len, r, problem);
}

TEST(emitted_is_parsed)
{
	struct packet p = make(17, "12345678", 8, 0);
	struct ipv6_problem problem;
	struct ipv6_packet r;

	CHECK_INT(parse(&p, &r, &problem), ==, 0);
	CHECK_INT(get_be32(p.b), ==, 0x6b812345);
	CHECK_INT(r.h.proto, ==, 17);
	CHECK_INT(r.h.hop_limit, ==, 64);
	CHECK_INT(r.h.tclass, ==, 0xb8);
	CHECK_INT(r.h.flow, ==, 0x12345);
	CHECK_INT(r.h.src.b[15], ==, 1);
	CHECK_INT(r.h.dst.b[15], ==, 2);
	CHECK_INT(r.proto_at, ==, 6);
	CHECK_INT(r.len, ==, 8);
	CHECK_MEM(r.payload, "12345678", 8);
	p.len += 10; /* link padding */
	CHECK_INT(parse(&p, &r, &problem), ==, 0);
	CHECK_INT(r.len, ==, 8);
}

TEST(truncated)
{
	static const uint8_t body[] = { 60, 0, 1, 4, 0, 0, 0, 0,
		17, 1, 1, 12, [23] = 0, 'x' };
	struct packet p = make(0, body, sizeof(body), 0);
	struct ipv6_problem problem;
	struct ipv6_packet r;
	size_t whole = p.len;

	CHECK_INT(parse(&p, &r, &problem), ==, 0);
	CHECK_INT(r.len, ==, 1);
	for (p.len = 0; p.len < whole; p.len++)
		CHECK_INT(parse(&p, &r, &problem), ==, -EINVAL);
	/* Also when the fixed header admits how short it is. */
	for (p.len = 40; p.len < whole - 1; p.len++) {
		put_be16(p.b + 4, (uint16_t)(p.len - 40));
		CHECK_INT(parse(&p, &r, &problem), ==, -EINVAL);
	}
}

TEST(headers_are_walked)
{
	/* hop-by-hop, destination, routing with no segments left, atomic
	 * fragment; each with pad options where it has any. */
	static const uint8_t body[] = { 60, 0, 1, 4, 0, 0, 0, 0,
		43, 0, 0, 0, 0, 0, 0, 0, 44, 0, 0, 0, 0, 0, 0, 0,
		17, 0, 0, 0, 1, 2, 3, 4, 'x', 'y' };
	struct packet p = make(0, body, sizeof(body), 0);
	struct ipv6_problem problem;
	struct ipv6_packet r;

	CHECK_INT(parse(&p, &r, &problem), ==, 0);
	CHECK_INT(r.h.proto, ==, 17);
	CHECK_INT(r.proto_at, ==, 40 + 24);
	CHECK_INT(r.len, ==, 2);
	CHECK_MEM(r.payload, "xy", 2);
}

TEST(unknown_options_by_their_high_bits)
{
	static const struct {
		uint8_t type;
		int result, report_one, report_group;
	} t[] = { { 0x1e, 0, 0, 0 }, { 0x3f, 0, 0, 0 }, { 0x5e, -EPROTO, 0, 0 },
		{ 0x9e, -EPROTO, 1, 1 }, { 0xc2, -EPROTO, 1, 0 } };

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		for (int group = 0; group < 2; group++) {
			uint8_t body[] = { 17, 0, 0, t[i].type, 2, 9, 9, 0 };
			struct packet p = make(60, body, 8, group);
			struct ipv6_problem problem;
			struct ipv6_packet r;

			CHECK_INT(parse(&p, &r, &problem), ==, t[i].result);
			if (t[i].result == 0)
				continue;
			CHECK_INT(problem.report, ==, group ?
				t[i].report_group : t[i].report_one);
			if (problem.report) {
				CHECK_INT(problem.code, ==, 2);
				CHECK_INT(problem.pointer, ==, 43);
			}
		}
	}
}

TEST(options_must_fit_their_header)
{
	static const uint8_t bad[][8] = { { 17, 0, 1, 5 }, { 17, 0, 0, 0, 0, 0, 0, 1 },
		{ 17, 0, 0, 0, 0, 0, 1, 1 }, { 17, 1, 1, 4 } };
	struct ipv6_problem problem;
	struct ipv6_packet r;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct packet p = make(60, bad[i], 8, 0);

		CHECK_INT(parse(&p, &r, &problem), ==, -EINVAL);
	}
}

TEST(what_may_not_be_skipped)
{
	static const uint8_t late_hop[] = { 0, 0, 1, 4, 0, 0, 0, 0,
		17, 0, 1, 4, 0, 0, 0, 0 };
	static const uint8_t routing[] = { 17, 0, 4, 1, 0, 0, 0, 0 };
	struct packet p = make(60, late_hop, sizeof(late_hop), 0);
	struct ipv6_problem problem;
	struct ipv6_packet r;

	CHECK_INT(parse(&p, &r, &problem), ==, -EPROTO);
	CHECK_INT(problem.code, ==, 1);
	CHECK_INT(problem.pointer, ==, 40);
	p = make(43, routing, sizeof(routing), 0);
	CHECK_INT(parse(&p, &r, &problem), ==, -EPROTO);
	CHECK_INT(problem.code, ==, 0);
	CHECK_INT(problem.pointer, ==, 42);
}

TEST(fragments)
{
	/* Behind a destination option, so that the field that names it is not
	 * the fixed header's. */
	static const uint8_t first[] = { 44, 0, 1, 4, 0, 0, 0, 0,
		17, 0, 0, 1, 0, 0, 0, 7, 1, 2, 3, 4, 5, 6, 7, 8 },
		later[] = { 17, 0, 1, 0, 0, 0, 0, 1, 'x' };
	struct packet p = make(60, first, sizeof(first), 0);
	struct ipv6_problem problem;
	struct ipv6_packet r;
	uint8_t again[8];

	CHECK_INT(parse(&p, &r, &problem), ==, 0);
	CHECK(r.fragment.is && r.fragment.more);
	CHECK_INT(r.fragment.offset, ==, 0);
	CHECK_INT(r.fragment.id, ==, 7);
	CHECK_INT(r.fragment.at, ==, 48);
	CHECK_INT(r.fragment.named_at, ==, 40);
	CHECK_INT(r.len, ==, 8);
	CHECK_INT(ipv6_parse_quoted(p.b, p.len, &r), ==, 0);
	CHECK_INT(r.h.proto, ==, 17);
	CHECK_INT(r.len, ==, 8);
	p = make(44, later, sizeof(later), 0);
	CHECK_INT(parse(&p, &r, &problem), ==, 0);
	CHECK(r.fragment.is && !r.fragment.more);
	CHECK_INT(r.fragment.offset, ==, 256);
	CHECK_INT(r.len, ==, 1);
	CHECK_INT(ipv6_parse_quoted(p.b, p.len, &r), ==, -EINVAL);
	ipv6_emit_fragment(again, 17, 256, false, 1);
	CHECK_MEM(again, later, 8);
}

TEST(chain_of_a_first_fragment)
{
	static const uint8_t options[] = { 17, 0, 1, 4, 0, 0, 0, 0, 1, 2, 3, 4, 5,
		6, 7, 8 };

	CHECK(ipv6_chain_is_whole(60, options, 16));
	CHECK(!ipv6_chain_is_whole(60, options, 15)); /* of UDP's eight bytes */
	CHECK(!ipv6_chain_is_whole(60, options, 8));
	CHECK(!ipv6_chain_is_whole(60, options, 7));
	CHECK(ipv6_chain_is_whole(17, options, 8));
	CHECK(!ipv6_chain_is_whole(6, options, 16));
	CHECK(ipv6_chain_is_whole(200, options, 1));
	CHECK(ipv6_chain_is_whole(59, options, 0));
}

TEST(quoted_may_be_short)
{
	struct packet p = make(17, "0123456789abcdef", 16, 0);
	struct ipv6_packet r;

	CHECK_INT(ipv6_parse_quoted(p.b, 48, &r), ==, 0);
	CHECK_INT(r.len, ==, 8);
	CHECK_INT(ipv6_parse_quoted(p.b, 40, &r), ==, 0);
	CHECK_INT(r.len, ==, 0);
	CHECK_INT(ipv6_parse_quoted(p.b, 39, &r), ==, -EINVAL);
	p.b[0] = 4 << 4;
	CHECK_INT(ipv6_parse_quoted(p.b, p.len, &r), ==, -EINVAL);
}

TEST(icmp_errors_are_recognised)
{
	static const uint8_t hidden[] = { 58, 0, 0xc2, 4, 0, 0, 0, 0, 1 },
		echo[] = { 58, 0, 0xc2, 4, 0, 0, 0, 0, 128 };
	struct packet p = make(60, hidden, sizeof(hidden), 0);

	CHECK(ipv6_is_icmp_error(p.b, p.len));
	CHECK(ipv6_is_icmp_error(p.b, p.len - 1)); /* cannot be told */
	p = make(60, echo, sizeof(echo), 0);
	CHECK(!ipv6_is_icmp_error(p.b, p.len));
	p = make(17, hidden, sizeof(hidden), 0);
	CHECK(!ipv6_is_icmp_error(p.b, p.len));
}
