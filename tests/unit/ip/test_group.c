/* Groups: what an interface hears, what routers are told, what they ask.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "wire/group.h"
#include "bench.h"
#include "check.h"

#include <string.h>

#include "base/checksum.h"
#include "base/cursor.h"
#include "wire/icmp6.h"

#define IGMP_AT (14 + 24)
#define MLD_AT (14 + 48)

static struct ip_group_want want(const char *group, bool include, unsigned n,
	const uint8_t (*sources)[16])
{
	return (struct ip_group_want){ .ifindex = 2, .group = bench_addr(group),
		.include = include, .n = n, .sources = sources };
}

/* The last report's one record: type << 16 | sources. */
static unsigned record(const struct bench *b, size_t at)
{
	const uint8_t *p = bench_last(b, 0)->b + at;

	CHECK_INT(get_be16(p + 6), ==, 1);
	return (unsigned)p[8] << 16 | get_be16(p + 10);
}

/* An IGMP query; max 0: version 1; n < 0: version 2. */
static void ask(struct bench *b, const char *group, uint8_t max, int n,
	const uint8_t (*sources)[16])
{
	struct ip_addr src = b->peer4, dst = bench_addr("224.0.0.1");
	uint8_t m[12 + 4 * 8] = { IGMP_QUERY, max };
	size_t len = n < 0 ? 8 : 12 + 4 * (size_t)n;
	struct checksum sum = CHECKSUM_INIT;
	struct ip_addr g = bench_addr(group);

	memcpy(m + 4, g.b, 4);
	for (int k = 0; k < n; k++)
		memcpy(m + 12 + 4 * k, sources[k], 4);
	if (n >= 0) {
		m[8] = 2;
		m[9] = 125;
		put_be16(m + 10, (uint16_t)n);
	}
	checksum_add(&sum, m, len);
	put_be16(m + 2, checksum_finish(&sum));
	bench_give(b, &src, &dst, IGMP_PROTO, m, len);
}

TEST(joining_and_leaving_is_told_twice)
{
	struct bench *b = bench_new();
	struct ip_group_want w = want("239.1.1.1", false, 0, NULL);
	unsigned before = b->nframes;
	const uint8_t *f;

	ip_set_groups(b->h, b->now, &w, 1);
	CHECK_INT(b->nframes, ==, before + 1);
	f = bench_last(b, 0)->b;
	CHECK_INT(f[0], ==, 0x01); /* 01:00:5e:00:00:16 */
	CHECK_INT(f[5], ==, 22);
	CHECK_INT(f[14], ==, 0x46); /* with Router Alert */
	CHECK_INT(f[14 + 8], ==, 1); /* TTL */
	CHECK_INT(record(b, IGMP_AT), ==, GROUP_TO_EXCLUDE << 16);
	bench_run(b, DURATION_S(5));
	CHECK_INT(b->nframes, ==, before + 2);
	CHECK_INT(record(b, IGMP_AT), ==, GROUP_TO_EXCLUDE << 16);
	ip_set_groups(b->h, b->now, &w, 1); /* nothing new */
	CHECK_INT(b->nframes, ==, before + 2);
	ip_set_groups(b->h, b->now, NULL, 0);
	bench_run(b, DURATION_S(5));
	CHECK_INT(b->nframes, ==, before + 4);
	CHECK_INT(record(b, IGMP_AT), ==, GROUP_TO_INCLUDE << 16);
	bench_free(b);
}

TEST(sockets_filters_are_merged)
{
	static const uint8_t s[3][16] = { { 10, 0, 0, 7 }, { 10, 0, 0, 8 },
		{ 10, 0, 0, 9 } };
	struct bench *b = bench_new();
	struct ip_group_want w[3] = { want("239.1.1.1", true, 2, s),
		want("239.1.1.1", true, 1, s + 2),
		want("239.1.1.1", false, 2, s + 1) };

	ip_set_groups(b->h, b->now, w, 1);
	CHECK_INT(record(b, IGMP_AT), ==, GROUP_ALLOW << 16 | 2);
	ip_set_groups(b->h, b->now, w, 2);
	bench_run(b, DURATION_S(5));
	ip_set_groups(b->h, b->now, w + 1, 1);
	CHECK_INT(record(b, IGMP_AT), ==, GROUP_BLOCK << 16 | 2);
	bench_run(b, DURATION_S(5));
	/* All but 8 and 9, and 9 as well: all but 8. */
	ip_set_groups(b->h, b->now, w + 1, 2);
	CHECK_INT(record(b, IGMP_AT), ==, GROUP_TO_EXCLUDE << 16 | 1);
	CHECK_INT(bench_last(b, 0)->b[IGMP_AT + 8 + 8 + 3], ==, 8);
	bench_free(b);
}

static unsigned heard(struct bench *b, const char *from, const char *group)
{
	static const uint8_t udp[8] = { 0, 1, 0, 2, 0, 8, 0, 0 };
	struct ip_addr src = bench_addr(from), dst = bench_addr(group);
	unsigned before = b->npackets;

	bench_give(b, &src, &dst, IP_PROTO_UDP, udp, sizeof(udp));
	return b->npackets - before;
}

TEST(only_what_is_wanted_is_heard)
{
	static const uint8_t s[1][16] = { { 10, 0, 0, 7 } };
	struct bench *b = bench_new();
	struct ip_group_want w[2] = { want("239.1.1.1", true, 1, s),
		want("239.1.1.2", false, 1, s) };

	CHECK_INT(heard(b, "10.0.0.7", "239.1.1.1"), ==, 0);
	ip_set_groups(b->h, b->now, w, 2);
	CHECK_INT(heard(b, "10.0.0.7", "239.1.1.1"), ==, 1);
	CHECK_INT(heard(b, "10.0.0.8", "239.1.1.1"), ==, 0);
	CHECK_INT(heard(b, "10.0.0.7", "239.1.1.2"), ==, 0);
	CHECK_INT(heard(b, "10.0.0.8", "239.1.1.2"), ==, 1);
	CHECK_INT(heard(b, "10.0.0.8", "239.1.1.3"), ==, 0);
	ip_set_groups(b->h, b->now, NULL, 0);
	CHECK_INT(heard(b, "10.0.0.8", "239.1.1.2"), ==, 0);
	bench_free(b);
}

TEST(queries_are_answered_in_their_time)
{
	static const uint8_t s[2][16] = { { 10, 0, 0, 7 }, { 10, 0, 0, 8 } };
	struct bench *b = bench_new();
	struct ip_group_want w[2] = { want("239.1.1.1", true, 1, s),
		want("239.1.1.2", false, 1, s) };
	unsigned before;

	ip_set_groups(b->h, b->now, w, 2);
	bench_run(b, DURATION_S(5));
	before = b->nframes;
	ask(b, "0.0.0.0", 20, 0, NULL);
	CHECK_INT(b->nframes, ==, before); /* not at once */
	bench_run(b, DURATION_S(2));
	CHECK_INT(b->nframes, ==, before + 1);
	CHECK_INT(get_be16(bench_last(b, 0)->b + IGMP_AT + 6), ==, 2);
	ask(b, "239.1.1.2", 20, 0, NULL);
	bench_run(b, DURATION_S(2));
	CHECK_INT(record(b, IGMP_AT), ==, GROUP_IS_EXCLUDE << 16 | 1);
	/* Of 7 and 8, one is heard in each. */
	ask(b, "239.1.1.2", 20, 2, s);
	bench_run(b, DURATION_S(2));
	CHECK_INT(record(b, IGMP_AT), ==, GROUP_IS_INCLUDE << 16 | 1);
	CHECK_INT(bench_last(b, 0)->b[IGMP_AT + 8 + 8 + 3], ==, 8);
	before = b->nframes;
	ask(b, "239.1.1.1", 20, 1, s + 1); /* not from 8 */
	ask(b, "239.9.9.9", 20, 0, NULL);
	bench_run(b, DURATION_S(4));
	CHECK_INT(b->nframes, ==, before);
	bench_free(b);
}

TEST(old_queriers_are_spoken_to_in_the_old_way)
{
	struct bench *b = bench_new();
	struct ip_group_want w[2] = { want("239.1.1.1", false, 0, NULL),
		want("239.1.1.2", false, 0, NULL) };
	const uint8_t *f;

	ip_set_groups(b->h, b->now, w, 1);
	bench_run(b, DURATION_S(5));
	ask(b, "0.0.0.0", 20, -1, NULL);
	bench_run(b, DURATION_S(3));
	f = bench_last(b, 0)->b;
	CHECK_INT(f[IGMP_AT], ==, IGMP_REPORT_V2);
	CHECK_INT(f[14 + 16], ==, 239); /* to the group itself */
	ip_set_groups(b->h, b->now, w, 2);
	CHECK_INT(bench_last(b, 0)->b[IGMP_AT], ==, IGMP_REPORT_V2);
	CHECK_INT(bench_last(b, 0)->b[IGMP_AT + 7], ==, 2);
	bench_run(b, DURATION_S(20));
	ip_set_groups(b->h, b->now, w, 1);
	CHECK_INT(bench_last(b, 0)->b[IGMP_AT], ==, IGMP_LEAVE);
	CHECK_INT(bench_last(b, 0)->b[14 + 19], ==, 2); /* 224.0.0.2 */
	ask(b, "0.0.0.0", 0, -1, NULL);
	bench_run(b, DURATION_S(12));
	CHECK_INT(bench_last(b, 0)->b[IGMP_AT], ==, IGMP_REPORT_V1);
	/* Forgotten in time: RFC 3376 8.12. */
	bench_run(b, DURATION_S(400));
	ip_set_groups(b->h, b->now, w, 2);
	CHECK_INT(bench_last(b, 0)->b[IGMP_AT], ==, IGMP_REPORT_V3);
	bench_free(b);
}

static void ask6(struct bench *b, const char *src, uint16_t max_ms, size_t len)
{
	struct ip_addr s = bench_addr(src), d = bench_addr("ff02::1");
	uint8_t m[28] = { MLD_QUERY };
	uint8_t packet[40 + 28] = { 0x60, [5] = (uint8_t)len, IP_PROTO_ICMP6, 1 };
	struct checksum sum = CHECKSUM_INIT;

	put_be16(m + 4, max_ms);
	checksum_add_pseudo(&sum, &s, &d, ICMP6_PROTO, (uint32_t)len);
	checksum_add(&sum, m, len);
	put_be16(m + 2, checksum_finish(&sum));
	memcpy(packet + 8, s.b, 16);
	memcpy(packet + 24, d.b, 16);
	memcpy(packet + 40, m, len);
	bench_give_frame(b, NULL, 0x86dd, packet, 40 + len);
}

TEST(ipv6_speaks_mld)
{
	struct bench *b = bench_new();
	struct ip_group_want w = want("ff05::7", false, 0, NULL);
	unsigned before;
	const uint8_t *f;

	ip_set_groups(b->h, b->now, &w, 1);
	f = bench_last(b, 0)->b;
	CHECK_INT(f[0], ==, 0x33);
	CHECK_INT(f[5], ==, 0x16);
	CHECK_INT(f[14 + 6], ==, 0);	/* hop-by-hop */
	CHECK_INT(f[14 + 7], ==, 1);	/* hop limit */
	CHECK_INT(f[14 + 8], ==, 0xfe); /* from fe80:: */
	CHECK_INT(f[MLD_AT], ==, MLD_REPORT_V2);
	CHECK_INT(record(b, MLD_AT), ==, GROUP_TO_EXCLUDE << 16);
	bench_run(b, DURATION_S(5));
	before = b->nframes;
	ask6(b, "fd00::2", 1000, 28); /* RFC 3810 6.2: not link-local */
	bench_run(b, DURATION_S(5));
	CHECK_INT(b->nframes, ==, before);
	ask6(b, "fe80::2", 1000, 28);
	bench_run(b, DURATION_S(5));
	CHECK_INT(b->nframes, ==, before + 1);
	/* Two addresses' solicited nodes, one and the same here, and ours. */
	CHECK_INT(get_be16(bench_last(b, 0)->b + MLD_AT + 6), >=, 2);
	ask6(b, "fe80::2", 1000, 24);
	bench_run(b, DURATION_S(5));
	CHECK_INT(bench_last(b, 0)->b[MLD_AT], ==, MLD_REPORT_V1);
	ip_set_groups(b->h, b->now, NULL, 0);
	CHECK_INT(bench_last(b, 0)->b[MLD_AT], ==, MLD_DONE);
	bench_free(b);
}

TEST(many_sources_go_in_many_packets)
{
	static uint8_t s[200][16];
	struct bench *b = bench_new();
	struct ip_group_want w[5];
	unsigned before = b->nframes, told = 0;

	for (unsigned k = 0; k < 200; k++) {
		s[k][0] = 0xfd;
		s[k][15] = (uint8_t)k;
	}
	for (unsigned k = 0; k < 4; k++)
		w[k] = want("ff05::7", true, 50, (const uint8_t(*)[16])s + 50 * k);
	ip_set_groups(b->h, b->now, w, 4);
	CHECK_INT(b->nframes, >, before + 2);
	for (unsigned k = 0; k < b->nframes - before; k++) {
		CHECK_INT(bench_last(b, k)->len, <=, 1514);
		told += get_be16(bench_last(b, k)->b + MLD_AT + 10);
	}
	CHECK_INT(told, ==, 200);
	bench_free(b);
}
