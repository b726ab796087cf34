/* What can be asked about a connection, and the times that are kept for it: how long
 * it had something to send, and what held that up (Linux: tcp_chrono_start(),
 * tcp_get_info()).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "conn.h"
#include "output.h"

enum { OPT_TIMESTAMPS = 1, OPT_SACK = 2, OPT_WSCALE = 4, OPT_ECN = 8,
	OPT_ECN_SEEN = 16, OPT_SYN_DATA = 32, OPT_FASTOPEN_CHILD = 128 }; /* Linux's */

/* --- times ------------------------------------------------------------------------- */

static void wait_for(struct tally *y, struct instant now, enum tally_wait why)
{
	if (y->wait != TALLY_IDLE)
		y->wait_ns[y->wait - 1] += instant_sub(now, y->wait_since).ns;
	y->wait_since = now;
	y->wait = (uint8_t)why;
}

void tally_wait(struct conn *c, struct instant now, enum tally_wait why)
{
	if (why > c->tally.wait)
		wait_for(&c->tally, now, why);
}

void tally_go_on(struct conn *c, struct instant now, enum tally_wait why)
{
	if (c->sendq.n == 0 && c->wq.n == 0)
		wait_for(&c->tally, now, TALLY_IDLE);
	else if (c->tally.wait == why)
		wait_for(&c->tally, now, TALLY_BUSY);
}

void tally_rto(struct conn *c, struct instant now)
{
	struct tally *y = &c->tally;

	if (c->rec.timeouts == 0) {
		y->rto_recoveries++;
		y->rto_since = now;
	}
	y->rtos++;
}

void tally_rto_over(struct conn *c, struct instant now)
{
	struct tally *y = &c->tally;

	if (y->rto_since.ns)
		y->rto_time.ns += instant_sub(now, y->rto_since).ns;
	y->rto_since.ns = 0;
}

/* --- telling ----------------------------------------------------------------------- */

static struct duration since(const struct conn *c, struct instant now,
	struct instant at)
{
	if (at.ns == 0) /* Linux counts from the handshake's end */
		at = c->tally.began;
	return at.ns ? instant_sub(now, at) : (struct duration){ 0 };
}

static uint8_t options(const struct conn *c)
{
	return (uint8_t)((c->ts_on ? OPT_TIMESTAMPS : 0) |
		(c->sack_on ? OPT_SACK : 0) | (c->wscale_on ? OPT_WSCALE : 0) |
		(c->ecn_on ? OPT_ECN : 0) | (c->ecn_seen ? OPT_ECN_SEEN : 0) |
		(c->fo.acked ? OPT_SYN_DATA : 0) |
		(c->fo.was_child ? OPT_FASTOPEN_CHILD : 0));
}

/* Linux shows one timer, the first of these: inet_sk_diag_fill(). */
static void fill_timer(const struct conn *c, struct instant now, struct tcp_info_view *v)
{
	static const struct {
		uint8_t timer, shown;
	} timers[] = { { CONN_TIMER_RTO, 1 }, { CONN_TIMER_REORDER, 1 },
		{ CONN_TIMER_TLP, 1 }, { CONN_TIMER_PERSIST, 4 },
		{ CONN_TIMER_KEEPALIVE, 2 } };

	for (size_t k = 0; k < sizeof(timers) / sizeof(timers[0]); k++) {
		struct instant due = c->due[timers[k].timer];

		if (instant_is_never(due))
			continue;
		v->timer = timers[k].shown;
		v->timer_in = instant_sub(due, now);
		return;
	}
}

static void fill_times(const struct conn *c, struct instant now,
	struct tcp_info_view *v)
{
	const struct tally *y = &c->tally;
	int64_t ns[TALLY_WAITS];

	for (int k = 1; k < TALLY_WAITS; k++)
		ns[k] = y->wait_ns[k - 1] + (k != y->wait ? 0 :
			instant_sub(now, y->wait_since).ns);
	v->busy.ns = ns[TALLY_BUSY] + ns[TALLY_RWND] + ns[TALLY_SNDBUF];
	v->rwnd_limited.ns = ns[TALLY_RWND];
	v->sndbuf_limited.ns = ns[TALLY_SNDBUF];
	v->since_sent = since(c, now, c->last_sent);
	v->since_received = since(c, now, c->last_text);
	v->since_ack = since(c, now, y->heard_ack);
	v->srtt = c->rtt.srtt;
	v->rttvar = (struct duration){ c->rtt.mdev.ns / 4 };
	v->rto = rtt_rto(&c->rtt);
	v->min_rtt = rtt_smallest(&c->rtt);
	v->ato = c->ato;
	v->rcv_rtt = (struct duration){ (int64_t)(c->rx.rtt8 >> 3) * 1000 };
	v->rto_time = (struct duration){ y->rto_time.ns + (y->rto_since.ns ?
		instant_sub(now, y->rto_since).ns : 0) };
}

static void fill_counts(const struct conn *c, struct tcp_info_view *v)
{
	const struct tally *y = &c->tally;
	const struct rate *r = &c->rate;

	v->delivered = r->delivered;
	v->delivered_ce = r->delivered_ce;
	v->app_limited = r->rate_app_limited;
	if (r->interval_ns >= 1000)
		v->delivery_rate = (uint64_t)r->rate_delivered * conn_mss(c) *
			1000000 / ((uint64_t)r->interval_ns / 1000);
	v->pacing_rate = c->cc.pacing_rate ? c->cc.pacing_rate : UINT64_MAX;
	v->received_ce = y->received_ce;
	v->ooo = y->ooo;
	v->bytes_sent = y->bytes_sent;
	/* Linux counts numbers: FINs, and the SYN of an active open. */
	v->bytes_received = y->bytes_received + c->fin_received;
	v->bytes_acked = y->bytes_acked + (c->opened_actively &&
		c->state >= TCP_ESTABLISHED) +
		(c->fin_sent && seq_eq(c->snd_una, c->snd_nxt));
	v->bytes_retrans = y->bytes_retrans;
	v->segs_out = y->segs_out;
	v->segs_in = y->segs_in;
	v->data_segs_out = y->data_segs_out;
	v->data_segs_in = y->data_segs_in;
	v->retrans = c->retrans;
	v->rtos = y->rtos;
	v->rto_recoveries = y->rto_recoveries;
}

static void fill_windows(const struct conn *c, struct tcp_info_view *v)
{
	v->mtu = c->mtu;
	v->mss = conn_mss(c);
	v->advmss = c->advmss - (c->ts_on ? TCP_TS_OPTION : 0);
	v->rcv_mss = c->rcv_mss;
	v->cwnd = c->cc.cwnd;
	v->ssthresh = c->cc.ssthresh;
	v->packets = c->sendq.n;
	v->sacked = conn_sacked(c);
	v->lost = c->sendq.nlost;
	v->resent = c->sendq.nretrans;
	v->reordering = c->rec.reordering;
	v->reord_seen = c->rec.reord_seen;
	v->dsack_dups = c->rec.dsack_dups;
	v->snd_wnd = c->snd_wnd;
	v->rcv_wnd = (uint32_t)seq_diff(c->rcv_adv, c->last_ack);
	v->rcv_ssthresh = c->rx.ssthresh;
	v->rcv_space = c->rx.space;
	v->unacked = (uint32_t)seq_diff(c->snd_nxt, c->snd_una);
	v->notsent = seq_lt(c->snd_nxt, c->tx_end) ?
		(uint32_t)seq_diff(c->tx_end, c->snd_nxt) : 0;
}

void tally_fill(const struct conn *c, struct instant now, struct tcp_info_view *v)
{
	*v = (struct tcp_info_view){
		.state = c->state,
		.tuple = c->e.tuple,
		.ca_state = (uint8_t)c->rec.state,
		.options = options(c),
		.snd_wscale = c->snd_wscale,
		.rcv_wscale = c->rcv_wscale,
		.timeouts = c->rec.timeouts,
		.probes = c->probes,
		.fastopen_fail = c->fo.fail,
		.backoff = c->rtt.backoff ? c->rtt.backoff : c->persist_backoff,
	};
	fill_windows(c, v);
	fill_timer(c, now, v);
	fill_times(c, now, v);
	fill_counts(c, v);
}
