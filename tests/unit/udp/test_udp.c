/* UDP between a network layer and a user that are both the test's.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "udp/udp.h"
#include "check.h"

#include <errno.h>
#include <string.h>

#include "base/cursor.h"
#include "wire/udp.h"

static const struct ip_addr us = { .family = IP_V4, .b = { 10, 0, 0, 1 } },
	them = { .family = IP_V4, .b = { 10, 0, 0, 2 } };

static struct {
	int datagrams, errors, sent, answer, send_result, route_result;
	struct udp_message last;
	struct ip_name local, remote;
	int err;
	struct ip_packet_out out;
	uint8_t header[8];
} seen;

static int datagram(void *user, struct instant now, const struct udp_message *m)
{
	seen.datagrams++;
	seen.last = *m;
	return seen.answer;
}

static void error(void *user, const struct ip_name *local,
	const struct ip_name *remote, const struct ip_error_in *e,
	const struct span *payload)
{
	seen.errors++;
	seen.local = *local;
	seen.remote = *remote;
	seen.err = e->err;
}

static int ip_out(void *user, struct instant now, const struct ip_packet_out *p)
{
	seen.sent++;
	seen.out = *p;
	memcpy(seen.header, p->spans[0].base, 8);
	return seen.send_result;
}

static int ip_way(void *user, const struct ip_addr *dst, uint32_t ifindex,
	struct ip_addr *src, uint32_t *mtu)
{
	*src = us;
	*mtu = 1500;
	return seen.route_result;
}

static struct udp *start(void)
{
	static const struct udp_ops ops = { datagram, error, NULL };
	static const struct ip_sender ip = { ip_out, ip_way, NULL, NULL, NULL };

	return udp_new(&ops, &ip);
}

static int give(struct udp *u, uint16_t dport, bool good)
{
	uint8_t m[13];
	struct span payload = { (const uint8_t *)"hello", 5 };
	struct ip_packet_in pkt = { .src = them, .dst = us, .proto = 17,
		.ttl = 9, .tos = 4, .ifindex = 2, .l4 = m, .len = 13 };

	udp_emit(m, &them, &us, 4000, dport, &payload);
	memcpy(m + 8, good ? "hello" : "hallo", 5);
	return udp_input(u, (struct instant){ 1 }, &pkt);
}

TEST(datagrams_go_up)
{
	struct udp *u = start();

	CHECK_INT(give(u, 53, true), ==, 0);
	CHECK_INT(seen.datagrams, ==, 1);
	CHECK_INT(seen.last.src.port, ==, 4000);
	CHECK_INT(seen.last.dst.port, ==, 53);
	CHECK(ip_addr_equal(&seen.last.src.addr, &them));
	CHECK_INT(seen.last.ttl, ==, 9);
	CHECK_INT(seen.last.tos, ==, 4);
	CHECK_INT(seen.last.ifindex, ==, 2);
	CHECK_INT(seen.last.payload.len, ==, 5);
	CHECK_INT(udp_stats(u)->in, ==, 1);
	udp_free(u);
}

TEST(nobody_there)
{
	struct udp *u = start();

	seen.answer = -ECONNREFUSED;
	CHECK_INT(give(u, 53, true), ==, -ECONNREFUSED);
	CHECK_INT(udp_stats(u)->no_port, ==, 1);
	seen.answer = -ENOBUFS; /* full is not refused */
	CHECK_INT(give(u, 53, true), ==, 0);
	CHECK_INT(udp_stats(u)->dropped, ==, 1);
	seen.answer = 0;
	CHECK_INT(give(u, 0, true), ==, -ECONNREFUSED);
	CHECK_INT(seen.datagrams, ==, 2);
	udp_free(u);
}

TEST(bad_datagrams)
{
	struct udp *u = start();
	struct ip_packet_in pkt = { .src = them, .dst = us, .proto = 17,
		.l4 = (const uint8_t *)"1234567", .len = 7 };

	CHECK_INT(give(u, 53, false), ==, 0);
	CHECK_INT(udp_stats(u)->bad_checksum, ==, 1);
	CHECK_INT(udp_input(u, (struct instant){ 1 }, &pkt), ==, 0);
	CHECK_INT(udp_stats(u)->malformed, ==, 1);
	CHECK_INT(seen.datagrams, ==, 0);
	udp_free(u);
}

TEST(sending)
{
	static uint8_t big[65536];
	struct udp *u = start();
	struct udp_message m = { .src = { ip_addr_any(IP_V4), 53 },
		.dst = { them, 4000 }, .ttl = 3, .tos = 8, .ifindex = 2,
		.pmtu = IP_PMTU_PROBE,
		.payload = { (const uint8_t *)"hello", 5 } };
	struct instant now = { 1 };

	CHECK_INT(udp_send(u, now, &m), ==, 0);
	CHECK(ip_addr_equal(&seen.out.src, &us));
	CHECK_INT(seen.out.proto, ==, 17);
	CHECK_INT(seen.out.ttl, ==, 3);
	CHECK_INT(seen.out.tos, ==, 8);
	CHECK_INT(seen.out.ifindex, ==, 2);
	CHECK_INT(seen.out.pmtu, ==, IP_PMTU_PROBE);
	CHECK(seen.out.spans[1].base == m.payload.base); /* not copied */
	CHECK_INT(get_be16(seen.header), ==, 53);
	CHECK_INT(get_be16(seen.header + 2), ==, 4000);
	CHECK_INT(get_be16(seen.header + 4), ==, 13);
	CHECK_INT(udp_stats(u)->out, ==, 1);
	seen.send_result = -EHOSTUNREACH;
	CHECK_INT(udp_send(u, now, &m), ==, -EHOSTUNREACH);
	CHECK_INT(udp_stats(u)->out, ==, 1);
	seen.route_result = -ENETUNREACH;
	CHECK_INT(udp_send(u, now, &m), ==, -ENETUNREACH);
	m.src.addr = us;
	m.payload = (struct span){ big, 65528 };
	CHECK_INT(udp_send(u, now, &m), ==, -EMSGSIZE);
	m.dst.port = 0;
	CHECK_INT(udp_send(u, now, &m), ==, -EINVAL);
	CHECK_INT(seen.sent, ==, 2);
	udp_free(u);
}

/* What goes out as UDP-Lite comes in as that. */
TEST(lite)
{
	struct udp *u = start();
	struct udp_message m = { .src = { us, 53 }, .dst = { them, 4000 },
		.lite = true, .coverage = 10,
		.payload = { (const uint8_t *)"hello", 5 } };
	struct ip_packet_in pkt = { .src = us, .dst = them, .proto = 136, .len = 13 };
	uint8_t wire[13];

	CHECK_INT(udp_send(u, (struct instant){ 1 }, &m), ==, 0);
	CHECK_INT(seen.out.proto, ==, 136);
	CHECK_INT(get_be16(seen.header + 4), ==, 10);
	memcpy(wire, seen.header, 8);
	memcpy(wire + 8, "heLLO", 5); /* all but two bytes may change */
	pkt.l4 = wire;
	CHECK_INT(udp_input(u, (struct instant){ 1 }, &pkt), ==, 0);
	CHECK_INT(seen.datagrams, ==, 1);
	CHECK(seen.last.lite);
	CHECK_INT(seen.last.coverage, ==, 10);
	CHECK_INT(seen.last.dst.port, ==, 4000);
	wire[9] = 'x';
	CHECK_INT(udp_input(u, (struct instant){ 1 }, &pkt), ==, 0);
	CHECK_INT(seen.datagrams, ==, 1);
	CHECK_INT(udp_stats(u)->bad_checksum, ==, 1);
	udp_free(u);
}

TEST(errors)
{
	struct udp *u = start();
	struct ip_error_in e = { .src = us, .dst = them, .proto = 17,
		.err = ECONNREFUSED, .l4 = (const uint8_t *)"\0\65\17\240", .len = 4 };

	udp_icmp_error(u, &e);
	CHECK_INT(seen.errors, ==, 1);
	CHECK_INT(seen.local.port, ==, 53);
	CHECK_INT(seen.remote.port, ==, 4000);
	CHECK_INT(seen.err, ==, ECONNREFUSED);
	e.len = 3;
	udp_icmp_error(u, &e);
	CHECK_INT(seen.errors, ==, 1);
	udp_free(u);
}
