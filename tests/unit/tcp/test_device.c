/* Connections on one interface (SO_BINDTODEVICE): what they send leaves by it, and what
 * comes by another is a stranger's.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "table.h"

#include <errno.h>
#include <string.h>

#include "check.h"
#include "peer.h"

static struct peer p;

static void start(uint32_t device, uint32_t by)
{
	peer_init(&p, true, false);
	p.device = device;
	p.by = by;
}

static bool was_reset(void)
{
	return p.nout && (peer_last(&p)->flags & TCP_RST);
}

TEST(a_listener_answers_by_its_interface_and_hears_no_other)
{
	start(2, 3);
	peer_send(&p, TCP_SYN, seq_of(PEER_ISS), seq_of(0), NULL, 0);
	CHECK(was_reset());
	CHECK_INT(p.sent_by, ==, 0); /* nobody's */
	p.by = 2;
	peer_send(&p, TCP_SYN, seq_of(PEER_ISS), seq_of(0), NULL, 0);
	CHECK_INT(peer_last(&p)->flags, ==, TCP_SYN | TCP_ACK);
	CHECK_INT(p.sent_by, ==, 2);
	p.sent_by = 0;
	peer_wait(&p, DURATION_MS(1500)); /* once more */
	CHECK_INT(p.sent_by, ==, 2);
	/* The last step by another interface: of whom? */
	p.by = 3;
	peer_clear(&p);
	peer_send(&p, TCP_ACK, seq_of(PEER_ISS + 1), peer_ack(&p), NULL, 0);
	CHECK(was_reset());
	CHECK_INT(p.accepted, ==, 0);
	p.by = 2;
	peer_send(&p, TCP_ACK, seq_of(PEER_ISS + 1), peer_ack(&p), NULL, 0);
	CHECK_INT(p.accepted, ==, 1);
	peer_fini(&p);
}

TEST(a_connection_hears_its_interface_alone)
{
	start(2, 2);
	peer_accept(&p);
	peer_clear(&p);
	p.by = 3;
	peer_send(&p, TCP_ACK | TCP_PSH, p.seq, peer_ack(&p), "xyz", 3);
	CHECK(was_reset());
	CHECK_INT(fifo_reader_used(&p.rx), ==, 0);
	peer_send(&p, TCP_RST, p.seq, seq_of(0), NULL, 0);
	CHECK_INT(p.closed, ==, 0);
	p.by = 2;
	peer_send(&p, TCP_ACK | TCP_PSH, p.seq, peer_ack(&p), "xyz", 3);
	CHECK_INT(fifo_reader_used(&p.rx), ==, 3);
	peer_user_write(&p, "answer", 6);
	CHECK_INT(p.sent_by, ==, 2);
	peer_fini(&p);
}

/* ifindex: by which the error came; 1, lo: of ourselves, as a neighbour is silent. */
static bool is_heard(uint32_t ifindex)
{
	uint32_t seq = p.iss.v + 1;
	uint16_t own = p.tuple.local.port, far = p.tuple.remote.port;
	uint8_t l4[8] = { (uint8_t)(own >> 8), (uint8_t)own, (uint8_t)(far >> 8),
		(uint8_t)far, (uint8_t)(seq >> 24), (uint8_t)(seq >> 16),
		(uint8_t)(seq >> 8), (uint8_t)seq };
	struct ip_error_in e = { .src = p.tuple.local.addr, .dst = p.tuple.remote.addr,
		.ifindex = ifindex, .proto = IP_PROTO_TCP, .err = EHOSTUNREACH,
		.hard = true, .l4 = l4, .len = 8 };

	p.events = 0;
	tcp_icmp_error(p.tcp, p.now, &e);
	return p.events & TCP_EV_SOFT_ERROR;
}

TEST(a_connection_hears_of_its_neighbour)
{
	start(2, 2);
	peer_accept(&p);
	peer_user_write(&p, "x", 1);
	CHECK(is_heard(2));
	CHECK(!is_heard(3));
	CHECK(is_heard(1));
	peer_fini(&p);
}

TEST(it_may_be_bound_to_another_and_to_none)
{
	struct tcp_options opt;

	start(2, 2);
	peer_accept(&p);
	opt = p.opt;
	opt.ifindex = 3;
	CHECK_INT(tcp_set_options(p.tcp, p.now, p.id, &opt), ==, 0);
	peer_user_write(&p, "by 3", 4);
	CHECK_INT(p.sent_by, ==, 3);
	opt.ifindex = 0;
	CHECK_INT(tcp_set_options(p.tcp, p.now, p.id, &opt), ==, 0);
	p.by = 9;
	peer_send(&p, TCP_ACK | TCP_PSH, p.seq, peer_ack(&p), "xyz", 3);
	CHECK_INT(fifo_reader_used(&p.rx), ==, 3);
	CHECK_INT(p.sent_by, ==, 0);
	peer_fini(&p);
}

TEST(time_wait_keeps_it)
{
	start(0, 2);
	p.opt.ifindex = p.device = 2;
	peer_to_state(&p, TCP_TIME_WAIT);
	peer_clear(&p);
	p.sent_by = 0;
	p.by = 3;
	peer_send(&p, TCP_ACK | TCP_FIN, p.seq, peer_ack(&p), NULL, 0);
	CHECK(was_reset());
	CHECK_INT(peer_state(&p), ==, TCP_TIME_WAIT);
	p.by = 2;
	peer_send(&p, TCP_ACK | TCP_FIN, seq_add(p.seq, -1u), peer_ack(&p), NULL, 0);
	CHECK_INT(peer_last(&p)->flags, ==, TCP_ACK);
	CHECK_INT(p.sent_by, ==, 2);
	peer_fini(&p);
}

TEST(the_same_names_on_two_interfaces)
{
	struct siphash_key key = { { 1, 2 } };
	struct entry a = { .device = 2 }, b = { .device = 3 };
	struct table t;

	CHECK_INT(table_init(&t, &key), ==, 0);
	a.tuple = b.tuple = (struct tcp_tuple){ { ip_addr_v4(10, 0, 0, 1), 80 },
		{ ip_addr_v4(10, 0, 0, 2), 4000 } };
	table_add(&t, &a);
	table_add(&t, &b);
	CHECK(table_find(&t, &a.tuple, 2) == &a);
	CHECK(table_find(&t, &a.tuple, 3) == &b);
	CHECK(table_find(&t, &a.tuple, 4) == NULL);
	CHECK(table_find(&t, &a.tuple, 0) == &b); /* the newest */
	table_remove(&t, &a);
	table_remove(&t, &b);
	table_fini(&t);
}
