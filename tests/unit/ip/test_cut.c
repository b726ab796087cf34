/* Cutting: whatever the spans, what comes out of the pieces is what went in, and
 * each piece fits.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include "cut.h"
#include "host_priv.h"

#include <stdlib.h>
#include <string.h>

#include "wire/ipv4.h"
#include "wire/ipv6.h"

static struct ip_host *host(void)
{
	static struct ip_host h;

	rng_init(&h.rng, 1);
	return &h;
}

static struct ip_addr addr(const char *text)
{
	struct ip_addr a;

	if (ip_addr_parse(text, &a) != 0)
		abort();
	return a;
}

/* A piece as a packet; returns its length. */
static size_t piece(struct ip_host *h, struct cut *c, uint8_t *out)
{
	struct span spans[IP_OUT_SPANS];
	size_t at = cut_header(h, c, out);
	unsigned n = cut_payload(c, spans);

	CHECK_INT(n, <=, IP_OUT_SPANS);
	for (unsigned k = 0; k < n; at += spans[k].len, k++)
		memcpy(out + at, spans[k].base, spans[k].len);
	return at;
}

/* Puts the piece's payload to its place; returns whether more follow. */
static bool place(const uint8_t *packet, size_t len, uint8_t *whole, size_t *end)
{
	struct ipv6_problem problem;
	struct ipv4_packet v4;
	struct ipv6_packet v6;

	if (packet[0] >> 4 == 4) {
		CHECK_INT(ipv4_parse(packet, len, &v4), ==, 0);
		memcpy(whole + v4.h.fragment_offset, v4.payload, v4.len);
		*end = v4.h.fragment_offset + v4.len;
		return v4.h.more_fragments;
	}
	CHECK_INT(ipv6_parse(packet, len, &v6, &problem), ==, 0);
	memcpy(whole + v6.fragment.offset, v6.payload, v6.len);
	*end = v6.fragment.offset + v6.len;
	CHECK_INT(v6.h.proto, ==, 17);
	return v6.fragment.more;
}

static void whole_again(const char *from, const char *to, uint32_t mtu, size_t len)
{
	static uint8_t data[65536], got[65536 + 128], packet[65536 + 128];
	struct ip_addr src = addr(from);
	struct ip_packet_out p = { .dst = addr(to), .proto = 17, .nspans = 3,
		.spans = { { data, 8 }, { data + 8, len / 3 },
			{ data + 8 + len / 3, len - 8 - len / 3 } } };
	size_t n, end = 0, pieces = 0;
	bool more = true;
	struct cut c;

	for (size_t k = 0; k < len; k++)
		data[k] = (uint8_t)(k * 7 + k / 256);
	memset(got, 0, sizeof(got));
	CHECK(cut_begin(host(), &c, &p, &src, mtu, len));
	do {
		CHECK(more);
		n = piece(host(), &c, packet);
		CHECK_INT(n, <=, mtu);
		more = place(packet, n, got, &end);
		pieces++;
	} while (cut_next(&c));
	CHECK(!more);
	CHECK_INT(end, ==, len);
	CHECK_MEM(got, data, len);
	CHECK_INT(pieces == 1, ==, len + (src.family == IP_V4 ? 20 : 40) <= mtu);
}

TEST(pieces_add_up)
{
	static const size_t lens[] = { 24, 1000, 1460, 1480, 1481, 3000, 20008,
		65515 };

	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		whole_again("10.0.0.1", "10.0.0.2", 1500, lens[i]);
		whole_again("10.0.0.1", "10.0.0.2", 68, lens[i]);
		whole_again("10.0.0.1", "10.0.0.2", 577, lens[i]);
		whole_again("fd00::1", "fd00::2", 1500, lens[i]);
		whole_again("fd00::1", "fd00::2", 1280, lens[i]);
	}
}

TEST(too_long_for_any)
{
	static uint8_t data[65536];
	struct ip_addr v4 = addr("10.0.0.1"), v6 = addr("fd00::1");
	struct ip_packet_out p = { .dst = v4, .nspans = 1,
		.spans = { { data, 65516 } } };
	struct cut c;

	CHECK(!cut_begin(host(), &c, &p, &v4, 1500, 65516));
	CHECK(cut_begin(host(), &c, &p, &v4, 1500, 65515));
	p.dst = v6;
	CHECK(cut_begin(host(), &c, &p, &v6, 1500, 65535));
	CHECK(!cut_begin(host(), &c, &p, &v6, 1500, 65536));
	CHECK(!cut_begin(host(), &c, &p, &v6, 50, 100));
}
