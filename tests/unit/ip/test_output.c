/* Output: headers, no copies, errors.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "bench.h"
#include "check.h"

#include <errno.h>
#include <string.h>

#include "wire/eth.h"
#include "wire/ipv4.h"
#include "wire/ipv6.h"

TEST(ipv4_header)
{
	static const char payload[] = "the payload";
	struct bench *b = bench_new();
	struct ip_packet_out p = { .dst = b->peer4, .proto = 6, .tos = 8,
		.pmtu = IP_PMTU_WANT, .nspans = 2,
		.spans = { { (const uint8_t *)"head", 4 },
			{ (const uint8_t *)payload, 11 } } };
	struct eth_frame e;
	struct ipv4_packet v4;

	bench_meet(b);
	CHECK_INT(ip_send(b->h, b->now, &p), ==, 0);
	CHECK_INT(b->nframes, ==, 1);
	CHECK(b->last_payload == payload); /* not copied */
	CHECK_INT(eth_parse(bench_last(b, 0)->b, bench_last(b, 0)->len, &e), ==,
		0);
	CHECK_INT(e.dst[5], ==, 2);
	CHECK_INT(e.src[5], ==, 1);
	CHECK_INT(e.type, ==, ETH_TYPE_IPV4);
	CHECK_INT(ipv4_parse(e.payload, e.len, &v4), ==, 0);
	CHECK(ip_addr_equal(&v4.h.src, &b->v4));
	CHECK(ip_addr_equal(&v4.h.dst, &b->peer4));
	CHECK_INT(v4.h.ttl, ==, 64);
	CHECK_INT(v4.h.tos, ==, 8);
	CHECK_INT(v4.h.proto, ==, 6);
	CHECK(v4.h.dont_fragment);
	CHECK_INT(v4.len, ==, 15);
	CHECK_MEM(v4.payload, "headthe payload", 15);
	bench_free(b);
}

TEST(ipv6_header)
{
	struct bench *b = bench_new();
	struct ip_packet_out p = { .dst = b->peer6, .proto = 17, .ttl = 3,
		.nspans = 1, .spans = { { (const uint8_t *)"data", 4 } } };
	struct ipv6_problem problem;
	struct eth_frame e;
	struct ipv6_packet v6;

	bench_meet(b);
	CHECK_INT(ip_send(b->h, b->now, &p), ==, 0);
	CHECK_INT(eth_parse(bench_last(b, 0)->b, bench_last(b, 0)->len, &e), ==,
		0);
	CHECK_INT(ipv6_parse(e.payload, e.len, &v6, &problem), ==, 0);
	CHECK(ip_addr_equal(&v6.h.src, &b->v6));
	CHECK_INT(v6.h.hop_limit, ==, 3);
	CHECK_INT(v6.len, ==, 4);
	bench_free(b);
}

TEST(identification_of_what_may_be_cut)
{
	struct bench *b = bench_new();
	const uint8_t *x, *y;

	bench_meet(b);
	bench_send(b, &b->peer4, 17, "x", 1);
	bench_send(b, &b->peer4, 17, "x", 1);
	x = bench_last(b, 0)->b + 14 + 4;
	y = bench_last(b, 1)->b + 14 + 4;
	CHECK(memcmp(x, y, 2) != 0);
	bench_free(b);
}

TEST(mtu)
{
	static uint8_t big[2000];
	struct bench *b = bench_new();

	bench_meet(b);
	CHECK_INT(bench_send(b, &b->peer4, 17, big, 1480), ==, 0);
	CHECK_INT(bench_send(b, &b->peer6, 17, big, 1460), ==, 0);
	CHECK_INT(b->nframes, ==, 2);
	CHECK_INT(bench_send(b, &b->peer4, 17, big, 1481), ==, 0);
	CHECK_INT(b->nframes, ==, 4);
	CHECK_INT(bench_send(b, &b->peer6, 17, big, 1461), ==, 0);
	CHECK_INT(b->nframes, ==, 6);
	CHECK_INT(ip_stats(b->h)->ip_frag_ok, ==, 2);
	CHECK_INT(ip_stats(b->h)->ip_frag_made, ==, 4);
	bench_free(b);
}

/* What each wish does to a packet that fits, and to one that does not. */
TEST(may_it_be_cut)
{
	static const struct {
		uint8_t pmtu;
		bool df_small, df_big;
		int big;
	} t[] = { { IP_PMTU_DONT, false, false, 0 },
		{ IP_PMTU_WANT, true, false, 0 },
		{ IP_PMTU_DO, true, true, -EMSGSIZE },
		{ IP_PMTU_PROBE, true, true, -EMSGSIZE },
		{ IP_PMTU_INTERFACE, false, false, -EMSGSIZE },
		{ IP_PMTU_OMIT, false, false, 0 } };
	static uint8_t data[1481];
	struct bench *b = bench_new();

	bench_meet(b);
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct ip_packet_out p = { .dst = b->peer4, .proto = 17,
			.pmtu = t[i].pmtu, .nspans = 1,
			.spans = { { data, 1480 } } };

		b->nframes = 0;
		CHECK_INT(ip_send(b->h, b->now, &p), ==, 0);
		CHECK_INT(!!(bench_last(b, 0)->b[20] & 0x40), ==, t[i].df_small);
		p.spans[0].len = 1481;
		CHECK_INT(ip_send(b->h, b->now, &p), ==, t[i].big);
		CHECK_INT(b->nframes, ==, t[i].big ? 1 : 3);
		CHECK_INT(!!(bench_last(b, 0)->b[20] & 0x40), ==,
			t[i].big ? t[i].df_small : t[i].df_big);
	}
	bench_free(b);
}

TEST(loopback_source_stays)
{
	struct bench *b = bench_new();
	struct ip_packet_out p = { .src = ip_addr_loopback(IP_V4),
		.dst = b->peer4, .proto = 17, .nspans = 1,
		.spans = { { (const uint8_t *)"x", 1 } } };

	CHECK_INT(ip_send(b->h, b->now, &p), ==, -EINVAL);
	p.src = b->v6;
	CHECK_INT(ip_send(b->h, b->now, &p), ==, -EINVAL);
	p.nspans = 0;
	CHECK_INT(ip_send(b->h, b->now, &p), ==, -EINVAL);
	CHECK_INT(b->nframes, ==, 0);
	bench_free(b);
}

/* lo: what the ways of sockets give for them. */
TEST(own_addresses_are_at_home)
{
	struct bench *b = bench_new();
	struct ip_addr src;
	uint32_t mtu;

	for (int v6 = 0; v6 < 2; v6++) {
		const struct ip_addr *own = v6 ? &b->v6 : &b->v4;

		for (uint32_t ifindex = 0; ifindex < 2; ifindex++) {
			CHECK_INT(ip_route(b->h, own, ifindex, &src, &mtu), ==, 0);
			CHECK(ip_addr_equal(&src, own));
		}
	}
	/* Another's by lo comes back, but is not the source's name. */
	CHECK(ip_route(b->h, &b->peer4, 1, &src, &mtu) != 0 ||
		!ip_addr_equal(&src, &b->peer4));
	bench_free(b);
}

TEST(groups_need_no_neighbour)
{
	static const uint8_t v4[] = { 1, 0, 0x5e, 0, 0, 251 },
		v6[] = { 0x33, 0x33, 0, 0, 0, 251 },
		all[] = { 255, 255, 255, 255, 255, 255 };
	struct bench *b = bench_new();
	struct ip_addr a = bench_addr("224.0.0.251"), c = bench_addr("ff02::fb"),
		       d = bench_addr("10.0.0.255");

	CHECK_INT(bench_send(b, &a, 17, "x", 1), ==, 0);
	CHECK_MEM(bench_last(b, 0)->b, v4, 6);
	CHECK_INT(bench_send(b, &c, 17, "x", 1), ==, 0);
	CHECK_MEM(bench_last(b, 0)->b, v6, 6);
	CHECK_INT(bench_send(b, &d, 17, "x", 1), ==, 0);
	CHECK_MEM(bench_last(b, 0)->b, all, 6);
	CHECK_INT(b->nframes, ==, 3);
	bench_free(b);
}

TEST(groups_that_we_are_in_are_heard)
{
	struct bench *b = bench_new();
	struct ip_addr in = bench_addr("ff02::1"), out = bench_addr("ff02::2"),
		       all = bench_addr("10.0.0.255");

	CHECK_INT(bench_send(b, &out, 17, "x", 1), ==, 0);
	ip_flush(b->h, b->now);
	CHECK_INT(b->npackets, ==, 0);
	CHECK_INT(bench_send(b, &in, 17, "x", 1), ==, 0);
	ip_flush(b->h, b->now);
	CHECK_INT(b->npackets, ==, 1);
	CHECK(b->packet.broadcast);
	CHECK_INT(b->packet.ifindex, ==, 2);
	CHECK_INT(bench_send(b, &all, 17, "x", 1), ==, 0);
	ip_flush(b->h, b->now);
	CHECK_INT(b->npackets, ==, 2);
	CHECK_INT(b->nframes, ==, 3);
	bench_free(b);
}

TEST(groups_by_loopback)
{
	struct bench *b = bench_new();
	struct ip_addr all = bench_addr("224.0.0.1");
	struct ip_packet_out p = { .dst = all, .proto = 17, .nspans = 1,
		.ifindex = IP_LO_INDEX, .spans = { { (const uint8_t *)"x", 1 } } };

	CHECK_INT(ip_send(b->h, b->now, &p), ==, 0);
	ip_flush(b->h, b->now);
	CHECK_INT(b->npackets, ==, 1);
	CHECK_INT(b->nframes, ==, 0);
	bench_free(b);
}

/* What is filled into a header that the caller gives, and what is left. */
TEST(packets_with_their_header)
{
	uint8_t p[24] = { 0x45, 8, 0, 0, 0, 0, 0x40, 0, 9, 253, 1, 1, 0, 0, 0, 0,
		192, 0, 2, 1, 'd', 'a', 't', 'a' };
	struct bench *b = bench_new();
	struct ipv4_packet v4;
	struct eth_frame e;

	bench_meet(b);
	CHECK_INT(ip_send_whole(b->h, b->now, &b->peer4, 0, p, 24), ==, 0);
	CHECK_INT(eth_parse(bench_last(b, 0)->b, bench_last(b, 0)->len, &e), ==,
		0);
	CHECK_INT(e.dst[5], ==, 2); /* by the way, not by the header */
	CHECK_INT(ipv4_parse(e.payload, e.len, &v4), ==, 0); /* checksum, length */
	CHECK(ip_addr_equal(&v4.h.src, &b->v4));
	CHECK_INT(v4.h.dst.b[0], ==, 192);
	CHECK_INT(v4.h.ttl, ==, 9);
	CHECK(v4.h.dont_fragment);
	CHECK(v4.h.id != 0);
	CHECK_MEM(v4.payload, "data", 4);
	p[0] = 0x47; /* 28 bytes of header */
	CHECK_INT(ip_send_whole(b->h, b->now, &b->peer4, 0, p, 24), ==, -EINVAL);
	CHECK_INT(ip_send_whole(b->h, b->now, &b->peer4, 0, p, 19), ==, -EINVAL);
	CHECK_INT(ip_send_whole(b->h, b->now, &b->peer6, 0, p, 24), ==, -EINVAL);
	CHECK_INT(b->nframes, ==, 1);
	bench_free(b);
}

TEST(too_long_with_its_header)
{
	static uint8_t p[1501] = { 0x45 };
	struct bench *b = bench_new();

	bench_meet(b);
	CHECK_INT(ip_send_whole(b->h, b->now, &b->peer4, 0, p, 1501), ==,
		-EMSGSIZE); /* never cut */
	CHECK_INT(ip_send_whole(b->h, b->now, &b->peer4, 0, p, 1500), ==, 0);
	bench_free(b);
}

/* RFC 791 3.1: all options go with the first fragment, those with the flag with the
 * others. */
TEST(options_of_fragments)
{
	static const uint8_t options[12] = { 0x94, 4, 0, 0, 7, 7, 8, 10, 0, 0, 1, 0 };
	static const uint8_t others[12] = { 0x94, 4, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0 };
	static const uint8_t data[2000];
	struct bench *b = bench_new();
	struct ip_packet_out p = { .dst = b->peer4, .proto = 253,
		.pmtu = IP_PMTU_WANT, .options = options, .options_len = 12,
		.nspans = 1, .spans = { { data, sizeof(data) } } };
	struct ipv4_packet v4;
	size_t sum = 0;

	bench_meet(b);
	CHECK_INT(ip_send(b->h, b->now, &p), ==, 0);
	CHECK_INT(b->nframes, ==, 2);
	for (unsigned k = 0; k < 2; k++) {
		const struct bench_frame *f = bench_last(b, 1 - k);
		const uint8_t *l3 = f->b + ETH_HEADER_LEN;

		CHECK_INT(f->len, <=, ETH_HEADER_LEN + 1500);
		CHECK_INT(ipv4_parse(l3, f->len - ETH_HEADER_LEN, &v4), ==, 0);
		CHECK_INT(v4.header_len, ==, 32);
		CHECK_INT(v4.h.fragment_offset, ==, sum);
		CHECK_MEM(l3 + 20, k == 0 ? options : others, 12);
		sum += v4.len;
	}
	CHECK_INT(sum, ==, sizeof(data));
	p.options_len = 44;
	CHECK_INT(ip_send(b->h, b->now, &p), ==, -EINVAL);
	p.options_len = 11;
	CHECK_INT(ip_send(b->h, b->now, &p), ==, -EINVAL);
	bench_free(b);
}

TEST(no_packet_is_longer_than_asked)
{
	static uint8_t data[3000];
	struct bench *b = bench_new();
	struct ip_packet_out p = { .dst = b->peer6, .proto = 17, .pmtu = IP_PMTU_WANT,
		.frag = 1280, .nspans = 1, .spans = { { data, sizeof(data) } } };

	bench_meet(b);
	CHECK_INT(ip_send(b->h, b->now, &p), ==, 0);
	CHECK_INT(b->nframes, ==, 3);
	for (unsigned k = 0; k < b->nframes; k++)
		CHECK(b->frames[k].len <= 14 + 1280);
	p.pmtu = IP_PMTU_DO;
	CHECK_INT(ip_send(b->h, b->now, &p), ==, -EMSGSIZE);
	p.frag = 9000; /* the way has less */
	p.pmtu = IP_PMTU_WANT;
	CHECK_INT(ip_send(b->h, b->now, &p), ==, 0);
	CHECK_INT(b->nframes, ==, 3 + 3);
	bench_free(b);
}
