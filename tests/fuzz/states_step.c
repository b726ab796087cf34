/* One record: a segment with numbers chosen from those that mean something to the
 * connection, a call, an ICMP error, or time.
 *
 *   byte 0 what   1 flags   2 3 sequence number   4 5 acknowledgement   6 window
 *        7 length   8 9 timestamps   10 11 12 SACK   13 options of a SYN
 *        14 urgent pointer, ECN   15 time that passes before it
 * SPDX-License-Identifier: BSD-2-Clause */
#include "states.h"

#include <errno.h>
#include <string.h>

#include "base/atomic.h"
#include "base/cursor.h"
#include "conn.h"
#include "output.h"

/* A little to the side, or by what the connection counts in. */
static uint32_t nudge(const struct conn *c, uint8_t how, uint8_t by)
{
	static const uint32_t unit[] = { 0, 0, 1, 16, 256, 1460, 65536,
		0x10000000 };
	uint32_t step = unit[how & 7];

	if ((how & 7) == 1)
		step = c ? conn_mss(c) : 1;
	return step * (uint32_t)(int8_t)by;
}

static struct seq of_scoreboard(const struct conn *c, uint8_t b)
{
	const struct txseg *s;

	if (c->sendq.n == 0)
		return c->snd_nxt;
	s = sendq_at(&c->sendq, b % c->sendq.n);
	return b & 128 ? txseg_end(s) : s->start;
}

static struct seq of_holes(const struct conn *c, uint8_t b)
{
	const struct range *r;

	if (c->ooo.n == 0)
		return c->rcv_nxt;
	r = &c->ooo.at[b % c->ooo.n];
	return b & 128 ? r->to : r->from;
}

static struct seq pick_seq(const struct host *h, const struct conn *c,
	uint8_t which, uint8_t by)
{
	struct seq s = seq_add(h->peer_iss, 1);

	if (c && c->state != TCP_SYN_SENT) {
		switch (which >> 4) {
		case 0: case 1: case 2: case 3: case 4: case 5: case 6:
			s = c->rcv_nxt;
			break;
		case 7: case 8:
			s = of_holes(c, by);
			break;
		case 9:
			s = c->rcv_adv;
			break;
		case 10:
			s = c->last_ack;
			break;
		case 11:
			s = c->irs;
			break;
		case 12:
			s = c->fin_waiting ? c->rcv_fin : c->rcv_nxt;
			break;
		default:
			s = seq_add(c->rcv_nxt, which & 1u ? 1u << 31 : 0);
			break;
		}
	}
	return seq_add(s, nudge(c, which, by));
}

static struct seq pick_ack(const struct host *h, const struct conn *c,
	uint8_t which, uint8_t by)
{
	struct seq s = seq_add(h->iss, 1);

	if (c) {
		switch (which >> 4) {
		case 0: case 1: case 2: case 3: case 4:
			s = c->snd_una;
			break;
		case 5: case 6: case 7: case 8:
			s = of_scoreboard(c, by);
			break;
		case 9: case 10:
			s = c->snd_nxt;
			break;
		case 11:
			s = c->tx_end;
			break;
		case 12:
			s = c->rec.point;
			break;
		case 13:
			s = seq_add(c->snd_una, -c->max_snd_wnd);
			break;
		case 14:
			s = c->iss;
			break;
		default:
			s = seq_add(c->snd_una, 1u << 31);
			break;
		}
	}
	return seq_add(s, nudge(c, which, by));
}

static uint16_t pick_window(const struct conn *c, uint8_t b)
{
	static const uint16_t some[] = { 65535, 2000, 0, 1, 100, 8192 };

	if (b < 192 && c) /* as wide as it was, mostly */
		return (uint16_t)(c->snd_wnd >> c->snd_wscale);
	return some[b % (sizeof(some) / sizeof(*some))];
}

static uint32_t pick_len(const struct conn *c, uint8_t b)
{
	uint32_t window = c ? (uint32_t)seq_diff(c->rcv_adv, c->rcv_nxt) : 0;

	switch (b & 15) {
	case 8: case 9:
		return b >> 4;
	case 10: case 11: case 12:
		return 1000;
	case 13:
		return 4000;
	case 14:
		return window < PAYLOAD_MAX - 16 ? window + (b >> 4) % 3 : 1400;
	case 15:
		return PAYLOAD_MAX - 1;
	default:
		return 0;
	}
}

static void pick_timestamps(const struct host *h, const struct conn *c,
	uint8_t val, uint8_t ecr, struct tcp_header *hd)
{
	static const uint32_t off[] = { 0, 0, 0, 1, 1, 2, -1u, 100, 10000, -10000u,
		0x7fffffff, 0x80000000, 0x80000001, 0, 0, 0 };
	uint32_t ours = c ? conn_ts_now(c, h->now) : h->ts_last;

	hd->has_ts = c ? c->ts_on : h->syn.has_ts;
	hd->tsval = (c ? c->ts_recent : h->peer_ts) + off[val & 15];
	hd->tsecr = ours - ecr;
	if (val >> 4 == 0) /* one that suddenly has none, or some */
		hd->has_ts = !hd->has_ts;
	if (val >> 4 == 1)
		hd->tsecr = ecr & 1 ? 0 : ours + off[ecr >> 4];
	if (val >> 4 == 2 && c) /* Eifel: from before the first repair */
		hd->tsecr = c->rec.resent_ts - 1 + ecr % 3;
}

/* Blocks that begin and end where segments do, or next to it, or that claim what
 * nobody sent. */
static void pick_sack(const struct conn *c, const uint8_t *b,
	struct tcp_header *hd)
{
	unsigned most = hd->has_ts ? TCP_SACK_MAX - 1 : TCP_SACK_MAX;

	if (!c || (b[0] & 3) == 0)
		return;
	hd->nsack = (uint8_t)(b[0] & 3);
	if (b[0] & 4)
		hd->nsack = (uint8_t)most;
	for (unsigned i = 0; i < hd->nsack; i++) {
		uint8_t x = (uint8_t)(b[1] + i * 37), y = (uint8_t)(b[2] + i * 11);
		struct seq from = of_scoreboard(c, x & 127);

		hd->sack[i].from = from;
		hd->sack[i].to = seq_add(of_scoreboard(c, 128 | (x + y % 8)),
			b[0] >> 5 == 7 ? nudge(c, b[2], b[1]) : 0);
		if (b[0] >> 3 == 1 && i == 0) { /* a D-SACK */
			hd->sack[0].to = hd->ack;
			hd->sack[0].from = seq_add(hd->ack, -1u - y);
		}
	}
}

static uint8_t pick_flags(uint8_t b)
{
	static const uint8_t some[] = { TCP_ACK, TCP_ACK, TCP_ACK, TCP_ACK, TCP_ACK,
		TCP_ACK | TCP_PSH, TCP_ACK | TCP_FIN, TCP_ACK | TCP_URG,
		TCP_ACK | TCP_ECE, TCP_ACK | TCP_CWR, TCP_ACK | TCP_ECE | TCP_CWR,
		TCP_ACK | TCP_PSH };
	static const uint8_t rare[] = { TCP_SYN, TCP_SYN | TCP_ACK, TCP_RST,
		TCP_RST | TCP_ACK, 0, TCP_FIN, TCP_SYN | TCP_FIN, 0xff,
		TCP_SYN | TCP_ECE | TCP_CWR };

	return b < 216 ? some[b % sizeof(some)] : rare[b % sizeof(rare)];
}

static void segment(struct host *h, const uint8_t *r)
{
	const struct conn *c = the_conn(h);
	struct tcp_header hd = { .flags = pick_flags(r[1]),
		.seq = pick_seq(h, c, r[2], r[3]), .ack = pick_ack(h, c, r[4], r[5]),
		.wnd = pick_window(c, r[6]), .wscale = TCP_WSCALE_NONE };
	uint32_t len = pick_len(c, r[7]);

	if (hd.flags & TCP_URG)
		hd.urgent = (uint16_t)(r[14] * 7);
	pick_timestamps(h, c, r[8], r[9], &hd);
	if (hd.flags & TCP_SYN) {
		if (r[13] & 1)
			hd.seq = h->peer_iss;
		hd.mss = (uint16_t)(r[13] & 2 ? 1460 : r[13]);
		hd.wscale = (int8_t)(r[13] % 17 - 1);
		hd.sack_ok = r[13] & 4;
		hd.has_ts = r[13] & 8;
	} else {
		pick_sack(c, r + 10, &hd);
	}
	give(h, &hd, len, r[14] & 3);
}

static void icmp(struct host *h, const uint8_t *r)
{
	static const struct { int err; bool hard; } some[] = { { EMSGSIZE, false },
		{ EHOSTUNREACH, false }, { ECONNREFUSED, true }, { ENETUNREACH, false },
		{ EPROTO, true }, { EMSGSIZE, true } };
	static const uint32_t mtus[] = { 0, 68, 296, 552, 1000, 1280, 1499, 65535 };
	const struct conn *c = the_conn(h);
	uint8_t quote[8];
	unsigned k = r[1] % (sizeof(some) / sizeof(*some));
	struct ip_error_in e = { .src = h->tuple.local.addr,
		.dst = h->tuple.remote.addr, .proto = IP_PROTO_TCP, .ttl = 64,
		.err = some[k].err, .hard = some[k].hard, .mtu = mtus[r[6] & 7],
		.from = h->tuple.remote.addr, .l4 = quote,
		.len = r[7] < 250 ? 8 : r[7] & 7 };

	put_be16(quote, h->tuple.local.port);
	put_be16(quote + 2, h->tuple.remote.port);
	put_be32(quote + 4, pick_ack(h, c, r[4], r[5]).v);
	tcp_icmp_error(h->tcp, h->now, &e);
}

static void options(struct host *h, const uint8_t *r)
{
	h->opt = (struct tcp_options){ .nodelay = r[2] & 1, .cork = r[2] & 2,
		.keepalive = r[2] & 4, .keep_idle = 1 + r[3] % 7, .keep_intvl = 1,
		.keep_cnt = 2, .quickack = r[2] & 8, .no_quickack = r[2] & 16,
		.rcv_shut = r[2] & 32, .cc = r[2] & 64 ? r[1] % TCP_CCS : 0,
		.user_timeout = r[2] & 128 ? r[4] * 10u : 0,
		.mss = r[5] & 1 ? 88 + r[6] : 0, .fin_wait2 = (int32_t)(r[7] % 3) - 1,
		.rx_limit = r[5] & 2 ? h->size / 2 : 0 };
	tcp_set_options(h->tcp, h->now, h->id, &h->opt);
}

static void call(struct host *h, const uint8_t *r)
{
	switch (r[1] & 7) {
	case 0:
		user_shutdown(h);
		break;
	case 1:
		if (r[2] < 64)
			user_detach(h);
		break;
	case 2:
		if (r[2] < 16 && !h->detached)
			tcp_abort(h->tcp, h->now, h->id);
		break;
	case 3: case 4:
		options(h, r);
		break;
	case 5:
		tcp_user_urgent(h->tcp, h->id,
			h->tx_sh.tail - (r[2] & 1 ? 1u : (uint32_t)r[3]));
		break;
	case 6:
		if (r[2] < 16)
			tcp_listener_gone(h->tcp, h->now, LISTENER);
		break;
	default:
		user_connect(h);
		break;
	}
}

/* What lies about the host: the path, its buffers' other users. */
static void surroundings(struct host *h, const uint8_t *r)
{
	static const uint32_t mtus[] = { 1500, 576, 1280, 9000 };

	switch (r[1] & 7) {
	case 0:
		h->mtu = mtus[r[2] & 3];
		break;
	case 1:
		h->send_result = r[2] & 1 ? -ENOBUFS : 0;
		break;
	case 2:
		h->accept_error = r[2] & 1 ? 0 : r[2] & 2 ? -EAGAIN : -ENOMEM;
		break;
	case 3:
		h->listen_full = r[2] & 1;
		break;
	case 4:
		h->listening = !(r[2] & 1);
		break;
	case 5:
		h->reenter = r[2] < 8 ? r[2] & 3 : 0;
		break;
	default:
		if (!h->hostile || !h->open)
			break;
		h->lied = true;
		if (r[2] & 1)
			atomic_put_relaxed(&h->tx_sh.tail, r[3] * 997u);
		else
			atomic_put_relaxed(&h->rx_sh.head, r[3] * 997u);
		break;
	}
}

static void passing(struct host *h, const uint8_t *r)
{
	static const int64_t ms[] = { 1, 10, 40, 200, 1000, 10000, 120000, 3 };

	if (r[1] & 1) /* the next things due */
		pass_until(h, tcp_deadline(h->tcp), 1 + r[2] % 8);
	else
		pass_until(h, instant_add(h->now, DURATION_MS(ms[r[1] >> 1 & 7] *
			(1 + r[2] % 4))), 2000);
}

void states_step(struct host *h, const uint8_t r[RECORD])
{
	if (r[15] & 3) /* round trips differ */
		pass_until(h, instant_add(h->now, DURATION_US(r[15] * 100)), 100);
	switch (r[0] & 15) {
	case 0: case 1: case 2: case 3: case 4: case 5: case 6: case 7: case 8:
		segment(h, r);
		break;
	case 9:
		user_write(h, (uint32_t)r[1] << (r[2] % 6));
		break;
	case 10:
		user_read(h, (uint32_t)r[1] << (r[2] % 6));
		break;
	case 11:
		call(h, r);
		break;
	case 12:
		passing(h, r);
		break;
	case 13:
		icmp(h, r);
		break;
	case 14:
		surroundings(h, r);
		break;
	default:
		user_write(h, PAYLOAD_MAX);
		break;
	}
}
