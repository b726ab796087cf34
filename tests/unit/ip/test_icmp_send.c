/* ICMP errors that we send: which, about what, how long.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "bench.h"
#include "check.h"

#include <errno.h>
#include <string.h>

#include "wire/icmp6.h"
#include "wire/ipv4.h"
#include "wire/ipv6.h"

static struct icmp_message last_v4(struct bench *b, struct ipv4_packet *ip)
{
	const struct bench_frame *f = bench_last(b, 0);
	struct icmp_message m;

	CHECK_INT(ipv4_parse(f->b + 14, f->len - 14, ip), ==, 0);
	CHECK_INT(icmp_parse(ip->payload, ip->len, false, &m), ==, 0);
	return m;
}

static struct icmp_message last_v6(struct bench *b)
{
	const struct bench_frame *f = bench_last(b, 0);
	struct ipv6_problem problem;
	struct icmp_message m;
	struct ipv6_packet ip;

	CHECK_INT(ipv6_parse(f->b + 14, f->len - 14, &ip, &problem), ==, 0);
	CHECK_INT(icmp6_parse(ip.payload, ip.len, &ip.h.src, &ip.h.dst, false,
		&m), ==, 0);
	return m;
}

TEST(port_unreachable)
{
	static uint8_t big[1400];
	struct bench *b = bench_new();
	struct ipv4_packet ip, quoted;
	struct icmp_message m;

	bench_meet(b);
	b->input_result = -ECONNREFUSED;
	bench_give(b, &b->peer4, &b->v4, 17, "12345678", 8);
	m = last_v4(b, &ip);
	CHECK_INT(m.type, ==, ICMP_UNREACHABLE);
	CHECK_INT(m.code, ==, ICMP_UNREACHABLE_PORT);
	CHECK_INT(m.len, ==, 28);
	CHECK_INT(ip.h.tos, ==, 0xc4);
	CHECK_INT(ipv4_parse_quoted(m.body, m.len, &quoted), ==, 0);
	CHECK(ip_addr_equal(&quoted.h.src, &b->peer4));
	CHECK_MEM(quoted.payload, "12345678", 8);
	bench_give(b, &b->peer4, &b->v4, 17, big, sizeof(big));
	last_v4(b, &ip);
	CHECK_INT(bench_last(b, 0)->len, ==, 14 + 576);
	bench_give(b, &b->peer6, &b->v6, 17, big, sizeof(big));
	m = last_v6(b);
	CHECK_INT(m.type, ==, ICMP6_UNREACHABLE);
	CHECK_INT(m.code, ==, ICMP6_UNREACHABLE_PORT);
	CHECK_INT(bench_last(b, 0)->len, ==, 14 + 1280);
	bench_free(b);
}

TEST(unknown_protocol)
{
	struct bench *b = bench_new();
	struct ipv4_packet ip;
	struct icmp_message m;

	bench_meet(b);
	bench_give(b, &b->peer4, &b->v4, 99, "12345678", 8);
	m = last_v4(b, &ip);
	CHECK_INT(m.code, ==, ICMP_UNREACHABLE_PROTO);
	bench_give(b, &b->peer6, &b->v6, 99, "12345678", 8);
	m = last_v6(b);
	CHECK_INT(m.type, ==, ICMP6_PARAMETER);
	CHECK_INT(m.code, ==, ICMP6_PARAMETER_NEXT);
	CHECK_INT(m.id << 16 | m.seq, ==, 6);
	bench_give(b, &b->peer6, &b->v6, 60, "\x63\0\1\4\0\0\0\0", 8);
	m = last_v6(b);
	CHECK_INT(m.id << 16 | m.seq, ==, 40);
	/* One family's ICMP is no protocol of the other. */
	bench_give(b, &b->peer4, &b->v4, 58, "12345678", 8);
	CHECK_INT(last_v4(b, &ip).code, ==, ICMP_UNREACHABLE_PROTO);
	CHECK_INT(ip_stats(b->h)->ip_no_proto, ==, 4);
	CHECK_INT(b->npackets, ==, 0);
	bench_free(b);
}

TEST(option_problems)
{
	struct bench *b = bench_new();
	struct ip_addr all = bench_addr("ff02::1");
	struct icmp_message m;

	bench_meet(b);
	bench_give(b, &b->peer6, &b->v6, 60, "\x11\0\xc2\4\0\0\0\0", 8);
	m = last_v6(b);
	CHECK_INT(m.type, ==, ICMP6_PARAMETER);
	CHECK_INT(m.code, ==, 2);
	CHECK_INT(m.id << 16 | m.seq, ==, 42);
	b->nframes = 0;
	bench_give(b, &b->peer6, &b->v6, 60, "\x11\0\x42\4\0\0\0\0", 8);
	bench_give(b, &b->peer6, &all, 60, "\x11\0\xc2\4\0\0\0\0", 8);
	CHECK_INT(b->nframes, ==, 0);
	bench_give(b, &b->peer6, &all, 60, "\x11\0\x82\4\0\0\0\0", 8);
	CHECK_INT(b->nframes, ==, 1); /* this one even about a group */
	bench_free(b);
}

TEST(never_about_errors)
{
	struct bench *b = bench_new();
	static const uint8_t hidden[] = { 58, 0, 0xc2, 4, 0, 0, 0, 0,
		1, 4, 0, 0, 0, 0, 0, 0 };

	bench_meet(b);
	bench_give(b, &b->peer6, &b->v6, 60, hidden, sizeof(hidden));
	CHECK_INT(b->nframes, ==, 0);
	bench_free(b);
}

TEST(never_to_several)
{
	struct bench *b = bench_new();
	struct ip_addr none4 = bench_addr("0.0.0.0"), none6 = bench_addr("::");

	bench_meet(b);
	b->input_result = -ECONNREFUSED;
	bench_give(b, &none4, &b->v4, 17, "12345678", 8); /* a martian */
	bench_give(b, &none6, &b->v6, 17, "12345678", 8);
	CHECK_INT(b->npackets, ==, 1);
	CHECK_INT(b->nframes, ==, 0);
	bench_free(b);
}

TEST(limited)
{
	struct bench *b = bench_new();

	bench_meet(b);
	b->input_result = -ECONNREFUSED;
	for (int i = 0; i < 20; i++)
		bench_give(b, &b->peer4, &b->v4, 17, "12345678", 8);
	CHECK_INT(b->nframes, ==, ICMP_BURST_PEER);
	CHECK_INT(ip_stats(b->h)->icmp_rate_limited, ==, 20 - ICMP_BURST_PEER);
	bench_free(b);
}

TEST(not_limited_towards_ourselves)
{
	struct bench *b = bench_new();
	struct ip_addr self = ip_addr_loopback(IP_V4);

	b->input_result = -ECONNREFUSED;
	for (int i = 0; i < 20; i++)
		bench_send(b, &self, 17, "12345678", 8);
	ip_flush(b->h, b->now);
	CHECK_INT(b->nerrors, ==, 20);
	CHECK_INT(b->error.err, ==, ECONNREFUSED);
	CHECK_INT(ip_stats(b->h)->icmp_rate_limited, ==, 0);
	bench_free(b);
}
