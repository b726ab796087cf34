/* Two whole stacks on one virtual wire.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "twostacks.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"

struct two_frame {
	struct two_frame *next;
	struct instant at;
	int to;
	size_t len;
	uint8_t data[];
};

static void wire_out(void *user, uint32_t ifindex, struct instant now,
	const struct stack_frame *f)
{
	struct two_host *h = user;
	struct two *t = h->two;
	struct two_frame *w = malloc(sizeof(*w) + f->len);
	size_t at = 0;

	for (unsigned i = 0; i < f->nspans; at += f->spans[i].len, i++)
		if (f->spans[i].len)
			memcpy(w->data + at, f->spans[i].base, f->spans[i].len);
	w->len = at;
	w->next = NULL;
	w->to = h == &t->host[0];
	w->at = instant_add(now, t->delay);
	t->nframes++;
	if (at != f->len)
		abort(); /* the spans and the sum disagree */
	if (t->filter && !t->filter(t->filter_user, !w->to, w->data, at)) {
		free(w);
		return;
	}
	*t->last = w;
	t->last = &w->next;
}

static int datagram(void *user, struct instant now,
	const struct stack_datagram *d)
{
	struct two_host *h = user;
	struct two_datagram *l = &h->datagrams[h->ndatagrams % TWO_LOG];

	(void)now;
	if (d->proto == IP_PROTO_UDP && d->dst.port != h->udp_port)
		return -ECONNREFUSED;
	h->ndatagrams++;
	l->src = d->src;
	l->dst = d->dst;
	l->proto = d->proto;
	l->len = d->payload.len < TWO_PAYLOAD ? d->payload.len : TWO_PAYLOAD;
	if (l->len)
		memcpy(l->payload, d->payload.base, l->len);
	return 0;
}

static void datagram_error(void *user, uint8_t proto,
	const struct ip_name *local, const struct ip_name *remote, const struct ip_error_in *e,
	const struct span *payload)
{
	struct two_host *h = user;

	h->errors[h->nerrors++ % TWO_LOG] = (struct two_error){ *local, *remote,
		proto, e->err, e->mtu, h->two->now };
}

static struct two_conn *conn_new(struct two_host *h)
{
	for (int i = 0; i < TWO_CONNS; i++) {
		struct two_conn *c = &h->conns[i];

		if (c->used)
			continue;
		memset(c, 0, offsetof(struct two_conn, tx_data));
		c->used = true;
		c->host = h;
		fifo_writer_init(&c->tx, &c->tx_shared, c->tx_data, TWO_FIFO);
		fifo_reader_init(&c->bufs.tx, &c->tx_shared, c->tx_data,
			TWO_FIFO);
		fifo_reader_init(&c->rx, &c->rx_shared, c->rx_data, TWO_FIFO);
		fifo_writer_init(&c->bufs.rx, &c->rx_shared, c->rx_data,
			TWO_FIFO);
		c->bufs.rx_limit = TWO_FIFO;
		return c;
	}
	return NULL;
}

static enum tcp_listen_verdict tcp_syn(void *user, const struct tcp_tuple *t,
	struct tcp_listen_info *info)
{
	struct two_host *h = user;

	if (t->local.port != h->tcp_port)
		return TCP_LISTEN_NONE;
	*info = (struct tcp_listen_info){ .cookie = 1000,
		.rx_limit = TWO_FIFO };
	return TCP_LISTEN_OK;
}

static int tcp_accepted(void *user, struct tcp_id id, const struct tcp_tuple *t,
	uint64_t listener, struct tcp_bufs *bufs, struct tcp_options *opt,
	uint64_t *cookie)
{
	struct two_host *h = user;
	struct two_conn *c = conn_new(h);

	(void)opt;
	if (!c || listener != 1000)
		return -ENOBUFS;
	c->id = id;
	c->tuple = *t;
	*bufs = c->bufs;
	*cookie = (uint64_t)(c - h->conns);
	return 0;
}

static void tcp_happened(void *user, struct tcp_id id, uint64_t cookie,
	unsigned events, int err)
{
	struct two_host *h = user;

	(void)id;
	h->conns[cookie].events |= events;
	if (err)
		h->conns[cookie].err = err;
}

static struct ip_prefix prefix(const char *text)
{
	struct ip_prefix p;

	if (ip_prefix_parse(text, &p) != 0)
		abort();
	return p;
}

struct ip_addr two_addr(const char *text)
{
	struct ip_addr a;

	if (ip_addr_parse(text, &a) != 0)
		abort();
	return a;
}

static void host_init(struct two *t, int n, uint64_t seed)
{
	struct two_host *h = &t->host[n];
	struct stack_config cfg = { .name = n ? "one" : "zero",
		.seed = seed + (uint64_t)n, .isn_key = { { seed, 7 } },
		.ops = { .output = wire_out, .datagram = datagram,
			.datagram_error = datagram_error, .user = h,
			.tcp = { .syn = tcp_syn, .accept = tcp_accepted,
				.event = tcp_happened, .user = h } } };
	struct stack_iface_config eth = { .name = "eth0",
		.mac = { 2, 0, 0, 0, 0, (uint8_t)(n + 1) } };
	struct ip_prefix v4 = prefix(n ? "10.0.0.2/24" : "10.0.0.1/24"),
			 v6 = prefix(n ? "fd00::2/64" : "fd00::1/64");

	h->two = t;
	h->stack = stack_new(&cfg);
	if (!h->stack || stack_add_iface(h->stack, &eth) != 2 ||
		stack_add_addr(h->stack, 2, &v4) != 0 ||
		stack_add_addr(h->stack, 2, &v6) != 0)
		abort();
	h->v4 = v4.addr;
	h->v6 = v6.addr;
	h->ll = two_addr(n ? "fe80::ff:fe00:2%2" : "fe80::ff:fe00:1%2");
}

struct two *two_new(uint64_t seed)
{
	struct two *t = calloc(1, sizeof(*t));

	if (!t)
		abort();
	t->now = (struct instant){ 1000000000 };
	t->delay = DURATION_MS(5);
	t->last = &t->first;
	host_init(t, 0, seed);
	host_init(t, 1, seed);
	return t;
}

static struct two_frame *wire_take(struct two *t)
{
	struct two_frame *w = t->first;

	t->first = w->next;
	if (!t->first)
		t->last = &t->first;
	return w;
}

void two_free(struct two *t)
{
	while (t->first)
		free(wire_take(t));
	stack_free(t->host[0].stack);
	stack_free(t->host[1].stack);
	free(t);
}

static void deliver_due(struct two *t)
{
	while (t->first && !instant_before(t->now, t->first->at)) {
		struct two_frame *w = wire_take(t);

		stack_input(t->host[w->to].stack, 2, t->now, w->data, w->len);
		free(w);
	}
}

void two_run(struct two *t, struct duration d)
{
	struct instant end = instant_add(t->now, d);

	for (;;) {
		struct instant next = t->first ? t->first->at : INSTANT_NEVER;

		for (int i = 0; i < 2; i++)
			next = instant_min(next,
				stack_deadline(t->host[i].stack));
		if (instant_before(end, next))
			break;
		if (instant_before(t->now, next))
			t->now = next;
		deliver_due(t);
		for (int i = 0; i < 2; i++)
			stack_tick(t->host[i].stack, t->now);
	}
	t->now = end;
}

int two_send_udp(struct two_host *h, const struct ip_addr *dst, uint16_t sport,
	uint16_t dport, const void *data, size_t len)
{
	struct stack_datagram d = { .src = { ip_addr_any(dst->family), sport },
		.dst = { *dst, dport }, .proto = IP_PROTO_UDP,
		.payload = { data, len } };
	int r = stack_send_datagram(h->stack, h->two->now, &d);

	stack_flush(h->stack, h->two->now);
	return r;
}

int two_ping(struct two_host *h, const struct ip_addr *dst, uint16_t id,
	uint16_t seq, size_t data_len)
{
	uint8_t m[8 + 1500] = { dst->family == IP_V4 ? 8 : 128 };
	struct stack_datagram d = { .src = { ip_addr_any(dst->family), id },
		.dst = { *dst, 0 }, .payload = { m, 8 + data_len },
		.proto = dst->family == IP_V4 ? IP_PROTO_ICMP : IP_PROTO_ICMP6 };
	int r;

	put_be16(m + 6, seq);
	for (size_t i = 0; i < data_len; i++)
		m[8 + i] = (uint8_t)(i * 7);
	r = stack_send_datagram(h->stack, h->two->now, &d);
	stack_flush(h->stack, h->two->now);
	return r;
}

struct two_conn *two_connect(struct two_host *h, const struct ip_addr *dst,
	uint16_t sport, uint16_t dport, int *err)
{
	struct two_conn *c = conn_new(h);
	struct tcp_options opt = { 0 };
	uint32_t mtu;

	if (!c)
		abort();
	c->tuple = (struct tcp_tuple){ .local = { *dst, sport },
		.remote = { *dst, dport } };
	*err = stack_route(h->stack, dst, 0, &c->tuple.local.addr, &mtu);
	if (*err == 0)
		*err = tcp_connect(stack_tcp(h->stack), h->two->now, &c->tuple,
			&c->bufs, &opt, (uint64_t)(c - h->conns), &c->id);
	if (*err != 0) {
		c->used = false;
		return NULL;
	}
	stack_flush(h->stack, h->two->now);
	return c;
}

struct two_conn *two_accepted(struct two_host *h, unsigned n)
{
	for (int i = 0; i < TWO_CONNS; i++)
		if (h->conns[i].used &&
			h->conns[i].tuple.local.port == h->tcp_port && n-- == 0)
			return &h->conns[i];
	return NULL;
}

size_t two_write(struct two_conn *c, const void *data, size_t len)
{
	struct two *t = c->host->two;
	size_t n = fifo_write(&c->tx, data, (uint32_t)len);

	tcp_user_sent(stack_tcp(c->host->stack), t->now, c->id);
	stack_flush(c->host->stack, t->now);
	return n;
}

size_t two_read(struct two_conn *c, void *data, size_t len)
{
	struct two *t = c->host->two;
	size_t n = fifo_read(&c->rx, data, (uint32_t)len);

	if (n > 0) {
		tcp_user_received(stack_tcp(c->host->stack), t->now, c->id);
		stack_flush(c->host->stack, t->now);
	}
	return n;
}
