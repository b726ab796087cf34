/* SPDX-License-Identifier: BSD-2-Clause */
#include "peer.h"

#include <string.h>

#include "base/checksum.h"
#include "ip/super.h"
#include "check.h"

static int on_packet(void *user, struct instant now, const struct ip_packet_out *o)
{
	struct peer *p = user;
	struct peer_segment *s = &p->out[p->nout % PEER_OUT];
	uint8_t buf[2048];
	struct checksum sum = CHECKSUM_INIT;
	size_t len = 0;
	int header;

	for (unsigned i = 0; i < o->nspans; i++) {
		CHECK(len + o->spans[i].len <= sizeof(buf));
		memcpy(buf + len, o->spans[i].base, o->spans[i].len);
		len += o->spans[i].len;
	}
	checksum_add_pseudo(&sum, &o->src, &o->dst, o->proto, (uint32_t)len);
	checksum_add(&sum, buf, len);
	CHECK_INT(checksum_finish(&sum), ==, 0);
	if (len + 20 + o->options_len > p->mtu)
		return -90; /* EMSGSIZE */
	header = tcp_header_parse(buf, len, &s->h);
	CHECK_INT(header, >=, 20);
	s->len = (uint32_t)(len - (size_t)header);
	p->sent_by = o->ifindex;
	s->options.len = o->options_len;
	if (o->options_len)
		memcpy(s->options.bytes, o->options, o->options_len);
	memcpy(s->data, buf + header, s->len);
	if (s->h.flags & TCP_SYN)
		p->iss = s->h.seq;
	p->nout++;
	return 0;
}

static int on_send(void *user, struct instant now, const struct ip_packet_out *o)
{
	return super_each(o, now, on_packet, user);
}

static int on_route(void *user, const struct ip_addr *dst, uint32_t ifindex,
	struct ip_addr *src, uint32_t *mtu)
{
	struct peer *p = user;

	*src = p->tuple.local.addr;
	*mtu = p->mtu;
	return 0;
}

static void on_echo(void *user, const struct ip_packet_in *pkt, struct ip_options *out)
{
	const struct peer *p = user;

	*out = p->came;
}

static enum tcp_listen_verdict on_syn(void *user, const struct tcp_tuple *t,
	struct tcp_listen_info *info)
{
	struct peer *p = user;

	info->cookie = 5;
	if (p->device && p->device != info->arrived)
		return TCP_LISTEN_NONE;
	info->ifindex = p->device;
	info->defer = p->defer;
	info->rx_limit = p->rx_limit;
	return p->verdict;
}

static struct tcp_bufs give_bufs(struct peer *p)
{
	struct tcp_bufs b = { .rx_limit = p->rx_limit };

	p->tx_sh.head = p->tx_sh.tail = 0;
	p->rx_sh.head = p->rx_sh.tail = 0;
	fifo_writer_init(&p->tx, &p->tx_sh, p->tx_mem, PEER_BUF);
	fifo_reader_init(&p->rx, &p->rx_sh, p->rx_mem, PEER_BUF);
	fifo_reader_init(&b.tx, &p->tx_sh, p->tx_mem, PEER_BUF);
	fifo_writer_init(&b.rx, &p->rx_sh, p->rx_mem, PEER_BUF);
	return b;
}

static int on_accept(void *user, struct tcp_id id, const struct tcp_tuple *t,
	uint64_t listener, struct tcp_bufs *bufs, struct tcp_options *opt,
	uint64_t *cookie)
{
	struct peer *p = user;

	CHECK_INT(listener, ==, 5);
	if (p->accept_error)
		return p->accept_error;
	*bufs = give_bufs(p);
	*opt = p->opt;
	opt->ifindex = p->device;
	p->id = id;
	*cookie = p->cookie = 77;
	p->accepted++;
	return 0;
}

static void on_event(void *user, struct tcp_id id, uint64_t cookie,
	unsigned events, int err)
{
	struct peer *p = user;

	CHECK_INT(cookie, ==, (long long)p->cookie);
	CHECK_INT(p->closed, ==, 0);
	p->events |= events;
	if (events & (TCP_EV_ERROR | TCP_EV_SOFT_ERROR))
		p->err = err;
	p->closed += (events & TCP_EV_CLOSED) != 0;
}

static void on_urgent(void *user, struct tcp_id id, uint64_t cookie, uint32_t at)
{
	struct peer *p = user;

	CHECK_INT(cookie, ==, (long long)p->cookie);
	CHECK_INT(id.gen, ==, p->id.gen);
	p->urgents++;
	p->urgent_at = at;
}

void peer_init(struct peer *p, bool sack, bool ts)
{
	struct tcp_rules rules;
	struct tcp_config cfg = {
		.ops = { .syn = on_syn, .accept = on_accept, .event = on_event,
			.user = p, .urgent = on_urgent },
		.ip = { .send = on_send, .route = on_route, .user = p,
			.echo = on_echo },
		.isn_key = { { 1, 2 } },
		.seed = 3,
		.rules = &rules,
	};

	tcp_rules_default(&rules);
	rules.timestamps = ts;
	rules.sack = sack;
	memset(p, 0, sizeof(*p));
	p->now = (struct instant){ 5000000000 };
	p->tuple = (struct tcp_tuple){ { ip_addr_v4(10, 0, 0, 1), 80 },
		{ ip_addr_v4(10, 0, 0, 2), 4000 } };
	p->verdict = TCP_LISTEN_OK;
	p->mtu = 1500;
	p->rx_limit = PEER_BUF;
	p->wnd = 65535;
	p->ts = ts;
	p->tsval = 100;
	p->peer_iss = PEER_ISS;
	p->tcp = tcp_new(&cfg);
	CHECK(p->tcp);
}

void peer_fini(struct peer *p)
{
	tcp_free(p->tcp);
}

void peer_send_header(struct peer *p, struct tcp_header *h, const void *data,
	uint32_t len)
{
	uint8_t buf[2048];
	struct ip_packet_in in = { .src = p->tuple.remote.addr,
		.dst = p->tuple.local.addr, .proto = IP_PROTO_TCP, .ttl = 64,
		.ifindex = p->by, .csum_ok = true, .l4 = buf };

	h->sport = p->tuple.remote.port;
	h->dport = p->tuple.local.port;
	h->wnd = p->wnd;
	h->has_ts = p->ts;
	h->tsval = p->tsval;
	in.len = tcp_header_emit(h, buf);
	if (len)
		memcpy(buf + in.len, data, len);
	in.len += len;
	tcp_input(p->tcp, p->now, &in);
}

void peer_send(struct peer *p, uint8_t flags, struct seq seq, struct seq ack,
	const void *data, uint32_t len)
{
	struct tcp_header h = { .seq = seq, .ack = ack, .flags = flags,
		.wscale = TCP_WSCALE_NONE };

	if (flags & TCP_SYN) {
		h.mss = 1460;
		h.wscale = 0;
		h.sack_ok = true;
	}
	peer_send_header(p, &h, data, len);
}

const struct tcp_header *peer_last(const struct peer *p)
{
	static const struct tcp_header none;

	return p->nout ? &p->out[(p->nout - 1) % PEER_OUT].h : &none;
}

void peer_clear(struct peer *p)
{
	p->nout = 0;
}

struct seq peer_ack(const struct peer *p)
{
	struct seq a = seq_add(p->iss, 1);

	for (unsigned i = 0; i < p->nout && i < PEER_OUT; i++) {
		const struct peer_segment *s = &p->out[i];

		a = seq_max(a, seq_add(s->h.seq, s->len +
			((s->h.flags & (TCP_SYN | TCP_FIN)) != 0)));
	}
	return a;
}

void peer_connect(struct peer *p)
{
	struct tcp_bufs b = give_bufs(p);

	p->cookie = 78;
	CHECK_INT(tcp_connect(p->tcp, p->now, &p->tuple, &b, &p->opt, 78, &p->id),
		==, 0);
	p->seq = seq_of(p->peer_iss);
}

void peer_accept(struct peer *p)
{
	peer_send(p, TCP_SYN, seq_of(p->peer_iss), seq_of(0), NULL, 0);
	CHECK_INT(peer_last(p)->flags, ==, TCP_SYN | TCP_ACK);
	p->seq = seq_of(p->peer_iss + 1);
	peer_send(p, TCP_ACK, p->seq, peer_ack(p), NULL, 0);
	CHECK_INT(p->accepted, ==, 1);
}

static void fin_from_peer(struct peer *p, struct seq ack)
{
	peer_send(p, TCP_FIN | TCP_ACK, p->seq, ack, NULL, 0);
	p->seq = seq_add(p->seq, 1);
}

void peer_to_state(struct peer *p, enum tcp_state s)
{
	struct seq before;

	if (s == TCP_LISTEN)
		return;
	if (s == TCP_SYN_SENT || s == TCP_SYN_RECEIVED) {
		peer_connect(p);
		if (s == TCP_SYN_RECEIVED) { /* simultaneous open */
			peer_send(p, TCP_SYN, p->seq, seq_of(0), NULL, 0);
			p->seq = seq_add(p->seq, 1);
		}
		return;
	}
	peer_accept(p);
	before = peer_ack(p);
	if (s == TCP_CLOSE_WAIT || s == TCP_LAST_ACK)
		fin_from_peer(p, before);
	if (s != TCP_ESTABLISHED && s != TCP_CLOSE_WAIT)
		CHECK_INT(tcp_shutdown_send(p->tcp, p->now, p->id), ==, 0);
	if (s == TCP_CLOSING)
		fin_from_peer(p, before);
	if (s == TCP_FIN_WAIT_2 || s == TCP_TIME_WAIT)
		peer_send(p, TCP_ACK, p->seq, peer_ack(p), NULL, 0);
	if (s == TCP_TIME_WAIT)
		fin_from_peer(p, peer_ack(p));
	CHECK_INT(peer_state(p), ==, s);
}

static void note_state(void *user, const struct tcp_info_view *v)
{
	*(enum tcp_state *)user = v->state;
}

enum tcp_state peer_state(const struct peer *p)
{
	enum tcp_state s = TCP_CLOSED;

	tcp_foreach(p->tcp, p->now, note_state, &s);
	return s;
}

void peer_wait(struct peer *p, struct duration d)
{
	struct instant until = instant_add(p->now, d);

	while (!instant_before(until, tcp_deadline(p->tcp))) {
		p->now = instant_before(p->now, tcp_deadline(p->tcp)) ?
			tcp_deadline(p->tcp) : p->now;
		tcp_tick(p->tcp, p->now);
	}
	p->now = until;
}

void peer_user_write(struct peer *p, const void *data, uint32_t len)
{
	CHECK_INT(fifo_write(&p->tx, data, len), ==, len);
	CHECK_INT(tcp_user_sent(p->tcp, p->now, p->id), ==, 0);
}
