/* Fast open of a client against a peer that is played by hand (RFC 7413). The whole,
 * servers too, is in tests/script/pkt/fastopen.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "fastopen.h"

#include <string.h>

#include "check.h"
#include "peer.h"

static struct peer p;

static void syn_ack(struct seq number, const char *cookie)
{
	struct tcp_header h = { .flags = TCP_SYN | TCP_ACK, .ack = number,
		.seq = seq_of(p.peer_iss), .wnd = 1000, .mss = 1000,
		.wscale = TCP_WSCALE_NONE };

	if (cookie) {
		h.fo = (struct tcp_cookie){ .there = true,
			.len = (uint8_t)strlen(cookie) };
		memcpy(h.fo.bytes, cookie, strlen(cookie));
	}
	peer_send_header(&p, &h, NULL, 0);
}

/* "abcd" lies in the buffer before the SYN. */
static void connect_to(uint8_t ask)
{
	struct tcp_bufs bufs = { .rx_limit = PEER_BUF };

	peer_init(&p, false, false);
	p.opt.fastopen = ask;
	p.cookie = 78;
	fifo_writer_init(&p.tx, &p.tx_sh, p.tx_mem, PEER_BUF);
	fifo_reader_init(&p.rx, &p.rx_sh, p.rx_mem, PEER_BUF);
	fifo_reader_init(&bufs.tx, &p.tx_sh, p.tx_mem, PEER_BUF);
	fifo_writer_init(&bufs.rx, &p.rx_sh, p.rx_mem, PEER_BUF);
	CHECK_INT(fifo_write(&p.tx, "abcd", 4), ==, 4);
	CHECK_INT(tcp_connect(p.tcp, p.now, &p.tuple, &bufs, &p.opt, 78, &p.id), ==,
		0);
	p.iss = peer_last(&p)->seq;
}

TEST(without_a_cookie_one_is_asked_for)
{
	connect_to(TCP_FO_ASK);
	CHECK(peer_last(&p)->fo.there && peer_last(&p)->fo.len == 0);
	CHECK_INT(p.out[p.nout - 1].len, ==, 0);
	peer_wait(&p, DURATION_S(1)); /* a SYN again: without the option */
	CHECK_INT(p.nout, ==, 2);
	CHECK(!peer_last(&p)->fo.there);
	syn_ack(seq_add(p.iss, 1), "cookie");
	CHECK_INT(p.out[p.nout - 1].len, ==, 4);
	peer_fini(&p);
}

TEST(data_without_a_cookie)
{
	connect_to(TCP_FO_ASK | TCP_FO_NO_COOKIE);
	CHECK(!peer_last(&p)->fo.there);
	CHECK_INT(p.out[p.nout - 1].len, ==, 4);
	CHECK_MEM(p.out[p.nout - 1].data, "abcd", 4);
	syn_ack(seq_add(p.iss, 3), NULL); /* two of them were taken */
	CHECK_INT(p.out[p.nout - 1].len, ==, 2);
	CHECK_MEM(p.out[p.nout - 1].data, "cd", 2);
	peer_fini(&p);
}

TEST(an_answer_beyond_the_data_is_none)
{
	connect_to(TCP_FO_ASK | TCP_FO_NO_COOKIE);
	syn_ack(seq_add(p.iss, 6), NULL);
	CHECK_INT(peer_last(&p)->flags, ==, TCP_RST);
	CHECK_INT(peer_state(&p), ==, TCP_SYN_SENT);
	peer_fini(&p);
}
