/* One connection in each of TCP's states, and then segments whose numbers look
 * valid there: edges of the windows, of the scoreboard's segments, of timestamps,
 * off by little; between them the user's calls, ICMP errors and time.
 *
 * Input: a header of 8 bytes (the state, options, where the numbers begin), then
 * records of 16, each one step. The fuzzer's mutator knows that shape.
 *
 * The oracle: after each step the core's invariants hold; a byte that the user reads
 * is the one that the peer has at that number; a byte on the wire is the one that
 * the user has written there; the right edge of the window is never drawn back.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "states.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "conn.h"
#include "edges.h"
#include "fuzz.h"
#include "invariants.h"
#include "output.h"

enum { STEPS = 400 };

static uint8_t text_of(uint32_t at)
{
	return (uint8_t)((at * 2654435761u) >> 24);
}

/* --- the host's surroundings --------------------------------------------------- */

static void check_payload(const struct host *h, const struct tcp_header *hd,
	const struct ip_packet_out *o)
{
	uint32_t at = hd->seq.v - h->iss.v - 1;

	for (unsigned i = 1; i < o->nspans; i++) {
		const uint8_t *p = o->spans[i].base;

		for (size_t k = 0; k < o->spans[i].len; k++, at++)
			MUST(p[k] == text_of(at));
	}
}

static void check_window(struct host *h, const struct tcp_header *hd)
{
	const struct conn *c = the_conn(h);
	struct seq edge;

	if (!c || (hd->flags & (TCP_SYN | TCP_RST)))
		return;
	edge = seq_add(hd->ack, (uint32_t)hd->wnd << c->rcv_wscale);
	MUST(seq_le(hd->ack, c->rcv_nxt));
	/* Rounding takes off less than one unit of the scale. */
	if (h->edge_known)
		MUST(seq_lt(h->edge, seq_add(edge, 1u << c->rcv_wscale)));
	h->edge = h->edge_known ? seq_max(h->edge, edge) : edge;
	h->edge_known = true;
}

static int on_send(void *user, struct instant now, const struct ip_packet_out *o)
{
	struct host *h = user;
	struct tcp_header hd;
	size_t len = 0;

	for (unsigned i = 0; i < o->nspans; i++)
		len += o->spans[i].len;
	MUST(tcp_header_parse(o->spans[0].base, o->spans[0].len, &hd) ==
		(int)o->spans[0].len);
	if (hd.flags & TCP_SYN)
		h->iss = hd.seq;
	h->ts_last = hd.has_ts ? hd.tsval : h->ts_last;
	if (h->open && !h->lied)
		check_payload(h, &hd, o);
	check_window(h, &hd);
	if (len + 20 > h->mtu)
		return -EMSGSIZE;
	return h->send_result;
}

static int on_route(void *user, const struct ip_addr *dst, uint32_t ifindex,
	struct ip_addr *src, uint32_t *mtu)
{
	*mtu = ((struct host *)user)->mtu;
	return 0;
}

static enum tcp_listen_verdict on_syn(void *user, const struct tcp_tuple *t,
	struct tcp_listen_info *info)
{
	struct host *h = user;

	if (!h->listening)
		return TCP_LISTEN_NONE;
	info->cookie = LISTENER;
	info->rx_limit = h->size;
	return h->listen_full ? TCP_LISTEN_FULL : TCP_LISTEN_OK;
}

static struct tcp_bufs give_bufs(struct host *h)
{
	struct tcp_bufs b = { .rx_limit = h->size };

	memset(&h->tx_sh, 0, sizeof(h->tx_sh));
	memset(&h->rx_sh, 0, sizeof(h->rx_sh));
	/* Its counters wrap as well, now and then. */
	h->tx_sh.head = h->tx_sh.tail = h->rx_sh.head = h->rx_sh.tail = h->count;
	fifo_writer_init(&h->tx, &h->tx_sh, h->tx_mem, h->size);
	fifo_reader_init(&h->rx, &h->rx_sh, h->rx_mem, h->size);
	fifo_reader_init(&b.tx, &h->tx_sh, h->tx_mem, h->size);
	fifo_writer_init(&b.rx, &h->rx_sh, h->rx_mem, h->size);
	h->open = true;
	h->detached = h->shut = h->lied = h->edge_known = false;
	h->written = h->read = 0;
	return b;
}

static int on_accept(void *user, struct tcp_id id, const struct tcp_tuple *t,
	uint64_t listener, struct tcp_bufs *bufs, struct tcp_options *opt,
	uint64_t *cookie)
{
	struct host *h = user;

	MUST(listener == LISTENER);
	MUST(tcp_user_sent(h->tcp, h->now, id) < 0); /* not yet ours */
	if (h->open || h->accept_error)
		return h->open ? -EAGAIN : h->accept_error;
	*bufs = give_bufs(h);
	*opt = h->opt;
	*cookie = COOKIE;
	h->id = id;
	return 0;
}

static void on_event(void *user, struct tcp_id id, uint64_t cookie,
	unsigned events, int err)
{
	struct host *h = user;

	MUST(cookie == COOKIE && id.index == h->id.index && id.gen == h->id.gen);
	MUST(h->open);
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

static void on_urgent(void *user, struct tcp_id id, uint64_t cookie, uint32_t at)
{
	struct host *h = user;

	MUST(h->lied || at - h->rx_sh.head <= h->size + 65536);
}

struct conn *the_conn(const struct host *h)
{
	return h->open ? conn_find(h->tcp, h->id) : NULL;
}

/* --- segments in ----------------------------------------------------------------- */

void give(struct host *h, struct tcp_header *hd, uint32_t len, uint8_t tos)
{
	static uint8_t buf[TCP_HEADER_MAX + PAYLOAD_MAX];
	struct ip_packet_in pkt = { .src = h->tuple.remote.addr,
		.dst = h->tuple.local.addr, .proto = IP_PROTO_TCP, .csum_ok = true,
		.ttl = 64, .tos = tos, .l4 = buf };
	uint32_t at = hd->seq.v + ((hd->flags & TCP_SYN) != 0);
	size_t header;

	hd->sport = h->tuple.remote.port;
	hd->dport = h->tuple.local.port;
	header = tcp_header_emit(hd, buf);
	for (uint32_t i = 0; i < len; i++)
		buf[header + i] = text_of(at + i);
	pkt.len = header + len;
	tcp_input(h->tcp, h->now, &pkt);
}

/* --- the user ------------------------------------------------------------------- */

void user_write(struct host *h, uint32_t n)
{
	uint8_t b[PAYLOAD_MAX];

	if (!h->open || h->shut || h->detached)
		return;
	n = n < sizeof(b) ? n : sizeof(b);
	for (uint32_t i = 0; i < n; i++)
		b[i] = text_of(h->written + i);
	h->written += fifo_write(&h->tx, b, n);
	tcp_user_sent(h->tcp, h->now, h->id);
}

void user_read(struct host *h, uint32_t n)
{
	const struct conn *c = the_conn(h);
	uint8_t b[PAYLOAD_MAX];

	if (!c || h->detached)
		return;
	n = fifo_read(&h->rx, b, n < sizeof(b) ? n : sizeof(b));
	for (uint32_t i = 0; i < n && !h->lied; i++)
		MUST(b[i] == text_of(c->irs.v + 1 + h->read + i));
	h->read += n;
	tcp_user_received(h->tcp, h->now, h->id);
}

void user_connect(struct host *h)
{
	struct tcp_bufs b;

	if (h->open || tcp_tuple_in_use(h->tcp, &h->tuple))
		return;
	b = give_bufs(h);
	if (tcp_connect(h->tcp, h->now, &h->tuple, &b, &h->opt, COOKIE,
		&h->id) < 0)
		h->open = false;
}

void user_detach(struct host *h)
{
	if (!h->open || h->detached)
		return;
	h->detached = true;
	tcp_detach(h->tcp, h->now, h->id);
}

void user_shutdown(struct host *h)
{
	if (!h->open || h->detached)
		return;
	h->shut = true;
	tcp_shutdown_send(h->tcp, h->now, h->id);
}

void pass_until(struct host *h, struct instant until, int budget)
{
	while (budget-- && !instant_is_never(tcp_deadline(h->tcp)) &&
		!instant_before(until, tcp_deadline(h->tcp))) {
		if (instant_before(h->now, tcp_deadline(h->tcp)))
			h->now = tcp_deadline(h->tcp);
		tcp_tick(h->tcp, h->now);
	}
	if (!instant_is_never(until) && instant_before(h->now, until) &&
		instant_before(until, tcp_deadline(h->tcp)))
		h->now = until;
}

/* --- one input ------------------------------------------------------------------- */

static void set_rules(struct tcp_rules *r, uint8_t b)
{
	tcp_rules_default(r);
	r->timestamps = !(b & 1);
	r->sack = !(b & 2);
	r->window_scaling = !(b & 4);
}

/* Where our numbers begin: anywhere, or shortly before they wrap or change sign. */
static struct instant origin(const struct tcp_config *cfg,
	const struct tcp_tuple *t, uint8_t b)
{
	switch (b & 7) {
	case 1:
		return edge_of_isn(cfg, t, 0u - 1 - b * 16u);
	case 2:
		return edge_of_isn(cfg, t, 0x80000000u - 1 - b * 16u);
	case 3:
		return edge_of_ts(cfg, t, 0u - 1 - b);
	case 4:
		return edge_of_ts(cfg, t, 0x80000000u - 1 - b);
	default:
		return (struct instant){ 1000000000 + b };
	}
}

static void host_init(struct host *h, const uint8_t *b)
{
	static const uint32_t sizes[] = { 4096, 65536, 1024, 16384 };
	static const uint32_t mtus[] = { 1500, 576, 1280, 9000 };
	static const uint32_t edges[] = { 1000, 0u - 40, 0x80000000u - 40, 0u - 1 };
	struct tcp_rules rules;
	struct tcp_config cfg = {
		.ops = { .syn = on_syn, .accept = on_accept, .event = on_event,
			.user = h, .urgent = on_urgent },
		.ip = { .send = on_send, .route = on_route, .user = h },
		.isn_key = { { 1, b[7] } },
		.seed = b[7], .rules = &rules,
	};

	memset(h, 0, sizeof(*h));
	set_rules(&rules, b[1]);
	h->tuple = (struct tcp_tuple){ { ip_addr_v4(10, 0, 0, 1), 80 },
		{ ip_addr_v4(10, 0, 0, 2), 99 } };
	h->size = sizes[b[3] & 3];
	h->mtu = mtus[b[3] >> 2 & 3];
	h->count = b[3] & 16 ? 0u - 100 : 0;
	h->hostile = (b[3] >> 5) == 7;
	h->now = origin(&cfg, &h->tuple, b[2]);
	h->peer_iss = seq_of(edges[b[2] >> 3 & 3]);
	h->peer_ts = edges[b[2] >> 5 & 3];
	h->listening = true;
	h->opt = (struct tcp_options){ .nodelay = b[1] & 8, .cc = b[1] & 16 ? b[4] % TCP_CCS : 0,
		.keepalive = b[1] & 32, .keep_idle = 1 + b[4] % 100,
		.user_timeout = b[1] & 64 ? 1000 + b[4] * 100u : 0 };
	h->syn = (struct tcp_header){ .flags = TCP_SYN, .seq = h->peer_iss,
		.wnd = b[5] & 1 ? 65535 : 2000,
		.mss = (uint16_t)(b[5] & 2 ? 1460 : b[5] & 4 ? 88 : 536),
		.wscale = (int8_t)(b[6] % 16 - 1), .sack_ok = b[5] & 8,
		.has_ts = b[5] & 16, .tsval = h->peer_ts };
	h->tcp = tcp_new(&cfg);
	MUST(h->tcp);
}

static void check(const struct host *h)
{
	const char *broken = h->lied ? NULL : tcp_broken_invariant(h->tcp);

	if (broken) {
		fprintf(stderr, "does not hold: %s\n", broken);
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct host h;

	if (size < HEADER)
		return 0;
	host_init(&h, data);
	states_enter(&h, data[0]);
	check(&h);
	for (size_t i = 0; i < STEPS && HEADER + (i + 1) * RECORD <= size; i++) {
		states_step(&h, data + HEADER + i * RECORD);
		check(&h);
	}
	tcp_free(h.tcp);
	return 0;
}
