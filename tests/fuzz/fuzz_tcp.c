/* A program of segments, user's calls and time for one host of TCP, read from
 * the input. Segments are given by their distance from what the connection
 * expects, so that most of them get past the first checks. After each step the
 * connection's numbers must make sense.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "conn.h"
#include "ip/super.h"
#include "output.h"

enum { BUF = 4096, STEPS = 400 };

#define MUST(cond) \
	do { \
		if (!(cond)) { \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #cond); \
			abort(); \
		} \
	} while (0)

struct host {
	struct tcp *tcp;
	struct instant now;
	struct tcp_tuple tuple;
	struct tcp_id id;
	bool open, detached, shut;
	struct fifo_shared tx_sh, rx_sh;
	uint8_t tx_mem[BUF], rx_mem[BUF];
	struct fifo_end tx, rx;
	uint8_t accept_answer, listen_answer;
	struct tcp_options opt;
	uint32_t mtu;
	int send_result;
	struct seq iss; /* of the last SYN out */
	uint8_t reenter; /* what the callback does */
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int on_packet(void *user, struct instant now, const struct ip_packet_out *o)
{
	struct host *h = user;
	struct tcp_header hd;
	size_t len = 0;

	for (unsigned i = 0; i < o->nspans; i++)
		len += o->spans[i].len;
	MUST(len <= 1480);
	MUST(tcp_header_parse(o->spans[0].base, o->spans[0].len, &hd) ==
		(int)o->spans[0].len);
	if (hd.flags & TCP_SYN)
		h->iss = hd.seq;
	if (len + 20 > h->mtu)
		return -90; /* EMSGSIZE */
	return h->send_result;
}

static int on_send(void *user, struct instant now, const struct ip_packet_out *o)
{
	return super_each(o, now, on_packet, user);
}

static int on_route(void *user, const struct ip_addr *dst, uint32_t ifindex,
	struct ip_addr *src, uint32_t *mtu)
{
	struct host *h = user;

	*mtu = h->mtu;
	return 0;
}

static enum tcp_listen_verdict on_syn(void *user, const struct tcp_tuple *t,
	struct tcp_listen_info *info)
{
	struct host *h = user;

	info->cookie = 1;
	info->rx_limit = BUF;
	return h->listen_answer < 250 ? TCP_LISTEN_OK : TCP_LISTEN_FULL;
}

static struct tcp_bufs give_bufs(struct host *h)
{
	struct tcp_bufs b = { .rx_limit = BUF };

	memset(&h->tx_sh, 0, sizeof(h->tx_sh));
	memset(&h->rx_sh, 0, sizeof(h->rx_sh));
	fifo_writer_init(&h->tx, &h->tx_sh, h->tx_mem, BUF);
	fifo_reader_init(&h->rx, &h->rx_sh, h->rx_mem, BUF);
	fifo_reader_init(&b.tx, &h->tx_sh, h->tx_mem, BUF);
	fifo_writer_init(&b.rx, &h->rx_sh, h->rx_mem, BUF);
	h->open = true;
	h->detached = h->shut = false;
	return b;
}

static int on_accept(void *user, struct tcp_id id, const struct tcp_tuple *t,
	uint64_t listener, struct tcp_bufs *bufs, struct tcp_options *opt,
	uint64_t *cookie)
{
	struct host *h = user;

	MUST(tcp_user_sent(h->tcp, h->now, id) < 0); /* not yet ours */
	if (h->open || h->accept_answer > 230)
		return h->accept_answer & 1 ? -11 : -12; /* EAGAIN, ENOMEM */
	*bufs = give_bufs(h);
	*opt = h->opt;
	*cookie = 2;
	h->id = id;
	return 0;
}

static void on_event(void *user, struct tcp_id id, uint64_t cookie,
	unsigned events, int err)
{
	struct host *h = user;

	MUST(cookie == 2 && id.index == h->id.index && id.gen == h->id.gen);
	MUST(h->open);
	/* Of its end alone, how it came and that it leaves its names. */
	MUST(!h->detached || (events & ~(TCP_EV_TIME_WAIT | TCP_EV_FIN_WAIT | TCP_EV_STATE)) ==
		TCP_EV_CLOSED);
	MUST(!(events & TCP_EV_TIME_WAIT) || (events & TCP_EV_CLOSED));
	MUST(!(events & TCP_EV_ERROR) || err > 0);
	if (events & TCP_EV_CLOSED) {
		h->open = false;
		MUST(tcp_user_sent(h->tcp, h->now, id) < 0);
	} else if (h->reenter == 1) {
		tcp_abort(h->tcp, h->now, id);
	} else if (h->reenter == 2 && !h->detached) {
		h->detached = true;
		tcp_detach(h->tcp, h->now, id);
	}
}

static void check_conn(struct conn *c)
{
	const struct sendq *q = &c->sendq;
	uint32_t out = 0, sacked = 0, lost = 0, retrans = 0;
	struct seq at = c->snd_una;

	MUST(!c->dead);
	MUST(seq_le(c->snd_una, c->snd_nxt));
	MUST(c->state < TCP_ESTABLISHED || seq_le(c->tx_seq, c->tx_end));
	MUST(seq_le(c->snd_nxt, seq_add(c->tx_end, c->fin_sent)));
	MUST(seq_diff(c->tx_end, c->tx_seq) <= BUF);
	MUST(seq_le(c->rcv_nxt, c->rcv_adv) || c->state == TCP_SYN_SENT);
	MUST(c->state == TCP_SYN_SENT ||
		seq_diff(c->rcv_adv, c->rcv_nxt) <= BUF + 1);
	MUST(c->state < TCP_ESTABLISHED || c->cc.cwnd >= 1);
	MUST(c->fin_sent <= c->fin_queued);
	for (uint32_t i = 0; i < q->n; i++) {
		const struct txseg *s = sendq_at(q, i);

		MUST(s->len > 0 && seq_eq(s->start, at));
		MUST(!(s->flags & TXSEG_SACKED) || !(s->flags & TXSEG_LOST));
		at = txseg_end(s);
		out += s->len;
		sacked += s->flags & TXSEG_SACKED ? s->len : 0;
		lost += s->flags & TXSEG_LOST ? s->len : 0;
		retrans += s->flags & TXSEG_RETRANS ? s->len : 0;
	}
	MUST(c->state < TCP_ESTABLISHED || seq_eq(at, c->snd_nxt));
	MUST(out == q->out && sacked == q->sacked && lost == q->lost &&
		retrans == q->retrans);
	MUST((int32_t)sendq_in_flight(q) >= 0);
	/* Something is in flight: some timer must be running. */
	MUST(!q->n || timer_node_is_set(&c->e.timer));
	for (uint32_t i = 0; i < c->ooo.n; i++) {
		MUST(seq_lt(c->rcv_nxt, c->ooo.at[i].from));
		MUST(seq_lt(c->ooo.at[i].from, c->ooo.at[i].to));
		MUST(i == 0 || seq_lt(c->ooo.at[i - 1].to, c->ooo.at[i].from));
	}
}

static struct conn *the_conn(struct host *h)
{
	return h->open ? conn_find(h->tcp, h->id) : NULL;
}

static void send_segment(struct host *h, struct cursor *in)
{
	struct conn *c = the_conn(h);
	uint8_t buf[2048], what = cursor_u8(in);
	struct tcp_header hd = { .sport = h->tuple.remote.port,
		.dport = h->tuple.local.port, .flags = cursor_u8(in),
		.wnd = cursor_u16(in), .wscale = TCP_WSCALE_NONE };
	struct ip_packet_in pkt = { .src = h->tuple.remote.addr,
		.dst = h->tuple.local.addr, .proto = IP_PROTO_TCP, .csum_ok = true,
		.l4 = buf };
	int16_t dseq = (int16_t)cursor_u16(in), dack = (int16_t)cursor_u16(in);
	size_t len = what & 1 ? cursor_u16(in) % 1400 : 0;

	if (what & 2) /* most often: right on the spot */
		dseq = 0;
	if (what & 4)
		hd.flags = TCP_ACK;
	else if (hd.flags & 0xc0) /* resets end the game too soon */
		hd.flags &= (uint8_t)~(TCP_RST | TCP_SYN);
	hd.seq = seq_of((c ? c->rcv_nxt.v : 1000) + (uint32_t)dseq);
	hd.ack = seq_of((c ? c->snd_una.v : h->iss.v + 1) +
		(what & 8 ? (uint32_t)dack : 0));
	if (c && (what & 16))
		hd.ack = c->snd_nxt;
	hd.has_ts = what & 32;
	hd.tsval = hd.has_ts ? cursor_u8(in) : 0;
	hd.tsecr = c && hd.has_ts ? conn_ts_now(c, h->now) - cursor_u8(in) : 0;
	if (hd.flags & TCP_SYN) {
		hd.mss = cursor_u16(in);
		hd.wscale = (int8_t)(cursor_u8(in) % 16 - 1);
		hd.sack_ok = cursor_u8(in) & 1;
	}
	if (what & 64) {
		hd.nsack = (uint8_t)(1 + cursor_u8(in) % 3);
		for (unsigned i = 0; i < hd.nsack; i++) {
			uint16_t from = cursor_u16(in) % 3000;

			hd.sack[i].from = seq_add(hd.ack, from - 100u);
			hd.sack[i].to = seq_add(hd.sack[i].from,
				cursor_u16(in) % 3000);
		}
	}
	pkt.len = tcp_header_emit(&hd, buf);
	memset(buf + pkt.len, 'x', len);
	pkt.len += len;
	tcp_input(h->tcp, h->now, &pkt);
}

static void pass_time(struct host *h, struct cursor *in)
{
	struct duration d = DURATION_MS((uint64_t)cursor_u16(in) *
		(cursor_u8(in) & 1 ? 1 : 50));
	struct instant until = instant_add(h->now, d);
	int budget = 10000;

	while (!instant_before(until, tcp_deadline(h->tcp))) {
		MUST(--budget); /* time goes on */
		if (instant_before(h->now, tcp_deadline(h->tcp)))
			h->now = tcp_deadline(h->tcp);
		tcp_tick(h->tcp, h->now);
	}
	h->now = until;
}

static void open_actively(struct host *h)
{
	struct tcp_bufs b;

	if (h->open || tcp_tuple_in_use(h->tcp, &h->tuple))
		return;
	b = give_bufs(h);
	if (tcp_connect(h->tcp, h->now, &h->tuple, &b, &h->opt, 2, &h->id) < 0)
		h->open = false;
}

static void call(struct host *h, struct cursor *in)
{
	uint8_t junk[BUF] = { 0 };
	uint16_t n = cursor_u16(in) % BUF;

	switch (cursor_u8(in) % 12) {
	case 0: case 1: case 2:
		if (!h->open || h->shut || h->detached)
			break;
		fifo_write(&h->tx, junk, n);
		tcp_user_sent(h->tcp, h->now, h->id);
		break;
	case 3: case 4:
		if (!h->open || h->detached)
			break;
		fifo_read(&h->rx, junk, n);
		tcp_user_received(h->tcp, h->now, h->id);
		break;
	case 5:
		h->shut = true;
		tcp_shutdown_send(h->tcp, h->now, h->id);
		break;
	case 6:
		if (!h->open || h->detached)
			break;
		h->detached = true;
		tcp_detach(h->tcp, h->now, h->id);
		break;
	case 7:
		if (n < 400 && !h->detached)
			tcp_abort(h->tcp, h->now, h->id);
		break;
	case 8:
		h->opt = (struct tcp_options){ .nodelay = n & 1, .cork = n & 2,
			.keepalive = n & 4, .keep_idle = 1 + n % 7,
			.keep_intvl = 1, .keep_cnt = 2,
			.user_timeout = n & 8 ? n : 0, .mss = n & 16 ? n : 0 };
		tcp_set_options(h->tcp, h->now, h->id, &h->opt);
		break;
	case 9:
		h->mtu = n & 1 ? 1500 : 600;
		h->send_result = n & 2 ? -105 : 0; /* ENOBUFS */
		h->reenter = n % 64 < 3 ? (uint8_t)(n % 64) : 0;
		break;
	case 10:
		h->accept_answer = (uint8_t)n;
		h->listen_answer = (uint8_t)(n >> 8);
		tcp_listener_gone(h->tcp, h->now, n & 1);
		break;
	default:
		open_actively(h);
		break;
	}
}

/* To where most of the code is: SYN, and the ACK of the SYN-ACK. */
static void shake_hands(struct host *h, uint8_t kind)
{
	struct ip_packet_in pkt = { .src = h->tuple.remote.addr,
		.dst = h->tuple.local.addr, .proto = IP_PROTO_TCP, .csum_ok = true };
	struct tcp_header hd = { .sport = 99, .dport = 80, .seq = seq_of(1000),
		.flags = TCP_SYN, .wnd = 4000, .mss = 1460, .wscale = 2,
		.sack_ok = kind & 2, .has_ts = kind & 4 };
	uint8_t buf[TCP_HEADER_MAX];

	pkt.l4 = buf;
	pkt.len = tcp_header_emit(&hd, buf);
	tcp_input(h->tcp, h->now, &pkt);
	hd = (struct tcp_header){ .sport = 99, .dport = 80,
		.seq = seq_of(1001), .ack = seq_add(h->iss, 1), .flags = TCP_ACK,
		.wnd = 4000, .wscale = TCP_WSCALE_NONE, .has_ts = kind & 4 };
	pkt.len = tcp_header_emit(&hd, buf);
	tcp_input(h->tcp, h->now, &pkt);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct host h;
	struct cursor in = cursor_of(data, size);
	struct tcp_rules rules;
	struct tcp_config cfg = {
		.ops = { .syn = on_syn, .accept = on_accept, .event = on_event,
			.user = &h, .urgent = NULL },
		.ip = { .send = on_send, .route = on_route, .user = &h },
		.isn_key = { { 1, 2 } }, .rules = &rules,
	};
	uint8_t kind;

	memset(&h, 0, sizeof(h));
	h.now.ns = 1000000000;
	h.mtu = 1500;
	h.tuple = (struct tcp_tuple){ { ip_addr_v4(10, 0, 0, 1), 80 },
		{ ip_addr_v4(10, 0, 0, 2), 99 } };
	tcp_rules_default(&rules);
	rules.timestamps = cursor_u8(&in) & 1;
	rules.sack = cursor_u8(&in) & 1;
	h.tcp = tcp_new(&cfg);
	kind = cursor_u8(&in);
	if (kind % 8)
		shake_hands(&h, kind);
	for (int i = 0; in.left && i < STEPS; i++) {
		uint8_t op = cursor_u8(&in) % 8;

		if (op < 5)
			send_segment(&h, &in);
		else if (op < 7)
			call(&h, &in);
		else
			pass_time(&h, &in);
		if (the_conn(&h))
			check_conn(the_conn(&h));
	}
	tcp_free(h.tcp);
	return 0;
}
