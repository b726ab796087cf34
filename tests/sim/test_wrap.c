/* Numbers that wrap: sequence numbers, the window's edge, timestamps, each crossed in
 * the midst of a transfer with loss and reordering, at both ends. Where they begin must
 * not matter: time and packets are exactly those of the same transfer elsewhere.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "check.h"
#include "edges.h"
#include "wire.h"
#include "wire/tcp.h"

enum { PORT = 40000, BYTES = 300000 };

static struct sim s;

/* What was seen of the numbers of host `from`. */
struct seen {
	bool any, wrapped, turned; /* passed 2^32, 2^31 */
	uint32_t last;
};

struct outcome {
	int64_t ns;
	uint64_t packets[2], retrans[2], timeouts[2], resets;
	struct seen seq[2], ts[2];
};

static struct outcome *watched;

static void note(struct seen *n, uint32_t v)
{
	if (n->any && (int32_t)(v - n->last) > 0) {
		n->wrapped |= v < n->last;
		n->turned |= (n->last >> 31) == 0 && (v >> 31) == 1;
	}
	if (!n->any || (int32_t)(v - n->last) > 0)
		n->last = v;
	n->any = true;
}

static void watch(void *user, struct sim *sim, int from, const uint8_t *tcp,
	size_t len, bool lost)
{
	struct tcp_header h;

	if (tcp_header_parse(tcp, len, &h) < 0)
		return;
	note(&watched->seq[from], h.seq.v);
	if (h.has_ts)
		note(&watched->ts[from], h.tsval);
}

static bool both_closed(struct sim *sim)
{
	return sim->host[0].end[0].closed && sim->host[1].end[0].closed;
}

static bool both_connected(struct sim *sim)
{
	return sim->host[0].end[0].connected && sim->host[1].end[0].connected;
}

static struct sim_config config(unsigned hard)
{
	struct sim_config c = { .seed = 7 + hard, .buf = 65536,
		.path = { .delay = DURATION_MS(10), .loss = 0.02 * hard,
			.jitter = DURATION_MS(hard), .duplicate = 0.01 * hard,
			.rate = 250000, .watch = watch } };

	return c;
}

/* As sim_connect() has it, from the view of host n. */
static struct tcp_tuple tuple_of(int n)
{
	struct ip_name a = { ip_addr_v4(10, 0, 0, 1), PORT };
	struct ip_name b = { ip_addr_v4(10, 0, 0, 2), 80 };

	return n ? (struct tcp_tuple){ b, a } : (struct tcp_tuple){ a, b };
}

static void transfer(struct sim_config cfg, struct instant origin,
	struct outcome *out)
{
	struct sim_end *e;

	double loss = cfg.path.loss;

	*out = (struct outcome){ 0 };
	watched = out;
	cfg.origin.ns = origin.ns;
	cfg.path.loss = 0; /* of the handshake, lest the clock run past the edge */
	sim_init(&s, &cfg);
	s.host[1].template.to_send = BYTES;
	s.host[1].template.close_when_done = true;
	s.host[1].template.shut_when_done = true;
	e = sim_connect(&s, PORT);
	e->to_send = BYTES;
	e->shut_when_done = e->close_when_done = true;
	CHECK(sim_run_until(&s, DURATION_S(1), both_connected));
	s.path[0].loss = s.path[1].loss = loss;
	CHECK(sim_run_until(&s, DURATION_S(600), both_closed));
	CHECK_INT(e->received, ==, BYTES);
	CHECK_INT(s.host[1].end[0].received, ==, BYTES);
	out->ns = s.now.ns - origin.ns;
	for (int i = 0; i < 2; i++) {
		const struct tcp_stats *st = tcp_stats(s.host[i].tcp);

		out->packets[i] = s.host[i].packets;
		out->retrans[i] = st->retrans;
		out->timeouts[i] = st->timeouts;
		out->resets += st->rst_out;
	}
	sim_fini(&s);
}

/* The same, with its clock at the same place within a millisecond, elsewhere. */
static void must_be_as_elsewhere(const struct sim_config *cfg,
	struct instant origin, const struct outcome *here)
{
	struct instant plain = { 1000000000 + origin.ns % 1000000 };
	struct outcome there;

	transfer(*cfg, plain, &there);
	CHECK_INT(here->ns, ==, there.ns);
	for (int i = 0; i < 2; i++) {
		CHECK_INT(here->packets[i], ==, there.packets[i]);
		CHECK_INT(here->retrans[i], ==, there.retrans[i]);
		CHECK_INT(here->timeouts[i], ==, there.timeouts[i]);
	}
	CHECK_INT(here->resets, ==, 0);
}

/* Host n's numbers begin `before` in front of `edge`. */
static void sequence_crosses(int n, uint32_t edge, uint32_t before)
{
	for (unsigned hard = 0; hard < 4; hard++) {
		struct sim_config cfg = config(hard);
		struct tcp_config tcp = sim_tcp_config(&cfg, n);
		struct tcp_tuple t = tuple_of(n);
		struct instant at = edge_of_isn(&tcp, &t, edge - before);
		struct outcome o;

		/* A passive end picks its number when the SYN arrives. */
		at.ns -= n * (cfg.path.delay.ns + 1000);
		transfer(cfg, at, &o);
		CHECK(edge ? o.seq[n].turned : o.seq[n].wrapped);
		must_be_as_elsewhere(&cfg, at, &o);
	}
}

TEST(sequence_of_connector_wraps)
{
	sequence_crosses(0, 0, 10);
	sequence_crosses(0, 0, 5000);
	sequence_crosses(0, 0, 60000);
	sequence_crosses(0, 0, 200000);
}

TEST(sequence_of_connector_changes_sign)
{
	sequence_crosses(0, 1u << 31, 10);
	sequence_crosses(0, 1u << 31, 60000);
}

TEST(sequence_of_acceptor_wraps)
{
	sequence_crosses(1, 0, 20000);
	sequence_crosses(1, 0, 60000);
	sequence_crosses(1, 0, 200000);
}

TEST(sequence_of_acceptor_changes_sign)
{
	sequence_crosses(1, 1u << 31, 20000);
	sequence_crosses(1, 1u << 31, 200000);
}

/* The SYN itself, and the first byte, have the last number. */
TEST(syn_and_first_byte_at_the_edge)
{
	for (uint32_t before = 0; before < 4; before++) {
		struct sim_config cfg = config(0);
		struct tcp_config tcp = sim_tcp_config(&cfg, 0);
		struct tcp_tuple t = tuple_of(0);
		struct instant at = edge_of_isn(&tcp, &t, 0u - before);
		struct outcome o;

		transfer(cfg, at, &o);
		CHECK_INT(o.resets, ==, 0);
	}
}

static void timestamps_cross(int n, uint32_t edge)
{
	for (unsigned hard = 0; hard < 4; hard++) {
		for (uint32_t before = 1; before < 1000; before += 333) {
			struct sim_config cfg = config(hard);
			struct tcp_config tcp = sim_tcp_config(&cfg, n);
			struct tcp_tuple t = tuple_of(n);
			struct instant at = edge_of_ts(&tcp, &t, edge - before);
			struct outcome o;

			at.ns -= n * 20000000; /* for the SYN to arrive */
			transfer(cfg, at, &o);
			CHECK(edge ? o.ts[n].turned : o.ts[n].wrapped);
			must_be_as_elsewhere(&cfg, at, &o);
		}
	}
}

TEST(timestamps_of_connector_wrap)
{
	timestamps_cross(0, 0);
}

TEST(timestamps_of_connector_change_sign)
{
	timestamps_cross(0, 1u << 31);
}

TEST(timestamps_of_acceptor_wrap)
{
	timestamps_cross(1, 0);
}

TEST(timestamps_of_acceptor_change_sign)
{
	timestamps_cross(1, 1u << 31);
}

static bool all_there(struct sim *sim)
{
	return sim->host[1].end[0].received == sim->host[0].end[0].to_send;
}

/* After 25 days the peer's last timestamp looks newer than what comes (RFC 7323 5.5):
 * it has to be forgotten. */
TEST(idle_longer_than_half_the_timestamps)
{
	struct sim_config cfg = config(1);
	struct outcome o = { 0 };
	struct sim_end *e;

	watched = &o;
	sim_init(&s, &cfg);
	e = sim_connect(&s, PORT);
	for (int round = 0; round < 4; round++) {
		e->to_send += 10000;
		sim_end_step(e);
		CHECK(sim_run_until(&s, DURATION_S(60), all_there));
		sim_run(&s, DURATION_S(25ll * 24 * 3600));
	}
	CHECK_INT(tcp_stats(s.host[1].tcp)->rst_out, ==, 0);
	sim_fini(&s);
}
