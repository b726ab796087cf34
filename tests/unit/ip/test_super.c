/* SPDX-License-Identifier: BSD-2-Clause */
#include "ip/super.h"

#include <errno.h>
#include <string.h>

#include "base/checksum.h"
#include "base/cursor.h"
#include "check.h"

enum { HEADER = 32, SEGMENT = 100, PAYLOAD = 250 };

static uint8_t header[HEADER], body[PAYLOAD];

static struct ip_packet_out super_of(unsigned first)
{
	struct ip_packet_out p = { .proto = IP_PROTO_TCP, .segment = SEGMENT,
		.nspans = 3, .spans = { { header, HEADER }, { body, first },
			{ body + first, PAYLOAD - first } } };

	CHECK_INT(ip_addr_parse("10.0.0.1", &p.src), ==, 0);
	CHECK_INT(ip_addr_parse("10.0.0.2", &p.dst), ==, 0);
	for (int k = 0; k < PAYLOAD; k++)
		body[k] = (uint8_t)k;
	memset(header, 0, sizeof(header));
	put_be32(header + 4, 0xffffffc0u); /* over the edge */
	header[12] = HEADER / 4 << 4;
	header[13] = 0x80 | 0x10 | 0x08 | 0x01; /* CWR, ACK, PSH, FIN */
	return p;
}

TEST(header_and_payload_of_each)
{
	static const uint8_t flags[] = { 0x90, 0x10, 0x19 };
	struct ip_packet_out p = super_of(130);
	struct super s;
	unsigned n = 0, at = 0;

	CHECK(super_begin(&s, &p, &p.src));
	while (super_next(&s)) {
		struct checksum sum = CHECKSUM_INIT;
		const uint8_t *h = s.out.spans[0].base;
		uint8_t got[SEGMENT];
		size_t len = 0;

		CHECK_INT(get_be32(h + 4), ==, 0xffffffc0u + at);
		CHECK_INT(h[13], ==, flags[n]);
		for (unsigned k = 1; k < s.out.nspans; k++) {
			memcpy(got + len, s.out.spans[k].base,
				s.out.spans[k].len);
			len += s.out.spans[k].len;
		}
		CHECK_INT(len, ==, n < 2 ? SEGMENT : 50);
		CHECK_INT(s.len, ==, HEADER + len);
		CHECK(memcmp(got, body + at, len) == 0);
		checksum_add_pseudo(&sum, &p.src, &p.dst, IP_PROTO_TCP,
			(uint32_t)s.len);
		checksum_add_spans(&sum, s.out.spans, s.out.nspans);
		CHECK_INT(checksum_finish(&sum), ==, 0);
		at += (unsigned)len;
		n++;
	}
	CHECK_INT(n, ==, 3);
	CHECK_INT(at, ==, PAYLOAD);
}

static int count, fail_at;

static int one(void *user, struct instant now, const struct ip_packet_out *p)
{
	CHECK_INT(p->segment, ==, 0);
	return ++count == fail_at ? -ENOBUFS : 0;
}

TEST(each_ends_with_the_first_error)
{
	struct ip_packet_out p = super_of(10);
	struct instant now = { 0 };

	CHECK_INT(super_each(&p, now, one, NULL), ==, 0);
	CHECK_INT(count, ==, 3);
	count = 0;
	fail_at = 2;
	CHECK_INT(super_each(&p, now, one, NULL), ==, -ENOBUFS);
	CHECK_INT(count, ==, 2);
	count = 0;
	p.segment = 0;
	CHECK_INT(super_each(&p, now, one, NULL), ==, 0);
	CHECK_INT(count, ==, 1);
}

TEST(nonsense_is_refused)
{
	struct ip_packet_out p = super_of(10);
	struct super s;

	p.spans[0].len = 19;
	CHECK(!super_begin(&s, &p, &p.src));
	p.spans[0].len = 61;
	CHECK(!super_begin(&s, &p, &p.src));
	p.spans[0].len = 20;
	p.nspans = 1;
	CHECK(!super_begin(&s, &p, &p.src));
}
