/* IPv4 options of packets that begin here: slots, source routes; and of answers.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "bench.h"
#include "check.h"

#include <errno.h>
#include <string.h>

#include "wire/eth.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"

/* Sends with these options; the header of what left, or NULL. */
static const uint8_t *send_with(struct bench *b, const struct ip_addr *dst,
	const struct ip_options *o, int want)
{
	struct ip_packet_out p = { .dst = *dst, .proto = 253, .nspans = 1,
		.spans = { { (const uint8_t *)"data", 4 } } };
	unsigned before = b->nframes;

	ip_set_options(&p, o);
	CHECK_INT(ip_send(b->h, b->now, &p), ==, want);
	return b->nframes > before ? bench_last(b, 0)->b + 14 : NULL;
}

TEST(slots_are_ours_to_fill)
{
	static const struct ip_options o = { 20, { 7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0,
		0x44, 8, 5, 0 } };
	static const uint8_t want[20] = { 7, 11, 8, 10, 0, 0, 1, 0, 0, 0, 0, 0x44, 8, 9,
		0, 0, 0x0a, 0x0b, 0x0c, 0 };
	struct bench *b = bench_new();
	struct ipv4_packet ip;
	const uint8_t *l3;

	bench_meet(b);
	l3 = send_with(b, &b->peer4, &o, 0);
	CHECK(l3);
	CHECK_INT(ipv4_parse(l3, 44, &ip), ==, 0);
	CHECK_MEM(l3 + 20, want, 20);
	CHECK_MEM(ip.payload, "data", 4);
	bench_free(b);
}

TEST(a_source_route_is_begun)
{
	static const struct ip_options loose = { 8, { 0x83, 7, 4, 10, 0, 0, 2 } };
	static const struct ip_options strict = { 8, { 0x89, 7, 4, 10, 0, 0, 2 } };
	static const struct ip_options far = { 8, { 0x89, 7, 4, 10, 9, 0, 2 } };
	struct ip_addr end = bench_addr("192.0.2.7"), peer;
	struct bench *b = bench_new();
	struct ip_prefix net = bench_prefix("10.9.0.0/16");
	struct ipv4_packet ip;
	const uint8_t *l3;

	bench_meet(b);
	peer = b->peer4;
	CHECK(ip_add_route(b->h, &net, &peer, 2) == 0);
	CHECK(!send_with(b, &end, &(struct ip_options){ 4, { 1 } }, -ENETUNREACH));
	l3 = send_with(b, &end, &loose, 0);
	CHECK(l3);
	CHECK_INT(ipv4_parse(l3, 32, &ip), ==, 0);
	CHECK(ip_addr_equal(&ip.h.dst, &b->peer4));
	CHECK(ip_addr_equal(&ip.h.src, &b->v4));
	CHECK_MEM(l3 + 20, ((uint8_t[]){ 0x83, 7, 4, 192, 0, 2, 7, 0 }), 8);
	CHECK(send_with(b, &end, &strict, 0) != NULL);
	CHECK(!send_with(b, &end, &far, -EHOSTUNREACH)); /* no neighbour */
	bench_free(b);
}

/* An echo request for us, with these options; what comes back. */
static const uint8_t *echo(struct bench *b, const uint8_t *o, uint8_t proto)
{
	uint8_t p[28 + 12] = { 0 };
	unsigned before = b->nframes;

	ipv4_emit(p, &(struct ipv4_header){ .src = b->peer4, .dst = b->v4,
		.proto = proto, .ttl = 9 }, 8);
	memcpy(p + 20, o, 12);
	ipv4_lengthen(p, 12);
	icmp_emit(p + 32, ICMP_ECHO_REQUEST, 0, 5, NULL, 0);
	bench_give_frame(b, NULL, ETH_TYPE_IPV4, p, sizeof(p));
	CHECK_INT(b->nframes - before, ==, 1);
	return bench_last(b, 0)->b + 14;
}

TEST(answers_have_the_options)
{
	/* A slot that the peer filled, ours, and that of the answer; an alert is not
	 * repeated. */
	static const uint8_t record[12] = { 7, 11, 8, 10, 0, 0, 2 };
	static const uint8_t alert[12] = { 0x94, 4, 0, 0, 7, 7, 4 };
	struct bench *b = bench_new();
	struct ipv4_packet ip;
	const uint8_t *l3;

	bench_meet(b);
	l3 = echo(b, record, 1);
	CHECK_INT(ipv4_parse(l3, 40, &ip), ==, 0);
	CHECK_INT(ip.header_len, ==, 32);
	CHECK_INT(ip.payload[0], ==, ICMP_ECHO_REPLY);
	CHECK_MEM(l3 + 20, ((uint8_t[]){ 7, 11, 12, 10, 0, 0, 2, 10, 0, 0, 1, 0 }), 12);
	l3 = echo(b, alert, 1);
	CHECK_INT(ipv4_parse(l3, 36, &ip), ==, 0);
	CHECK_MEM(l3 + 20, ((uint8_t[]){ 7, 7, 8, 10, 0, 0, 1, 0 }), 8);
	/* A complaint: as many bytes less are quoted. */
	b->input_result = -EPROTONOSUPPORT;
	l3 = echo(b, record, 253);
	CHECK_INT(ipv4_parse(l3, 80, &ip), ==, 0);
	CHECK_INT(ip.header_len, ==, 32);
	CHECK_INT(ip.payload[0], ==, ICMP_UNREACHABLE);
	CHECK_MEM(ip.payload + 8 + 20, record, 12);
	bench_free(b);
}
