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
	OPT_FASTOPEN = 34,	/* RFC 7413 */
	OPT_EXPERIMENT = 254, /* RFC 6994: 16 bits say whose */
};

#define EXPERIMENT_FASTOPEN 0xf989u /* IANA's "TCP experimental option ExIDs" */

enum tcp_option_len {
	LEN_MSS = 4,
	LEN_WSCALE = 3,
	LEN_SACK_OK = 2,
	LEN_SACK_BLOCK = 8,
	LEN_TIMESTAMPS = 10,
	LEN_SACK_HEAD = 2,
	LEN_FASTOPEN = 2,
	LEN_FASTOPEN_EXP = 4,
};

static void parse_sack(struct cursor *body, struct tcp_header *h)
{
	if (body->left % LEN_SACK_BLOCK != 0)
		return;
	h->nsack = 0;
	while (body->left && h->nsack < TCP_SACK_MAX) {
		struct tcp_sack *s = &h->sack[h->nsack++];

		s->from = seq_of(cursor_u32(body));
		s->to = seq_of(cursor_u32(body));
	}
}

/* RFC 7413 2. Linux: an odd length is no option at all, one that is too short or
 * too long is no cookie. */
static void parse_cookie(struct cursor body, bool exp, struct tcp_header *h)
{
	struct tcp_cookie *c = &h->fo;
	size_t len = body.left;

	if (len % 2 != 0)
		return;
	*c = (struct tcp_cookie){ .exp = exp };
	if (len != 0 && (len < TCP_COOKIE_MIN || len > TCP_COOKIE_MAX))
		return;
	c->there = true;
	c->len = (uint8_t)len;
	for (size_t k = 0; k < len; k++)
		c->bytes[k] = cursor_u8(&body);
}

/* One option that only a SYN has; body is what follows kind and length. */
static void parse_syn_option(uint8_t kind, struct cursor body,
	struct tcp_header *h)
{
	if (kind == OPT_MSS && body.left == LEN_MSS - 2) {
		h->mss = cursor_u16(&body);
	} else if (kind == OPT_WSCALE && body.left == LEN_WSCALE - 2) {
		h->wscale = (int8_t)cursor_u8(&body);
		if (h->wscale < 0 || h->wscale > TCP_WSCALE_MAX)
			h->wscale = TCP_WSCALE_MAX; /* RFC 7323 2.3 */
	} else if (kind == OPT_SACK_OK && body.left == 0) {
		h->sack_ok = true;
	} else if (kind == OPT_FASTOPEN) {
		parse_cookie(body, false, h);
	} else if (kind == OPT_EXPERIMENT && body.left >= 2) {
		if (cursor_u16(&body) == EXPERIMENT_FASTOPEN)
			parse_cookie(body, true, h);
	}
}

static void parse_option(uint8_t kind, struct cursor body, struct tcp_header *h)
{
	if (kind == OPT_SACK) {
		parse_sack(&body, h);
	} else if (kind == OPT_TIMESTAMPS && body.left == LEN_TIMESTAMPS - 2) {
		h->has_ts = true;
		h->tsval = cursor_u32(&body);
		h->tsecr = cursor_u32(&body);
	} else if (h->flags & TCP_SYN) {
		parse_syn_option(kind, body, h);
	}
}

/* Linux's tcp_parse_options(): what cannot be read ends the list, silently. */
static void parse_options(struct cursor c, struct tcp_header *h)
{
	while (c.left) {
		uint8_t kind = cursor_u8(&c), len;
		struct cursor body;

		if (kind == OPT_END)
			break;
		if (kind == OPT_NOP)
			continue;
		if (c.left < 1)
			break;
		len = cursor_u8(&c);
		if (len < 2 || len - 2u > c.left)
			break;
		body = cursor_sub(&c, len - 2u);
		parse_option(kind, body, h);
	}
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
	if (!cursor_ok(&options))
		return -EINVAL;
	parse_options(options, h);
	return (int)header;
}

/* With padding. */
static size_t cookie_size(const struct tcp_cookie *c)
{
	size_t n = c->len + (c->exp ? LEN_FASTOPEN_EXP : LEN_FASTOPEN);

	return c->there ? (n + 3) / 4 * 4 : 0;
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
	if (n + cookie_size(&h->fo) <= TCP_HEADER_MAX)
		n += cookie_size(&h->fo);
	return n;
}

static void emit_sack(const struct tcp_header *h, struct writer *w)
{
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

static void emit_cookie(const struct tcp_cookie *c, struct writer *w)
{
	size_t end = w->len + cookie_size(c);

	writer_u8(w, c->exp ? OPT_EXPERIMENT : OPT_FASTOPEN);
	writer_u8(w, (uint8_t)(c->len + (c->exp ? LEN_FASTOPEN_EXP :
		LEN_FASTOPEN)));
	if (c->exp)
		writer_u16(w, EXPERIMENT_FASTOPEN);
	for (unsigned k = 0; k < c->len; k++)
		writer_u8(w, c->bytes[k]);
	while (w->len < end)
		writer_u8(w, OPT_NOP);
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
	emit_sack(h, w);
	if (cookie_size(&h->fo) && w->len + cookie_size(&h->fo) <= TCP_HEADER_MAX)
		emit_cookie(&h->fo, w);
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
