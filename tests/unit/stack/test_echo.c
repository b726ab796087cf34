/* Echo as a user sees it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "echo.h"
#include "check.h"

#include <errno.h>
#include <string.h>

#include "base/checksum.h"
#include "base/cursor.h"

static const struct ip_addr us = { .family = IP_V4, .b = { 10, 0, 0, 1 } },
	them = { .family = IP_V4, .b = { 10, 0, 0, 2 } };

static uint8_t sent[64];
static size_t sent_len;
static struct ip_packet_out packet;

static int out(void *user, struct instant now, const struct ip_packet_out *p)
{
	packet = *p;
	sent_len = 0;
	for (unsigned i = 0; i < p->nspans; i++) {
		memcpy(sent + sent_len, p->spans[i].base, p->spans[i].len);
		sent_len += p->spans[i].len;
	}
	return 0;
}

static int way(void *user, const struct ip_addr *dst, uint32_t ifindex,
	struct ip_addr *src, uint32_t *mtu)
{
	*src = us;
	*mtu = 1500;
	return 0;
}

static const struct ip_sender ip = { out, way, NULL, NULL, NULL };

TEST(identifier_and_checksum_are_ours)
{
	uint8_t m[12] = { 8, 0, 0xff, 0xff, 9, 9, 0, 3, 'd', 'a', 't', 'a' };
	struct stack_datagram d = { .src = { ip_addr_any(IP_V4), 0x1234 },
		.dst = { them, 0 }, .proto = IP_PROTO_ICMP,
		.payload = { m, sizeof(m) } };
	struct checksum c = CHECKSUM_INIT;

	CHECK_INT(echo_send(&ip, (struct instant){ 1 }, &d), ==, 0);
	CHECK_INT(sent_len, ==, 12);
	CHECK_INT(get_be16(sent + 4), ==, 0x1234);
	CHECK_INT(get_be16(sent + 6), ==, 3);
	CHECK_MEM(sent + 8, "data", 4);
	checksum_add(&c, sent, 12);
	CHECK_INT(checksum_finish(&c), ==, 0);
	CHECK(ip_addr_equal(&packet.src, &us));
	CHECK_INT(m[4], ==, 9); /* the caller's bytes are left alone */
}

TEST(only_requests)
{
	uint8_t m[8] = { 8 };
	struct stack_datagram d = { .src = { us, 1 }, .dst = { them, 0 },
		.proto = IP_PROTO_ICMP, .payload = { m, 8 } };
	struct instant now = { 1 };

	CHECK_INT(echo_send(&ip, now, &d), ==, 0);
	m[0] = 0;
	CHECK_INT(echo_send(&ip, now, &d), ==, -EINVAL);
	m[0] = 8;
	m[1] = 1;
	CHECK_INT(echo_send(&ip, now, &d), ==, -EINVAL);
	m[1] = 0;
	d.payload.len = 7;
	CHECK_INT(echo_send(&ip, now, &d), ==, -EINVAL);
	d.payload.len = 8;
	d.proto = IP_PROTO_ICMP6;
	CHECK_INT(echo_send(&ip, now, &d), ==, -EINVAL);
	m[0] = 128;
	CHECK_INT(echo_send(&ip, now, &d), ==, -EINVAL); /* of IPv4 addresses */
}

TEST(replies_and_errors_name_the_identifier)
{
	static const uint8_t reply[] = { 0, 0, 0, 0, 0x12, 0x34, 0, 1 },
		request[] = { 8, 0, 0, 0, 0x12, 0x34, 0, 1 };
	struct ip_packet_in pkt = { .src = them, .dst = us,
		.proto = IP_PROTO_ICMP, .ttl = 7, .l4 = reply, .len = 8 };
	struct ip_error_in e = { .src = us, .dst = them,
		.proto = IP_PROTO_ICMP, .l4 = request, .len = 8 };
	struct ip_name local, remote;
	struct stack_datagram d;

	echo_from_packet(&pkt, &d);
	CHECK_INT(d.dst.port, ==, 0x1234);
	CHECK_INT(d.proto, ==, IP_PROTO_ICMP);
	CHECK_INT(d.ttl, ==, 7);
	CHECK_INT(d.payload.len, ==, 8);
	CHECK(echo_from_error(&e, &local, &remote));
	CHECK_INT(local.port, ==, 0x1234);
	CHECK(ip_addr_equal(&remote.addr, &them));
	e.l4 = reply;
	CHECK(!echo_from_error(&e, &local, &remote));
	e.l4 = request;
	e.len = 7;
	CHECK(!echo_from_error(&e, &local, &remote));
	e.len = 8;
	e.proto = 99;
	CHECK(!echo_from_error(&e, &local, &remote));
}
