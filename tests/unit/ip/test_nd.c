/* Neighbour discovery: who is answered, who is learnt.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "wire/nd.h"
#include "bench.h"
#include "check.h"

#include <string.h>

#include "wire/icmp6.h"
#include "wire/ipv6.h"

static void give_nd(struct bench *b, const char *src, const char *dst,
	struct nd_message m)
{
	struct ip_addr s = bench_addr(src), d = bench_addr(dst);
	uint8_t bytes[ND_LEN_MAX];
	size_t len = nd_emit(bytes, &m, &s, &d);

	bench_give(b, &s, &d, ICMP6_PROTO, bytes, len);
}

static struct nd_message solicit(const char *target, uint8_t mac)
{
	return (struct nd_message){ .has_mac = mac, .mac = { 2, 0, 0, 0, 0, mac },
		.target = bench_addr(target) };
}

/* The last frame sent as a neighbour discovery message. */
static struct nd_message last(struct bench *b, struct ipv6_packet *ip)
{
	const struct bench_frame *f = bench_last(b, 0);
	struct ipv6_problem problem;
	struct icmp_message icmp;
	struct nd_message m;

	CHECK_INT(ipv6_parse(f->b + 14, f->len - 14, ip, &problem), ==, 0);
	CHECK_INT(icmp6_parse(ip->payload, ip->len, &ip->h.src, &ip->h.dst,
		false, &icmp), ==, 0);
	CHECK_INT(nd_parse(ip->payload, ip->len, &ip->h.src, &ip->h.dst,
		ip->h.hop_limit, &m), ==, 0);
	return m;
}

TEST(a_question_is_answered_once)
{
	struct bench *b = bench_new();
	struct ipv6_packet ip;
	struct nd_message m;

	give_nd(b, "fd00::2", "ff02::1:ff00:1", solicit("fd00::1", 2));
	CHECK_INT(b->nframes, ==, 1);
	m = last(b, &ip);
	CHECK(m.advert && m.solicited && m.override && m.has_mac && !m.router);
	CHECK_INT(m.mac[5], ==, 1);
	CHECK(ip_addr_equal(&m.target, &b->v6));
	CHECK(ip_addr_equal(&ip.h.dst, &b->peer6));
	CHECK_INT(ip.h.hop_limit, ==, 255);
	CHECK_INT(bench_last(b, 0)->b[5], ==, 2);
	bench_free(b);
}

TEST(duplicate_detection_is_answered_to_all)
{
	struct bench *b = bench_new();
	struct ipv6_packet ip;
	struct nd_message m;

	give_nd(b, "::", "ff02::1:ff00:1", solicit("fd00::1", 0));
	CHECK_INT(b->nframes, ==, 1);
	m = last(b, &ip);
	CHECK(m.advert && !m.solicited);
	CHECK(ip_addr_is_multicast(&ip.h.dst));
	bench_free(b);
}

TEST(not_answered)
{
	struct bench *b = bench_new();
	struct ip_addr far = bench_addr("fd00::2");
	uint8_t bytes[ND_LEN_MAX];
	struct nd_message m = solicit("fd00::1", 2);
	size_t len = nd_emit(bytes, &m, &far, &b->v6);
	uint8_t p[40 + ND_LEN_MAX];

	give_nd(b, "fd00::2", "fd00::1", solicit("fd00::7", 2));
	give_nd(b, "fd00::2", "fd00::1", solicit("::1", 2));
	give_nd(b, "fd00::1", "ff02::1:ff00:1", solicit("fd00::1", 2)); /* us */
	CHECK_INT(ip_stats(b->h)->nd_malformed, ==, 0);
	/* From beyond a router. */
	ipv6_emit(p, &(struct ipv6_header){ .src = far, .dst = b->v6,
		.proto = ICMP6_PROTO, .hop_limit = 254 }, len);
	memcpy(p + 40, bytes, len);
	bench_give_frame(b, NULL, ETH_TYPE_IPV6, p, 40 + len);
	CHECK_INT(ip_stats(b->h)->nd_malformed, ==, 1);
	CHECK_INT(b->nframes, ==, 0);
	bench_free(b);
}

static struct nd_message advert(uint8_t mac, bool solicited, bool override)
{
	return (struct nd_message){ .advert = true, .solicited = solicited,
		.override = override, .has_mac = true,
		.mac = { 2, 0, 0, 0, 0, mac }, .target = bench_addr("fd00::2") };
}

static uint8_t mac_used(struct bench *b)
{
	bench_send(b, &b->peer6, 17, "x", 1);
	return bench_last(b, 0)->b[5];
}

TEST(our_question_and_its_answer)
{
	struct bench *b = bench_new();
	struct ipv6_packet ip;
	struct nd_message m;

	give_nd(b, "fd00::2", "fd00::1", advert(9, true, true)); /* unasked */
	bench_send(b, &b->peer6, 17, "x", 1);
	m = last(b, &ip);
	CHECK(!m.advert && m.has_mac);
	CHECK(ip_addr_equal(&m.target, &b->peer6));
	CHECK_INT(b->nframes, ==, 1);
	give_nd(b, "fd00::2", "fd00::1", advert(2, true, false));
	CHECK_INT(b->nframes, ==, 2);
	CHECK_INT(bench_last(b, 0)->b[5], ==, 2);
	bench_free(b);
}

TEST(override)
{
	struct bench *b = bench_new();

	bench_meet(b);
	CHECK_INT(mac_used(b), ==, 2);
	give_nd(b, "fd00::2", "ff02::1", advert(7, false, false));
	CHECK_INT(mac_used(b), ==, 2);
	give_nd(b, "fd00::2", "ff02::1", advert(7, false, true));
	CHECK_INT(mac_used(b), ==, 7);
	bench_free(b);
}
