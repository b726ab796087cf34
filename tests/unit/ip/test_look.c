/* Onlookers, and frames sent as they stand.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "bench.h"
#include "check.h"

#include <errno.h>
#include <string.h>

#include "base/checksum.h"
#include "base/cursor.h"

static const uint8_t peer_mac[] = { 2, 0, 0, 0, 0, 2 };

TEST(nothing_unless_watched)
{
	struct bench *b = bench_new();

	bench_meet(b);
	bench_send(b, &b->peer4, 17, "x", 1);
	bench_send(b, &b->v4, 17, "x", 1);
	ip_flush(b->h, b->now);
	CHECK_INT(b->nlooks, ==, 0);
	bench_free(b);
}

TEST(frames_of_a_link)
{
	struct bench *b = bench_new();

	bench_meet(b);
	ip_watch(b->h, true);
	bench_send(b, &b->peer4, 17, "hello", 5);
	CHECK_INT(b->nlooks, ==, 1);
	CHECK(b->look.out);
	CHECK_INT(b->look.ifindex, ==, 2);
	CHECK_INT(b->look.len, ==, 14 + 20 + 5);
	CHECK_MEM(b->looked, peer_mac, 6);
	CHECK_MEM(b->looked + 34, "hello", 5);
	/* Also what is for somebody else, and what nobody here understands. */
	bench_give_frame(b, peer_mac, 0x88b5, "strange", 7);
	CHECK_INT(b->nlooks, ==, 2);
	CHECK(!b->look.out);
	CHECK_MEM(b->looked + 14, "strange", 7);
	ip_set_iface_up(b->h, 2, false);
	bench_give_frame(b, peer_mac, 0x88b5, "strange", 7);
	CHECK_INT(b->nlooks, ==, 2);
	bench_free(b);
}

TEST(to_ourselves_out_and_in)
{
	static const uint8_t header[] = { [12] = 0x08, 0x00 };
	struct bench *b = bench_new();

	ip_watch(b->h, true);
	bench_send(b, &b->v4, 17, "me", 2);
	CHECK_INT(b->nlooks, ==, 1);
	CHECK(b->look.out);
	CHECK_INT(b->look.ifindex, ==, IP_LO_INDEX);
	CHECK_INT(b->look.len, ==, 14 + 20 + 2);
	CHECK_MEM(b->looked, header, 14);
	ip_flush(b->h, b->now);
	CHECK_INT(b->nlooks, ==, 2);
	CHECK(!b->look.out);
	CHECK_INT(b->look.ifindex, ==, IP_LO_INDEX);
	CHECK_INT(b->npackets, ==, 1);
	bench_free(b);
}

/* What we hear of our own broadcast is not shown (Linux: PACKET_LOOPBACK). */
TEST(own_broadcast_once)
{
	struct bench *b = bench_new();
	struct ip_addr all = bench_addr("10.0.0.255");

	ip_watch(b->h, true);
	bench_send(b, &all, 17, "all", 3);
	ip_flush(b->h, b->now);
	CHECK_INT(b->npackets, ==, 1);
	CHECK_INT(b->nlooks, ==, 1);
	CHECK(b->look.out);
	CHECK_INT(b->look.ifindex, ==, 2);
	bench_free(b);
}

TEST(a_frame_as_it_stands)
{
	struct bench *b = bench_new();
	uint8_t f[20] = { [12] = 0x88, 0xb5, 'f' };

	CHECK_INT(ip_send_frame(b->h, b->now, 2, f, sizeof(f)), ==, 0);
	CHECK_INT(b->nframes, ==, 1);
	CHECK_INT(bench_last(b, 0)->len, ==, sizeof(f));
	CHECK_MEM(bench_last(b, 0)->b, f, sizeof(f));
	CHECK_INT(ip_send_frame(b->h, b->now, 2, f, 13), ==, -EINVAL);
	CHECK_INT(ip_send_frame(b->h, b->now, 9, f, sizeof(f)), ==, -ENXIO);
	ip_set_iface_up(b->h, 2, false);
	CHECK_INT(ip_send_frame(b->h, b->now, 2, f, sizeof(f)), ==, -ENETDOWN);
	CHECK_INT(b->nframes, ==, 1);
	bench_free(b);
}

/* On lo a frame comes in again: an IP packet as any other. */
TEST(a_frame_to_ourselves)
{
	struct bench *b = bench_new();
	uint8_t f[14 + 40 + 8] = { [12] = 0x86, 0xdd, 0x60, [19] = 8, 17, 64,
		[37] = 1, [53] = 1 };

	ip_watch(b->h, true);
	CHECK_INT(ip_send_frame(b->h, b->now, IP_LO_INDEX, f, sizeof(f)), ==, 0);
	CHECK_INT(b->nlooks, ==, 2);
	ip_flush(b->h, b->now);
	CHECK_INT(b->nlooks, ==, 2);
	CHECK_INT(b->npackets, ==, 1);
	CHECK(!b->packet.csum_ok);
	f[0] = 2; /* another's address: shown, but not for us */
	ip_send_frame(b->h, b->now, IP_LO_INDEX, f, sizeof(f));
	ip_flush(b->h, b->now);
	CHECK_INT(b->nlooks, ==, 4);
	CHECK_INT(b->npackets, ==, 1);
	bench_free(b);
}

/* From 127/8 it is a martian, from somebody else it is not. */
TEST(a_martian_to_ourselves)
{
	struct bench *b = bench_new();
	uint8_t f[14 + 28] = { [12] = 0x08, 0x00, 0x45, 0, 0, 28, [22] = 64, 17,
		0x7c, 0xcf, 127, 0, 0, 1, 127, 0, 0, 1 };
	static const uint8_t from[] = { 10, 9, 9, 9 };

	ip_send_frame(b->h, b->now, IP_LO_INDEX, f, sizeof(f));
	ip_flush(b->h, b->now);
	CHECK_INT(b->npackets, ==, 0);
	memcpy(f + 26, from, 4);
	memcpy(f + 30, b->v4.b, 4);
	memcpy(f + 24, (uint8_t[]){ 0, 0 }, 2);
	{
		struct checksum sum = CHECKSUM_INIT;

		checksum_add(&sum, f + 14, 20);
		put_be16(f + 24, checksum_finish(&sum));
	}
	ip_send_frame(b->h, b->now, IP_LO_INDEX, f, sizeof(f));
	ip_flush(b->h, b->now);
	CHECK_INT(b->npackets, ==, 1);
	bench_free(b);
}
