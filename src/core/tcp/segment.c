/* Headers out: options, window, checksum; acknowledgements and resets.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "base/checksum.h"
#include "acktime.h"
#include "base/cursor.h"
#include "conn.h"
#include "ecn.h"
#include "output.h"
#include "timers.h"

uint32_t tcp_ts_clock(struct instant now)
{
	return (uint32_t)(now.ns / 1000000);
}

uint32_t conn_ts_now(const struct conn *c, struct instant now)
{
	return tcp_ts_clock(now) + c->ts_offset;
}

int tcp_send_header(struct tcp *t, struct instant now,
	const struct tcp_tuple *tuple, const struct tcp_header *h,
	const struct seg_way *way, const struct span *payload, unsigned n,
	uint16_t segment)
{
	uint8_t buf[TCP_HEADER_MAX];
	struct checksum sum = CHECKSUM_INIT;
	size_t len = tcp_header_emit(h, buf), payload_len = 0;
	struct ip_packet_out p = {
		.src = tuple->local.addr,
		.dst = tuple->remote.addr,
		.proto = IP_PROTO_TCP,
		.ttl = way->ttl,
		.tos = way->tos,
		.ifindex = way->ifindex ? way->ifindex : tuple->remote.addr.scope,
		.pmtu = IP_PMTU_DO, /* RFC 1191 */
		.segment = segment,
		.nspans = 1 + n,
		.spans = { { buf, len } },
	};

	if (way->options && p.dst.family == IP_V4)
		ip_set_options(&p, way->options);
	for (unsigned i = 0; i < n; i++) {
		p.spans[1 + i] = payload[i];
		payload_len += payload[i].len;
	}
	len += payload_len;
	if (!segment) { /* else each has its own */
		checksum_add_pseudo(&sum, &p.src, &p.dst, IP_PROTO_TCP,
			(uint32_t)len);
		checksum_add_spans(&sum, p.spans, p.nspans);
		put_be16(buf + TCP_CHECKSUM_AT, checksum_finish(&sum));
	}
	t->stats.segs_out += segment ? (payload_len - 1) / segment + 1 : 1;
	if (h->flags & TCP_RST)
		t->stats.rst_out++;
	return t->cfg.ip.send(t->cfg.ip.user, now, &p);
}

/* RFC 2018 4: the block that holds the newest arrival first, then those lately
 * reported; RFC 2883 4: before them what arrived twice. */
static void fill_sack(struct conn *c, struct tcp_header *h, unsigned max)
{
	unsigned first = 0;

	if (c->dsack.from.v != c->dsack.to.v && max && c->t->rules.dsack) {
		h->sack[h->nsack++] = (struct tcp_sack){ c->dsack.from,
			c->dsack.to };
		first = h->nsack;
	}
	c->dsack.to = c->dsack.from;
	for (unsigned i = 0; i < c->nrecent && h->nsack < max; i++) {
		const struct range *r = ranges_find(&c->ooo, c->recent[i]);
		bool twice = !r;

		for (unsigned j = first; j < h->nsack && !twice; j++)
			twice = seq_eq(h->sack[j].to, r->to);
		if (!twice)
			h->sack[h->nsack++] = (struct tcp_sack){ r->from, r->to };
	}
}

struct duration conn_ts_rtt(const struct conn *c, struct instant now,
	const struct tcp_header *h)
{
	uint32_t ms = conn_ts_now(c, now) - h->tsecr;

	if (!c->ts_on || !h->has_ts || h->tsecr == 0 || ms > TCP_RTO_MAX_MS)
		return DURATION_MS(0);
	return DURATION_MS(ms ? ms : 1);
}

/* Options of anything but a SYN. */
static void fill_options(struct conn *c, struct instant now,
	struct tcp_header *h, uint32_t payload)
{
	uint32_t room = TCP_HEADER_MAX - TCP_HEADER_MIN, used = 0;

	if (payload) { /* header options and payload together fit the MSS */
		room = c->mss_wire > payload ? c->mss_wire - payload : 0;
		if (room > TCP_HEADER_MAX - TCP_HEADER_MIN)
			room = TCP_HEADER_MAX - TCP_HEADER_MIN;
	}
	if (c->ts_on) {
		h->has_ts = true;
		h->tsval = conn_ts_now(c, now);
		h->tsecr = c->ts_recent;
		used = TCP_TS_OPTION;
	}
	if (c->sack_on && room >= used + 4 + 8) {
		unsigned max = (room - used - 4) / 8;

		fill_sack(c, h, max < TCP_SACK_MAX ? max : TCP_SACK_MAX);
	}
}

static void fill_syn_options(struct conn *c, struct instant now,
	struct tcp_header *h)
{
	bool answer = h->flags & TCP_ACK; /* only what the peer offered too */

	h->fo = c->fo.cookie; /* RFC 7413 4.2.1: the first one only */
	c->fo.cookie.there = false;
	c->advmss = tcp_advmss(c->t, c->mtu, c->e.tuple.remote.addr.family,
		c->user_mss);
	h->mss = c->advmss;
	h->sack_ok = answer ? c->sack_on : c->t->rules.sack;
	if (answer ? c->wscale_on : c->t->rules.window_scaling)
		h->wscale = (int8_t)c->rcv_wscale;
	if (answer ? c->ts_on : c->t->rules.timestamps) {
		h->has_ts = true;
		h->tsval = conn_ts_now(c, now);
		h->tsecr = answer ? c->ts_recent : 0; /* RFC 7323 3.2 */
	}
}

/* RFC 9293 3.8.5, with Linux's reach beyond 64 KiB: the pointer is the number after
 * the urgent byte (the BSD reading; RFC 6093 3.1 tells of both). */
static void fill_urgent(struct conn *c, struct tcp_header *h)
{
	int32_t off;

	if (!seq_lt(c->snd_una, c->snd_up)) {
		c->urgent = false;
		return;
	}
	off = seq_diff(c->snd_up, h->seq);
	if (off <= 0)
		return;
	if (off <= UINT16_MAX)
		h->urgent = (uint16_t)off;
	else if (seq_lt(c->snd_nxt, seq_add(h->seq, UINT16_MAX)))
		h->urgent = UINT16_MAX;
	else
		return;
	h->flags |= TCP_URG;
}

static void count_out(struct tally *y, uint32_t len, uint16_t segment)
{
	uint32_t n = segment ? (len - 1) / segment + 1 : 1;

	y->segs_out += n;
	y->data_segs_out += len ? n : 0;
	y->bytes_sent += len;
}

int conn_emit(struct conn *c, struct instant now, const struct seg_out *s)
{
	struct span payload[2] = { { NULL, 0 } };
	unsigned n = 0;
	uint16_t segment = s->mss && s->len > s->mss ? (uint16_t)s->mss : 0;
	struct tcp_header h = {
		.sport = c->e.tuple.local.port,
		.dport = c->e.tuple.remote.port,
		.seq = s->seq,
		.flags = s->flags,
		.wscale = TCP_WSCALE_NONE,
	};
	struct seg_way way = { .ifindex = c->e.device, .ttl = c->opt.ttl,
		.options = c->opt.ip };

	if (!(s->flags & TCP_RST))
		h.wnd = conn_advertise(c, now, s->flags & TCP_SYN);
	if (s->flags & TCP_ACK) {
		h.ack = c->rcv_nxt;
		c->last_ack = c->rcv_nxt;
	}
	if (s->flags & TCP_SYN)
		fill_syn_options(c, now, &h);
	else
		fill_options(c, now, &h, segment ? segment : s->len);
	if (!(s->flags & TCP_SYN))
		h.flags = ecn_flags(c, h.flags, s->fresh && s->len);
	if (c->urgent && !(s->flags & (TCP_SYN | TCP_RST)))
		fill_urgent(c, &h);
	if (s->len)
		n = (unsigned)fifo_reader_spans(&c->bufs.tx,
			(uint32_t)seq_diff(s->seq, c->tx_seq) +
			((s->flags & TCP_SYN) != 0), s->len, payload);
	count_out(&c->tally, s->len, segment);
	conn_paced(c, now, s->len);
	if (s->flags & TCP_ACK)
		acktime_sent(c);
	conn_look_at_path(c, now); /* for the next one */
	way.tos = ecn_tos(c, c->opt.tos, s->fresh && s->len);
	return tcp_send_header(c->t, now, &c->e.tuple, &h, &way, payload, n, segment);
}

void conn_send_ack(struct conn *c, struct instant now)
{
	struct seg_out s = { .seq = c->snd_nxt, .flags = TCP_ACK };

	conn_emit(c, now, &s);
}

/* RFC 5961 7: a host's challenge ACKs are limited, and (Linux) a connection's
 * answers to nonsense without data, so that two confused ends do not pingpong. */
bool tcp_may_challenge(struct tcp *t, struct instant now, struct instant *last)
{
	if (instant_sub(now, *last).ns < DURATION_MS(t->rules.invalid_ratelimit).ns)
		return false;
	if (instant_sub(now, t->challenge_from).ns >= DURATION_S(1).ns) {
		t->challenge_from = now;
		t->challenges = 0;
	}
	if (t->challenges >= t->rules.challenge_ack_limit)
		return false;
	t->challenges++;
	*last = now;
	return true;
}

/* Linux (tcp_oow_rate_limited()): text without a SYN cannot be an ACK to ours. */
bool tcp_may_answer(struct tcp *t, struct instant now, struct instant *last,
	const struct segment *s)
{
	return (s->end.v != s->h.seq.v && !(s->h.flags & TCP_SYN)) ||
		tcp_may_challenge(t, now, last);
}

void conn_send_challenge(struct conn *c, struct instant now)
{
	if (tcp_may_challenge(c->t, now, &c->challenged))
		conn_send_ack(c, now);
}

/* RFC 9293 3.10.5, ABORT: <SEQ=SND.NXT><CTL=RST>; with ACK as Linux. */
void conn_send_rst(struct conn *c, struct instant now)
{
	struct seg_out s = { .seq = c->snd_nxt, .flags = TCP_RST | TCP_ACK };

	if (c->state == TCP_SYN_SENT || c->state == TCP_CLOSED)
		return;
	conn_emit(c, now, &s);
}

struct seg_way tcp_way_back(const struct tcp *t, const struct segment *s,
	uint32_t device, struct ip_options *room)
{
	room->len = 0;
	if (t->cfg.ip.echo)
		t->cfg.ip.echo(t->cfg.ip.user, s->pkt, room);
	return (struct seg_way){ .ifindex = device, .options = room };
}

/* RFC 9293 3.10.7.1: nobody is there. Never in answer to a reset. */
void tcp_send_reset(struct tcp *t, struct instant now, const struct segment *s,
	uint32_t device)
{
	struct tcp_header h = {
		.sport = s->h.dport,
		.dport = s->h.sport,
		.flags = TCP_RST,
		.wscale = TCP_WSCALE_NONE,
	};
	struct ip_options options;
	struct seg_way way;

	if (s->h.flags & TCP_RST)
		return;
	if (s->h.flags & TCP_ACK) {
		h.seq = s->h.ack;
	} else {
		h.flags |= TCP_ACK;
		h.ack = s->end;
	}
	way = tcp_way_back(t, s, device, &options);
	tcp_send_header(t, now, &s->tuple, &h, &way, NULL, 0, 0);
}
