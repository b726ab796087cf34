/* Packet sockets: who sees a frame, what of it they get, and groups that share frames.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "sock/packets.h"
#include "world.h"

static const uint8_t bytes[20] = { 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 8, 0, 'p', 'a', 'y',
	'l', 'o', 'd' };
static const struct span whole = { bytes, sizeof(bytes) };

static struct sock_frame frame(uint8_t type, uint32_t ifindex)
{
	return (struct sock_frame){ .ifindex = ifindex, .type = type,
		.protocol = ETH_P_IP, .source = { 2, 2, 2, 2, 2, 2 }, .spans = &whole,
		.n = 1, .len = sizeof(bytes), .time_ns = 5 };
}

static uint32_t packet_socket(int type, uint16_t protocol, int ifindex)
{
	struct sockaddr_ll ll = { .sll_family = AF_PACKET,
		.sll_protocol = htons(protocol), .sll_ifindex = ifindex };
	uint32_t i;

	CHECK_INT(sock_create(&env, AF_PACKET, type, htons(protocol), &i), ==, 0);
	CHECK_INT(sock_bind(&env, i, (struct sockaddr *)&ll, sizeof(ll)), ==, 0);
	return i;
}

static unsigned seen_by(const struct sock_frame *f)
{
	uint32_t out[8];

	return sock_packet_find(&env, f, out, 8);
}

TEST(who_sees_a_frame)
{
	struct sock_frame in = frame(PACKET_HOST, 2), out = frame(PACKET_OUTGOING, 2);
	struct sock_frame lo = frame(PACKET_HOST, 1);
	int on = 1;
	uint32_t all;

	world_init();
	CHECK(!sock_any_packet(&env));
	packet_socket(SOCK_RAW, ETH_P_IP, 2);
	packet_socket(SOCK_RAW, ETH_P_IPV6, 2);
	CHECK_INT(seen_by(&in), ==, 1);
	CHECK_INT(seen_by(&out), ==, 0); /* only who wants all protocols */
	CHECK_INT(seen_by(&lo), ==, 0);
	CHECK(!sock_packets_on_lo(&env));
	all = packet_socket(SOCK_RAW, ETH_P_ALL, 0);
	CHECK_INT(seen_by(&in), ==, 2);
	CHECK_INT(seen_by(&out), ==, 1);
	CHECK_INT(seen_by(&lo), ==, 1);
	CHECK(sock_packets_on_lo(&env));
	CHECK_INT(sock_setopt(&env, all, SOL_PACKET, 23 /* PACKET_IGNORE_OUTGOING */, &on,
		sizeof(on), &fx), ==, 0);
	CHECK_INT(seen_by(&out), ==, 0);
	out.sender = all;
	in.sender = all;
	CHECK_INT(seen_by(&in), ==, 1); /* not its own */
}

static ssize_t take(uint32_t i, void *buf, size_t size, struct sockaddr_ll *from)
{
	struct iovec v = { buf, size };
	socklen_t len = sizeof(*from);
	int msg_flags;

	return sock_recvfrom(&env, i, &v, 1, MSG_DONTWAIT, (struct sockaddr *)from, &len,
		NULL, &msg_flags, &fx);
}

TEST(what_one_gets)
{
	struct sock_frame in = frame(PACKET_HOST, 2);
	uint32_t raw, cooked, ms;
	struct sockaddr_ll from;
	uint8_t b[64];

	world_init();
	raw = packet_socket(SOCK_RAW, ETH_P_IP, 2);
	cooked = packet_socket(SOCK_DGRAM, ETH_P_IP, 2);
	CHECK_INT(take(raw, b, sizeof(b), &from), ==, -EAGAIN);
	sock_packet_deliver(&env, raw, &in, &ms);
	sock_packet_deliver(&env, cooked, &in, &ms);
	CHECK_INT(take(raw, b, sizeof(b), &from), ==, sizeof(bytes));
	CHECK_INT(memcmp(b, bytes, sizeof(bytes)), ==, 0);
	CHECK_INT(from.sll_ifindex, ==, 2);
	CHECK_INT(from.sll_protocol, ==, htons(ETH_P_IP));
	CHECK_INT(from.sll_addr[5], ==, 2);
	CHECK_INT(take(cooked, b, sizeof(b), &from), ==, 6); /* without the link header */
	CHECK_INT(memcmp(b, bytes + 14, 6), ==, 0);
	in.len = 10; /* less than a header */
	CHECK(!sock_packet_deliver(&env, raw, &in, &ms));
	CHECK_INT(take(raw, b, sizeof(b), &from), ==, -EAGAIN);
}

static int join(uint32_t i, unsigned mode, unsigned id)
{
	uint32_t v = id | mode << 16;

	return sock_setopt(&env, i, SOL_PACKET, PACKET_FANOUT, &v, sizeof(v), &fx);
}

TEST(a_group_shares)
{
	struct sock_frame in = frame(PACKET_HOST, 2);
	uint32_t member[3], out[8], seen[3] = { 0 };

	world_init();
	for (int k = 0; k < 3; k++) {
		member[k] = packet_socket(SOCK_RAW, ETH_P_IP, 2);
		CHECK_INT(join(member[k], PACKET_FANOUT_LB, 4), ==, 0);
	}
	packet_socket(SOCK_RAW, ETH_P_IP, 2); /* in no group: it sees each */
	for (int n = 0; n < 6; n++) {
		CHECK_INT(sock_packet_find(&env, &in, out, 8), ==, 2);
		for (int k = 0; k < 3; k++)
			seen[k] += out[0] == member[k] || out[1] == member[k];
	}
	for (int k = 0; k < 3; k++)
		CHECK_INT(seen[k], ==, 2);
	in.sender = member[1];
	CHECK_INT(sock_packet_find(&env, &in, out, 8), ==, 1);
}

TEST(a_group_is_of_one_kind)
{
	uint32_t a, b;

	world_init();
	a = packet_socket(SOCK_RAW, ETH_P_IP, 2);
	b = packet_socket(SOCK_RAW, ETH_P_IPV6, 2);
	CHECK_INT(join(a, PACKET_FANOUT_HASH, 4), ==, 0);
	CHECK_INT(join(a, PACKET_FANOUT_HASH, 4), ==, -EALREADY);
	CHECK_INT(join(b, PACKET_FANOUT_LB, 4), ==, -EINVAL);
	CHECK_INT(join(b, PACKET_FANOUT_HASH, 4), ==, -EINVAL); /* another protocol */
	CHECK_INT(join(b, PACKET_FANOUT_HASH, 5), ==, 0);
}
