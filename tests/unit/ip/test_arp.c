/* ARP: who is answered, who is learnt.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "bench.h"
#include "check.h"

#include <string.h>

#include "wire/arp.h"
#include "wire/eth.h"

static const uint8_t all[] = { 255, 255, 255, 255, 255, 255 };

static void give_arp(struct bench *b, const uint8_t *to, int op,
	const char *sender, uint8_t mac, const char *target)
{
	struct arp_packet p = { .op = (uint16_t)op, .sender = bench_addr(sender),
		.sender_mac = { 2, 0, 0, 0, 0, mac },
		.target = bench_addr(target) };
	uint8_t m[ARP_LEN];

	arp_emit(m, &p);
	bench_give_frame(b, to, ETH_TYPE_ARP, m, ARP_LEN);
}

struct seen {
	int n;
	int state;
	uint8_t mac;
};

static void see(void *user, const struct ip_neigh_view *v)
{
	struct seen *s = user;

	s->n++;
	s->state = (int)v->state;
	s->mac = v->mac ? v->mac[5] : 0;
}

static struct seen neighbours(struct bench *b)
{
	struct seen s = { 0 };

	ip_foreach_neigh(b->h, see, &s);
	return s;
}

TEST(a_question_is_answered_once)
{
	struct bench *b = bench_new();
	struct arp_packet r;
	struct eth_frame e;

	give_arp(b, all, ARP_REQUEST, "10.0.0.2", 2, "10.0.0.1");
	CHECK_INT(b->nframes, ==, 1);
	CHECK_INT(eth_parse(bench_last(b, 0)->b, bench_last(b, 0)->len, &e), ==,
		0);
	CHECK_INT(e.dst[5], ==, 2);
	CHECK_INT(arp_parse(e.payload, e.len, &r), ==, 0);
	CHECK_INT(r.op, ==, ARP_REPLY);
	CHECK(ip_addr_equal(&r.sender, &b->v4));
	CHECK_INT(r.sender_mac[5], ==, 1);
	CHECK(ip_addr_equal(&r.target, &b->peer4));
	CHECK_INT(r.target_mac[5], ==, 2);
	CHECK_INT(neighbours(b).n, ==, 1);
	CHECK_INT(neighbours(b).state, ==, NEIGH_STALE);
	bench_free(b);
}

TEST(not_answered)
{
	struct bench *b = bench_new();

	give_arp(b, all, ARP_REQUEST, "10.0.0.2", 2, "10.0.0.3");
	give_arp(b, all, ARP_REQUEST, "10.0.0.2", 2, "127.0.0.1");
	give_arp(b, all, ARP_REQUEST, "10.0.0.1", 2, "10.0.0.1"); /* ours */
	give_arp(b, all, ARP_REQUEST, "224.0.0.1", 2, "10.0.0.1");
	give_arp(b, all, ARP_REQUEST, "10.0.0.255", 2, "10.0.0.1");
	give_arp(b, NULL, ARP_REPLY, "10.0.0.2", 2, "10.0.0.1"); /* unasked */
	CHECK_INT(b->nframes, ==, 0);
	CHECK_INT(neighbours(b).n, ==, 0);
	CHECK_INT(ip_stats(b->h)->arp_in, ==, 6);
	CHECK_INT(ip_stats(b->h)->arp_malformed, ==, 2);
	bench_free(b);
}

TEST(a_probe_is_answered_and_not_learnt)
{
	struct bench *b = bench_new();

	give_arp(b, all, ARP_REQUEST, "0.0.0.0", 2, "10.0.0.1");
	CHECK_INT(b->nframes, ==, 1);
	CHECK_INT(neighbours(b).n, ==, 0);
	bench_free(b);
}

TEST(gratuitous_only_for_the_known)
{
	struct bench *b = bench_new();

	give_arp(b, all, ARP_REQUEST, "10.0.0.2", 2, "10.0.0.2");
	CHECK_INT(neighbours(b).n, ==, 0);
	bench_meet(b);
	give_arp(b, all, ARP_REQUEST, "10.0.0.2", 7, "10.0.0.2");
	bench_send(b, &b->peer4, 17, "x", 1);
	CHECK_INT(bench_last(b, 0)->b[5], ==, 7);
	give_arp(b, all, ARP_REPLY, "10.0.0.2", 8, "10.0.0.2");
	bench_send(b, &b->peer4, 17, "x", 1);
	CHECK_INT(bench_last(b, 0)->b[5], ==, 8);
	CHECK_INT(b->nframes, ==, 2);
	bench_free(b);
}

TEST(our_question)
{
	struct bench *b = bench_new();
	struct arp_packet q;
	struct eth_frame e;

	bench_send(b, &b->peer4, 17, "x", 1);
	CHECK_INT(b->nframes, ==, 1);
	CHECK_INT(eth_parse(bench_last(b, 0)->b, bench_last(b, 0)->len, &e), ==,
		0);
	CHECK(eth_addr_is_broadcast(e.dst));
	CHECK_INT(arp_parse(e.payload, e.len, &q), ==, 0);
	CHECK_INT(q.op, ==, ARP_REQUEST);
	CHECK(ip_addr_equal(&q.sender, &b->v4));
	CHECK(ip_addr_equal(&q.target, &b->peer4));
	give_arp(b, NULL, ARP_REPLY, "10.0.0.2", 2, "10.0.0.1");
	CHECK_INT(b->nframes, ==, 2);
	CHECK_INT(neighbours(b).state, ==, NEIGH_REACHABLE);
	CHECK_INT(neighbours(b).mac, ==, 2);
	bench_free(b);
}
