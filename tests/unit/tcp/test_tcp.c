/* The border: handles, four-tuples, limits, verbs from within callbacks.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "tcp/tcp.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cursor.h"
#include "base/rng.h"
#include "check.h"
#include "ip/super.h"

enum { N = 3000 };

struct user {
	struct tcp *tcp;
	unsigned events, closed, sent;
	uint32_t seq; /* of the last segment out */
	int route_error;
	bool abort_inside;
	struct tcp_id last;
};

static struct fifo_shared sh[2];
static uint8_t mem[2][64];

static int on_packet(void *user, struct instant now, const struct ip_packet_out *o)
{
	struct user *u = user;

	u->sent++;
	u->seq = get_be32(o->spans[0].base + 4);
	return 0;
}

static int on_send(void *user, struct instant now, const struct ip_packet_out *o)
{
	return super_each(o, now, on_packet, user);
}

static int on_route(void *user, const struct ip_addr *dst, uint32_t ifindex,
	struct ip_addr *src, uint32_t *mtu)
{
	*mtu = 1500;
	return ((struct user *)user)->route_error;
}

static enum tcp_listen_verdict on_syn(void *user, const struct tcp_tuple *t,
	struct tcp_listen_info *info)
{
	return TCP_LISTEN_NONE;
}

static void on_event(void *user, struct tcp_id id, uint64_t cookie,
	unsigned events, int err)
{
	struct user *u = user;
	struct tcp_info_view v;

	u->events |= events;
	u->closed += (events & TCP_EV_CLOSED) != 0;
	u->last = id;
	if (events & TCP_EV_CLOSED) /* dead already, from the inside */
		CHECK_INT(tcp_get_info(u->tcp, (struct instant){ 5 }, id, &v), ==, -EBADF);
	else if (u->abort_inside)
		CHECK_INT(tcp_abort(u->tcp, (struct instant){ 5 }, id), ==, 0);
}

static struct tcp *start(struct user *u, uint32_t limit)
{
	struct tcp_config cfg = { .ops = { .syn = on_syn, .event = on_event, .user = u },
		.ip = { .send = on_send, .route = on_route, .user = u }, .max_connections = limit };

	*u = (struct user){ 0 };
	return u->tcp = tcp_new(&cfg);
}

static struct tcp_tuple tuple(int i)
{
	return (struct tcp_tuple){ { ip_addr_v4(10, 0, 0, 1),
		(uint16_t)(10000 + i) }, { ip_addr_v4(10, 0, 0, 2), 80 } };
}

static int open_one(struct tcp *t, int i, struct tcp_id *id)
{
	struct tcp_tuple k = tuple(i);
	struct tcp_options opt = { 0 };
	struct tcp_bufs b = { .rx_limit = 64 };

	fifo_reader_init(&b.tx, &sh[0], mem[0], 64);
	fifo_writer_init(&b.rx, &sh[1], mem[1], 64);
	return tcp_connect(t, (struct instant){ 1 }, &k, &b, &opt, 9, id);
}

TEST(handles_are_never_reused)
{
	static struct tcp_id old[N];
	struct user u;
	struct tcp *t = start(&u, 0);
	struct rng g;
	struct instant now = { 1 };

	rng_init(&g, 1);
	for (int i = 0; i < N; i++) {
		CHECK_INT(open_one(t, i, &old[i]), ==, 0);
		if (rng_below(&g, 2))
			CHECK_INT(tcp_abort(t, now, old[i]), ==, 0);
		else if (i)
			(void)tcp_abort(t, now, old[rng_below(&g, (uint32_t)i)]);
	}
	for (int i = 0; i < N; i++)
		for (int j = i + 1; j < i + 50 && j < N; j++)
			CHECK(old[i].index != old[j].index ||
				old[i].gen != old[j].gen);
	for (int i = 0; i < N; i++)
		(void)tcp_abort(t, now, old[i]);
	CHECK_INT(u.closed, ==, N); /* each exactly once */
	for (int i = 0; i < N; i++) {
		CHECK_INT(tcp_user_sent(t, now, old[i]), ==, -EBADF);
		CHECK_INT(tcp_user_received(t, now, old[i]), ==, -EBADF);
		CHECK_INT(tcp_shutdown_send(t, now, old[i]), ==, -EBADF);
		CHECK_INT(tcp_detach(t, now, old[i]), ==, -EBADF);
	}
	CHECK(instant_is_never(tcp_deadline(t)));
	tcp_free(t);
}

TEST(foreign_handles_are_refused)
{
	struct user u;
	struct tcp *t = start(&u, 0);
	struct tcp_id id, bad[] = { { 0, 0 }, { 0, 2 }, { 99999, 1 },
		{ UINT32_MAX, UINT32_MAX } };

	CHECK_INT(open_one(t, 0, &id), ==, 0);
	for (int i = 0; i < 4; i++)
		CHECK_INT(tcp_abort(t, (struct instant){ 1 }, bad[i]), ==, -EBADF);
	tcp_free(t);
}

TEST(four_tuple_is_taken_once)
{
	struct user u;
	struct tcp *t = start(&u, 0);
	struct tcp_id a, b;
	struct tcp_tuple k = tuple(0);
	struct ip_name any = { ip_addr_any(IP_V4), k.local.port };

	CHECK(!tcp_local_in_use(t, &any, false));
	CHECK_INT(open_one(t, 0, &a), ==, 0);
	CHECK_INT(open_one(t, 0, &b), ==, -EADDRINUSE);
	CHECK(tcp_tuple_in_use(t, &k));
	CHECK(tcp_local_in_use(t, &any, false));
	CHECK(tcp_local_in_use(t, &k.local, true));
	any.port++;
	CHECK(!tcp_local_in_use(t, &any, false));
	CHECK_INT(tcp_abort(t, (struct instant){ 1 }, a), ==, 0);
	CHECK_INT(open_one(t, 0, &b), ==, 0);
	tcp_free(t);
}

TEST(limit_and_route_are_told)
{
	struct user u;
	struct tcp *t = start(&u, 2);
	struct tcp_id id;

	u.route_error = -ENETUNREACH;
	CHECK_INT(open_one(t, 0, &id), ==, -ENETUNREACH);
	CHECK_INT(u.sent, ==, 0);
	u.route_error = 0;
	CHECK_INT(open_one(t, 0, &id), ==, 0);
	CHECK_INT(open_one(t, 1, &id), ==, 0);
	CHECK_INT(open_one(t, 2, &id), ==, -ENOBUFS);
	tcp_free(t);
}

static void soft_error(struct tcp *t, uint32_t seq)
{
	uint8_t l4[8] = { 10000 >> 8, 10000 & 255, 0, 80, (uint8_t)(seq >> 24),
		(uint8_t)(seq >> 16), (uint8_t)(seq >> 8), (uint8_t)seq };
	struct ip_error_in e = { .src = ip_addr_v4(10, 0, 0, 1),
		.dst = ip_addr_v4(10, 0, 0, 2), .proto = IP_PROTO_TCP,
		.err = EHOSTUNREACH, .l4 = l4, .len = 8 };

	tcp_icmp_error(t, (struct instant){ 2 }, &e);
}

static void count(void *user, const struct tcp_info_view *v)
{
	++*(unsigned *)user;
	CHECK_INT(v->state, ==, TCP_SYN_SENT);
}

TEST(a_callback_may_abort_its_own_connection)
{
	struct user u;
	struct tcp *t = start(&u, 0);
	struct tcp_id id;
	unsigned n = 0;

	CHECK_INT(open_one(t, 0, &id), ==, 0);
	tcp_foreach(t, (struct instant){ 0 }, count, &n);
	CHECK_INT(n, ==, 1);
	u.abort_inside = true;
	soft_error(t, u.seq); /* which ends a connection that is being made */
	CHECK(u.events & TCP_EV_ERROR);
	CHECK_INT(u.closed, ==, 1);
	CHECK(!tcp_tuple_in_use(t, &(struct tcp_tuple){ tuple(0).local,
		tuple(0).remote }));
	tcp_free(t);
}
