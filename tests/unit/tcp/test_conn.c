/* The life of a connection as its user and its peer see it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "check.h"
#include "peer.h"

static struct peer p;

TEST(syn_offers_what_linux_offers)
{
	peer_init(&p, true, true);
	peer_connect(&p);
	CHECK_INT(p.nout, ==, 1);
	CHECK_INT(p.out[0].h.flags, ==, TCP_SYN);
	CHECK_INT(p.out[0].h.mss, ==, 1460);
	CHECK_INT(p.out[0].h.wscale, ==, 7);
	CHECK(p.out[0].h.sack_ok && p.out[0].h.has_ts);
	CHECK_INT(p.out[0].h.wnd, ==, 64240); /* 44 * 1460 */
}

/* Linux: four more at equal distances before the six that double. */
TEST(syn_is_sent_eleven_times_then_etimedout)
{
	static const int at[] = { 0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67 };

	peer_init(&p, true, true);
	peer_connect(&p);
	for (int i = 1; i < 11; i++) {
		peer_wait(&p, DURATION_MS((at[i] - at[i - 1]) * 1000 - 1));
		CHECK_INT(p.nout, ==, i);
		peer_wait(&p, DURATION_MS(1));
		CHECK_INT(p.nout, ==, i + 1);
		CHECK_INT(peer_last(&p)->seq.v, ==, p.iss.v);
	}
	CHECK_INT(p.closed, ==, 0);
	peer_wait(&p, DURATION_S(64));
	CHECK_INT(p.closed, ==, 1);
	CHECK_INT(p.err, ==, ETIMEDOUT);
	CHECK_INT(p.nout, ==, 11);
}

TEST(syn_ack_is_repeated_five_times)
{
	peer_init(&p, true, false);
	peer_send(&p, TCP_SYN, seq_of(1), seq_of(0), NULL, 0);
	peer_wait(&p, DURATION_S(200));
	CHECK_INT(p.nout, ==, 6);
	CHECK_INT(peer_state(&p), ==, TCP_CLOSED);
	CHECK(instant_is_never(tcp_deadline(p.tcp)));
	CHECK_INT(p.accepted, ==, 0);
}

TEST(connect_writes_before_established)
{
	peer_init(&p, true, false);
	peer_connect(&p);
	peer_user_write(&p, "hello", 5);
	CHECK_INT(p.nout, ==, 1); /* not before the handshake */
	peer_send(&p, TCP_SYN | TCP_ACK, p.seq, seq_add(p.iss, 1), NULL, 0);
	CHECK(p.events & TCP_EV_CONNECTED);
	CHECK_INT(p.nout, ==, 2); /* the ACK rides on the data */
	CHECK_INT(p.out[1].len, ==, 5);
	CHECK_MEM(p.out[1].data, "hello", 5);
	CHECK_INT(p.out[1].h.ack.v, ==, p.peer_iss + 1);
}

TEST(simultaneous_open)
{
	peer_init(&p, true, false);
	peer_connect(&p);
	peer_send(&p, TCP_SYN, p.seq, seq_of(0), NULL, 0);
	CHECK_INT(peer_last(&p)->flags, ==, TCP_SYN | TCP_ACK);
	CHECK_INT(peer_last(&p)->seq.v, ==, p.iss.v);
	peer_send(&p, TCP_SYN | TCP_ACK, p.seq, seq_add(p.iss, 1), NULL, 0);
	CHECK_INT(peer_state(&p), ==, TCP_ESTABLISHED);
	CHECK(p.events & TCP_EV_CONNECTED);
}

TEST(accept_queue_full_ignores_the_ack)
{
	peer_init(&p, true, false);
	peer_send(&p, TCP_SYN, seq_of(PEER_ISS), seq_of(0), NULL, 0);
	p.accept_error = -EAGAIN;
	peer_send(&p, TCP_ACK, seq_of(PEER_ISS + 1), peer_ack(&p), NULL, 0);
	CHECK_INT(p.nout, ==, 1); /* silence */
	CHECK_INT(peer_state(&p), ==, TCP_SYN_RECEIVED);
	peer_wait(&p, DURATION_S(1)); /* the SYN-ACK again */
	CHECK_INT(p.nout, ==, 2);
	p.accept_error = 0;
	peer_send(&p, TCP_ACK, seq_of(PEER_ISS + 1), peer_ack(&p), "x", 1);
	CHECK_INT(p.accepted, ==, 1);
	CHECK_INT(fifo_reader_used(&p.rx), ==, 1);
}

TEST(accept_refused_resets)
{
	peer_init(&p, true, false);
	peer_send(&p, TCP_SYN, seq_of(PEER_ISS), seq_of(0), NULL, 0);
	p.accept_error = -ENOMEM;
	peer_send(&p, TCP_ACK, seq_of(PEER_ISS + 1), peer_ack(&p), NULL, 0);
	CHECK(peer_last(&p)->flags & TCP_RST);
	CHECK_INT(peer_state(&p), ==, TCP_CLOSED);
}

TEST(full_backlog_drops_the_syn)
{
	peer_init(&p, true, false);
	p.verdict = TCP_LISTEN_FULL;
	peer_send(&p, TCP_SYN, seq_of(1), seq_of(0), NULL, 0);
	CHECK_INT(p.nout, ==, 0);
	CHECK_INT(tcp_stats(p.tcp)->listen_drops, ==, 1);
}

TEST(listener_gone_resets_half_open)
{
	peer_init(&p, true, false);
	peer_send(&p, TCP_SYN, seq_of(1), seq_of(0), NULL, 0);
	tcp_listener_gone(p.tcp, p.now, 6); /* another's */
	CHECK_INT(peer_state(&p), ==, TCP_SYN_RECEIVED);
	tcp_listener_gone(p.tcp, p.now, 5);
	CHECK_INT(peer_state(&p), ==, TCP_CLOSED);
	CHECK(peer_last(&p)->flags & TCP_RST);
}

TEST(half_close_still_receives)
{
	uint8_t buf[8];

	peer_init(&p, true, false);
	peer_to_state(&p, TCP_FIN_WAIT_2);
	peer_send(&p, TCP_ACK, p.seq, peer_ack(&p), "late", 4);
	CHECK_INT(fifo_read(&p.rx, buf, 8), ==, 4);
	CHECK_MEM(buf, "late", 4);
	peer_wait(&p, DURATION_S(300)); /* not bounded: the user is there */
	CHECK_INT(peer_state(&p), ==, TCP_FIN_WAIT_2);
}

TEST(fin_wait_2_of_a_gone_user_is_bounded)
{
	peer_init(&p, true, false);
	peer_to_state(&p, TCP_FIN_WAIT_2);
	CHECK_INT(tcp_detach(p.tcp, p.now, p.id), ==, 0);
	CHECK_INT(p.closed, ==, 1); /* no fifo is needed */
	CHECK_INT(peer_state(&p), ==, TCP_FIN_WAIT_2);
	peer_wait(&p, DURATION_S(59));
	CHECK_INT(peer_state(&p), ==, TCP_FIN_WAIT_2);
	peer_wait(&p, DURATION_S(2));
	CHECK_INT(peer_state(&p), ==, TCP_CLOSED);
}

TEST(data_after_the_user_is_gone_is_reset)
{
	peer_init(&p, true, false);
	peer_to_state(&p, TCP_ESTABLISHED);
	tcp_detach(p.tcp, p.now, p.id);
	CHECK_INT(peer_last(&p)->flags & TCP_FIN, ==, TCP_FIN);
	CHECK_INT(p.closed, ==, 0);
	peer_send(&p, TCP_ACK, p.seq, peer_ack(&p), "data", 4);
	CHECK(peer_last(&p)->flags & TCP_RST);
	CHECK_INT(p.closed, ==, 1);
	CHECK(!(p.events & TCP_EV_ERROR)); /* nobody to hear it */
}

TEST(close_with_unread_data_resets_at_once)
{
	peer_init(&p, true, false);
	peer_to_state(&p, TCP_ESTABLISHED);
	peer_send(&p, TCP_ACK, p.seq, peer_ack(&p), "data", 4);
	tcp_detach(p.tcp, p.now, p.id);
	CHECK(peer_last(&p)->flags & TCP_RST);
	CHECK_INT(p.closed, ==, 1);
}

/* FIN and the ACK of ours in one segment, after the user has gone. */
TEST(fin_with_the_ack_of_ours_is_acknowledged)
{
	peer_init(&p, true, false);
	peer_to_state(&p, TCP_ESTABLISHED);
	tcp_detach(p.tcp, p.now, p.id);
	peer_send(&p, TCP_FIN | TCP_ACK, p.seq, peer_ack(&p), NULL, 0);
	CHECK_INT(peer_last(&p)->ack.v, ==, p.seq.v + 1);
	CHECK_INT(peer_state(&p), ==, TCP_TIME_WAIT);
	CHECK_INT(p.closed, ==, 1);
	peer_wait(&p, DURATION_S(59));
	CHECK_INT(peer_state(&p), ==, TCP_TIME_WAIT);
	CHECK(tcp_local_in_use(p.tcp, &p.tuple.local, false));
	CHECK(!tcp_local_in_use(p.tcp, &p.tuple.local, true));
	peer_wait(&p, DURATION_S(2));
	CHECK_INT(peer_state(&p), ==, TCP_CLOSED);
	CHECK(!tcp_tuple_in_use(p.tcp, &p.tuple));
}

TEST(fin_behind_a_hole_waits)
{
	peer_init(&p, true, false);
	peer_to_state(&p, TCP_ESTABLISHED);
	peer_send(&p, TCP_FIN | TCP_ACK, seq_add(p.seq, 4), peer_ack(&p), "efgh",
		4);
	CHECK(!(p.events & TCP_EV_EOF));
	CHECK_INT(peer_last(&p)->nsack, ==, 1);
	peer_send(&p, TCP_ACK, p.seq, peer_ack(&p), "abcd", 4);
	CHECK(p.events & TCP_EV_EOF);
	CHECK_INT(fifo_reader_used(&p.rx), ==, 8);
	CHECK_INT(peer_last(&p)->ack.v, ==, p.seq.v + 9);
}

TEST(lost_fin_is_sent_again)
{
	unsigned n;

	peer_init(&p, true, false);
	peer_to_state(&p, TCP_FIN_WAIT_1);
	n = p.nout;
	peer_wait(&p, DURATION_S(2));
	CHECK_INT(p.nout, >, n);
	CHECK(peer_last(&p)->flags & TCP_FIN);
}

TEST(killed_peer_times_out_as_late_as_fifteen_doublings_last)
{
	peer_init(&p, true, false);
	peer_to_state(&p, TCP_ESTABLISHED);
	peer_clear(&p);
	peer_user_write(&p, "x", 1);
	peer_wait(&p, DURATION_S(900));
	CHECK_INT(p.closed, ==, 0);
	peer_wait(&p, DURATION_S(400));
	CHECK_INT(p.closed, ==, 1);
	CHECK_INT(p.err, ==, ETIMEDOUT);
	/* 924.6 s after the first repetition: the sixteenth is still within. */
	CHECK_INT(tcp_stats(p.tcp)->timeouts, ==, 16);
}

TEST(user_timeout_comes_earlier)
{
	peer_init(&p, true, false);
	p.opt.user_timeout = 5000;
	peer_to_state(&p, TCP_ESTABLISHED);
	peer_user_write(&p, "x", 1);
	peer_wait(&p, DURATION_MS(4900));
	CHECK_INT(p.closed, ==, 0);
	peer_wait(&p, DURATION_S(8));
	CHECK_INT(p.closed, ==, 1);
	CHECK_INT(p.err, ==, ETIMEDOUT);
}

TEST(keepalive_probes_and_gives_up)
{
	peer_init(&p, true, false);
	p.opt.keepalive = true;
	p.opt.keep_idle = 10;
	p.opt.keep_intvl = 2;
	p.opt.keep_cnt = 3;
	peer_to_state(&p, TCP_ESTABLISHED);
	peer_clear(&p);
	peer_wait(&p, DURATION_MS(10001));
	CHECK_INT(p.nout, ==, 1);
	CHECK_INT(peer_last(&p)->seq.v, ==, p.iss.v); /* one below snd_nxt */
	peer_send(&p, TCP_ACK, p.seq, seq_add(p.iss, 1), NULL, 0);
	peer_wait(&p, DURATION_MS(9900)); /* it lives: from the start */
	CHECK_INT(p.nout, ==, 1);
	peer_wait(&p, DURATION_MS(200 + 3 * 2000));
	CHECK_INT(p.closed, ==, 1);
	CHECK_INT(p.err, ==, ETIMEDOUT);
}

TEST(shut_window_is_probed_and_opens)
{
	peer_init(&p, true, false);
	peer_to_state(&p, TCP_ESTABLISHED);
	p.wnd = 0;
	peer_send(&p, TCP_ACK, p.seq, peer_ack(&p), NULL, 0);
	peer_clear(&p);
	peer_user_write(&p, "hello", 5);
	CHECK_INT(p.nout, ==, 0);
	peer_wait(&p, DURATION_S(2));
	CHECK_INT(p.nout, >=, 2); /* probes: no data, an old number */
	CHECK_INT(p.out[0].len, ==, 0);
	CHECK_INT(p.out[0].h.seq.v, ==, p.iss.v);
	for (int i = 0; i < 40; i++) { /* answered: never given up */
		peer_wait(&p, DURATION_S(60));
		peer_send(&p, TCP_ACK, p.seq, seq_add(p.iss, 1), NULL, 0);
	}
	CHECK_INT(p.closed, ==, 0);
	peer_clear(&p);
	p.wnd = 1000;
	peer_send(&p, TCP_ACK, p.seq, seq_add(p.iss, 1), NULL, 0);
	CHECK_INT(p.nout, ==, 1);
	CHECK_INT(p.out[0].len, ==, 5);
}

TEST(zero_window_is_offered_and_reopened_when_it_pays)
{
	static uint8_t block[1000], all[PEER_BUF];
	unsigned n;

	peer_init(&p, true, false);
	p.rx_limit = 8192;
	peer_to_state(&p, TCP_ESTABLISHED);
	for (int i = 0; i < 8; i++) {
		peer_send(&p, TCP_ACK, p.seq, peer_ack(&p), block, 1000);
		p.seq = seq_add(p.seq, 1000);
	}
	peer_send(&p, TCP_ACK, p.seq, peer_ack(&p), block, 1000);
	CHECK_INT(fifo_reader_used(&p.rx), ==, 8000); /* not cut, but dropped */
	CHECK_INT(peer_last(&p)->wnd, <=, 1);
	CHECK_INT(peer_last(&p)->ack.v, ==, p.seq.v);
	n = p.nout;
	fifo_read(&p.rx, all, 700); /* less than a segment of its: silly */
	tcp_user_received(p.tcp, p.now, p.id);
	CHECK_INT(p.nout, ==, n);
	fifo_read(&p.rx, all, 1000);
	tcp_user_received(p.tcp, p.now, p.id);
	CHECK_INT(p.nout, ==, n + 1);
	CHECK_INT(peer_last(&p)->wnd << 7, >=, 1000);
}

TEST(nagle_holds_and_nodelay_does_not)
{
	struct tcp_options opt = { .nodelay = true };

	peer_init(&p, true, false);
	peer_to_state(&p, TCP_ESTABLISHED);
	peer_clear(&p);
	peer_user_write(&p, "a", 1);
	peer_user_write(&p, "b", 1);
	CHECK_INT(p.nout, ==, 1);
	tcp_set_options(p.tcp, p.now, p.id, &opt);
	CHECK_INT(p.nout, ==, 2);
	peer_user_write(&p, "c", 1);
	CHECK_INT(p.nout, ==, 3);
}

TEST(cork_holds_for_200_ms)
{
	struct tcp_options opt = { .cork = true };

	peer_init(&p, true, false);
	peer_to_state(&p, TCP_ESTABLISHED);
	tcp_set_options(p.tcp, p.now, p.id, &opt);
	peer_clear(&p);
	peer_user_write(&p, "a", 1);
	peer_wait(&p, DURATION_MS(199));
	CHECK_INT(p.nout, ==, 0);
	peer_wait(&p, DURATION_MS(2));
	CHECK_INT(p.nout, ==, 1);
	peer_user_write(&p, "b", 1);
	CHECK_INT(p.nout, ==, 1);
	opt.cork = false;
	opt.nodelay = true;
	tcp_set_options(p.tcp, p.now, p.id, &opt);
	CHECK_INT(p.nout, ==, 2);
}

TEST(every_second_full_segment_is_acknowledged)
{
	static uint8_t block[1460];

	peer_init(&p, true, false);
	peer_to_state(&p, TCP_ESTABLISHED);
	for (int i = 0; i < 60; i++) { /* quick ACKs are used up, the window grown */
		peer_send(&p, TCP_ACK, p.seq, peer_ack(&p), block, 1460);
		p.seq = seq_add(p.seq, 1460);
		fifo_release(&p.rx, 1460);
		tcp_user_received(p.tcp, p.now, p.id);
	}
	peer_wait(&p, DURATION_MS(100));
	peer_clear(&p);
	peer_send(&p, TCP_ACK, p.seq, seq_add(p.iss, 1), block, 1460);
	p.seq = seq_add(p.seq, 1460);
	CHECK_INT(p.nout, ==, 0);
	peer_send(&p, TCP_ACK, p.seq, seq_add(p.iss, 1), block, 1460);
	p.seq = seq_add(p.seq, 1460);
	CHECK_INT(p.nout, ==, 1);
	peer_send(&p, TCP_ACK, p.seq, seq_add(p.iss, 1), block, 100);
	CHECK_INT(p.nout, ==, 1);
	peer_wait(&p, DURATION_MS(39));
	CHECK_INT(p.nout, ==, 1);
	peer_wait(&p, DURATION_MS(1));
	CHECK_INT(p.nout, ==, 2);
}

TEST(paws_drops_an_old_timestamp)
{
	peer_init(&p, true, true);
	peer_to_state(&p, TCP_ESTABLISHED);
	p.tsval = 50; /* the SYN had 100 */
	peer_send(&p, TCP_ACK, p.seq, peer_ack(&p), "old", 3);
	CHECK_INT(fifo_reader_used(&p.rx), ==, 0);
	CHECK_INT(peer_last(&p)->flags, ==, TCP_ACK);
	p.tsval = 150;
	peer_send(&p, TCP_ACK, p.seq, peer_ack(&p), "new", 3);
	CHECK_INT(fifo_reader_used(&p.rx), ==, 3);
	CHECK_INT(peer_last(&p)->tsecr, ==, 150);
	p.ts = false; /* taken, as Linux does, against RFC 7323 3.2's SHOULD */
	peer_send(&p, TCP_ACK, seq_add(p.seq, 3), peer_ack(&p), "none", 4);
	CHECK_INT(fifo_reader_used(&p.rx), ==, 7);
}

TEST(paws_gives_in_after_24_days)
{
	peer_init(&p, true, true);
	peer_to_state(&p, TCP_ESTABLISHED);
	p.now.ns += DURATION_S(25ll * 24 * 3600).ns;
	p.tsval = 50;
	peer_send(&p, TCP_ACK, p.seq, peer_ack(&p), "new", 3);
	CHECK_INT(fifo_reader_used(&p.rx), ==, 3);
}

TEST(numbers_wrap_around)
{
	static uint8_t block[1460];

	peer_init(&p, true, false);
	p.peer_iss = UINT32_MAX - 3000;
	peer_to_state(&p, TCP_ESTABLISHED);
	for (int i = 0; i < 10; i++) {
		peer_send(&p, TCP_ACK, p.seq, peer_ack(&p), block, 1460);
		p.seq = seq_add(p.seq, 1460);
	}
	CHECK_INT(p.seq.v, <, 20000);
	CHECK_INT(fifo_reader_used(&p.rx), ==, 14600);
	CHECK_INT(peer_last(&p)->ack.v, ==, p.seq.v);
}

TEST(challenge_acks_are_limited)
{
	peer_init(&p, true, false);
	peer_to_state(&p, TCP_ESTABLISHED);
	peer_clear(&p);
	for (int i = 0; i < 100; i++)
		peer_send(&p, TCP_SYN, seq_add(p.seq, 5), seq_of(0), NULL, 0);
	CHECK_INT(p.nout, ==, 1);
	peer_wait(&p, DURATION_MS(500));
	peer_send(&p, TCP_SYN, seq_add(p.seq, 5), seq_of(0), NULL, 0);
	CHECK_INT(p.nout, ==, 2);
}

static void icmp(int err, bool hard, struct seq seq)
{
	uint8_t l4[8] = { 0, 80, 4000 >> 8, 4000 & 255, (uint8_t)(seq.v >> 24),
		(uint8_t)(seq.v >> 16), (uint8_t)(seq.v >> 8), (uint8_t)seq.v };
	struct ip_error_in e = { .src = p.tuple.local.addr,
		.dst = p.tuple.remote.addr, .proto = IP_PROTO_TCP, .err = err,
		.hard = hard, .l4 = l4, .len = 8 };

	tcp_icmp_error(p.tcp, p.now, &e);
}

TEST(icmp_ends_a_handshake_only)
{
	peer_init(&p, true, false);
	peer_connect(&p);
	icmp(EHOSTUNREACH, true, seq_add(p.iss, 5)); /* not ours */
	CHECK_INT(p.closed, ==, 0);
	icmp(EHOSTUNREACH, true, p.iss);
	CHECK_INT(p.err, ==, EHOSTUNREACH);
	CHECK_INT(p.closed, ==, 1);
	peer_fini(&p);
	peer_init(&p, true, false);
	peer_to_state(&p, TCP_ESTABLISHED);
	peer_user_write(&p, "x", 1);
	icmp(EHOSTUNREACH, true, seq_add(p.iss, 1));
	CHECK_INT(p.closed, ==, 0);
	CHECK(p.events & TCP_EV_SOFT_ERROR);
	peer_wait(&p, DURATION_S(1500)); /* the reason, when it gives up */
	CHECK_INT(p.err, ==, EHOSTUNREACH);
}

TEST(narrower_path_cuts_segments)
{
	static uint8_t block[4000];
	uint32_t total = 0;

	peer_init(&p, true, false);
	peer_to_state(&p, TCP_ESTABLISHED);
	peer_clear(&p);
	peer_user_write(&p, block, 2920);
	CHECK_INT(p.nout, ==, 2);
	CHECK_INT(p.out[0].len, ==, 1460);
	p.mtu = 1000;
	icmp(EMSGSIZE, false, seq_add(p.iss, 1));
	peer_clear(&p);
	peer_wait(&p, DURATION_MS(1));
	for (unsigned i = 0; i < p.nout; i++) {
		CHECK_INT(p.out[i].len, <=, 960);
		total += p.out[i].len;
	}
	CHECK_INT(total, ==, 2920);
}

/* A forged one cannot make segments tiny, nor is a foreign number heeded. */
TEST(narrowest_path_believed_is_552)
{
	static uint8_t block[4000];
	struct tcp_info_view v;
	uint8_t l4[8] = { 0, 80, 4000 >> 8, 4000 & 255 };
	struct ip_error_in e = { .dst = ip_addr_v4(10, 0, 0, 2),
		.src = ip_addr_v4(10, 0, 0, 1), .proto = IP_PROTO_TCP,
		.err = EMSGSIZE, .mtu = 68, .l4 = l4, .len = 8 };

	peer_init(&p, true, false);
	peer_to_state(&p, TCP_ESTABLISHED);
	peer_user_write(&p, block, 2920);
	for (int i = 0; i < 2; i++) {
		uint32_t seq = p.iss.v + (i ? 1 : 1000000);

		for (int k = 0; k < 4; k++)
			l4[4 + k] = (uint8_t)(seq >> (24 - 8 * k));
		tcp_icmp_error(p.tcp, p.now, &e);
		CHECK_INT(tcp_get_info(p.tcp, p.now, p.id, &v), ==, 0);
		CHECK_INT(v.mss, ==, i ? 512 : 1460);
	}
}

/* A peer that answers each probe cannot hold a connection whose user has gone. */
TEST(shut_window_does_not_keep_an_orphan_for_ever)
{
	peer_init(&p, true, false);
	peer_to_state(&p, TCP_ESTABLISHED);
	p.wnd = 0;
	peer_send(&p, TCP_ACK, p.seq, peer_ack(&p), NULL, 0);
	peer_user_write(&p, "hello", 5);
	tcp_detach(p.tcp, p.now, p.id);
	for (int i = 0; i < 60 && !p.closed; i++) {
		peer_wait(&p, DURATION_S(10));
		if (!p.closed)
			peer_send(&p, TCP_ACK, p.seq, seq_add(p.iss, 1), NULL, 0);
	}
	CHECK_INT(p.closed, ==, 1);
}

TEST(time_wait_tuple_is_reused_by_a_later_timestamp)
{
	struct seq old;

	peer_init(&p, true, true);
	peer_to_state(&p, TCP_TIME_WAIT);
	old = peer_ack(&p);
	p.accepted = p.closed = 0;
	peer_send(&p, TCP_SYN, seq_add(p.seq, -500), seq_of(0), NULL, 0);
	CHECK_INT(peer_state(&p), ==, TCP_TIME_WAIT); /* same tick: old */
	p.tsval++;
	peer_send(&p, TCP_SYN, seq_add(p.seq, -500), seq_of(0), NULL, 0);
	CHECK_INT(peer_state(&p), ==, TCP_SYN_RECEIVED);
	CHECK(seq_lt(old, p.iss));
}

TEST(corrupt_fifos_end_only_the_connection)
{
	peer_init(&p, true, false);
	peer_to_state(&p, TCP_ESTABLISHED);
	p.tx_sh.tail += PEER_BUF + 1;
	CHECK_INT(tcp_user_sent(p.tcp, p.now, p.id), ==, 0);
	CHECK_INT(p.err, ==, EPROTO);
	CHECK_INT(p.closed, ==, 1);
	CHECK(peer_last(&p)->flags & TCP_RST);
	peer_fini(&p);
	peer_init(&p, true, false);
	peer_to_state(&p, TCP_ESTABLISHED);
	p.rx_sh.head += 7; /* read what never came */
	peer_send(&p, TCP_ACK, p.seq, peer_ack(&p), "data", 4);
	CHECK_INT(p.err, ==, EPROTO);
	CHECK_INT(p.closed, ==, 1);
}

TEST(abort_resets)
{
	peer_init(&p, true, false);
	peer_to_state(&p, TCP_ESTABLISHED);
	CHECK_INT(tcp_abort(p.tcp, p.now, p.id), ==, 0);
	CHECK(peer_last(&p)->flags & TCP_RST);
	CHECK_INT(p.closed, ==, 1);
	CHECK_INT(tcp_abort(p.tcp, p.now, p.id), ==, -EBADF);
	peer_send(&p, TCP_ACK, p.seq, seq_add(p.iss, 1), NULL, 0);
	CHECK(peer_last(&p)->flags & TCP_RST); /* nobody there */
}

TEST(deferred_accept_waits_for_data)
{
	peer_init(&p, true, false);
	p.defer = 3;
	peer_send(&p, TCP_SYN, p.seq, seq_of(0), NULL, 0);
	p.seq = seq_add(p.seq, 1);
	p.iss = peer_last(&p)->seq;
	peer_send(&p, TCP_ACK, p.seq, seq_add(p.iss, 1), NULL, 0);
	CHECK_INT(p.accepted, ==, 0);
	peer_clear(&p);
	peer_wait(&p, DURATION_S(2));
	CHECK_INT(p.nout, ==, 0); /* it is connected, as far as the peer knows */
	peer_send(&p, TCP_ACK, p.seq, seq_add(p.iss, 1), "x", 1);
	CHECK_INT(p.accepted, ==, 1);
	CHECK_INT(fifo_reader_used(&p.rx), ==, 1);
	peer_fini(&p);
}

TEST(deferred_accept_ends)
{
	peer_init(&p, true, false);
	p.defer = 2;
	peer_send(&p, TCP_SYN, p.seq, seq_of(0), NULL, 0);
	p.seq = seq_add(p.seq, 1);
	p.iss = peer_last(&p)->seq;
	peer_send(&p, TCP_ACK, p.seq, seq_add(p.iss, 1), NULL, 0);
	peer_clear(&p);
	peer_wait(&p, DURATION_S(4));
	CHECK_INT(p.accepted, ==, 0);
	CHECK_INT(p.nout, ==, 1); /* asked once more */
	peer_send(&p, TCP_ACK, p.seq, seq_add(p.iss, 1), NULL, 0);
	CHECK_INT(p.accepted, ==, 1);
	peer_fini(&p);
}
