/* SYN cookies against a peer that is played by hand (RFC 4987 3.6).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "synqueue.h"

#include "check.h"
#include "peer.h"

static struct peer p;

static void start(bool ts, uint32_t cookies)
{
	struct tcp_rules rules;

	peer_init(&p, true, ts);
	tcp_rules_default(&rules);
	rules.timestamps = ts;
	rules.syncookies = cookies;
	tcp_set_rules(p.tcp, &rules);
}

static void syn(uint16_t mss)
{
	struct tcp_header h = { .flags = TCP_SYN, .seq = seq_of(p.peer_iss),
		.mss = mss, .sack_ok = true, .wscale = 7, .has_ts = p.ts,
		.tsval = 5 };

	peer_send_header(&p, &h, NULL, 0);
}

static void ack(struct seq number)
{
	struct tcp_header h = { .flags = TCP_ACK, .ack = number,
		.seq = seq_of(p.peer_iss + 1), .wnd = 1000,
		.wscale = TCP_WSCALE_NONE, .has_ts = p.ts, .tsval = 6,
		.tsecr = peer_last(&p)->tsval };

	peer_send_header(&p, &h, NULL, 0);
}

TEST(a_cookie_brings_a_connection_back)
{
	static const uint16_t mss[] = { 100, 536, 1299, 1300, 1460, 9000 };
	static const uint32_t said[] = { 536, 536, 536, 1300, 1460, 1460 };
	struct tcp_info_view v;

	for (unsigned k = 0; k < 6; k++) {
		start(false, 2);
		syn(mss[k]);
		CHECK_INT(peer_last(&p)->flags, ==, TCP_SYN | TCP_ACK);
		CHECK(!peer_last(&p)->sack_ok);
		CHECK_INT(peer_last(&p)->wscale, ==, TCP_WSCALE_NONE);
		CHECK_INT(tcp_stats(p.tcp)->cookies_sent, ==, 1);
		CHECK_INT(peer_state(&p), ==, TCP_CLOSED); /* nothing is kept */
		ack(seq_add(peer_last(&p)->seq, 1));
		CHECK_INT(p.accepted, ==, 1);
		CHECK_INT(tcp_stats(p.tcp)->cookies_good, ==, 1);
		CHECK_INT(tcp_get_info(p.tcp, p.now, p.id, &v), ==, 0);
		CHECK_INT(v.mss, ==, said[k]);
		peer_fini(&p);
	}
}

TEST(timestamps_carry_the_options)
{
	struct tcp_info_view v;

	start(true, 2);
	syn(1460);
	CHECK(peer_last(&p)->sack_ok && peer_last(&p)->has_ts);
	peer_wait(&p, DURATION_MS(300));
	ack(seq_add(peer_last(&p)->seq, 1));
	CHECK_INT(p.accepted, ==, 1);
	CHECK_INT(tcp_get_info(p.tcp, p.now, p.id, &v), ==, 0);
	CHECK_INT(v.options & 7, ==, 7);
	CHECK_INT(v.snd_wscale, ==, 7);
	peer_fini(&p);
}

/* Of 2^32 numbers only few are cookies: none of those around it but its own table's. */
TEST(guesses_and_old_ones_are_refused)
{
	struct seq good;

	start(false, 2);
	syn(1460);
	good = seq_add(peer_last(&p)->seq, 1);
	for (uint32_t k = 4; k < 5000; k++)
		ack(seq_add(good, k));
	CHECK_INT(p.accepted, ==, 0);
	CHECK_INT(tcp_stats(p.tcp)->cookies_bad, ==, 4996);
	peer_wait(&p, DURATION_S(181));
	ack(good);
	CHECK_INT(p.accepted, ==, 0);
	peer_fini(&p);
}

/* While no cookie is about nobody looks for one. */
TEST(without_a_flood_an_ack_is_a_strangers)
{
	start(false, 1);
	ack(seq_of(12345));
	CHECK_INT(peer_last(&p)->flags, ==, TCP_RST);
	CHECK_INT(tcp_stats(p.tcp)->cookies_bad, ==, 0);
	syn(1460);
	CHECK_INT(peer_state(&p), ==, TCP_SYN_RECEIVED);
	CHECK_INT(tcp_stats(p.tcp)->cookies_sent, ==, 0);
	peer_fini(&p);
}
