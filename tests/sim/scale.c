/* One host with very many established connections: what each takes of memory, and what
 * a segment and a timer cost among so many, beside what they cost among few.
 *
 *	scale [CONNECTIONS]	(100,000)
 *
 * Times are told, not judged. What is judged: that each connection stays small, and that
 * no chain of the table that a segment is looked up in gets long.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conn.h"
#include "invariants.h"

enum { BUF = 4096, BITE = 100, ROUNDS = 200000, BYTES_MAX = 2400, CHAIN_MAX = 16 };

#define MUST(cond) \
	do { \
		if (!(cond)) { \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #cond); \
			abort(); \
		} \
	} while (0)

/* One connection, as its user and as its peer know it. All share the bytes of their
 * buffers, which nobody looks at. */
struct peer {
	struct tcp_id id;
	struct fifo_shared tx_sh, rx_sh;
	struct fifo_end tx, rx;
	struct seq next;  /* the peer's next number */
	struct seq acked; /* ours that it has acknowledged */
};

struct world {
	struct tcp *tcp;
	struct instant now;
	struct rng rng;
	struct peer *peer;
	uint32_t n, accepted;
	struct tcp_header last; /* that was sent */
	uint64_t sent;
};

static uint8_t bytes[BUF];

static int on_send(void *user, struct instant now, const struct ip_packet_out *o)
{
	struct world *w = user;

	MUST(tcp_header_parse(o->spans[0].base, o->spans[0].len, &w->last) > 0);
	w->sent++;
	return 0;
}

static int on_route(void *user, const struct ip_addr *dst, uint32_t ifindex,
	struct ip_addr *src, uint32_t *mtu)
{
	*mtu = 1500;
	return 0;
}

static enum tcp_listen_verdict on_syn(void *user, const struct tcp_tuple *t,
	struct tcp_listen_info *info)
{
	info->rx_limit = BUF;
	return TCP_LISTEN_OK;
}

static int on_accept(void *user, struct tcp_id id, const struct tcp_tuple *t,
	uint64_t listener, struct tcp_bufs *bufs, struct tcp_options *opt,
	uint64_t *cookie)
{
	struct world *w = user;
	struct peer *p = &w->peer[w->accepted];

	p->id = id;
	*cookie = w->accepted++;
	fifo_writer_init(&p->tx, &p->tx_sh, bytes, BUF);
	fifo_reader_init(&p->rx, &p->rx_sh, bytes, BUF);
	fifo_reader_init(&bufs->tx, &p->tx_sh, bytes, BUF);
	fifo_writer_init(&bufs->rx, &p->rx_sh, bytes, BUF);
	bufs->rx_limit = BUF;
	opt->keepalive = true; /* each has a timer */
	opt->keep_idle = 3600 + rng_below(&w->rng, 3600);
	opt->keep_intvl = 30000;
	return 0;
}

static void on_event(void *user, struct tcp_id id, uint64_t cookie,
	unsigned events, int err)
{
	MUST(!(events & (TCP_EV_ERROR | TCP_EV_CLOSED)));
}

static void give(struct world *w, uint32_t i, struct tcp_header *h, size_t len)
{
	uint8_t buf[TCP_HEADER_MAX + BITE] = { 0 };
	uint8_t from[4] = { 10, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i };
	struct ip_packet_in pkt = { .src = ip_addr_from(IP_V4, from),
		.dst = ip_addr_v4(192, 0, 2, 1), .proto = IP_PROTO_TCP,
		.csum_ok = true, .ttl = 64, .l4 = buf };

	h->sport = 1024;
	h->dport = 80;
	h->has_ts = true;
	h->tsval = (uint32_t)(w->now.ns / 1000000);
	h->tsecr = w->last.tsval;
	h->wnd = 65535;
	pkt.len = tcp_header_emit(h, buf) + len;
	tcp_input(w->tcp, w->now, &pkt);
}

static void establish(struct world *w, uint32_t i)
{
	struct tcp_header syn = { .flags = TCP_SYN, .seq = seq_of(i), .mss = 1460,
		.wscale = 7, .sack_ok = true };
	struct tcp_header ack = { .flags = TCP_ACK, .seq = seq_of(i + 1),
		.wscale = TCP_WSCALE_NONE };

	w->now.ns += 1000;
	give(w, i, &syn, 0);
	w->peer[i].acked = ack.ack = seq_add(w->last.seq, 1);
	w->peer[i].next = ack.seq;
	give(w, i, &ack, 0);
	MUST(w->accepted == i + 1);
}

/* A hundred bytes each way: two segments in, two out. */
static void exchange(struct world *w, uint32_t i)
{
	struct peer *p = &w->peer[i];
	struct tcp_header h = { .flags = TCP_ACK | TCP_PSH, .seq = p->next,
		.ack = p->acked, .wscale = TCP_WSCALE_NONE };
	uint8_t junk[BITE];

	give(w, i, &h, BITE);
	p->next = seq_add(p->next, BITE);
	MUST(fifo_read(&p->rx, junk, BITE) == BITE);
	tcp_user_received(w->tcp, w->now, p->id);
	fifo_write(&p->tx, junk, BITE);
	tcp_user_sent(w->tcp, w->now, p->id);
	p->acked = seq_add(p->acked, BITE);
	h = (struct tcp_header){ .flags = TCP_ACK, .seq = p->next, .ack = p->acked,
		.wscale = TCP_WSCALE_NONE };
	w->now.ns += 1000;
	give(w, i, &h, 0);
}

static int64_t clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* others may be busy too */
	return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static size_t heap(void)
{
	struct mallinfo2 m = mallinfo2();

	return m.uordblks + m.hblkhd;
}

static uint32_t longest_chain(const struct tcp *t)
{
	uint32_t most = 0;

	for (uint32_t i = 0; i < t->table.size; i++) {
		uint32_t n = 0;

		for (const struct entry *e = t->table.buckets[i]; e; e = e->next)
			n++;
		most = n > most ? n : most;
	}
	return most;
}

/* Each connection's keepalive comes due once and is set again. */
static uint64_t fire_timers(struct world *w)
{
	struct instant until = instant_add(w->now, DURATION_S(7300));
	uint64_t before = w->sent;

	while (instant_before(tcp_deadline(w->tcp), until)) {
		w->now = tcp_deadline(w->tcp);
		tcp_tick(w->tcp, w->now);
	}
	return w->sent - before;
}

static bool measure(uint32_t n)
{
	struct world w = { .n = n, .peer = calloc(n, sizeof(*w.peer)),
		.now = { 1000000000 } };
	struct tcp_config cfg = {
		.ops = { .syn = on_syn, .accept = on_accept, .event = on_event,
			.user = &w },
		.ip = { .send = on_send, .route = on_route, .user = &w },
		.isn_key = { { 1, 2 } },
		.max_connections = n,
	};
	size_t before = heap(), fresh, used;
	int64_t begin, made, segment, timer;
	uint64_t fired;
	const char *broken;
	bool good;

	MUST(w.peer);
	rng_init(&w.rng, 1);
	w.tcp = tcp_new(&cfg);
	begin = clock_ns();
	for (uint32_t i = 0; i < n; i++)
		establish(&w, i);
	made = clock_ns() - begin;
	fresh = (heap() - before) / n;
	for (uint32_t i = 0; i < n; i++) /* all have sent and received */
		exchange(&w, i);
	used = (heap() - before) / n;
	begin = clock_ns();
	for (uint32_t k = 0; k < ROUNDS; k++)
		exchange(&w, rng_below(&w.rng, n));
	segment = (clock_ns() - begin) / ROUNDS / 4;
	begin = clock_ns();
	fired = fire_timers(&w);
	timer = (clock_ns() - begin) / (int64_t)(fired ? fired : 1);
	broken = tcp_broken_invariant(w.tcp);
	printf("# %u connections: %zu bytes each, %zu after use; to establish %lld ns, "
		"a segment %lld ns, a timer %lld ns (%llu fired); longest chain %u\n",
		n, fresh, used, (long long)made / n, (long long)segment,
		(long long)timer, (unsigned long long)fired, longest_chain(w.tcp));
	good = !broken && fresh <= BYTES_MAX && used <= BYTES_MAX && fired >= n &&
		longest_chain(w.tcp) <= CHAIN_MAX;
	if (broken)
		printf("# does not hold: %s\n", broken);
	tcp_free(w.tcp);
	free(w.peer);
	return good;
}

/* The queue alone, n timers of up to two hours in it: one is set elsewhere, and now and
 * then (every fourth) the first is taken and set again. ns. */
static int64_t time_queue(uint32_t n)
{
	struct timer_node *node = calloc(n, sizeof(*node));
	struct instant now = { 1 };
	struct timerq q;
	struct rng g;
	int64_t begin;

	MUST(node);
	rng_init(&g, 1);
	timerq_init(&q);
	for (uint32_t i = 0; i < n; i++) {
		timer_node_init(&node[i]);
		timerq_set(&q, &node[i], instant_add(now,
			DURATION_MS(rng_below(&g, 7200000))));
	}
	begin = clock_ns();
	for (uint32_t k = 0; k < ROUNDS; k++) {
		struct timer_node *t = k % 4 ? &node[rng_below(&g, n)] : NULL;

		while (!t) {
			now = timerq_deadline(&q);
			t = timerq_take_due(&q, now);
		}
		timerq_set(&q, t, instant_add(now, DURATION_MS(rng_below(&g, 7200000))));
	}
	begin = clock_ns() - begin;
	free(node);
	return begin / ROUNDS;
}

int main(int argc, char **argv)
{
	uint32_t n = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 0) : 100000;
	bool good;

	printf("TAP version 13\n");
	good = measure(1000);
	good &= measure(10000);
	good &= measure(n);
	printf("%sok 1 - %u connections\n1..1\n", good ? "" : "not ", n);
	for (uint32_t k = 1000; k <= 100000; k *= 10)
		printf("# the queue of timers alone, of %u: %lld ns\n", k,
			(long long)time_queue(k));
	return !good;
}
