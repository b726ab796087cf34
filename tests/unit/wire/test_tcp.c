/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/tcp.h"

#include <errno.h>
#include <string.h>

#include "base/rng.h"
#include "check.h"

static const uint8_t head[12] = { 0x12, 0x34, 0, 80, 1, 2, 3, 4, 5, 6, 7, 8 };

/* A header with these options, padded with zeroes to a multiple of four. */
static size_t with_options(uint8_t *buf, const void *options, size_t n)
{
	size_t padded = (n + 3) / 4 * 4;

	memset(buf, 0, 60);
	memcpy(buf, head, sizeof(head));
	buf[12] = (uint8_t)((20 + padded) / 4 << 4);
	buf[13] = TCP_SYN | TCP_ACK;
	memcpy(buf + 20, options, n);
	return 20 + padded;
}

static int parse_options(const void *options, size_t n, struct tcp_header *h)
{
	uint8_t buf[64];
	size_t len = with_options(buf, options, n);

	return tcp_header_parse(buf, len, h);
}

TEST(plain_header)
{
	struct tcp_header h;
	uint8_t buf[60];

	with_options(buf, "", 0);
	buf[13] = TCP_ACK;
	buf[14] = 0xab;
	buf[15] = 0xcd;
	CHECK_INT(tcp_header_parse(buf, 20, &h), ==, 20);
	CHECK_INT(h.sport, ==, 0x1234);
	CHECK_INT(h.dport, ==, 80);
	CHECK_INT(h.seq.v, ==, 0x01020304);
	CHECK_INT(h.ack.v, ==, 0x05060708);
	CHECK_INT(h.flags, ==, TCP_ACK);
	CHECK_INT(h.wnd, ==, 0xabcd);
	CHECK_INT(h.wscale, ==, TCP_WSCALE_NONE);
	CHECK(!h.mss && !h.has_ts && !h.sack_ok && !h.nsack);
}

TEST(truncated_at_every_length)
{
	static const uint8_t opt[] = "\2\4\5\xb4\4\2\10\12\0\0\0\1\0\0\0\2\1\3\3\7";
	struct tcp_header h;
	uint8_t buf[64];
	size_t len = with_options(buf, opt, 20);

	CHECK_INT(tcp_header_parse(buf, len, &h), ==, 40);
	for (size_t n = 0; n < len; n++)
		CHECK_INT(tcp_header_parse(buf, n, &h), ==, -EINVAL);
	buf[12] = 0x40; /* data offset below five words */
	CHECK_INT(tcp_header_parse(buf, len, &h), ==, -EINVAL);
}

TEST(options_of_a_linux_syn)
{
	static const uint8_t opt[] = "\2\4\5\xb4\4\2\10\12\0\0\0\1\0\0\0\2\1\3\3\7";
	struct tcp_header h;

	CHECK_INT(parse_options(opt, 20, &h), ==, 40);
	CHECK_INT(h.mss, ==, 1460);
	CHECK(h.sack_ok && h.has_ts);
	CHECK_INT(h.tsval, ==, 1);
	CHECK_INT(h.tsecr, ==, 2);
	CHECK_INT(h.wscale, ==, 7);
}

TEST(unknown_options_are_skipped)
{
	struct tcp_header h;

	/* 254: experimental, 6 bytes; then MSS; then end and rubbish */
	CHECK_INT(parse_options("\xfe\6abcd\2\4\1\0\0\2\377", 13, &h), ==, 36);
	CHECK_INT(h.mss, ==, 256);
}

TEST(window_scale_above_fourteen_is_fourteen)
{
	struct tcp_header h;

	CHECK_INT(parse_options("\3\3\17", 3, &h), ==, 24);
	CHECK_INT(h.wscale, ==, 14);
	CHECK_INT(parse_options("\3\3\377", 3, &h), ==, 24);
	CHECK_INT(h.wscale, ==, 14);
}

/* As Linux: a wrong length makes an option unknown, an impossible one ends them. */
TEST(malformed_options_say_nothing)
{
	static const struct { const char *opt; size_t n; bool goes_on; } bad[] = {
		{ "\2\3\5\4\2", 5, true },	     /* MSS of a wrong length */
		{ "\2\5\5\1\1\4\2", 7, true },   /* likewise */
		{ "\2\0\5\1\4\2", 6, false },     /* length 0 would loop */
		{ "\2\1\5\1\4\2", 6, false },     /* length 1 too */
		{ "\1\1\1\2", 4, false },	     /* kind without a length */
		{ "\1\1\2\4", 4, false },	     /* body beyond the header */
		{ "\3\4\1\1\4\2", 6, true },      /* window scale */
		{ "\10\11abcdefg\4\2\1", 12, true }, /* timestamps */
		{ "\5\2\4\2", 4, true },	     /* SACK without a block */
		{ "\5\7abcde\4\2", 9, true },      /* SACK with half a one */
		{ "\xfd\50\4\2", 4, false },	     /* unknown, too long */
		{ "\42\5abc\4\2", 7, true },	     /* an odd cookie */
		{ "\42\4ab\4\2", 6, true },	     /* one too short */
		{ "\42\24abcdefghijklmnopqr\4\2", 22, true }, /* too long */
	};
	struct tcp_header h;

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CHECK_INT(parse_options(bad[i].opt, bad[i].n, &h), >, 0);
		CHECK(!h.mss && h.wscale == TCP_WSCALE_NONE && !h.has_ts);
		CHECK(!h.nsack && !h.fo.there);
		CHECK_INT(h.sack_ok, ==, bad[i].goes_on);
	}
}

TEST(options_of_a_syn_mean_nothing_elsewhere)
{
	static const uint8_t opt[] = "\2\4\5\xb4\4\2\3\3\7\42\6abcd\1";
	struct tcp_header h;
	uint8_t buf[64];
	size_t len = with_options(buf, opt, 16);

	CHECK_INT(tcp_header_parse(buf, len, &h), ==, 36);
	CHECK(h.mss == 1460 && h.sack_ok && h.wscale == 7 && h.fo.there);
	buf[13] = TCP_ACK;
	CHECK_INT(tcp_header_parse(buf, len, &h), ==, 36);
	CHECK(!h.mss && !h.sack_ok && h.wscale == TCP_WSCALE_NONE && !h.fo.there);
}

TEST(cookies_go_there_and_back)
{
	for (unsigned len = 0; len <= TCP_COOKIE_MAX; len += 2) {
		struct tcp_header h = { .flags = TCP_SYN, .mss = 1460,
			.wscale = 7, .sack_ok = true, .fo = { .there = true,
			.exp = len & 4, .len = (uint8_t)len } }, back;
		uint8_t buf[TCP_HEADER_MAX];
		size_t n;

		memset(h.fo.bytes, 'a', len);
		n = tcp_header_emit(&h, buf);
		CHECK_INT(n, ==, tcp_header_size(&h));
		CHECK_INT(tcp_header_parse(buf, n, &back), ==, (long long)n);
		CHECK_INT(back.fo.there, ==, len != 2);
		if (len != 2)
			CHECK_MEM(&back.fo, &h.fo, sizeof(h.fo));
	}
}

/* The longest just fits beside what a SYN has. */
TEST(a_cookie_that_does_not_fit_is_left_out)
{
	struct tcp_header h = { .flags = TCP_SYN, .mss = 1460, .wscale = 7,
		.sack_ok = true, .has_ts = true, .fo = { .there = true,
		.exp = true, .len = TCP_COOKIE_MAX } }, back;
	uint8_t buf[TCP_HEADER_MAX];

	CHECK_INT(tcp_header_emit(&h, buf), ==, 60);
	h.nsack = 1;
	CHECK_INT(tcp_header_emit(&h, buf), ==, 52);
	CHECK_INT(tcp_header_parse(buf, 52, &back), ==, 52);
	CHECK(!back.fo.there);
}

TEST(what_is_emitted_is_parsed_back)
{
	struct rng g;

	rng_init(&g, 9);
	for (int round = 0; round < 5000; round++) {
		struct tcp_header h = { .sport = (uint16_t)rng_next(&g),
			.dport = (uint16_t)rng_next(&g),
			.seq = seq_of((uint32_t)rng_next(&g)),
			.ack = seq_of((uint32_t)rng_next(&g)),
			.flags = (uint8_t)rng_next(&g),
			.wnd = (uint16_t)rng_next(&g),
			.urgent = (uint16_t)rng_next(&g),
			.wscale = TCP_WSCALE_NONE }, back;
		uint8_t buf[TCP_HEADER_MAX];
		size_t len;

		if (rng_below(&g, 2)) {
			h.flags |= TCP_SYN;
			h.mss = (uint16_t)(1 + rng_below(&g, 65535));
			h.wscale = (int8_t)((int)rng_below(&g, 16) - 1);
			h.sack_ok = rng_below(&g, 2);
		} else {
			h.nsack = (uint8_t)rng_below(&g, 4);
		}
		h.has_ts = rng_below(&g, 2);
		if (h.has_ts)
			h.tsval = (uint32_t)rng_next(&g);
		for (unsigned i = 0; i < h.nsack; i++)
			h.sack[i] = (struct tcp_sack){
				seq_of((uint32_t)rng_next(&g)),
				seq_of((uint32_t)rng_next(&g)) };
		len = tcp_header_emit(&h, buf);
		CHECK_INT(len % 4, ==, 0);
		CHECK_INT(len, ==, tcp_header_size(&h));
		CHECK_INT(tcp_header_parse(buf, len, &back), ==, (long long)len);
		CHECK_INT(back.seq.v, ==, h.seq.v);
		CHECK_INT(back.flags, ==, h.flags);
		CHECK_INT(back.mss, ==, h.mss);
		CHECK_INT(back.wscale, ==, h.wscale);
		CHECK_INT(back.sack_ok, ==, h.sack_ok);
		CHECK_INT(back.has_ts, ==, h.has_ts);
		CHECK_INT(back.tsval, ==, h.tsval);
		CHECK_INT(back.nsack, ==, h.nsack);
		CHECK_MEM(back.sack, h.sack, h.nsack * sizeof(h.sack[0]));
	}
}

TEST(sequence_numbers_compare_around_zero)
{
	struct seq a = seq_of(UINT32_MAX - 5), b = seq_add(a, 10);

	CHECK_INT(b.v, ==, 4);
	CHECK(seq_lt(a, b) && !seq_lt(b, a) && seq_le(a, a));
	CHECK_INT(seq_diff(b, a), ==, 10);
	CHECK_INT(seq_diff(a, b), ==, -10);
	CHECK_INT(seq_max(a, b).v, ==, 4);
	CHECK_INT(seq_min(a, b).v, ==, UINT32_MAX - 5);
}
