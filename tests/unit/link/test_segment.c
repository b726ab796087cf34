/* What a device would have done, done by the link.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "segment.h"

#include <string.h>

#include "base/checksum.h"
#include "base/cursor.h"
#include "check.h"
#include "wire/ipv4.h"
#include "wire/ipv6.h"

enum { MSS = 1000, TEXT = 2500, SEQ = 0x7ffffff0, TCP_LEN = 32 };

static uint8_t frame[14 + 40 + TCP_LEN + TEXT];

static struct ip_addr address(const char *text)
{
	struct ip_addr a;

	CHECK_INT(ip_addr_parse(text, &a), ==, 0);
	return a;
}

/* A super-segment with FIN, PSH and CWR; returns its length. */
static size_t make(bool v6, uint16_t id, struct offload *o)
{
	struct ipv4_header h4 = { .src = address("10.0.0.1"), .dst = address("10.0.0.2"),
		.proto = 6, .ttl = 64, .id = id, .dont_fragment = true };
	struct ipv6_header h6 = { .src = address("fd00::1"), .dst = address("fd00::2"),
		.proto = 6, .hop_limit = 64 };
	size_t l4 = v6 ? 54 : 34;

	memset(frame, 0, sizeof(frame));
	put_be16(frame + 12, v6 ? 0x86dd : 0x0800);
	if (v6)
		ipv6_emit(frame + 14, &h6, TCP_LEN + TEXT);
	else
		ipv4_emit(frame + 14, &h4, TCP_LEN + TEXT);
	put_be32(frame + l4 + 4, SEQ);
	frame[l4 + 12] = TCP_LEN / 4 << 4;
	frame[l4 + 13] = 0x80 | 0x10 | 0x08 | 0x01;
	for (int i = 0; i < TEXT; i++)
		frame[l4 + TCP_LEN + (size_t)i] = (uint8_t)(i * 7);
	*o = (struct offload){ MSS, (uint16_t)l4, 16, true };
	return l4 + TCP_LEN + TEXT;
}

static void check_sums_of(uint8_t proto, bool v6, const uint8_t *f, size_t len)
{
	struct checksum ip = CHECKSUM_INIT, tcp = CHECKSUM_INIT;
	struct ip_addr src = address(v6 ? "fd00::1" : "10.0.0.1");
	struct ip_addr dst = address(v6 ? "fd00::2" : "10.0.0.2");
	size_t l4 = v6 ? 54 : 34;

	if (!v6) {
		checksum_add(&ip, f + 14, 20);
		CHECK_INT(checksum_finish(&ip), ==, 0);
		CHECK_INT(get_be16(f + 16), ==, len - 14);
	} else {
		CHECK_INT(get_be16(f + 18), ==, len - 54);
	}
	checksum_add_pseudo(&tcp, &src, &dst, proto, (uint32_t)(len - l4));
	checksum_add(&tcp, f + l4, len - l4);
	CHECK_INT(checksum_finish(&tcp), ==, 0);
}

static void cut(bool v6, uint16_t id)
{
	static const uint8_t flags[] = { 0x90, 0x10, 0x19 };
	struct segmenter s;
	struct offload o;
	size_t len = make(v6, id, &o), l4 = o.l4;
	struct span parts[] = { { frame, 20 }, { frame + 20, l4 }, { frame + 20 + l4, 700 },
		{ frame + 720 + l4, len - 720 - l4 } };
	unsigned k = 0;

	CHECK(segment_begin(&s, parts, 4, &o));
	for (; segment_next(&s); k++) {
		uint8_t f[1600];
		size_t n = 0;

		CHECK_INT(k, <, 3);
		for (unsigned i = 0; i < s.nout; n += s.out[i].len, i++)
			memcpy(f + n, s.out[i].base, s.out[i].len);
		CHECK_INT(n, ==, l4 + TCP_LEN + (k < 2 ? MSS : TEXT - 2 * MSS));
		check_sums_of(6, v6, f, n);
		CHECK_INT(get_be32(f + l4 + 4), ==, SEQ + k * MSS);
		CHECK_INT(f[l4 + 13], ==, flags[k]);
		if (!v6)
			CHECK_INT(get_be16(f + 18), ==, id ? id + k : 0);
		CHECK(memcmp(f + l4 + TCP_LEN, frame + l4 + TCP_LEN + k * MSS,
			n - l4 - TCP_LEN) == 0);
	}
	CHECK_INT(k, ==, 3);
}

TEST(ipv4)
{
	cut(false, 0);
	cut(false, 0xfff0);
}

TEST(ipv6)
{
	cut(true, 0);
}

/* What UDP_SEGMENT makes on Linux. */
static void cut_udp(bool v6)
{
	struct ipv4_header h4 = { .src = address("10.0.0.1"), .dst = address("10.0.0.2"),
		.proto = 17, .ttl = 64, .id = 7 };
	struct ipv6_header h6 = { .src = address("fd00::1"), .dst = address("fd00::2"),
		.proto = 17, .hop_limit = 64 };
	size_t l4 = v6 ? 54 : 34, at = 0;
	struct offload o = { MSS, (uint16_t)l4, 6, true };
	struct span whole = { frame, l4 + 8 + TEXT };
	struct segmenter s;

	memset(frame, 0, sizeof(frame));
	put_be16(frame + 12, v6 ? 0x86dd : 0x0800);
	if (v6)
		ipv6_emit(frame + 14, &h6, 8 + TEXT);
	else
		ipv4_emit(frame + 14, &h4, 8 + TEXT);
	put_be32(frame + l4, 0x12345678);
	for (int i = 0; i < TEXT; i++)
		frame[l4 + 8 + (size_t)i] = (uint8_t)(i * 11);
	CHECK(segment_begin(&s, &whole, 1, &o));
	while (segment_next(&s)) {
		size_t len = at + MSS < TEXT ? MSS : TEXT - at, n = 0;
		uint8_t f[1600];

		for (unsigned i = 0; i < s.nout; n += s.out[i].len, i++)
			memcpy(f + n, s.out[i].base, s.out[i].len);
		CHECK_INT(n, ==, l4 + 8 + len);
		check_sums_of(17, v6, f, n);
		CHECK_INT(get_be32(f + l4), ==, 0x12345678);
		CHECK_INT(get_be16(f + l4 + 4), ==, 8 + len);
		CHECK(memcmp(f + l4 + 8, frame + l4 + 8 + at, len) == 0);
		if (!v6)
			CHECK_INT(get_be16(f + 18), ==, 7 + at / MSS);
		at += len;
	}
	CHECK_INT(at, ==, TEXT);
	frame[v6 ? 20 : 23] = 6; /* says TCP, with UDP's place of the sum */
	CHECK(!segment_begin(&s, &whole, 1, &o));
}

TEST(udp)
{
	cut_udp(false);
	cut_udp(true);
}

/* One frame whose checksum is wanting; UDP's is never 0. */
TEST(a_checksum)
{
	struct offload o = { 0, 34, 6, true };
	struct span whole = { frame, 14 + 20 + 8 + 5 };
	struct segmenter s;

	memset(frame, 0, sizeof(frame));
	put_be16(frame + 34, 0x1234);
	put_be16(frame + 40, 0x0101); /* the pseudo header */
	frame[46] = 0xff; /* odd */
	CHECK(segment_begin(&s, &whole, 1, &o));
	CHECK(segment_next(&s));
	CHECK_INT(s.out[0].len + s.out[1].len, ==, whole.len);
	CHECK_INT(get_be16(s.out[0].base + 40), ==,
		(uint16_t)~(0x1234 + 0x0101 + 0xff00 - 0xffff));
	CHECK(!segment_next(&s));
	put_be16(frame + 34, 0xfefe - 0xff00 + 0xffff);
	CHECK(segment_begin(&s, &whole, 1, &o) && segment_next(&s));
	CHECK_INT(get_be16(s.out[0].base + 40), ==, 0xffff);
}

/* Nothing in it may lead outside: all lengths and a header of each kind of nonsense. */
TEST(nonsense_is_refused)
{
	struct segmenter s;
	struct offload o;
	size_t len = make(false, 1, &o);

	for (size_t n = 0; n <= len; n++) {
		struct span part = { frame, n };

		CHECK_INT(segment_begin(&s, &part, 1, &o), ==, n > 34 + TCP_LEN);
	}
	for (unsigned l4 = 0; l4 < 65536; l4++) {
		struct span whole = { frame, len };

		o.l4 = (uint16_t)l4;
		CHECK_INT(segment_begin(&s, &whole, 1, &o), ==, l4 == 34);
		o.segment = 0;
		o.sum_at = (uint16_t)(l4 * 3);
		if (segment_begin(&s, &whole, 1, &o))
			CHECK(segment_next(&s));
		o.segment = MSS;
		o.sum_at = 16;
	}
	make(false, 1, &o);
	for (int at = 12; at < 50; at++) {
		for (int v = 0; v < 256; v++) {
			struct span whole = { frame, len };
			unsigned k = 0;

			make(false, 1, &o);
			frame[at] = (uint8_t)v;
			if (segment_begin(&s, &whole, 1, &o))
				while (segment_next(&s))
					CHECK_INT(++k, <=, 3);
		}
	}
}
