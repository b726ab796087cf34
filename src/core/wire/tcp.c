/* TCP header: parse checks once, at the end; emit cannot fail. The options are
 * written in the order in which Linux writes them.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "wire/tcp.h"

#include <errno.h>

#include "base/cursor.h"

enum tcp_option_kind {
	OPT_END = 0,
	OPT_NOP = 1,
	OPT_MSS = 2,
	OPT_WSCALE = 3,
	OPT_SACK_OK = 4,
	OPT_SACK = 5,
	OPT_TIMESTAMPS = 8,
};

enum tcp_option_len {
	LEN_MSS = 4,
	LEN_WSCALE = 3,
	LEN_SACK_OK = 2,
	LEN_SACK_BLOCK = 8,
	LEN_TIMESTAMPS = 10,
	LEN_SACK_HEAD = 2,
};

static void parse_sack(struct cursor *body, size_t len, struct tcp_header *h)
{
	if (len % LEN_SACK_BLOCK != 0 || len == 0)
		body->bad = true;
	h->nsack = 0;
	while (cursor_ok(body) && body->left && h->nsack < TCP_SACK_MAX) {
		struct tcp_sack *s = &h->sack[h->nsack++];

		s->from = seq_of(cursor_u32(body));
		s->to = seq_of(cursor_u32(body));
	}
}

/* One known option; body is what follows kind and length. Everything of it must
 * have been read and be there. */
static bool parse_option(uint8_t kind, struct cursor body, struct tcp_header *h)
{
	switch (kind) {
	case OPT_MSS:
		h->mss = cursor_u16(&body);
		break;
	case OPT_WSCALE:
		h->wscale = (int8_t)cursor_u8(&body);
		if (h->wscale < 0 || h->wscale > TCP_WSCALE_MAX)
			h->wscale = TCP_WSCALE_MAX; /* RFC 7323 2.3 */
		break;
	case OPT_SACK_OK:
		h->sack_ok = true;
		break;
	case OPT_SACK:
		parse_sack(&body, body.left, h);
		break;
	case OPT_TIMESTAMPS:
		h->has_ts = true;
		h->tsval = cursor_u32(&body);
		h->tsecr = cursor_u32(&body);
		break;
	default: /* RFC 9293 3.1: unknown options are ignored by length */
		return true;
	}
	return cursor_ok(&body) && body.left == 0;
}

static bool parse_options(struct cursor c, struct tcp_header *h)
{
	while (c.left) {
		uint8_t kind = cursor_u8(&c), len;
		struct cursor body;

		if (kind == OPT_END)
			break;
		if (kind == OPT_NOP)
			continue;
		len = cursor_u8(&c);
		if (!cursor_ok(&c) || len < 2)
			return false;
		body = cursor_sub(&c, len - 2u);
		if (!cursor_ok(&body) || !parse_option(kind, body, h))
			return false;
	}
	return cursor_ok(&c);
}

int tcp_header_parse(const void *data, size_t len, struct tcp_header *h)
{
	struct cursor c = cursor_of(data, len), options;
	size_t header;

	*h = (struct tcp_header){ .wscale = TCP_WSCALE_NONE };
	h->sport = cursor_u16(&c);
	h->dport = cursor_u16(&c);
	h->seq = seq_of(cursor_u32(&c));
	h->ack = seq_of(cursor_u32(&c));
	header = (size_t)(cursor_u8(&c) >> 4) * 4;
	h->flags = cursor_u8(&c);
	h->wnd = cursor_u16(&c);
	cursor_skip(&c, 2); /* checksum */
	h->urgent = cursor_u16(&c);
	if (!cursor_ok(&c) || header < TCP_HEADER_MIN)
		return -EINVAL;
	options = cursor_sub(&c, header - TCP_HEADER_MIN);
	if (!cursor_ok(&options) || !parse_options(options, h))
		return -EINVAL;
	return (int)header;
}

size_t tcp_header_size(const struct tcp_header *h)
{
	size_t n = TCP_HEADER_MIN;

	if (h->mss)
		n += LEN_MSS;
	if (h->has_ts)
		n += 2 + LEN_TIMESTAMPS;
	else if (h->sack_ok)
		n += 2 + LEN_SACK_OK;
	if (h->wscale != TCP_WSCALE_NONE)
		n += 1 + LEN_WSCALE;
	if (h->nsack)
		n += 2 + LEN_SACK_HEAD + (size_t)h->nsack * LEN_SACK_BLOCK;
	return n;
}

static void emit_options(const struct tcp_header *h, struct writer *w)
{
	if (h->mss) {
		writer_u8(w, OPT_MSS);
		writer_u8(w, LEN_MSS);
		writer_u16(w, h->mss);
	}
	/* In Linux's order: either fills a row of four. */
	if (h->has_ts != h->sack_ok) {
		writer_u8(w, OPT_NOP);
		writer_u8(w, OPT_NOP);
	}
	if (h->sack_ok) {
		writer_u8(w, OPT_SACK_OK);
		writer_u8(w, LEN_SACK_OK);
	}
	if (h->has_ts) {
		writer_u8(w, OPT_TIMESTAMPS);
		writer_u8(w, LEN_TIMESTAMPS);
		writer_u32(w, h->tsval);
		writer_u32(w, h->tsecr);
	}
	if (h->wscale != TCP_WSCALE_NONE) {
		writer_u8(w, OPT_NOP);
		writer_u8(w, OPT_WSCALE);
		writer_u8(w, LEN_WSCALE);
		writer_u8(w, (uint8_t)h->wscale);
	}
	if (h->nsack == 0)
		return;
	writer_u8(w, OPT_NOP);
	writer_u8(w, OPT_NOP);
	writer_u8(w, OPT_SACK);
	writer_u8(w, (uint8_t)(LEN_SACK_HEAD + h->nsack * LEN_SACK_BLOCK));
	for (unsigned i = 0; i < h->nsack; i++) {
		writer_u32(w, h->sack[i].from.v);
		writer_u32(w, h->sack[i].to.v);
	}
}

size_t tcp_header_emit(const struct tcp_header *h, uint8_t buf[TCP_HEADER_MAX])
{
	struct writer w = writer_of(buf, TCP_HEADER_MAX);

	writer_u16(&w, h->sport);
	writer_u16(&w, h->dport);
	writer_u32(&w, h->seq.v);
	writer_u32(&w, h->ack.v);
	writer_u8(&w, (uint8_t)(tcp_header_size(h) / 4 << 4));
	writer_u8(&w, h->flags);
	writer_u16(&w, h->wnd);
	writer_u16(&w, 0); /* checksum */
	writer_u16(&w, h->urgent);
	emit_options(h, &w);
	return w.len;
}
