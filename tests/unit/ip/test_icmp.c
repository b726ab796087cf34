/* ICMP coming in: echo, and errors with Linux's errno.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "wire/icmp.h"
#include "bench.h"
#include "check.h"

#include <errno.h>
#include <string.h>

#include "wire/eth.h"
#include "wire/icmp6.h"
#include "wire/ipv4.h"
#include "wire/ipv6.h"

static void give(struct bench *b, int v6, uint8_t type, uint8_t code,
	uint32_t info, const void *body, size_t len)
{
	uint8_t m[1024];

	if (v6)
		icmp6_emit(m, &b->peer6, &b->v6, type, code, info, body, len);
	else
		icmp_emit(m, type, code, info, body, len);
	memcpy(m + 8, body, len);
	bench_give(b, v6 ? &b->peer6 : &b->peer4, v6 ? &b->v6 : &b->v4,
		v6 ? IP_PROTO_ICMP6 : IP_PROTO_ICMP, m, 8 + len);
}

TEST(echo_v4)
{
	struct bench *b = bench_new();
	struct icmp_message m;
	struct ipv4_packet ip;

	bench_meet(b);
	give(b, 0, ICMP_ECHO_REQUEST, 0, 7 << 16 | 9, "data", 4);
	CHECK_INT(b->nframes, ==, 1);
	CHECK_INT(ipv4_parse(bench_last(b, 0)->b + 14, bench_last(b, 0)->len - 14,
		&ip), ==, 0);
	CHECK(ip_addr_equal(&ip.h.src, &b->v4));
	CHECK(ip_addr_equal(&ip.h.dst, &b->peer4));
	CHECK_INT(ip.h.tos, ==, 4); /* as asked */
	CHECK_INT(ip.h.ttl, ==, 64);
	CHECK_INT(icmp_parse(ip.payload, ip.len, false, &m), ==, 0);
	CHECK_INT(m.kind, ==, ICMP_KIND_REPLY);
	CHECK_INT(m.id, ==, 7);
	CHECK_INT(m.seq, ==, 9);
	CHECK_MEM(m.body, "data", 4);
	CHECK_INT(b->npackets, ==, 0);
	bench_free(b);
}

TEST(echo_v6_to_a_group_comes_from_us)
{
	struct bench *b = bench_new();
	struct ip_addr all = bench_addr("ff02::1");
	struct ipv6_problem problem;
	struct icmp_message m;
	struct ipv6_packet ip;
	uint8_t q[12];

	bench_meet(b);
	icmp6_emit(q, &b->peer6, &all, ICMP6_ECHO_REQUEST, 0, 5, "data", 4);
	memcpy(q + 8, "data", 4);
	bench_give(b, &b->peer6, &all, IP_PROTO_ICMP6, q, 12);
	CHECK_INT(b->nframes, ==, 1);
	CHECK_INT(ipv6_parse(bench_last(b, 0)->b + 14, bench_last(b, 0)->len - 14,
		&ip, &problem), ==, 0);
	CHECK(ip_addr_equal(&ip.h.src, &b->v6));
	CHECK_INT(icmp6_parse(ip.payload, ip.len, &ip.h.src, &ip.h.dst, false,
		&m), ==, 0);
	CHECK_INT(m.kind, ==, ICMP_KIND_REPLY);
	bench_free(b);
}

TEST(echo_v4_to_a_broadcast_is_ignored)
{
	struct bench *b = bench_new();
	struct ip_addr all = bench_addr("10.0.0.255");
	uint8_t q[8];

	bench_meet(b);
	icmp_emit(q, ICMP_ECHO_REQUEST, 0, 5, NULL, 0);
	bench_give(b, &b->peer4, &all, IP_PROTO_ICMP, q, 8);
	CHECK_INT(b->nframes, ==, 0);
	bench_free(b);
}

TEST(replies_go_up)
{
	struct bench *b = bench_new();

	give(b, 0, ICMP_ECHO_REPLY, 0, 7 << 16 | 9, "data", 4);
	CHECK_INT(b->npackets, ==, 1);
	CHECK_INT(b->packet.proto, ==, IP_PROTO_ICMP);
	CHECK_INT(b->packet.len, ==, 12);
	give(b, 1, ICMP6_ECHO_REPLY, 0, 7 << 16 | 9, "data", 4);
	CHECK_INT(b->npackets, ==, 2);
	bench_free(b);
}

TEST(bad_messages)
{
	struct bench *b = bench_new();
	const struct ip_stats *s = ip_stats(b->h);
	uint8_t m[8] = { 8, 0, 1, 2 };

	bench_give(b, &b->peer4, &b->v4, IP_PROTO_ICMP, m, 8);
	CHECK_INT(s->icmp_bad_checksum, ==, 1);
	bench_give(b, &b->peer4, &b->v4, IP_PROTO_ICMP, m, 7);
	CHECK_INT(s->icmp_malformed, ==, 1);
	bench_give(b, &b->peer6, &b->v6, IP_PROTO_ICMP6, m, 8);
	CHECK_INT(s->icmp_bad_checksum, ==, 2);
	give(b, 0, 13, 0, 0, "timestamp", 9);
	give(b, 1, 134, 0, 0, "router", 6);
	CHECK_INT(s->icmp_ignored, ==, 2);
	CHECK_INT(s->icmp_in, ==, 5);
	CHECK_INT(b->nframes, ==, 0);
	CHECK_INT(b->npackets, ==, 0);
	bench_free(b);
}

/* A packet of ours, as an error quotes it. */
static size_t quote(struct bench *b, int v6, uint8_t out[64])
{
	if (v6)
		ipv6_emit(out, &(struct ipv6_header){ .src = b->v6,
			.dst = b->peer6, .proto = 17, .hop_limit = 64 }, 8);
	else
		ipv4_emit(out, &(struct ipv4_header){ .src = b->v4,
			.dst = b->peer4, .proto = 17, .ttl = 64 }, 8);
	memcpy(out + (v6 ? 40 : 20), "ourports", 8);
	return v6 ? 48 : 28;
}

TEST(errno_of_each)
{
	static const struct {
		int v6, type, code, err;
	} t[] = { { 0, 3, 0, ENETUNREACH }, { 0, 3, 1, EHOSTUNREACH },
		{ 0, 3, 2, ENOPROTOOPT }, { 0, 3, 3, ECONNREFUSED },
		{ 0, 3, 4, EMSGSIZE }, { 0, 3, 5, EOPNOTSUPP },
		{ 0, 3, 6, ENETUNREACH }, { 0, 3, 7, EHOSTDOWN },
		{ 0, 3, 8, ENONET }, { 0, 3, 9, ENETUNREACH },
		{ 0, 3, 10, EHOSTUNREACH }, { 0, 3, 13, EHOSTUNREACH },
		{ 0, 3, 15, EHOSTUNREACH }, { 0, 3, 16, 0 },
		{ 0, 4, 0, 0 }, { 0, 5, 0, 0 }, { 0, 11, 0, EHOSTUNREACH },
		{ 0, 12, 0, EPROTO }, { 1, 1, 0, ENETUNREACH },
		{ 1, 1, 1, EACCES }, { 1, 1, 2, EHOSTUNREACH },
		{ 1, 1, 3, EHOSTUNREACH }, { 1, 1, 4, ECONNREFUSED },
		{ 1, 1, 5, EACCES }, { 1, 1, 6, EACCES }, { 1, 1, 7, EPROTO },
		{ 1, 2, 0, EMSGSIZE }, { 1, 3, 0, EHOSTUNREACH },
		{ 1, 4, 1, EPROTO }, { 1, 5, 0, 0 } };

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct bench *b = bench_new();
		uint8_t q[64];
		size_t len = quote(b, t[i].v6, q);

		give(b, t[i].v6, (uint8_t)t[i].type, (uint8_t)t[i].code, 1400, q,
			len);
		CHECK_INT(b->nerrors, ==, t[i].err != 0);
		CHECK_INT(b->error.err, ==, t[i].err);
		if (t[i].err) {
			CHECK_INT(b->error.proto, ==, 17);
			CHECK(ip_addr_equal(&b->error.dst, t[i].v6 ? &b->peer6 :
				&b->peer4));
			CHECK_MEM(b->l4, "ourports", 8);
			CHECK_INT(b->error.hard, ==, t[i].err != EMSGSIZE);
			CHECK_INT(b->error.mtu, ==, t[i].err == EMSGSIZE ? 1400 :
				0);
		}
		CHECK_INT(b->nframes, ==, 0);
		bench_free(b);
	}
}

TEST(mtu_below_reason)
{
	struct bench *b = bench_new();
	uint8_t q[64];

	give(b, 0, 3, 4, 10, q, quote(b, 0, q));
	CHECK_INT(b->error.mtu, ==, ICMP_PMTU_MIN);
	give(b, 1, 2, 0, 1280, q, quote(b, 1, q));
	CHECK_INT(b->error.mtu, ==, 1280);
	give(b, 1, 2, 0, 1279, q, quote(b, 1, q)); /* RFC 8201 4 */
	CHECK_INT(b->error.err, ==, EMSGSIZE);
	CHECK_INT(b->error.mtu, ==, 0);
	CHECK_INT(b->error.info, ==, 1279);
	bench_free(b);
}

TEST(errors_about_nothing_of_ours)
{
	struct bench *b = bench_new();
	uint8_t q[64];
	size_t len = quote(b, 0, q);

	for (size_t n = 0; n < len; n++)
		give(b, 0, 3, 3, 0, q, n);
	CHECK_INT(b->nerrors, ==, 0);
	CHECK_INT(ip_stats(b->h)->icmp_malformed, ==, len);
	q[15] = 77; /* the source is not us */
	give(b, 0, 3, 3, 0, q, len);
	CHECK_INT(b->nerrors, ==, 0);
	CHECK_INT(ip_stats(b->h)->not_for_us, ==, 1);
	bench_free(b);
}
