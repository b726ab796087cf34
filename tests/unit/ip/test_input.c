/* Input: each bad frame is dropped and counted once, and nothing else happens.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "bench.h"
#include "check.h"

#include <string.h>

#include "ip/super.h"
#include "wire/eth.h"
#include "wire/ipv4.h"
#include "wire/ipv6.h"

static const uint8_t data[8] = "12345678";

/* Nothing came up, nothing left, and the counter stands at n. */
static void dropped(struct bench *b, uint64_t counter, uint64_t n)
{
	CHECK_INT(counter, ==, n);
	CHECK_INT(b->npackets, ==, 0);
	CHECK_INT(b->nframes, ==, 0);
	CHECK_INT(b->nerrors, ==, 0);
}

TEST(good_packets_come_up)
{
	struct bench *b = bench_new();

	bench_give(b, &b->peer4, &b->v4, 17, data, 8);
	CHECK_INT(b->npackets, ==, 1);
	CHECK(ip_addr_equal(&b->packet.src, &b->peer4));
	CHECK(ip_addr_equal(&b->packet.dst, &b->v4));
	CHECK_INT(b->packet.proto, ==, 17);
	CHECK_INT(b->packet.ttl, ==, 61);
	CHECK_INT(b->packet.tos, ==, 4);
	CHECK_INT(b->packet.ifindex, ==, 2);
	CHECK_INT(b->packet.len, ==, 8);
	CHECK_MEM(b->l4, data, 8);
	CHECK(!b->packet.broadcast && !b->packet.csum_ok);
	bench_give(b, &b->peer6, &b->v6, 6, data, 8);
	CHECK_INT(b->npackets, ==, 2);
	CHECK_INT(b->packet.proto, ==, 6);
	CHECK_INT(ip_stats(b->h)->ip_in, ==, 2);
	CHECK_INT(ip_stats(b->h)->frames_in, ==, 2);
	bench_free(b);
}

TEST(frames)
{
	static const uint8_t stranger[] = { 2, 0, 0, 0, 0, 77 };
	struct bench *b = bench_new();
	const struct ip_stats *s = ip_stats(b->h);

	ip_input(b->h, 2, b->now, "short", 5);
	dropped(b, s->eth_malformed, 1);
	bench_give_frame(b, NULL, 0x88cc, data, 8);
	dropped(b, s->eth_unknown, 1);
	bench_give_frame(b, NULL, 40, data, 8);
	dropped(b, s->eth_unknown, 2);
	bench_give_frame(b, stranger, 0x0800, data, 8);
	dropped(b, s->not_for_us, 1);
	bench_give_frame(b, NULL, 0x0800, data, 8);
	dropped(b, s->ip_malformed, 1);
	bench_give_frame(b, NULL, 0x86dd, NULL, 0);
	dropped(b, s->ip_malformed, 2);
	bench_give_frame(b, NULL, 0x0806, data, 8);
	dropped(b, s->arp_malformed, 1);
	ip_input(b->h, 1, b->now, data, 8); /* nothing comes in by lo */
	ip_input(b->h, 9, b->now, data, 8);
	CHECK_INT(s->frames_in, ==, 7);
	bench_free(b);
}

TEST(header_checksum)
{
	struct bench *b = bench_new();
	const struct ip_stats *s = ip_stats(b->h);
	uint8_t p[28];

	ipv4_emit(p, &(struct ipv4_header){ .src = b->peer4, .dst = b->v4,
		.proto = 17, .ttl = 64 }, 8);
	p[8] = 63;
	bench_give_frame(b, NULL, 0x0800, p, 28);
	dropped(b, s->ip_bad_checksum, 1);
	bench_free(b);
}

static void give(struct bench *b, const char *src, const char *dst)
{
	struct ip_addr s = bench_addr(src), d = bench_addr(dst);

	bench_give(b, &s, &d, 17, data, 8);
}

TEST(addresses_that_may_not_be)
{
	static const char *const t[][2] = { { "10.0.0.2", "10.0.0.3" },
		{ "224.0.0.1", "10.0.0.1" }, { "255.255.255.255", "10.0.0.1" },
		{ "10.0.0.255", "10.0.0.1" }, { "127.0.0.1", "10.0.0.1" },
		{ "10.0.0.2", "127.0.0.1" }, { "10.0.0.1", "10.0.0.1" },
		{ "10.0.0.2", "224.0.0.9" }, { "10.0.0.2", "10.0.1.255" },
		{ "fd00::2", "fd00::3" }, { "ff02::1", "fd00::1" },
		{ "fd00::2", "::1" }, { "::1", "fd00::1" },
		{ "fd00::2", "ff02::2" }, { "fd00::2", "::" },
		{ "::ffff:10.0.0.2", "fd00::1" },
		{ "fd00::2", "ff02::1:ff00:9" }, { "0.0.0.0", "10.0.0.1" },
		{ "0.0.0.0", "10.0.0.255" }, { "0.0.0.0", "239.0.0.1" },
		{ "127.1.2.3", "255.255.255.255" },
		{ "10.0.0.1", "255.255.255.255" }, { "10.0.0.1", "224.0.0.1" },
		{ "10.0.0.2", "0.0.0.0" }, { "10.0.0.2", "10.0.0.0" },
		{ "10.0.0.2", "240.0.0.1" }, { "fe80::2", "ff01::1" },
		{ "fe80::2", "ff00::1" }, { "ff05::2", "ff02::1" },
		{ "fd00::2", "::ffff:10.0.0.1" } };
	struct bench *b = bench_new();

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		give(b, t[i][0], t[i][1]);
		dropped(b, ip_stats(b->h)->not_for_us, i + 1);
	}
	bench_free(b);
}

TEST(groups_that_we_are_in)
{
	static const char *const t[][2] = { { "10.0.0.2", "255.255.255.255" },
		{ "10.0.0.2", "10.0.0.255" }, { "10.0.0.2", "224.0.0.1" },
		{ "0.0.0.0", "255.255.255.255" }, { "fd00::2", "ff02::1" },
		{ "0.0.0.0", "224.0.0.1" }, { "fd00::2", "ff02::1:ff00:1" } };
	struct bench *b = bench_new();

	b->input_result = -111; /* ECONNREFUSED: still no complaint */
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		give(b, t[i][0], t[i][1]);
		CHECK_INT(b->npackets, ==, i + 1);
		CHECK(b->packet.broadcast);
	}
	CHECK_INT(b->nframes, ==, 0);
	bench_free(b);
}

/* Odd, and yet Linux takes them. */
TEST(addresses_that_may_be)
{
	static const char *const t[][2] = { { "0.1.2.3", "10.0.0.1" },
		{ "240.1.2.3", "10.0.0.1" }, { "169.254.1.1", "10.0.0.1" },
		{ "fd00::1", "fd00::1" }, { "::", "fd00::1" },
		{ "::10.0.0.7", "fd00::1" } };
	struct bench *b = bench_new();

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		give(b, t[i][0], t[i][1]);
		CHECK_INT(b->npackets, ==, i + 1);
		CHECK(!b->packet.broadcast);
	}
	bench_free(b);
}

TEST(unicast_in_a_group_frame)
{
	static const uint8_t all[] = { 255, 255, 255, 255, 255, 255 };
	struct bench *b = bench_new();
	uint8_t p[28];

	ipv4_emit(p, &(struct ipv4_header){ .src = b->peer4, .dst = b->v4,
		.proto = 17, .ttl = 64 }, 8);
	memcpy(p + 20, data, 8);
	b->input_result = -111;
	bench_give_frame(b, all, 0x0800, p, 28);
	CHECK(b->packet.broadcast);
	CHECK_INT(b->nframes, ==, 0);
	bench_free(b);
}

TEST(scope_of_linklocal)
{
	struct bench *b = bench_new();

	give(b, "fe80::9", "fe80::ff:fe00:1");
	CHECK_INT(b->npackets, ==, 1);
	CHECK_INT(b->packet.src.scope, ==, 2);
	CHECK_INT(b->packet.dst.scope, ==, 2);
	bench_free(b);
}

TEST(no_next_header)
{
	struct bench *b = bench_new();

	bench_give(b, &b->peer6, &b->v6, 59, data, 8);
	CHECK_INT(b->npackets, ==, 0);
	CHECK_INT(b->nframes, ==, 0);
	bench_free(b);
}

/* Raw sockets see every packet for us, header and all, and what they take is not
 * complained about. */
TEST(a_look_at_every_packet)
{
	struct bench *b = bench_new();

	bench_meet(b);
	b->nraw = 0;
	bench_give(b, &b->peer4, &b->v4, 17, data, 8);
	CHECK_INT(b->nraw, ==, 1);
	CHECK_INT(b->raw_version, ==, 4);
	CHECK_INT(b->raw_l3_len, ==, 28);
	CHECK_INT(b->npackets, ==, 1);
	bench_give(b, &b->peer6, &b->v6, 253, data, 8);
	CHECK_INT(b->nraw, ==, 2);
	CHECK_INT(b->raw_version, ==, 6);
	CHECK_INT(b->raw_l3_len, ==, 48);
	CHECK_INT(ip_stats(b->h)->ip_no_proto, ==, 1);
	CHECK_INT(b->nframes, ==, 1); /* parameter problem */
	b->raw_result = true;
	bench_give(b, &b->peer6, &b->v6, 253, data, 8);
	CHECK_INT(b->nraw, ==, 3);
	CHECK_INT(b->nframes, ==, 1);
	b->input_result = -111; /* a closed port is one all the same */
	bench_give(b, &b->peer6, &b->v6, 17, data, 8);
	CHECK_INT(b->nframes, ==, 2);
	bench_free(b);
}

/* Linux: accept_source_route is 0; an option that is wrong takes its packet along. */
TEST(options_that_may_not_come)
{
	static const struct {
		uint8_t o[8];
		unsigned taken;
		int pointer; /* of the complaint; 0: none */
	} rows[] = {
		{ { 7, 7, 4, 0, 0, 0, 0, 0 }, 1, 0 },
		{ { 0x94, 4, 0, 0, 1, 1, 1, 0 }, 1, 0 },
		{ { 0x83, 7, 4, 10, 0, 0, 1, 0 }, 0, 0 },
		{ { 0x89, 7, 8, 10, 0, 0, 1, 0 }, 0, 0 },
		{ { 7, 7, 3, 0, 0, 0, 0, 0 }, 0, 22 },
		{ { 1, 0x94, 9, 0, 0, 0, 0, 0 }, 0, 21 },
	};
	struct bench *b = bench_new();

	bench_meet(b);
	for (unsigned k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
		uint8_t packet[32] = { 0 };
		unsigned before = b->npackets, complaints = b->nframes;
		const uint8_t *l3;

		ipv4_emit(packet, &(struct ipv4_header){ .src = b->peer4,
			.dst = b->v4, .proto = 17, .ttl = 9 }, 4);
		memcpy(packet + 20, rows[k].o, 8);
		ipv4_lengthen(packet, 8);
		bench_give_frame(b, NULL, ETH_TYPE_IPV4, packet, sizeof(packet));
		CHECK_INT(b->npackets - before, ==, rows[k].taken);
		CHECK_INT(b->nframes - complaints, ==, rows[k].pointer != 0);
		if (rows[k].pointer == 0)
			continue;
		l3 = bench_last(b, 0)->b + 14;
		CHECK_INT(l3[0], ==, 0x45);
		CHECK_INT(l3[20], ==, 12); /* ICMP: parameter problem */
		CHECK_INT(l3[24], ==, rows[k].pointer);
		CHECK_MEM(l3 + 28 + 20, rows[k].o, 8);
	}
	CHECK_INT(ip_stats(b->h)->ip_malformed, ==, 4);
	bench_free(b);
}

/* Headers of a super-segment of TCP, from the peer; its text lies elsewhere. */
static size_t super_header(const struct bench *b, uint8_t p[74], size_t text, bool v6)
{
	static const uint8_t from[] = { 2, 0, 0, 0, 0, 2 }, to[] = { 2, 0, 0, 0, 0, 1 };
	size_t ip = v6 ? IPV6_HEADER_LEN : IPV4_HEADER_LEN;

	memset(p, 0, 74);
	eth_emit(p, to, from, v6 ? ETH_TYPE_IPV6 : ETH_TYPE_IPV4);
	if (v6)
		ipv6_emit(p + 14, &(struct ipv6_header){ .src = b->peer6, .dst = b->v6,
			.proto = 6, .hop_limit = 64 }, 20 + text);
	else
		ipv4_emit(p + 14, &(struct ipv4_header){ .src = b->peer4, .dst = b->v4,
			.proto = 6, .ttl = 64 }, 20 + text);
	p[14 + ip + 12] = 0x50;
	return 14 + ip + 20;
}

TEST(text_comes_up_where_it_lies)
{
	static const uint8_t text[5000];

	for (int v6 = 0; v6 <= 1; v6++) {
		struct bench *b = bench_new();
		uint8_t p[74];
		size_t len = super_header(b, p, 5000, v6);
		struct span s[3] = { { p, len }, { text, 2000 }, { text + 2000, 3000 } };
		struct offload o = { 1000, (uint16_t)(len - 20), 16, true };

		CHECK(ip_input_text(b->h, 2, b->now, s, 3, &o));
		CHECK_INT(b->npackets, ==, 1);
		CHECK_INT(b->packet.len, ==, 5020);
		CHECK_INT(b->packet.ntext, ==, 2);
		CHECK(b->packet.text == s + 1);
		CHECK_INT(b->packet.segment, ==, 1000);
		CHECK(b->packet.csum_ok);
		CHECK_INT(b->nraw, ==, 0); /* it could not be shown */
		CHECK_INT(ip_stats(b->h)->bytes_in, ==, len + 5000);
		bench_free(b);
	}
}

TEST(text_that_has_to_be_whole_is_not_taken)
{
	static const uint8_t text[3000];
	struct bench *b = bench_new();
	uint8_t p[74];
	size_t len = super_header(b, p, 3000, false);
	struct span s[2] = { { p, len }, { text, 3000 } }, brief = { p, len - 1 };
	struct offload o = { 1000, 34, 16, true }, single = { 0, 34, 16, true },
		summed = { 1000, 34, 16, false }, far = { 1000, 38, 16, true };

	CHECK(!ip_input_text(b->h, 2, b->now, s, 1, &o));
	CHECK(!ip_input_text(b->h, 2, b->now, s, 2, &single));
	CHECK(!ip_input_text(b->h, 2, b->now, s, 2, &summed));
	CHECK(!ip_input_text(b->h, 2, b->now, s, 2, &far));
	CHECK(!ip_input_text(b->h, 9, b->now, s, 2, &o));
	CHECK(!ip_input_text(b->h, 1, b->now, s, 2, &o));
	ip_watch(b->h, true);
	CHECK(!ip_input_text(b->h, 2, b->now, s, 2, &o));
	ip_watch(b->h, false);
	p[23] = 17;
	CHECK(!ip_input_text(b->h, 2, b->now, s, 2, &o));
	p[23] = 6;
	p[14] = 0x46;
	CHECK(!ip_input_text(b->h, 2, b->now, s, 2, &o));
	p[14] = 0x45;
	s[0] = brief;
	CHECK(!ip_input_text(b->h, 2, b->now, s, 2, &o));
	CHECK_INT(ip_stats(b->h)->frames_in, ==, 0);
	CHECK_INT(b->npackets, ==, 0);
	bench_free(b);
}
