/* Frames for those who cannot take what was left to a device: a super-segment of TCP
 * or of UDP is cut as Linux's tcp_gso_segment(), __udp_gso_segment() and
 * inet_gso_segment() do, a checksum is made.
 * Nothing is believed of the lengths in a header.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "segment.h"

#include <string.h>

#include "base/checksum.h"
#include "base/cursor.h"

enum { ETH = 14, V4_MIN = 20, V6 = 40, TCP_MIN = 20, UDP = 8 };
enum { TYPE_AT = 12, TYPE_V4 = 0x0800, TYPE_V6 = 0x86dd, PROTO_TCP = 6, PROTO_UDP = 17 };
enum { V4_LEN = ETH + 2, V4_ID = ETH + 4, V4_PROTO = ETH + 9, V4_SUM = ETH + 10,
	V4_ADDRS = ETH + 12, V6_LEN = ETH + 4, V6_PROTO = ETH + 6, V6_ADDRS = ETH + 8 };
enum { SEQ_AT = 4, DATA_OFFSET_AT = 12, FLAGS_AT = 13, SUM_AT = 16 }; /* RFC 9293 3.1 */
enum { UDP_LEN_AT = 4, UDP_SUM_AT = 6 }; /* RFC 768 */
enum { FIN = 0x01, PSH = 0x08, CWR = 0x80 };

static size_t gather(const struct span *spans, unsigned n, size_t len, uint8_t *out)
{
	struct span part[SEGMENT_SPANS_MAX];
	size_t got = 0;

	n = span_slice(spans, n, 0, len, part);
	for (unsigned k = 0; k < n; got += part[k].len, k++)
		memcpy(out + got, part[k].base, part[k].len);
	return got;
}

bool segment_is_udp(const struct offload *o)
{
	return o->segment && o->sum_at == UDP_SUM_AT;
}

bool segment_begin(struct segmenter *s, const struct span *spans, unsigned n,
	const struct offload *o)
{
	bool udp = segment_is_udp(o);
	size_t least = udp ? (size_t)o->l4 + UDP : o->segment ? (size_t)o->l4 + TCP_MIN :
		(size_t)o->l4 + o->sum_at + 2;
	uint8_t *h = s->header;

	*s = (struct segmenter){ .spans = spans, .n = n, .o = *o,
		.proto = udp ? PROTO_UDP : PROTO_TCP };
	for (unsigned k = 0; k < n; k++)
		s->whole += spans[k].len;
	if (n > SEGMENT_SPANS_MAX - 1 || o->l4 < ETH || least > sizeof(s->header) ||
		least > s->whole || s->whole > UINT16_MAX)
		return false;
	gather(spans, n, s->whole < sizeof(s->header) ? s->whole : sizeof(s->header), h);
	s->headers = least;
	if (!o->segment)
		return true;
	s->v6 = get_be16(h + TYPE_AT) == TYPE_V6;
	if (s->v6 ? o->l4 < ETH + V6 || h[V6_PROTO] != s->proto :
		    get_be16(h + TYPE_AT) != TYPE_V4 || o->l4 < ETH + V4_MIN ||
			    h[V4_PROTO] != s->proto ||
			    o->l4 != ETH + (h[ETH] & 15) * 4)
		return false;
	if (!udp)
		s->headers = (size_t)o->l4 + (h[o->l4 + DATA_OFFSET_AT] >> 4) * 4u;
	return s->headers >= least && s->headers <= sizeof(s->header) &&
		s->headers < s->whole;
}

/* RFC 791 3.1, RFC 8200 3. An identification of 0 means nothing (RFC 6864 4.1) and
 * stays; another one counts on, as Linux's. */
static void patch_network(struct segmenter *s, uint8_t *h, size_t len)
{
	struct checksum sum = CHECKSUM_INIT;

	if (s->v6) {
		put_be16(h + V6_LEN, (uint16_t)(len - ETH - V6));
		return;
	}
	put_be16(h + V4_LEN, (uint16_t)(len - ETH));
	if (get_be16(h + V4_ID))
		put_be16(h + V4_ID, (uint16_t)(get_be16(h + V4_ID) + s->count));
	put_be16(h + V4_SUM, 0);
	checksum_add(&sum, h + ETH, (size_t)(s->o.l4 - ETH));
	put_be16(h + V4_SUM, checksum_finish(&sum));
}

/* The pseudo header (RFC 9293 3.1, RFC 8200 8.1). */
static void add_pseudo(const struct segmenter *s, struct checksum *sum, size_t len)
{
	const uint8_t tail[4] = { 0, s->proto, (uint8_t)(len >> 8), (uint8_t)len };

	if (s->v6)
		checksum_add(sum, s->header + V6_ADDRS, 32);
	else
		checksum_add(sum, s->header + V4_ADDRS, 8);
	checksum_add(sum, tail, sizeof(tail));
}

static void patch_tcp(const struct segmenter *s, uint8_t *tcp, size_t len)
{
	put_be32(tcp + SEQ_AT, get_be32(tcp + SEQ_AT) + (uint32_t)s->at);
	if (s->headers + s->at + len < s->whole)
		tcp[FLAGS_AT] &= (uint8_t)~(FIN | PSH);
	if (s->at)
		tcp[FLAGS_AT] &= (uint8_t)~CWR;
	put_be16(tcp + SUM_AT, 0);
}

static void patch_udp(uint8_t *udp, size_t len)
{
	put_be16(udp + UDP_LEN_AT, (uint16_t)(UDP + len));
	put_be16(udp + UDP_SUM_AT, 0);
}

bool segment_next(struct segmenter *s)
{
	size_t left = s->whole - s->headers - s->at, len = left, sum_at = s->o.l4 + s->o.sum_at;
	struct checksum sum = CHECKSUM_INIT;
	uint8_t *h = s->copy;
	uint16_t value;

	if (s->count && left == 0)
		return false;
	if (s->count && !s->o.segment)
		return false;
	memcpy(h, s->header, s->headers);
	if (s->o.segment) {
		len = left < s->o.segment ? left : s->o.segment;
		patch_network(s, h, s->headers + len);
		if (s->proto == PROTO_TCP)
			patch_tcp(s, h + s->o.l4, len);
		else
			patch_udp(h + s->o.l4, len);
		add_pseudo(s, &sum, s->headers - s->o.l4 + len);
		sum_at = (size_t)s->o.l4 + (s->proto == PROTO_TCP ? SUM_AT : UDP_SUM_AT);
	}
	s->out[0] = (struct span){ h, s->headers };
	s->nout = 1 + span_slice(s->spans, s->n, s->headers + s->at, len, s->out + 1);
	checksum_add(&sum, h + s->o.l4, s->headers - s->o.l4);
	checksum_add_spans(&sum, s->out + 1, s->nout - 1);
	value = checksum_finish(&sum);
	if (!value && (!s->o.segment || s->proto == PROTO_UDP))
		value = 0xffff; /* RFC 768 */
	put_be16(h + sum_at, value);
	s->at += len;
	s->count++;
	return true;
}
