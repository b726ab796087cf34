/* Packets to oneself.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "bench.h"
#include "check.h"

#include <errno.h>
#include <string.h>

TEST(copied_then_delivered)
{
	struct bench *b = bench_new();
	struct ip_addr self = ip_addr_loopback(IP_V4);
	char data[] = "to myself";

	CHECK_INT(bench_send(b, &self, 17, data, 9), ==, 0);
	memset(data, 0, sizeof(data));
	CHECK_INT(b->npackets, ==, 0); /* never from within send */
	CHECK_INT(ip_deadline(b->h).ns, <=, b->now.ns);
	ip_flush(b->h, b->now);
	CHECK_INT(b->npackets, ==, 1);
	CHECK_INT(b->packet.len, ==, 9);
	CHECK_MEM(b->l4, "to myself", 9);
	CHECK(b->packet.csum_ok);
	CHECK_INT(b->packet.ifindex, ==, IP_LO_INDEX);
	CHECK(instant_is_never(ip_deadline(b->h)));
	CHECK_INT(b->nframes, ==, 0);
	bench_free(b);
}

TEST(bounded_queue)
{
	struct bench *b = bench_new();
	unsigned sent = 0;

	while (sent < 5000 && bench_send(b, &b->v6, 17, "x", 1) == 0)
		sent++;
	CHECK_INT(sent, ==, IP_LOOPBACK_PACKETS);
	CHECK_INT(bench_send(b, &b->v6, 17, "x", 1), ==, -ENOBUFS);
	CHECK_INT(ip_stats(b->h)->loopback_dropped, ==, 2);
	ip_flush(b->h, b->now);
	CHECK_INT(b->npackets, ==, IP_LOOPBACK_BUDGET);
	CHECK_INT(ip_deadline(b->h).ns, <=, b->now.ns);
	for (int i = 0; i < 3; i++)
		ip_tick(b->h, b->now);
	CHECK_INT(b->npackets, ==, IP_LOOPBACK_PACKETS);
	CHECK(instant_is_never(ip_deadline(b->h)));
	bench_free(b);
}

TEST(bounded_bytes)
{
	static uint8_t big[60000];
	struct bench *b = bench_new();
	unsigned sent = 0;

	while (sent < 5000 && bench_send(b, &b->v4, 17, big, sizeof(big)) == 0)
		sent++;
	CHECK_INT(sent, ==, IP_LOOPBACK_BYTES / (sizeof(big) + 20));
	bench_free(b); /* with a full queue: nothing leaks */
}

TEST(largest_packets)
{
	static uint8_t big[65536];
	struct bench *b = bench_new();
	struct ip_addr six = ip_addr_loopback(IP_V6);

	CHECK_INT(bench_send(b, &b->v4, 17, big, 65515), ==, 0);
	CHECK_INT(bench_send(b, &b->v4, 17, big, 65516), ==, -EMSGSIZE);
	CHECK_INT(bench_send(b, &six, 17, big, 65496), ==, 0);
	CHECK_INT(bench_send(b, &six, 17, big, 65497), ==, 0); /* in two */
	CHECK_INT(bench_send(b, &six, 17, big, 65536), ==, -EMSGSIZE);
	ip_flush(b->h, b->now);
	CHECK_INT(b->npackets, ==, 3);
	bench_free(b);
}

TEST(linklocal_keeps_its_link)
{
	struct bench *b = bench_new();
	struct ip_addr ll = bench_addr("fe80::ff:fe00:1%2");

	CHECK_INT(bench_send(b, &ll, 17, "x", 1), ==, 0);
	ip_flush(b->h, b->now);
	CHECK_INT(b->packet.dst.scope, ==, 2);
	CHECK_INT(b->packet.ifindex, ==, 2);
	bench_free(b);
}
