/* Two hosts over a bad wire, case by case: what must survive, and in what time.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>

#include "base/cursor.h"
#include "check.h"
#include "wire.h"
#include "wire/tcp.h"

static struct sim s;

static bool both_closed(struct sim *sim)
{
	return sim->host[0].end[0].closed && sim->host[1].end[0].closed;
}

static bool is_connected(struct sim *sim)
{
	return sim->host[0].end[0].connected && sim->host[1].end[0].connected;
}

static struct sim_config config(int delay_ms)
{
	return (struct sim_config){ .seed = 1, .buf = 65536,
		.path = { .delay = DURATION_MS(delay_ms) } };
}

/* Drops the packets of which the bit in the set is 1. */
struct drops {
	uint64_t set[2]; /* by sender */
};

static bool drop_set(void *user, struct sim *sim, int from, uint64_t n,
	const uint8_t *tcp, size_t len)
{
	const struct drops *d = user;

	return n < 64 && (d->set[from] >> n & 1);
}

static void drop_these(struct drops *d, uint64_t from0, uint64_t from1)
{
	d->set[0] = from0;
	d->set[1] = from1;
	for (int i = 0; i < 2; i++) {
		s.path[i].drop = drop_set;
		s.path[i].drop_user = d;
	}
}

/* A transfer of n bytes each way; returns its time in ms. */
static int64_t exchange(uint64_t up, uint64_t down)
{
	struct instant start = s.now;
	struct sim_end *e;

	s.host[1].template.close_when_done = true;
	s.host[1].template.shut_when_done = true;
	s.host[1].template.to_send = down;
	e = sim_connect(&s, 4000);
	e->to_send = up;
	e->shut_when_done = e->close_when_done = true;
	CHECK(sim_run_until(&s, DURATION_S(2000), both_closed));
	CHECK_INT(s.host[1].end[0].received, ==, up);
	CHECK_INT(e->received, ==, down);
	CHECK_INT(e->err, ==, 0);
	CHECK_INT(s.host[1].end[0].err, ==, 0);
	return instant_sub(s.now, start).ns / 1000000;
}

TEST(clean_wire_resends_nothing_in_either_direction)
{
	static const int delays[] = { 0, 1, 50, 300 };

	for (int i = 0; i < 4; i++) {
		struct sim_config c = config(delays[i]);

		sim_init(&s, &c);
		exchange(1000000, 700001);
		for (int h = 0; h < 2; h++) {
			CHECK_INT(tcp_stats(s.host[h].tcp)->retrans, ==, 0);
			CHECK_INT(tcp_stats(s.host[h].tcp)->timeouts, ==, 0);
		}
		sim_fini(&s);
	}
}

TEST(ipv6_too)
{
	struct sim_config c = config(5);

	c.v6 = true;
	c.path.loss = 0.02;
	sim_init(&s, &c);
	exchange(300000, 300000);
	sim_fini(&s);
}

TEST(peers_without_any_option)
{
	struct sim_config c = config(5);

	c.no_sack = c.no_ts = c.no_wscale = true;
	c.path.loss = 0.02;
	sim_init(&s, &c);
	exchange(300000, 300000);
	sim_fini(&s);
}

TEST(nothing_to_send_still_closes)
{
	struct sim_config c = config(10);

	sim_init(&s, &c);
	CHECK_INT(exchange(0, 0), <=, 60);
	sim_run(&s, DURATION_S(61));
	CHECK(instant_is_never(sim_next(&s))); /* nothing is left behind */
	sim_fini(&s);
}

/* Handshake: 0 -> SYN, 1 -> SYN-ACK, ACK, data ... */
TEST(lost_syn_costs_one_second)
{
	struct sim_config c = config(10);
	struct drops d;

	sim_init(&s, &c);
	drop_these(&d, 1, 0);
	sim_connect(&s, 4000);
	CHECK(sim_run_until(&s, DURATION_S(9), is_connected));
	CHECK_INT(s.now.ns / 1000000, ==, 1000 + 1000 + 30);
	sim_fini(&s);
}

TEST(lost_syn_ack_costs_one_second)
{
	struct sim_config c = config(10);
	struct drops d;

	sim_init(&s, &c);
	drop_these(&d, 0, 1);
	sim_connect(&s, 4000);
	CHECK(sim_run_until(&s, DURATION_S(9), is_connected));
	CHECK_INT(s.now.ns / 1000000, <=, 1000 + 1000 + 30);
	sim_fini(&s);
}

TEST(lost_last_ack_of_the_handshake_is_made_good_by_data)
{
	struct sim_config c = config(10);
	struct drops d;
	struct sim_end *e;

	sim_init(&s, &c);
	drop_these(&d, 2, 0); /* the bare ACK, or the data on it */
	e = sim_connect(&s, 4000);
	e->to_send = 100;
	CHECK(sim_run_until(&s, DURATION_S(3), is_connected));
	sim_run(&s, DURATION_S(1));
	CHECK_INT(s.host[1].end[0].received, ==, 100);
	sim_fini(&s);
}

/* Any single packet of a short exchange may be lost. */
TEST(each_single_loss_is_survived)
{
	for (unsigned n = 0; n < 24; n++) {
		for (int from = 0; from < 2; from++) {
			struct sim_config c = config(10);
			struct drops d;

			sim_init(&s, &c);
			drop_these(&d, from ? 0 : 1ull << n,
				from ? 1ull << n : 0);
			CHECK_INT(exchange(12000, 5000), <, 3500);
			sim_fini(&s);
		}
	}
}

/* RFC 8985: a lost tail is found by a probe, not by the timeout's backoff. */
TEST(lost_tail_is_probed_for)
{
	struct sim_config c = config(10);
	struct drops d;
	struct sim_end *e;

	sim_init(&s, &c);
	e = sim_connect(&s, 4000);
	CHECK(sim_run_until(&s, DURATION_S(3), is_connected));
	sim_run(&s, DURATION_S(1));
	/* five full segments; the last two are lost */
	drop_these(&d, 3ull << (s.host[0].packets + 3), 0);
	e->to_send = 5 * 1448;
	sim_end_step(e);
	sim_run(&s, DURATION_MS(180));
	CHECK_INT(s.host[1].end[0].received, ==, 5 * 1448);
	CHECK_INT(tcp_stats(s.host[0].tcp)->timeouts, ==, 0);
	sim_fini(&s);
}

/* A retransmission that is lost too is found without a timeout (RACK). */
TEST(lost_retransmission_is_found)
{
	struct sim_config c = config(10);
	struct drops d;
	struct sim_end *e;
	uint64_t first;

	sim_init(&s, &c);
	e = sim_connect(&s, 4000);
	CHECK(sim_run_until(&s, DURATION_S(3), is_connected));
	e->to_send = 2000000;
	first = s.host[0].packets;
	/* the first data segment, and what is sent around its repair */
	drop_these(&d, 1ull << first | 1ull << (first + 10), 0);
	sim_end_step(e);
	sim_run(&s, DURATION_S(3));
	CHECK_INT(s.host[1].end[0].received, ==, 2000000);
	CHECK_INT(tcp_stats(s.host[0].tcp)->timeouts, ==, 0);
	sim_fini(&s);
}

TEST(stalled_reader_shuts_the_window_and_opens_it)
{
	struct sim_config c = config(10);
	struct sim_end *e, *r;

	sim_init(&s, &c);
	s.host[1].template.reading = true; /* it does not read */
	e = sim_connect(&s, 4000);
	e->to_send = 500000;
	sim_run(&s, DURATION_S(100));
	r = &s.host[1].end[0];
	CHECK_INT(r->received, ==, 0);
	CHECK_INT(fifo_reader_used(&r->rx), >, 65536 - 128); /* scale 7 */
	CHECK_INT(e->closed, ==, 0);
	r->reading = true;
	sim_end_step(r);
	sim_run(&s, DURATION_S(2));
	CHECK_INT(r->received, ==, 500000);
	CHECK_INT(tcp_stats(s.host[0].tcp)->retrans, ==, 0);
	sim_fini(&s);
}

/* The window update is lost: the probe finds out. */
TEST(lost_window_update_is_probed_for)
{
	struct sim_config c = config(10);
	struct sim_end *e, *r;

	sim_init(&s, &c);
	s.host[1].template.reading = true;
	e = sim_connect(&s, 4000);
	e->to_send = 100000;
	sim_run(&s, DURATION_S(5));
	r = &s.host[1].end[0];
	r->reading = true;
	s.path[1].loss = 1;
	sim_end_step(r);
	s.path[1].loss = 0;
	sim_run(&s, DURATION_S(20));
	CHECK_INT(r->received, ==, 100000);
	sim_fini(&s);
}

/* One end dies without a word; the other learns of it. */
TEST(killed_peer_is_noticed)
{
	struct sim_config c = config(10);
	struct sim_end *e;

	sim_init(&s, &c);
	e = sim_connect(&s, 4000);
	CHECK(sim_run_until(&s, DURATION_S(3), is_connected));
	s.host[1].dead = true;
	e->to_send = 10;
	sim_end_step(e);
	sim_run(&s, DURATION_S(2000));
	CHECK_INT(e->err, ==, ETIMEDOUT);
	CHECK_INT(e->closed, ==, 1);
	CHECK(instant_is_never(tcp_deadline(s.host[0].tcp)));
	sim_fini(&s);
}

/* It has come back without memory of us (half-open, RFC 9293 3.5.1). */
TEST(peer_that_forgot_us_resets)
{
	struct sim_config c = config(10);
	struct sim_end *e, *lost;

	sim_init(&s, &c);
	e = sim_connect(&s, 4000);
	CHECK(sim_run_until(&s, DURATION_S(3), is_connected));
	lost = &s.host[1].end[0];
	s.path[1].loss = 1; /* nobody hears the reset */
	tcp_abort(s.host[1].tcp, s.now, lost->id);
	s.path[1].loss = 0;
	e->to_send = 10;
	sim_end_step(e);
	sim_run(&s, DURATION_S(1));
	CHECK_INT(e->err, ==, ECONNRESET);
	sim_fini(&s);
}

TEST(nobody_listens)
{
	struct sim_config c = config(10);
	struct sim_end *e;

	sim_init(&s, &c);
	s.host[1].listening = false;
	e = sim_connect(&s, 4000);
	sim_run(&s, DURATION_S(1));
	CHECK_INT(e->err, ==, ECONNREFUSED);
	sim_fini(&s);
}

/* Mild reordering (3 ms in 20) must not look like loss for long. */
TEST(reordering_is_learnt)
{
	struct sim_config c = config(10);

	c.path.jitter = DURATION_MS(3);
	c.buf = 1 << 20;
	sim_init(&s, &c);
	exchange(3000000, 0);
	CHECK_INT(tcp_stats(s.host[0].tcp)->retrans, <, 20);
	sim_fini(&s);
}

/* The delay jumps from 5 ms to 400 ms: the timeout was needless, and is taken
 * back (RFC 3522). */
TEST(needless_timeout_is_taken_back)
{
	struct sim_config c = config(5);
	struct tcp_info_view before, after;
	struct sim_end *e;

	sim_init(&s, &c);
	e = sim_connect(&s, 4000);
	e->to_send = 300000;
	sim_run(&s, DURATION_S(2));
	CHECK_INT(s.host[1].end[0].received, ==, 300000);
	tcp_get_info(s.host[0].tcp, s.now, e->id, &before);
	s.path[0].delay = DURATION_MS(400);
	e->to_send += 8000;
	sim_end_step(e);
	sim_run(&s, DURATION_S(5));
	CHECK_INT(s.host[1].end[0].received, ==, 308000);
	CHECK_INT(tcp_stats(s.host[0].tcp)->timeouts, >, 0);
	tcp_get_info(s.host[0].tcp, s.now, e->id, &after);
	CHECK_INT(after.ssthresh, ==, before.ssthresh);
	sim_fini(&s);
}

TEST(handshake_with_full_accept_queue_goes_on_later)
{
	struct sim_config c = config(10);
	struct sim_end *e;

	sim_init(&s, &c);
	s.host[1].accept_error = -EAGAIN;
	e = sim_connect(&s, 4000);
	e->to_send = 50;
	sim_run(&s, DURATION_S(2));
	CHECK_INT(s.host[1].accepted, ==, 0);
	s.host[1].accept_error = 0;
	sim_run(&s, DURATION_S(10));
	CHECK_INT(s.host[1].end[0].received, ==, 50);
	sim_fini(&s);
}

/* A router that drops what is too long for it and says nothing. */
static bool too_long(void *user, struct sim *sim, int from, uint64_t n, const uint8_t *tcp,
	size_t len)
{
	return from == 0 && len > 1200;
}

static uint64_t through_a_black_hole(uint32_t probing)
{
	struct sim_config c = config(7);
	struct tcp_rules rules;
	struct sim_end *e;
	uint64_t got;

	c.path.drop = too_long;
	sim_init(&s, &c);
	tcp_rules_default(&rules);
	rules.mtu_probing = probing;
	tcp_set_rules(s.host[0].tcp, &rules);
	e = sim_connect(&s, 4000);
	e->to_send = 400000;
	sim_run(&s, DURATION_S(60));
	got = s.host[1].end[0].received;
	sim_fini(&s);
	return got;
}

TEST(a_black_hole_is_found)
{
	CHECK_INT(through_a_black_hole(0), ==, 0);
	CHECK_INT(through_a_black_hole(1), ==, 400000);
	CHECK_INT(through_a_black_hole(2), ==, 400000);
}
