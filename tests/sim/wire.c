/* The simulated wire: one ordered list of packets in flight and two hosts'
 * timers; whichever is earlier happens next.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ip/super.h"

enum { PORT = 80 };

/* The wire serves tests with and without the runner: what must hold, or stop. */
#define MUST(cond) \
	do { \
		if (!(cond)) { \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, \
				#cond); \
			abort(); \
		} \
	} while (0)

static uint8_t content(uint64_t key, uint64_t at)
{
	uint64_t x = (at + key) * 0x9e3779b97f4a7c15ull;

	return (uint8_t)(x >> 56);
}

static void enqueue(struct sim *s, int to, struct instant at,
	const uint8_t *data, size_t len)
{
	struct sim_packet *p = malloc(sizeof(*p)), **q = &s->queue;

	MUST(len <= SIM_PACKET_MAX);
	*p = (struct sim_packet){ .at = at, .to = to, .len = len };
	memcpy(p->data, data, len);
	if (s->last && s->queue && s->last->at.ns <= at.ns)
		q = &s->last->next; /* nearly always: it overtakes nobody */
	while (*q && (*q)->at.ns <= at.ns)
		q = &(*q)->next;
	p->next = *q;
	*q = p;
	if (!p->next)
		s->last = p;
}

/* When the packet has left a sender of limited rate; NEVER: queue full. */
static struct instant serialize(struct sim *s, int from, size_t len)
{
	const struct sim_path *p = &s->path[from];
	struct instant start = s->free_at[from];

	if (p->rate == 0)
		return s->now;
	if (instant_before(start, s->now))
		start = s->now;
	if (p->queue && (uint64_t)instant_sub(start, s->now).ns * p->rate /
		1000000000 > p->queue)
		return INSTANT_NEVER;
	start.ns += (int64_t)((len + 40) * 1000000000ull / p->rate);
	return s->free_at[from] = start;
}

/* Gilbert's model, as the links have it (link/impair.c): all are lost in the bad
 * state and none in the good one. But a second without packets ends the bad one, or
 * three of four lone retransmissions would be lost, and connections given up. */
static bool loses(struct sim *s, int from)
{
	const struct sim_path *p = &s->path[from];
	double leave, enter;

	if (p->burst <= 1)
		return rng_unit(&s->rng) < p->loss;
	if (instant_sub(s->now, s->last_lost[from]).ns > DURATION_S(1).ns)
		s->in_burst[from] = false;
	leave = 1 / p->burst;
	enter = leave * p->loss / (1 - p->loss);
	s->in_burst[from] = rng_unit(&s->rng) < (s->in_burst[from] ? 1 - leave :
		enter);
	if (s->in_burst[from])
		s->last_lost[from] = s->now;
	return s->in_burst[from];
}

/* False: it is lost. */
static bool cross(struct sim *s, int from, uint64_t n, const uint8_t *data,
	size_t len)
{
	const struct sim_path *p = &s->path[from];
	bool overtakes = p->reorder > 0 && rng_unit(&s->rng) < p->reorder;
	struct instant at = overtakes ? s->now : serialize(s, from, len);

	if (p->drop && p->drop(p->drop_user, s, from, n, data, len))
		return false;
	if (instant_is_never(at) || loses(s, from))
		return false;
	if (!overtakes)
		at = instant_add(at, p->delay);
	if (p->jitter.ns)
		at.ns += (int64_t)(rng_unit(&s->rng) * (double)p->jitter.ns);
	enqueue(s, !from, at, data, len);
	if (p->duplicate > 0 && rng_unit(&s->rng) < p->duplicate)
		enqueue(s, !from, instant_add(at, DURATION_US(1)), data, len);
	return true;
}

static int one_packet(void *user, struct instant now,
	const struct ip_packet_out *out)
{
	struct sim_host *h = user;
	struct sim *s = h->sim;
	const struct sim_path *p = &s->path[h->n];
	uint8_t data[SIM_PACKET_MAX];
	size_t len = 0;
	bool arrives;

	for (unsigned i = 0; i < out->nspans; i++) {
		MUST(len + out->spans[i].len <= sizeof(data));
		memcpy(data + len, out->spans[i].base, out->spans[i].len);
		len += out->spans[i].len;
	}
	MUST(len + (h->addr.family == IP_V6 ? 40 : 20) <= 1500);
	if (len + 20 > p->mtu)
		return -EMSGSIZE;
	arrives = cross(s, h->n, h->packets++, data, len);
	if (p->watch)
		p->watch(p->watch_user, s, h->n, data, len, !arrives);
	return 0;
}

static int send_packet(void *user, struct instant now,
	const struct ip_packet_out *out)
{
	return super_each(out, now, one_packet, user);
}

static int route(void *user, const struct ip_addr *dst, uint32_t ifindex,
	struct ip_addr *src, uint32_t *mtu)
{
	struct sim_host *h = user;

	*src = h->addr;
	*mtu = h->sim->path[h->n].mtu;
	return 0;
}

static enum tcp_listen_verdict on_syn(void *user, const struct tcp_tuple *t,
	struct tcp_listen_info *info)
{
	struct sim_host *h = user;

	if (!h->listening || t->local.port != PORT)
		return TCP_LISTEN_NONE;
	info->cookie = 7;
	info->rx_limit = h->buf;
	return h->syn_verdict;
}

static void end_init(struct sim_end *e, struct sim_host *h)
{
	memset(e, 0, sizeof(*e));
	e->host = h;
	e->used = true;
	e->tx_mem = malloc(h->buf);
	e->rx_mem = malloc(h->buf);
	MUST(fifo_writer_init(&e->tx, &e->tx_sh, e->tx_mem, h->buf) == 0);
	MUST(fifo_reader_init(&e->rx, &e->rx_sh, e->rx_mem, h->buf) == 0);
	e->key = h->sim->key * 2 + (unsigned)h->n;
	e->peer_key = h->sim->key * 2 + !h->n;
	e->reading = true;
}

static struct tcp_bufs bufs_of(struct sim_end *e, uint32_t limit)
{
	struct tcp_bufs b = { .rx_limit = limit };

	fifo_reader_init(&b.tx, &e->tx_sh, e->tx_mem, e->tx.size);
	fifo_writer_init(&b.rx, &e->rx_sh, e->rx_mem, e->rx.size);
	return b;
}

static struct sim_end *take_end(struct sim_host *h)
{
	for (unsigned i = 0; i < 4; i++) {
		if (!h->end[i].used) {
			end_init(&h->end[i], h);
			return &h->end[i];
		}
	}
	return NULL;
}

static int on_accept(void *user, struct tcp_id id, const struct tcp_tuple *t,
	uint64_t listener, struct tcp_bufs *bufs, struct tcp_options *opt,
	uint64_t *cookie)
{
	struct sim_host *h = user;
	struct sim_end *e;

	MUST(listener == 7);
	if (h->accept_error)
		return h->accept_error;
	e = take_end(h);
	if (!e)
		return -EAGAIN;
	e->to_send = h->template.to_send;
	e->reading = !h->template.reading; /* template says "not" */
	e->close_when_done = h->template.close_when_done;
	e->shut_when_done = h->template.shut_when_done;
	e->id = id;
	e->connected = true;
	*bufs = bufs_of(e, h->buf);
	*opt = h->opt;
	*cookie = (uint64_t)(uintptr_t)e;
	h->accepted++;
	return 0;
}

void sim_end_step(struct sim_end *e)
{
	struct tcp *t = e->host->tcp;
	struct instant now = e->host->sim->now;
	uint8_t buf[4096];
	uint32_t n, total = 0;

	if (!e->used || e->let_go)
		return;
	while (e->reading && (n = fifo_read(&e->rx, buf, sizeof(buf))) > 0) {
		for (uint32_t i = 0; i < n; i++)
			if (buf[i] != content(e->peer_key, e->received + i))
				MUST(!"a byte is wrong");
		e->received += n;
		total += n;
	}
	if (total)
		tcp_user_received(t, now, e->id);
	if (!e->connected || e->closed)
		return;
	total = 0;
	while (e->sent < e->to_send) {
		uint64_t left = e->to_send - e->sent;
		uint32_t space = fifo_writer_space(&e->tx);

		n = left < sizeof(buf) ? (uint32_t)left : sizeof(buf);
		n = n < space ? n : space;
		if (n == 0)
			break;
		for (uint32_t i = 0; i < n; i++)
			buf[i] = content(e->key, e->sent + i);
		fifo_write(&e->tx, buf, n);
		e->sent += n;
		total += n;
	}
	if (total)
		tcp_user_sent(t, now, e->id);
	if (e->shut_when_done && e->sent == e->to_send && !e->shut_done) {
		e->shut_done = true;
		tcp_shutdown_send(t, now, e->id);
	}
	if (e->close_when_done && e->sent == e->to_send && e->eof &&
		fifo_reader_used(&e->rx) == 0) {
		e->let_go = true;
		tcp_detach(t, now, e->id);
	}
}

static void on_event(void *user, struct tcp_id id, uint64_t cookie,
	unsigned events, int err)
{
	struct sim_end *e = (struct sim_end *)(uintptr_t)cookie;

	MUST(e && e->used && !e->closed);
	e->events |= events;
	if (events & TCP_EV_ERROR)
		e->err = err;
	if (events & TCP_EV_SOFT_ERROR)
		e->soft_err = err;
	e->connected |= (events & TCP_EV_CONNECTED) != 0;
	e->eof |= (events & TCP_EV_EOF) != 0;
	e->closed |= (events & TCP_EV_CLOSED) != 0;
	sim_end_step(e);
}

struct tcp_config sim_tcp_config(const struct sim_config *cfg, int n)
{
	return (struct tcp_config){
		.isn_key = { { cfg->seed, (uint64_t)n } },
		.seed = cfg->seed + (uint64_t)n,
	};
}

static void host_init(struct sim *s, int n, const struct sim_config *cfg)
{
	struct sim_host *h = &s->host[n];
	struct tcp_config c = sim_tcp_config(cfg, n);
	struct tcp_rules rules;

	tcp_rules_default(&rules);
	rules.timestamps = !cfg->no_ts;
	rules.window_scaling = !cfg->no_wscale;
	rules.sack = !cfg->no_sack;
	rules.pace_path = cfg->pace_path;
	c.rules = &rules;
	c.ops = (struct tcp_ops){ .syn = on_syn, .accept = on_accept,
		.event = on_event, .user = h };
	c.ip = (struct ip_sender){ send_packet, route, h, NULL, NULL };
	*h = (struct sim_host){ .sim = s, .n = n, .buf = cfg->buf,
		.listening = n == 1, .syn_verdict = TCP_LISTEN_OK,
		.opt.cc = (uint8_t)cfg->cc, .late = cfg->late[n], .slack = cfg->late[n] };
	h->inbox_end = &h->inbox;
	if (cfg->v6) {
		uint8_t raw[16] = { 0xfd, [15] = (uint8_t)(n + 1) };

		h->addr = ip_addr_from(IP_V6, raw);
	} else {
		h->addr = ip_addr_v4(10, 0, 0, (uint8_t)(n + 1));
	}
	h->tcp = tcp_new(&c);
	MUST(h->tcp != NULL);
}

void sim_init(struct sim *s, const struct sim_config *cfg)
{
	memset(s, 0, sizeof(*s));
	s->now.ns = cfg->origin.ns ? cfg->origin.ns : 1000000000;
	rng_init(&s->rng, cfg->seed);
	s->key = cfg->seed;
	for (int i = 0; i < 2; i++) {
		s->path[i] = cfg->path;
		if (s->path[i].mtu == 0)
			s->path[i].mtu = 1500;
		host_init(s, i, cfg);
	}
}

static void free_packets(struct sim_packet *list)
{
	while (list) {
		struct sim_packet *p = list;

		list = p->next;
		free(p);
	}
}

void sim_fini(struct sim *s)
{
	free_packets(s->queue);
	for (int i = 0; i < 2; i++) {
		free_packets(s->host[i].inbox);
		tcp_free(s->host[i].tcp);
		for (int j = 0; j < 4; j++) {
			free(s->host[i].end[j].tx_mem);
			free(s->host[i].end[j].rx_mem);
		}
	}
}

struct sim_end *sim_connect(struct sim *s, uint16_t port)
{
	struct sim_host *h = &s->host[0];
	struct sim_end *e = take_end(h);
	struct tcp_tuple t = { { h->addr, port }, { s->host[1].addr, PORT } };
	struct tcp_bufs b = bufs_of(e, h->buf);

	MUST(tcp_connect(h->tcp, s->now, &t, &b, &h->opt,
		(uint64_t)(uintptr_t)e, &e->id) == 0);
	return e;
}

void sim_inject(struct sim *s, int to, const uint8_t *tcp, size_t len)
{
	struct ip_packet_in in = {
		.src = s->host[!to].addr,
		.dst = s->host[to].addr,
		.proto = IP_PROTO_TCP,
		.ttl = 64,
		.csum_ok = true,
		.l4 = tcp,
		.len = len,
	};

	tcp_input(s->host[to].tcp, s->now, &in);
}

static void take_in(struct sim *s, struct sim_packet *p)
{
	struct ip_packet_in in = {
		.src = s->host[!p->to].addr,
		.dst = s->host[p->to].addr,
		.proto = IP_PROTO_TCP,
		.ttl = 64,
		.l4 = p->data,
		.len = p->len,
	};

	if (!s->host[p->to].dead)
		tcp_input(s->host[p->to].tcp, s->now, &in);
	free(p);
}

static void deliver(struct sim *s)
{
	struct sim_packet *p = s->queue;
	struct sim_host *h = &s->host[p->to];

	s->queue = p->next;
	if (h->late.ns == 0) {
		take_in(s, p);
		return;
	}
	p->next = NULL;
	*h->inbox_end = p;
	h->inbox_end = &p->next;
}

/* When it looks at what there is. */
static struct instant wakes(const struct sim_host *h)
{
	struct instant due = tcp_deadline(h->tcp);

	if (h->inbox)
		due = instant_min(due, h->inbox->at);
	return instant_is_never(due) ? due : instant_add(due, h->slack);
}

static void wake(struct sim *s, struct sim_host *h)
{
	struct sim_packet *p;

	if (h->late.ns && instant_before(s->now, wakes(h)))
		return;
	while ((p = h->inbox)) {
		h->inbox = p->next;
		take_in(s, p);
	}
	h->inbox_end = &h->inbox;
	tcp_tick(h->tcp, s->now);
	if (h->late.ns)
		h->slack.ns = (int64_t)(rng_unit(&s->rng) * (double)h->late.ns);
}

struct instant sim_next(const struct sim *s)
{
	struct instant t = s->queue ? s->queue->at : INSTANT_NEVER;

	for (int i = 0; i < 2; i++)
		if (!s->host[i].dead)
			t = instant_min(t, wakes(&s->host[i]));
	return t;
}

static bool step(struct sim *s, struct instant until)
{
	struct instant t = sim_next(s);

	if (instant_is_never(t) || instant_before(until, t))
		return false;
	if (instant_before(s->now, t))
		s->now = t;
	if (s->queue && s->queue->at.ns <= s->now.ns)
		deliver(s);
	for (int i = 0; i < 2; i++)
		if (!s->host[i].dead)
			wake(s, &s->host[i]);
	return true;
}

void sim_run(struct sim *s, struct duration d)
{
	struct instant until = instant_add(s->now, d);

	while (step(s, until))
		;
	s->now = until;
}

bool sim_run_until(struct sim *s, struct duration d,
	bool (*cond)(struct sim *s))
{
	struct instant until = instant_add(s->now, d);

	while (!cond(s))
		if (!step(s, until))
			return cond(s);
	return true;
}
