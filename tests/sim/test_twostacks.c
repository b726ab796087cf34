/* Two whole stacks: echo, datagrams, errors, neighbours, TCP, loopback.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "twostacks.h"

#include <errno.h>
#include <string.h>

#include "base/cursor.h"
#include "check.h"
#include "stack/view.h"

static void check_ping(struct two *t, const struct ip_addr *dst)
{
	struct two_host *h = &t->host[0];
	const struct two_datagram *d = &h->datagrams[0];

	CHECK_INT(two_ping(h, dst, 0x1234, 9, 100), ==, 0);
	two_run(t, DURATION_MS(100));
	CHECK_INT(h->ndatagrams, ==, 1);
	CHECK_INT(d->proto, ==, dst->family == IP_V4 ? 1 : 58);
	CHECK_INT(d->dst.port, ==, 0x1234);
	CHECK(ip_addr_equal(&d->src.addr, dst));
	CHECK_INT(d->len, ==, 108);
	CHECK_INT(d->payload[0], ==, dst->family == IP_V4 ? 0 : 129);
	CHECK_INT(get_be16(d->payload + 6), ==, 9);
	CHECK_INT(d->payload[8 + 50], ==, (uint8_t)(50 * 7));
	CHECK_INT(t->host[1].ndatagrams, ==, 0);
	CHECK_INT(h->nerrors, ==, 0);
}

TEST(ping_v4)
{
	struct two *t = two_new(1);

	check_ping(t, &t->host[1].v4);
	/* ARP both ways once: the answerer learnt from the question. */
	CHECK_INT(t->nframes, ==, 4);
	two_free(t);
}

TEST(ping_v6)
{
	struct two *t = two_new(1);

	check_ping(t, &t->host[1].v6);
	CHECK_INT(stack_stats(t->host[0].stack)->nd_out, ==, 1);
	two_free(t);
}

TEST(ping_linklocal)
{
	struct two *t = two_new(1);

	check_ping(t, &t->host[1].ll);
	CHECK_INT(t->host[0].datagrams[0].src.addr.scope, ==, 2);
	two_free(t);
}

static void check_udp(int v6)
{
	struct two *t = two_new(2);
	struct two_host *a = &t->host[0], *b = &t->host[1];
	const struct ip_addr *to = v6 ? &b->v6 : &b->v4,
			     *from = v6 ? &a->v6 : &a->v4;

	b->udp_port = 53;
	a->udp_port = 4000;
	CHECK_INT(two_send_udp(a, to, 4000, 53, "question", 8), ==, 0);
	two_run(t, DURATION_MS(50));
	CHECK_INT(b->ndatagrams, ==, 1);
	CHECK_INT(b->datagrams[0].src.port, ==, 4000);
	CHECK_INT(b->datagrams[0].dst.port, ==, 53);
	CHECK(ip_addr_equal(&b->datagrams[0].src.addr, from));
	CHECK_INT(b->datagrams[0].len, ==, 8);
	CHECK_MEM(b->datagrams[0].payload, "question", 8);
	CHECK_INT(two_send_udp(b, from, 53, 4000, "answer", 6), ==, 0);
	two_run(t, DURATION_MS(50));
	CHECK_INT(a->ndatagrams, ==, 1);
	CHECK_MEM(a->datagrams[0].payload, "answer", 6);
	CHECK_INT(two_send_udp(a, to, 4000, 53, NULL, 0), ==, 0);
	two_run(t, DURATION_MS(50));
	CHECK_INT(b->ndatagrams, ==, 2);
	CHECK_INT(b->datagrams[1].len, ==, 0);
	two_free(t);
}

TEST(udp_both_ways_v4)
{
	check_udp(0);
}

TEST(udp_both_ways_v6)
{
	check_udp(1);
}

TEST(udp_larger_than_the_link)
{
	static const size_t whole[] = { 1472, 1452 }, cut[] = { 1473, 1453 };
	static uint8_t big[2000];
	struct two *t = two_new(2);
	struct two_host *a = &t->host[0], *b = &t->host[1];

	for (size_t k = 0; k < sizeof(big); k++)
		big[k] = (uint8_t)(k * 7);
	b->udp_port = 9;
	for (int v6 = 0; v6 < 2; v6++) {
		const struct ip_addr *to = v6 ? &b->v6 : &b->v4;

		CHECK_INT(two_send_udp(a, to, 1, 9, big, whole[v6]), ==, 0);
		CHECK_INT(two_send_udp(a, to, 1, 9, big, cut[v6]), ==, 0);
		two_run(t, DURATION_S(1));
		CHECK_INT(b->ndatagrams, ==, 2u * (unsigned)v6 + 2);
		CHECK_INT(b->datagrams[2 * v6].len, ==, whole[v6]);
		CHECK_INT(b->datagrams[2 * v6 + 1].len, ==, cut[v6]);
		CHECK_MEM(b->datagrams[2 * v6 + 1].payload, big, cut[v6]);
	}
	two_free(t);
}

static void check_unreachable(int v6)
{
	struct two *t = two_new(3);
	struct two_host *a = &t->host[0], *b = &t->host[1];
	const struct ip_addr *to = v6 ? &b->v6 : &b->v4;

	CHECK_INT(two_send_udp(a, to, 4000, 54, "x", 1), ==, 0);
	two_run(t, DURATION_MS(50));
	CHECK_INT(a->nerrors, ==, 1);
	CHECK_INT(a->errors[0].err, ==, ECONNREFUSED);
	CHECK_INT(a->errors[0].proto, ==, IP_PROTO_UDP);
	CHECK_INT(a->errors[0].local.port, ==, 4000);
	CHECK_INT(a->errors[0].remote.port, ==, 54);
	CHECK(ip_addr_equal(&a->errors[0].remote.addr, to));
	/* Not faster than the limit allows: six at once, then one a second. */
	for (int i = 0; i < 20; i++)
		two_send_udp(a, to, 4000, 54, "x", 1);
	two_run(t, DURATION_MS(50));
	CHECK_INT(a->nerrors, ==, 6);
	two_run(t, DURATION_S(3));
	two_send_udp(a, to, 4000, 54, "x", 1);
	two_run(t, DURATION_MS(50));
	CHECK_INT(a->nerrors, ==, 7);
	CHECK_INT(stack_stats(b->stack)->udp_no_port, ==, 22);
	two_free(t);
}

TEST(port_unreachable_v4)
{
	check_unreachable(0);
}

TEST(port_unreachable_v6)
{
	check_unreachable(1);
}

static void check_silence(const char *text)
{
	struct two *t = two_new(4);
	struct two_host *a = &t->host[0];
	struct ip_addr nobody = two_addr(text);
	struct instant start = t->now;

	for (uint16_t i = 0; i < 4; i++)
		CHECK_INT(two_send_udp(a, &nobody, (uint16_t)(100 + i), 7,
			"hello", 5), ==, 0);
	CHECK_INT(two_ping(a, &nobody, 77, 1, 8), ==, 0);
	two_run(t, DURATION_MS(2900));
	CHECK_INT(a->nerrors, ==, 0);
	CHECK_INT(t->nframes, ==, 3); /* one question a second */
	two_run(t, DURATION_S(10));
	CHECK_INT(t->nframes, ==, 3);
	CHECK_INT(a->nerrors, ==, 5);
	for (unsigned i = 0; i < 4; i++) {
		CHECK_INT(a->errors[i].err, ==, EHOSTUNREACH);
		CHECK_INT(a->errors[i].local.port, ==, 100 + i);
		CHECK_INT(a->errors[i].at.ns - start.ns, ==, 3000000000);
	}
	CHECK_INT(a->errors[4].local.port, ==, 77);
	CHECK_INT(stack_stats(a->stack)->ip_neighbour_fail, ==, 1);
	/* It is asked for again when wanted again. */
	two_send_udp(a, &nobody, 1, 7, "hello", 5);
	CHECK_INT(t->nframes, ==, 4);
	two_free(t);
}

TEST(silent_neighbour_v4)
{
	check_silence("10.0.0.9");
}

TEST(silent_neighbour_v6)
{
	check_silence("fd00::9");
}

static void see_state(void *user, const struct ip_neigh_view *v)
{
	if (v->addr.family == IP_V4)
		*(int *)user = (int)v->state;
}

static int state_of_neighbour(struct two_host *h)
{
	int state = -1;

	stack_foreach_neigh(h->stack, see_state, &state);
	return state;
}

TEST(neighbour_life)
{
	struct two *t = two_new(5);
	struct two_host *a = &t->host[0], *b = &t->host[1];
	uint64_t arps;

	b->udp_port = 9;
	two_send_udp(a, &b->v4, 1, 9, "x", 1);
	CHECK_INT(state_of_neighbour(a), ==, NEIGH_INCOMPLETE);
	two_run(t, DURATION_MS(100));
	CHECK_INT(state_of_neighbour(a), ==, NEIGH_REACHABLE);
	CHECK_INT(state_of_neighbour(b), ==, NEIGH_STALE);
	two_run(t, DURATION_S(60));
	CHECK_INT(state_of_neighbour(a), ==, NEIGH_STALE);
	arps = stack_stats(a->stack)->arp_out;
	two_send_udp(a, &b->v4, 1, 9, "x", 1);
	CHECK_INT(state_of_neighbour(a), ==, NEIGH_DELAY);
	two_run(t, DURATION_MS(4900));
	CHECK_INT(b->ndatagrams, ==, 2);
	CHECK_INT(stack_stats(a->stack)->arp_out, ==, arps);
	two_run(t, DURATION_MS(200));
	CHECK_INT(stack_stats(a->stack)->arp_out, ==, arps + 1);
	CHECK_INT(state_of_neighbour(a), ==, NEIGH_REACHABLE);
	two_free(t);
}

static bool lose_all(void *user, int from, const uint8_t *frame, size_t len)
{
	return false;
}

TEST(neighbour_that_falls_silent)
{
	struct two *t = two_new(5);
	struct two_host *a = &t->host[0], *b = &t->host[1];

	b->udp_port = 9;
	two_send_udp(a, &b->v4, 1, 9, "x", 1);
	two_run(t, DURATION_S(60));
	t->filter = lose_all;
	two_send_udp(a, &b->v4, 1, 9, "x", 1);
	two_run(t, DURATION_MS(5500));
	CHECK_INT(state_of_neighbour(a), ==, NEIGH_PROBE);
	two_run(t, DURATION_S(4));
	CHECK_INT(state_of_neighbour(a), ==, NEIGH_FAILED);
	two_free(t);
}

TEST(no_route)
{
	struct two *t = two_new(6);
	struct two_host *a = &t->host[0];
	struct ip_addr far4 = two_addr("192.0.2.1"), far6 = two_addr("2001:db8::1");
	struct ip_addr src;
	uint32_t mtu;

	CHECK_INT(two_send_udp(a, &far4, 1, 2, "x", 1), ==, -ENETUNREACH);
	CHECK_INT(two_ping(a, &far6, 1, 2, 8), ==, -ENETUNREACH);
	CHECK_INT(stack_route(a->stack, &far4, 0, &src, &mtu), ==, -ENETUNREACH);
	CHECK_INT(t->nframes, ==, 0);
	stack_set_iface_up(a->stack, 2, false);
	CHECK_INT(two_send_udp(a, &t->host[1].v4, 1, 2, "x", 1), ==,
		-ENETUNREACH);
	two_free(t);
}

TEST(gateway)
{
	struct two *t = two_new(6);
	struct two_host *a = &t->host[0], *b = &t->host[1];
	struct ip_prefix all = { ip_addr_any(IP_V4), 0 },
			 far = { two_addr("192.0.2.1"), 32 };

	/* Host 1 has the far address itself: it need not forward. */
	CHECK_INT(stack_add_route(a->stack, &all, &b->v4, 2), ==, 0);
	CHECK_INT(stack_add_addr(b->stack, 2, &far), ==, 0);
	check_ping(t, &far.addr);
	two_free(t);
}

TEST(broadcast)
{
	struct two *t = two_new(7);
	struct two_host *a = &t->host[0], *b = &t->host[1];
	struct ip_addr all = two_addr("255.255.255.255"),
		       subnet = two_addr("10.0.0.255");

	a->udp_port = b->udp_port = 67;
	CHECK_INT(two_send_udp(a, &all, 68, 67, "one", 3), ==, 0);
	CHECK_INT(two_send_udp(a, &subnet, 68, 67, "two", 3), ==, 0);
	/* Nobody there: a broadcast is not complained about. */
	CHECK_INT(two_send_udp(a, &subnet, 68, 66, "two", 3), ==, 0);
	two_run(t, DURATION_MS(50));
	CHECK_INT(b->ndatagrams, ==, 2);
	CHECK_INT(a->ndatagrams, ==, 2);
	CHECK_INT(a->nerrors, ==, 0);
	CHECK_INT(t->nframes, ==, 3);
	two_free(t);
}

static void check_loopback(const char *text)
{
	struct two *t = two_new(8);
	struct two_host *a = &t->host[0];
	struct ip_addr self = two_addr(text);

	a->udp_port = 7;
	CHECK_INT(two_send_udp(a, &self, 6, 7, "me", 2), ==, 0);
	CHECK_INT(a->ndatagrams, ==, 1);
	CHECK_MEM(a->datagrams[0].payload, "me", 2);
	CHECK_INT(two_send_udp(a, &self, 6, 8, "me", 2), ==, 0);
	CHECK_INT(a->nerrors, ==, 1);
	CHECK_INT(a->errors[0].err, ==, ECONNREFUSED);
	CHECK_INT(two_ping(a, &self, 5, 1, 64), ==, 0);
	CHECK_INT(a->ndatagrams, ==, 2);
	CHECK_INT(a->datagrams[1].dst.port, ==, 5);
	CHECK(ip_addr_equal(&a->datagrams[1].src.addr, &self));
	CHECK_INT(t->nframes, ==, 0);
	two_free(t);
}

TEST(loopback_udp)
{
	check_loopback("127.0.0.1");
	check_loopback("127.1.2.3");
	check_loopback("::1");
	check_loopback("10.0.0.1");
	check_loopback("fd00::1");
	check_loopback("fe80::ff:fe00:1%2");
}

/* Everything from one end to the other, in pieces as the fifos allow. */
static void transfer(struct two *t, struct two_conn *from, struct two_conn *to,
	size_t total)
{
	static uint8_t out[TWO_FIFO], in[TWO_FIFO];
	size_t sent = 0, received = 0;

	for (int round = 0; received < total; round++) {
		size_t n = total - sent < 20000 ? total - sent : 20000;

		CHECK(round < 10000);
		for (size_t i = 0; i < n; i++)
			out[i] = (uint8_t)((sent + i) * 31 >> 3);
		sent += two_write(from, out, n);
		two_run(t, DURATION_MS(10));
		n = two_read(to, in, sizeof(in));
		for (size_t i = 0; i < n; i++)
			CHECK_INT(in[i], ==,
				(uint8_t)((received + i) * 31 >> 3));
		received += n;
	}
	CHECK_INT(received, ==, total);
}

static void check_tcp(const struct ip_addr *dst, struct two *t,
	struct two_host *server)
{
	struct two_conn *c, *s;
	struct tcp *tc = stack_tcp(t->host[0].stack),
		   *ts = stack_tcp(server->stack);
	int err;

	server->tcp_port = 80;
	c = two_connect(&t->host[0], dst, 5000, 80, &err);
	CHECK(c);
	two_run(t, DURATION_MS(100));
	CHECK(c->events & TCP_EV_CONNECTED);
	s = two_accepted(server, 0);
	CHECK(s);
	CHECK_INT(s->tuple.remote.port, ==, 5000);
	transfer(t, c, s, 300000);
	transfer(t, s, c, 300000);
	tcp_detach(tc, t->now, c->id);
	stack_flush(t->host[0].stack, t->now);
	two_run(t, DURATION_MS(100));
	CHECK(s->events & TCP_EV_EOF);
	tcp_detach(ts, t->now, s->id);
	stack_flush(server->stack, t->now);
	two_run(t, DURATION_S(1));
	CHECK(c->events & TCP_EV_CLOSED);
	CHECK(s->events & TCP_EV_CLOSED);
	CHECK_INT(c->err, ==, 0);
	CHECK_INT(s->err, ==, 0);
	two_free(t);
}

TEST(tcp_v4)
{
	struct two *t = two_new(9);

	check_tcp(&t->host[1].v4, t, &t->host[1]);
}

TEST(tcp_v6)
{
	struct two *t = two_new(9);

	check_tcp(&t->host[1].v6, t, &t->host[1]);
}

TEST(tcp_linklocal)
{
	struct two *t = two_new(9);

	check_tcp(&t->host[1].ll, t, &t->host[1]);
}

TEST(tcp_to_oneself)
{
	static const char *const names[] = { "127.0.0.1", "::1", "10.0.0.1",
		"fd00::1", "fe80::ff:fe00:1%2" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct two *t = two_new(10);
		struct ip_addr self = two_addr(names[i]);

		check_tcp(&self, t, &t->host[0]);
	}
}

TEST(tcp_refused)
{
	struct two *t = two_new(11);
	struct two_conn *c;
	int err;

	c = two_connect(&t->host[0], &t->host[1].v4, 5000, 81, &err);
	CHECK(c);
	two_run(t, DURATION_MS(100));
	CHECK_INT(c->err, ==, ECONNREFUSED);
	two_free(t);
}

TEST(tcp_to_a_silent_neighbour)
{
	struct two *t = two_new(12);
	struct ip_addr nobody = two_addr("10.0.0.9");
	struct two_conn *c;
	int err;

	c = two_connect(&t->host[0], &nobody, 5000, 80, &err);
	CHECK(c);
	two_run(t, DURATION_MS(2900));
	CHECK_INT(c->err, ==, 0);
	two_run(t, DURATION_MS(200));
	CHECK_INT(c->err, ==, EHOSTUNREACH);
	CHECK(c->events & TCP_EV_CLOSED);
	two_free(t);
}

TEST(tcp_without_route)
{
	struct two *t = two_new(13);
	struct ip_addr far = two_addr("192.0.2.1");
	int err;

	CHECK(!two_connect(&t->host[0], &far, 5000, 80, &err));
	CHECK_INT(err, ==, -ENETUNREACH);
	two_free(t);
}

struct digest {
	uint64_t sum;
};

static bool add_to_digest(void *user, int from, const uint8_t *frame, size_t len)
{
	struct digest *d = user;

	for (size_t i = 0; i < len; i++)
		d->sum = (d->sum ^ frame[i]) * 0x100000001b3u;
	return true;
}

static uint64_t digest_of_run(uint64_t seed)
{
	struct two *t = two_new(seed);
	struct digest d = { 1 };
	struct two_conn *c;
	int err;

	t->filter = add_to_digest;
	t->filter_user = &d;
	t->host[1].tcp_port = 80;
	c = two_connect(&t->host[0], &t->host[1].v4, 5000, 80, &err);
	CHECK(c);
	two_run(t, DURATION_MS(100));
	transfer(t, c, two_accepted(&t->host[1], 0), 50000);
	two_free(t);
	return d.sum;
}

/* The core has no other source of chance than its arguments. */
TEST(same_seed_same_bytes)
{
	CHECK(digest_of_run(1) == digest_of_run(1));
	CHECK(digest_of_run(1) != digest_of_run(2));
}
