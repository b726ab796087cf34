/* Text in: what comes behind its header and what is still at its sender's, in one piece
 * or in two, ends in the same place.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "base/rng.h"
#include "check.h"
#include "peer.h"

enum { TEXT = 40000, LONGEST = 9000, ROUNDS = 4000 };

static struct peer p;
static uint8_t text[TEXT], got[TEXT];
static struct seq first;

/* [at, at + len) of the text; cut: where the second piece begins. */
static void give(uint32_t at, uint32_t len, uint32_t cut, bool apart)
{
	uint8_t buf[TCP_HEADER_MAX + LONGEST];
	struct tcp_header h = { .sport = p.tuple.remote.port,
		.dport = p.tuple.local.port, .flags = TCP_ACK, .wnd = p.wnd,
		.seq = seq_add(first, at), .ack = peer_ack(&p), .wscale = TCP_WSCALE_NONE };
	struct span parts[2] = { { text + at, cut }, { text + at + cut, len - cut } };
	struct ip_packet_in in = { .src = p.tuple.remote.addr,
		.dst = p.tuple.local.addr, .proto = IP_PROTO_TCP, .ttl = 64,
		.csum_ok = true, .segment = 1000, .l4 = buf };

	in.len = tcp_header_emit(&h, buf);
	if (apart) {
		in.text = cut ? parts : parts + 1;
		in.ntext = cut ? 2 : 1;
		/* Nobody is to look for it here. */
		memset(buf + in.len, 0xee, LONGEST);
	} else {
		memcpy(buf + in.len, text + at, len);
	}
	in.len += len;
	tcp_input(p.tcp, p.now, &in);
}

static void start(void)
{
	peer_init(&p, true, false);
	peer_to_state(&p, TCP_ESTABLISHED);
	first = p.seq;
	for (uint32_t k = 0; k < TEXT; k++)
		text[k] = (uint8_t)(k * 31 + (k >> 8));
}

TEST(text_that_is_elsewhere_is_taken_from_there)
{
	start();
	give(0, 3000, 0, true);
	give(3000, 3000, 1234, true);
	CHECK_INT(fifo_reader_used(&p.rx), ==, 6000);
	fifo_read(&p.rx, got, 6000);
	CHECK_MEM(got, text, 6000);
	peer_fini(&p);
}

TEST(what_has_come_already_is_cut_off)
{
	start();
	give(0, 2000, 500, true);
	give(500, 3000, 1000, true); /* into the first piece */
	give(1000, 4000, 2000, true); /* over the first one */
	CHECK_INT(fifo_reader_used(&p.rx), ==, 5000);
	fifo_read(&p.rx, got, 5000);
	CHECK_MEM(got, text, 5000);
	peer_fini(&p);
}

/* Any order, overlapping; against the text itself. */
TEST(any_pieces_in_any_order_make_the_text)
{
	struct rng r;
	uint32_t read = 0;

	start();
	rng_init(&r, 7);
	for (unsigned k = 0; k < ROUNDS && read < TEXT; k++) {
		uint32_t near = read > 3000 ? read - 3000 : 0, at, len;

		peer_clear(&p);
		at = rng_next(&r) % 4 ? near + (uint32_t)(rng_next(&r) % 12000) : read;
		len = 1 + (uint32_t)(rng_next(&r) % LONGEST);
		if (at >= TEXT)
			continue;
		if (len > TEXT - at)
			len = TEXT - at;
		give(at, len, (uint32_t)(rng_next(&r) % len), rng_next(&r) % 4 != 0);
		read += fifo_read(&p.rx, got + read, TEXT - read);
		tcp_user_received(p.tcp, p.now, p.id);
	}
	CHECK_INT(read, ==, TEXT);
	CHECK_MEM(got, text, TEXT);
	peer_fini(&p);
}

/* A header that says it is longer than what there is of it: its options would be text. */
TEST(a_header_that_reaches_into_the_text_is_none)
{
	struct tcp_stats before;
	uint8_t buf[TCP_HEADER_MAX];
	struct tcp_header h = { .sport = p.tuple.remote.port,
		.dport = p.tuple.local.port, .flags = TCP_ACK, .wscale = TCP_WSCALE_NONE };
	struct span part = { text, 1000 };
	struct ip_packet_in in = { .proto = IP_PROTO_TCP, .csum_ok = true,
		.segment = 500, .l4 = buf, .text = &part, .ntext = 1 };

	start();
	in.src = p.tuple.remote.addr;
	in.dst = p.tuple.local.addr;
	in.len = tcp_header_emit(&h, buf);
	buf[12] = 0x80; /* 32 bytes */
	in.len += part.len;
	before = *tcp_stats(p.tcp);
	tcp_input(p.tcp, p.now, &in);
	CHECK_INT(tcp_stats(p.tcp)->malformed, ==, before.malformed + 1);
	CHECK_INT(fifo_reader_used(&p.rx), ==, 0);
	peer_fini(&p);
}
