/* What an administrator may say about the end of connections: tcp_tw_reuse,
 * tcp_max_tw_buckets, tcp_max_orphans; and the end of a listener.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "timewait.h"

#include <errno.h>

#include "check.h"
#include "peer.h"

enum { LISTENER = 5 /* the peer's */ };

static struct peer p;

static void set(const char *name, const char *value)
{
	struct tcp_rules r;

	tcp_rules_default(&r);
	CHECK_INT(tcp_rules_set(&r, name, value), ==, 0);
	tcp_set_rules(p.tcp, &r);
}

static int connect_again(void)
{
	struct tcp_bufs bufs = { .rx_limit = PEER_BUF };
	struct tcp_options opt = { 0 };

	fifo_reader_init(&bufs.tx, &p.tx_sh, p.tx_mem, PEER_BUF);
	fifo_writer_init(&bufs.rx, &p.rx_sh, p.rx_mem, PEER_BUF);
	p.closed = 0;
	return tcp_connect(p.tcp, p.now, &p.tuple, &bufs, &opt, p.cookie, &p.id);
}

/* In TIME-WAIT, for so long, under that rule: may it be taken? */
static int reuse(const char *rule, bool loopback, unsigned ms)
{
	int result;

	peer_init(&p, true, true);
	set("tw_reuse", rule);
	if (loopback)
		p.tuple.remote.addr = ip_addr_loopback(IP_V4);
	peer_to_state(&p, TCP_TIME_WAIT);
	CHECK_INT(peer_state(&p), ==, TCP_TIME_WAIT);
	peer_wait(&p, DURATION_MS(ms));
	result = connect_again();
	peer_fini(&p);
	return result;
}

TEST(tw_reuse_says_who_may_take_a_name_in_time_wait)
{
	CHECK_INT(reuse("0", true, 1500), ==, -EADDRINUSE);
	CHECK_INT(reuse("0", false, 1500), ==, -EADDRINUSE);
	CHECK_INT(reuse("1", false, 1500), ==, 0);
	CHECK_INT(reuse("1", false, 900), ==, -EADDRINUSE);
	CHECK_INT(reuse("2", false, 1500), ==, -EADDRINUSE);
	CHECK_INT(reuse("2", true, 1500), ==, 0);
}

TEST(max_tw_buckets_ends_at_once_what_is_too_many)
{
	static const enum tcp_state then[] = { TCP_CLOSED, TCP_TIME_WAIT };
	struct seq ack;

	for (int most = 0; most < 2; most++) {
		peer_init(&p, true, true);
		set("max_tw_buckets", most ? "1" : "0");
		peer_to_state(&p, TCP_FIN_WAIT_2);
		ack = peer_ack(&p);
		peer_clear(&p);
		peer_send(&p, TCP_FIN | TCP_ACK, p.seq, ack, NULL, 0);
		CHECK_INT(p.nout, ==, 1); /* acknowledged all the same */
		CHECK_INT(peer_last(&p)->flags, ==, TCP_ACK);
		CHECK_INT(peer_state(&p), ==, then[most]);
		peer_fini(&p);
	}
}

static void let_go(const char *most)
{
	peer_init(&p, true, true);
	set("max_orphans", most);
	peer_accept(&p);
	peer_clear(&p);
	CHECK_INT(tcp_detach(p.tcp, p.now, p.id), ==, 0);
}

TEST(max_orphans_resets_who_has_no_program_left)
{
	let_go("1");
	CHECK_INT(peer_last(&p)->flags & (TCP_FIN | TCP_RST), ==, TCP_FIN);
	CHECK_INT(peer_state(&p), ==, TCP_FIN_WAIT_1);
	peer_fini(&p);
	let_go("0");
	CHECK_INT(peer_last(&p)->flags & (TCP_FIN | TCP_RST), ==, TCP_RST);
	CHECK_INT(peer_state(&p), ==, TCP_CLOSED);
	peer_fini(&p);
}

TEST(a_listener_that_goes_resets_its_own_requests)
{
	peer_init(&p, true, false);
	for (uint16_t port = 1; port <= 50; port++) {
		p.tuple.remote.port = port;
		peer_send(&p, TCP_SYN, seq_of(7), seq_of(0), NULL, 0);
	}
	peer_clear(&p);
	tcp_listener_gone(p.tcp, p.now, 77); /* nobody's */
	CHECK_INT(p.nout, ==, 0);
	tcp_listener_gone(p.tcp, p.now, LISTENER);
	CHECK_INT(p.nout, ==, 50);
	CHECK_INT(peer_last(&p)->flags & TCP_RST, ==, TCP_RST);
	tcp_listener_gone(p.tcp, p.now, LISTENER);
	CHECK_INT(p.nout, ==, 50);
	peer_fini(&p);
}
