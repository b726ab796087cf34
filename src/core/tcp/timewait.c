/* TIME-WAIT as a small record: no buffers, no handle, one timer (RFC 9293
 * 3.10.7.4's TIME-WAIT column, with RFC 6191's and RFC 7323's reuse).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "output.h"
#include "timewait.h"

#include <stdlib.h>

/* New numbers begin this far beyond the old ones (Linux tcp_twsk_unique). */
enum { ISN_GAP = 65535 + 2 };

static struct instant expiry(const struct tcp *t, struct instant now,
	const struct time_wait *w)
{
	return instant_add(now, w->state == TCP_TIME_WAIT ? t->cfg.time_wait :
		DURATION_S(w->fin_wait2));
}

void time_wait_start(struct conn *c, struct instant now, enum tcp_state state)
{
	struct tcp *t = c->t;
	struct time_wait *w;

	if (c->ack_now || c->ack_pending)
		conn_send_ack(c, now); /* its last word */
	if (t->ntime_waits >= t->rules.max_tw_buckets)
		return; /* as Linux: "TCP: time wait bucket table overflow" */
	w = calloc(1, sizeof(*w));
	if (!w)
		return;
	w->e.kind = ENTRY_TIME_WAIT;
	w->e.tuple = c->e.tuple;
	w->e.device = c->e.device;
	timer_node_init(&w->e.timer);
	w->state = state;
	w->snd_nxt = c->snd_nxt;
	w->rcv_nxt = c->rcv_nxt;
	w->rcv_wnd = (uint32_t)seq_diff(c->rcv_adv, c->rcv_nxt);
	w->rcv_wscale = c->rcv_wscale;
	w->fin_wait2 = c->opt.fin_wait2 > 0 ? c->opt.fin_wait2 :
		TCP_FIN_WAIT_2_S;
	w->ttl = c->opt.ttl;
	w->tos = c->opt.tos;
	w->ts_on = c->ts_on;
	w->ts_recent = c->ts_recent;
	w->ts_recent_at = c->ts_recent_at;
	w->ts_offset = c->ts_offset;
	w->challenged = (struct instant){ INT64_MIN / 2 };
	/* The newest entry of a tuple is found first: c is about to leave. */
	table_add(&t->table, &w->e);
	timerq_set(&t->timers, &w->e.timer, expiry(t, now, w));
	t->ntime_waits++;
}

void time_wait_free(struct tcp *t, struct time_wait *w)
{
	timerq_cancel(&t->timers, &w->e.timer);
	table_remove(&t->table, &w->e);
	t->ntime_waits--;
	free(w);
}

/* Who keeps the names is told. */
static void tell(struct tcp *t, const struct time_wait *w, enum tcp_state state)
{
	if (t->cfg.ops.left)
		t->cfg.ops.left(t->cfg.ops.user, &w->e.tuple, state);
}

/* Before its time. */
static void end_early(struct tcp *t, struct time_wait *w)
{
	tell(t, w, TCP_CLOSED);
	time_wait_free(t, w);
}

static void begin_time_wait(struct tcp *t, struct instant now, struct time_wait *w)
{
	w->state = TCP_TIME_WAIT;
	timerq_set(&t->timers, &w->e.timer, expiry(t, now, w));
	tell(t, w, TCP_TIME_WAIT);
}

/* In answer to s. */
static void send_ack(struct tcp *t, struct instant now,
	const struct time_wait *w, const struct segment *s)
{
	uint32_t wnd = w->rcv_wnd >> w->rcv_wscale;
	struct tcp_header h = {
		.sport = w->e.tuple.local.port,
		.dport = w->e.tuple.remote.port,
		.seq = w->snd_nxt,
		.ack = w->rcv_nxt,
		.flags = TCP_ACK,
		.wnd = (uint16_t)(wnd > 65535 ? 65535 : wnd),
		.wscale = TCP_WSCALE_NONE,
		.has_ts = w->ts_on,
		.tsval = tcp_ts_clock(now) + w->ts_offset,
		.tsecr = w->ts_recent,
	};
	struct ip_options options;
	struct seg_way way = tcp_way_back(t, s, w->e.device, &options);

	way.ttl = w->ttl;
	way.tos = w->tos;
	tcp_send_header(t, now, &w->e.tuple, &h, &way, NULL, 0, 0);
}

/* RFC 6191 2 and RFC 1122 4.2.2.13 (1): a SYN that is surely new. */
static bool is_new_syn(const struct time_wait *w, const struct segment *s)
{
	if ((s->h.flags & (TCP_SYN | TCP_ACK | TCP_RST)) != TCP_SYN)
		return false;
	if (w->ts_on && s->h.has_ts)
		return (int32_t)(s->h.tsval - w->ts_recent) > 0;
	return seq_lt(w->rcv_nxt, s->h.seq);
}

/* Linux: tcp_twsk_unique(). */
bool time_wait_may_reuse(const struct tcp *t, struct instant now,
	const struct time_wait *w)
{
	const struct tcp_tuple *n = &w->e.tuple;

	if (t->rules.tw_reuse == 0 || w->state != TCP_TIME_WAIT || !w->ts_on ||
		(t->rules.tw_reuse == 2 && !ip_addr_is_loopback(&n->local.addr) &&
		!ip_addr_is_loopback(&n->remote.addr)))
		return false;
	/* RFC 6191 2 needs a later timestamp from us, too. */
	return instant_sub(now, w->ts_recent_at).ns >
		DURATION_MS(t->rules.tw_reuse_delay).ns;
}

static bool is_old(const struct time_wait *w, const struct segment *s)
{
	struct seq edge = seq_add(w->rcv_nxt, w->rcv_wnd);

	if (w->ts_on && s->h.has_ts && /* PAWS, RFC 7323 5.3 */
		(int32_t)(s->h.tsval - w->ts_recent) < 0)
		return true;
	return seq_lt(s->end, w->rcv_nxt) || seq_lt(edge, s->h.seq);
}

static void reset(struct tcp *t, struct instant now, struct time_wait *w,
	const struct segment *s)
{
	tcp_send_reset(t, now, s, w->e.device);
	end_early(t, w);
}

/* FIN-WAIT-2 without a user: a FIN ends it, data is answered with RST (RFC 9293
 * 3.6.1); a FIN with something missing before it as well, as on Linux. */
static void fin_wait_2_input(struct tcp *t, struct instant now,
	struct time_wait *w, const struct segment *s)
{
	if (!seq_lt(w->rcv_nxt, s->end) || seq_eq(s->end, s->h.seq))
		return; /* nothing new */
	if (!(s->h.flags & TCP_FIN) || !seq_eq(s->end, seq_add(w->rcv_nxt, 1))) {
		reset(t, now, w, s);
		return;
	}
	w->rcv_nxt = s->end;
	if (s->h.has_ts && w->ts_on) {
		w->ts_recent = s->h.tsval;
		w->ts_recent_at = now;
	}
	send_ack(t, now, w, s);
	begin_time_wait(t, now, w);
}

/* Of no use: an ACK, and not too many. */
static void answer(struct tcp *t, struct instant now, struct time_wait *w,
	const struct segment *s)
{
	if (tcp_may_answer(t, now, &w->challenged, s))
		send_ack(t, now, w, s);
}

bool time_wait_input(struct tcp *t, struct instant now, struct time_wait *w,
	const struct segment *s, struct seq *isn)
{
	if (w->state == TCP_TIME_WAIT && is_new_syn(w, s)) {
		*isn = seq_add(w->snd_nxt, ISN_GAP);
		end_early(t, w);
		return true;
	}
	if (s->h.flags & TCP_RST) {
		/* Exact only (RFC 5961 3.2); it shortens TIME-WAIT as in Linux
		 * without tcp_rfc1337 (RFC 1337 3, fix F1). */
		if (seq_eq(s->h.seq, w->rcv_nxt) && !t->rules.rfc1337)
			end_early(t, w);
		return false;
	}
	if (is_old(w, s) || ((s->h.flags & TCP_SYN) &&
			(w->state == TCP_TIME_WAIT || seq_lt(s->h.seq, w->rcv_nxt)))) {
		answer(t, now, w, s);
		return false;
	}
	/* Linux: tcp_timewait_state_process(), where RFC 5961 4.2 has an ACK. */
	if (s->h.flags & TCP_SYN) {
		reset(t, now, w, s);
		return false;
	}
	if (w->state == TCP_FIN_WAIT_2) {
		if (s->h.flags & TCP_ACK) /* fifth */
			fin_wait_2_input(t, now, w, s);
		return false;
	}
	/* RFC 9293 3.10.7.4, eighth: a retransmitted FIN restarts the wait. */
	if (s->h.flags & TCP_FIN)
		begin_time_wait(t, now, w);
	/* Linux: whatever is not a bare ACK, even without the ACK bit. */
	if (s->end.v != s->h.seq.v)
		answer(t, now, w, s);
	return false;
}
