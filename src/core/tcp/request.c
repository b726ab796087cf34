/* Half-open passive connections (RFC 9293 3.10.7.2 and the SYN-RECEIVED column
 * of 3.10.7.4). The SYN-ACK is repeated five times; when the last ACK comes, the
 * user gives buffers and the record becomes a connection, to which that same
 * segment is then given. A user that has no room (-EAGAIN) makes us ignore the
 * ACK, as Linux does: the peer hears the SYN-ACK again later.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "request.h"

#include <errno.h>
#include <stdlib.h>

#include "ecn.h"
#include "input.h"
#include "output.h"
#include "pending.h"
#include "timers.h"

void request_free(struct tcp *t, struct request *r)
{
	timerq_cancel(&t->timers, &r->e.timer);
	table_remove(&t->table, &r->e);
	t->nrequests--;
	synqueue_leave(t, r);
	free(r);
}

static uint32_t offered(const struct request *r)
{
	return r->rx.wnd < 65535 ? r->rx.wnd : 65535; /* a SYN's is not scaled */
}

/* Linux: tcp_openreq_init_rwin(), when it is known what was agreed on. */
void request_offer(const struct tcp *t, struct request *r)
{
	r->rx.mss = tcp_advmss(t, r->mtu, r->e.tuple.remote.addr.family, r->user_mss);
	if (r->ts_on && r->rx.mss > TCP_TS_OPTION)
		r->rx.mss -= TCP_TS_OPTION;
	r->rx.scaled = r->wscale_on;
	rxwin_offer(&t->rules, &r->rx);
	if (r->rx.wnd > r->rx_limit)
		r->rx.wnd = r->rx_limit;
}

static void send_header(struct tcp *t, struct instant now, const struct request *r,
	const struct tcp_header *h, uint8_t tos)
{
	struct seg_way way = { .ifindex = r->e.device, .tos = tos,
		.options = &r->options };

	tcp_send_header(t, now, &r->e.tuple, h, &way, NULL, 0, 0);
}

static void send_syn_ack(struct tcp *t, struct instant now, struct request *r)
{
	struct tcp_header h = {
		.sport = r->e.tuple.local.port,
		.dport = r->e.tuple.remote.port,
		.seq = r->iss,
		.ack = seq_add(r->irs, 1),
		.flags = TCP_SYN | TCP_ACK | (r->ecn_on ? TCP_ECE : 0),
		.wnd = (uint16_t)offered(r),
		.mss = tcp_advmss(t, r->mtu, r->e.tuple.remote.addr.family,
			r->user_mss),
		.wscale = r->wscale_on ? (int8_t)r->rx.wscale : TCP_WSCALE_NONE,
		.sack_ok = r->sack_on,
		.has_ts = r->ts_on,
		.tsval = r->cookie ? r->ts_said :
			tcp_ts_clock(now) + r->ts_offset,
		.tsecr = r->ts_recent,
		.fo = r->fo,
	};

	r->fo.there = false; /* Linux: not with what is repeated */
	r->sent = now;
	send_header(t, now, r, &h, r->tos);
}

static void arm(struct tcp *t, struct instant now, struct request *r)
{
	unsigned doublings = r->timeouts < 7 ? r->timeouts : 7;
	struct duration d = DURATION_MS(TCP_RTO_INITIAL_MS << doublings);

	timerq_set(&t->timers, &r->e.timer, instant_add(now, d));
}

static void negotiate(const struct tcp *t, struct instant now,
	struct request *r, const struct tcp_header *h)
{
	r->peer_mss = h->mss;
	r->snd_wnd = h->wnd; /* RFC 7323 2.2: a SYN's is not scaled */
	r->sack_on = t->rules.sack && h->sack_ok;
	r->ts_on = t->rules.timestamps && h->has_ts;
	r->ts_recent = h->tsval;
	r->ts_recent_at = now;
	r->wscale_on = t->rules.window_scaling && h->wscale != TCP_WSCALE_NONE;
	if (r->wscale_on)
		r->snd_wscale = (uint8_t)h->wscale;
	request_offer(t, r);
}

struct request *request_bare(struct tcp *t, struct instant now, const struct segment *s,
	const struct tcp_listen_info *info)
{
	struct request *r = NULL;
	uint32_t mtu;

	if (tcp_route(t, now, &s->tuple, &s->tuple.remote.addr, info->ifindex, &mtu) >= 0)
		r = calloc(1, sizeof(*r));
	if (!r)
		return NULL;
	r->e.kind = ENTRY_REQUEST;
	r->e.tuple = s->tuple;
	r->e.device = info->ifindex;
	timer_node_init(&r->e.timer);
	r->listener = info->cookie;
	r->rx_limit = info->rx_limit;
	r->rx.rcvbuf = info->rcvbuf ? info->rcvbuf : t->rules.rmem[1];
	r->rx.locked = info->rcvbuf != 0;
	r->rx.clamp = info->window_clamp;
	r->user_mss = info->mss;
	r->defer = info->defer;
	r->mtu = mtu;
	r->ts_offset = tcp_new_ts_offset(t, &s->tuple);
	r->challenged = (struct instant){ INT64_MIN / 2 };
	r->cookie = true; /* until it is kept */
	/* RFC 1122 4.2.3.8; Linux: tcp_v4_save_options(), of a cookie's ACK, too */
	if (t->cfg.ip.echo)
		t->cfg.ip.echo(t->cfg.ip.user, s->pkt, &r->options);
	return r;
}

void request_timeout(struct tcp *t, struct instant now, struct request *r)
{
	t->stats.timeouts++;
	/* Linux's syn_ack_recalc(): who waits for data is asked once more, at
	 * the end. */
	if (r->acked && r->timeouts + 1u < r->defer) {
		r->timeouts++;
		arm(t, now, r);
		return;
	}
	if (r->timeouts++ >= t->rules.synack_retries && r->timeouts > r->defer) {
		t->stats.attempt_fails++;
		request_free(t, r);
		return;
	}
	t->stats.retrans++;
	send_syn_ack(t, now, r);
	arm(t, now, r);
}

void request_reset(struct tcp *t, struct instant now, struct request *r)
{
	struct tcp_header h = {
		.sport = r->e.tuple.local.port,
		.dport = r->e.tuple.remote.port,
		.seq = seq_add(r->iss, 1),
		.ack = seq_add(r->irs, 1),
		.flags = TCP_RST | TCP_ACK,
		.wscale = TCP_WSCALE_NONE,
	};

	send_header(t, now, r, &h, 0);
	t->stats.attempt_fails++;
	request_free(t, r);
}

static void fill_conn(struct conn *c, const struct request *r)
{
	c->e.device = r->e.device;
	c->listener = r->listener;
	c->user_mss = r->user_mss;
	c->iss = r->iss;
	c->irs = r->irs;
	c->snd_una = r->iss;
	c->snd_nxt = c->tx_seq = c->tx_end = c->snd_sml = c->pushed =
		seq_add(r->iss, 1);
	c->rcv_nxt = c->last_ack = seq_add(r->irs, 1);
	c->rcv_adv = seq_add(c->rcv_nxt, r->rx.wnd);
	c->snd_wl1 = r->irs;
	c->snd_wnd = c->max_snd_wnd = r->snd_wnd;
	c->snd_wscale = r->snd_wscale;
	rxwin_init(c, &r->rx);
	c->peer_mss = r->peer_mss;
	c->mtu = c->path_mtu = r->mtu;
	c->routes_seen = c->t->routes;
	c->advmss = tcp_advmss(c->t, r->mtu, r->e.tuple.remote.addr.family,
		r->user_mss);
	c->ts_on = r->ts_on;
	c->sack_on = r->sack_on;
	c->ecn_on = r->ecn_on;
	c->wscale_on = r->wscale_on;
	c->ts_offset = r->ts_offset;
	c->ts_recent = r->ts_recent;
	c->ts_recent_at = r->ts_recent_at;
	c->rec.timeouts = r->timeouts;
}

/* Buffers, options, a cookie. Linux: of IP's options it has those of the SYN. */
static int ask_user(struct conn *c, const struct request *r)
{
	const struct tcp_ops *ops = &c->t->cfg.ops;
	struct tcp_options opt = c->opt;
	int err;

	c->embryo = true;
	opt.ip = &r->options;
	err = ops->accept(ops->user, c->id, &r->e.tuple, r->listener, &c->bufs,
		&opt, &c->cookie);
	opt.ip = &r->options;
	conn_take_options(c, &opt);
	c->embryo = false;
	return err;
}

/* RFC 7413 4.2.2: the user has it, with the SYN's data, before the handshake is
 * complete. NULL: then as any other. */
static struct conn *take_at_once(struct tcp *t, struct instant now,
	struct request *r, const struct segment *s)
{
	struct conn *c = conn_new(t, &r->e.tuple);
	struct segment text = *s;

	if (!c)
		return NULL;
	fill_conn(c, r);
	conn_set_state(c, now, TCP_SYN_RECEIVED);
	if (!fastopen_child(t, r->listener) || ask_user(c, r) < 0) {
		fastopen_done(t, now, r->listener, false);
		conn_free(c);
		return NULL;
	}
	c->fo.child = c->fo.was_child = true;
	c->fo.cookie = r->fo;
	t->stats.passive_opens++;
	if (c->opt.rx_limit)
		c->bufs.rx_limit = c->opt.rx_limit;
	conn_start(c, now);
	rxwin_established(c, now);
	c->rate.delivered = 0; /* the SYN-ACK is under way */
	text.h.seq = seq_add(s->h.seq, 1);
	c->fo.acked = s->len != 0;
	if (take_text(c, now, &text) == STEP_NEXT && !c->dead)
		take_fin(c, now, &text);
	if (!c->dead)
		conn_send_syn(c, now);
	return c;
}

/* RFC 4987 3.6: an answer, and nothing is kept. */
static void answer_with_cookie(struct tcp *t, struct instant now, struct request *r)
{
	syncookie_make(t, now, r);
	send_syn_ack(t, now, r);
	free(r);
}

static void keep(struct tcp *t, struct instant now, struct request *r)
{
	r->cookie = false;
	table_add(&t->table, &r->e);
	t->nrequests++;
	send_syn_ack(t, now, r);
	arm(t, now, r);
}

struct conn *request_new(struct tcp *t, struct instant now, const struct segment *s,
	const struct tcp_listen_info *info, const struct seq *isn)
{
	/* A number that TIME-WAIT asks for cannot be a cookie. */
	enum syn_verdict v = isn ? SYN_KEEP : synqueue_verdict(t, info);
	struct request *r = v == SYN_DROP ? NULL : request_bare(t, now, s, info);
	struct conn *c;

	if (!r) {
		t->stats.listen_drops++;
		return NULL;
	}
	r->irs = s->h.seq;
	negotiate(t, now, r, &s->h);
	r->ecn_on = v == SYN_KEEP && ecn_accepts(t, s); /* a cookie has no room */
	if (v == SYN_COOKIE) {
		answer_with_cookie(t, now, r);
		return NULL;
	}
	r->iss = isn ? *isn : tcp_new_isn(t, now, &s->tuple);
	if (fastopen_wants(t, now, s, info, &r->fo)) {
		c = take_at_once(t, now, r, s);
		if (c) {
			free(r);
			return c;
		}
	}
	if (synqueue_enter(t, r)) {
		keep(t, now, r);
	} else {
		t->stats.listen_drops++;
		free(r);
	}
	return NULL;
}

/* Out of the table while the user is asked: whatever the callback does, it
 * cannot reach r. */
static struct instant park(struct tcp *t, struct request *r)
{
	struct instant at = r->e.timer.at;

	timerq_cancel(&t->timers, &r->e.timer);
	table_remove(&t->table, &r->e);
	list_remove(&r->by_listener);
	t->nrequests--;
	return at;
}

static void unpark(struct tcp *t, struct request *r, struct instant at)
{
	table_add(&t->table, &r->e);
	list_push_back(&pending_find(t, r->listener)->requested, &r->by_listener);
	timerq_set(&t->timers, &r->e.timer, at);
	t->nrequests++;
}

/* The handshake is done: ask the user. */
static struct conn *become_conn(struct tcp *t, struct instant now,
	struct request *r)
{
	struct conn *c = conn_new(t, &r->e.tuple);
	struct instant at = INSTANT_NEVER;
	int err;

	if (!c) {
		t->stats.listen_drops++;
		return NULL;
	}
	fill_conn(c, r);
	conn_update_mss(c);
	conn_set_state(c, now, TCP_SYN_RECEIVED);
	if (!r->cookie)
		at = park(t, r);
	err = ask_user(c, r);
	if (err) {
		conn_free(c);
		t->stats.listen_drops++;
		if (r->cookie)
			return NULL;
		unpark(t, r, at);
		if (err != -EAGAIN || t->rules.abort_on_overflow)
			request_reset(t, now, r);
		return NULL;
	}
	t->stats.passive_opens++;
	c->tally.segs_in = 1; /* the SYN */
	if (c->opt.rx_limit)
		c->bufs.rx_limit = c->opt.rx_limit;
	if (r->timeouts == 0) /* RFC 6298 3: Karn */
		conn_take_rtt(c, now, instant_sub(now, r->sent));
	if (!r->cookie)
		synqueue_leave(t, r);
	free(r);
	conn_update_mss(c);
	/* Should this segment not end the handshake after all (RFC 7323 5.3, say),
	 * the SYN-ACK is repeated, and there is an end to it. */
	timers_syn_sent(c, now);
	return c;
}

struct conn *request_from_cookie(struct tcp *t, struct instant now,
	struct request *r)
{
	struct conn *c = become_conn(t, now, r);

	if (!c)
		free(r); /* its queue is full: forgotten, as any other */
	return c;
}

/* An acknowledgement of the SYN alone, for what is of no use (Linux:
 * tcp_reqsk_send_ack()). */
static void send_ack(struct tcp *t, struct instant now, struct request *r,
	const struct segment *s)
{
	struct tcp_header h = {
		.sport = r->e.tuple.local.port,
		.dport = r->e.tuple.remote.port,
		.seq = seq_add(r->iss, 1),
		.ack = seq_add(r->irs, 1),
		.flags = TCP_ACK,
		.wnd = (uint16_t)(r->rx.wnd >> (r->wscale_on ? r->rx.wscale : 0)),
		.wscale = TCP_WSCALE_NONE,
		.has_ts = r->ts_on,
		.tsval = tcp_ts_clock(now) + r->ts_offset,
		.tsecr = r->ts_recent,
	};

	struct ip_options options;
	struct seg_way way = tcp_way_back(t, s, r->e.device, &options);

	way.tos = r->tos;
	if (tcp_may_answer(t, now, &r->challenged, s))
		tcp_send_header(t, now, &r->e.tuple, &h, &way, NULL, 0, 0);
}

/* Linux's tcp_in_window(), which is RFC 9293 3.10.7.4, first. */
static bool in_window(const struct request *r, const struct segment *s)
{
	struct seq nxt = seq_add(r->irs, 1), edge = seq_add(nxt, r->rx.wnd);

	return seq_eq(s->h.seq, nxt) ||
		(seq_lt(nxt, s->end) && seq_lt(s->h.seq, edge)) ||
		(seq_eq(s->h.seq, edge) && seq_eq(s->end, edge));
}

/* Second and fourth: RST, SYN. True: the request is gone. */
static bool check_rst_syn(struct tcp *t, struct instant now, struct request *r,
	const struct segment *s)
{
	/* RFC 5961 3.2: exact only. */
	if ((s->h.flags & TCP_RST) && !seq_eq(s->h.seq, seq_add(r->irs, 1))) {
		send_ack(t, now, r, s);
		return true;
	}
	/* The SYN itself is left of the window: what comes with it counts. */
	if (!(s->h.flags & TCP_RST) && (!(s->h.flags & TCP_SYN) ||
			seq_eq(s->h.seq, r->irs)))
		return false;
	/* Linux (tcp_check_req()): another SYN is answered with a reset, not with
	 * RFC 5961 4's challenge. */
	if (!(s->h.flags & TCP_RST))
		tcp_send_reset(t, now, s, r->e.device);
	t->stats.attempt_fails++;
	request_free(t, r);
	return true;
}

/* Its own SYN once more: it did not hear us. Linux (tcp_check_req()): not too often, and
 * the timer begins anew. */
static void heard_again(struct tcp *t, struct instant now, struct request *r,
	const struct segment *s)
{
	if (!tcp_may_answer(t, now, &r->challenged, s))
		return;
	t->stats.retrans++;
	send_syn_ack(t, now, r);
	arm(t, now, r);
}

/* RFC 9293 3.10.7.4, first to fifth, for SYN-RECEIVED; RFC 7323 5.3; in the order of
 * Linux's tcp_check_req(), which looks at the ACK before all else. */
struct conn *request_input(struct tcp *t, struct instant now,
	struct request *r, const struct segment *s)
{
	struct seq nxt = seq_add(r->irs, 1);
	bool old = r->ts_on && s->h.has_ts &&
		(int32_t)(s->h.tsval - r->ts_recent) < 0;

	if ((s->h.flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN &&
		seq_eq(s->h.seq, r->irs) && !old) {
		heard_again(t, now, r, s);
		return NULL;
	}
	if ((s->h.flags & TCP_ACK) && !seq_eq(s->h.ack, seq_add(r->iss, 1))) {
		if (!(s->h.flags & TCP_RST)) /* fifth, SYN-RECEIVED */
			tcp_send_reset(t, now, s, r->e.device);
		return NULL;
	}
	if (old || !in_window(r, s)) {
		if (!(s->h.flags & TCP_RST))
			send_ack(t, now, r, s);
		return NULL;
	}
	if (check_rst_syn(t, now, r, s) || !(s->h.flags & TCP_ACK))
		return NULL;
	/* Linux's tcp_check_req(): neither data nor FIN. */
	if (r->timeouts < r->defer && seq_eq(s->end, nxt)) {
		r->acked = true;
		return NULL;
	}
	return become_conn(t, now, r);
}
