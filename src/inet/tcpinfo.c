/* TCP's words in Linux's: what the service tells of a connection (sock/info.h).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "inside.h"

#include "base/atomic.h"
#include "sock/info.h"
#include "tcp/congestion.h"
#include "tcpinfo.h"

/* Linux's numbers (include/net/tcp_states.h) of RFC 9293's states. */
static const uint8_t linux_state[] = {
	[TCP_CLOSED] = 7,
	[TCP_LISTEN] = 10,
	[TCP_SYN_SENT] = 2,
	[TCP_SYN_RECEIVED] = 3,
	[TCP_ESTABLISHED] = 1,
	[TCP_CLOSE_WAIT] = 8,
	[TCP_FIN_WAIT_1] = 4,
	[TCP_CLOSING] = 11,
	[TCP_LAST_ACK] = 9,
	[TCP_FIN_WAIT_2] = 5,
	[TCP_TIME_WAIT] = 6,
};

static uint32_t us_of(struct duration d)
{
	return d.ns <= 0 ? 0 : d.ns > (int64_t)UINT32_MAX * 1000 ? UINT32_MAX :
		(uint32_t)(d.ns / 1000);
}

static uint32_t ms_of(struct duration d)
{
	return d.ns <= 0 ? 0 : d.ns > (int64_t)UINT32_MAX * 1000000 ? UINT32_MAX :
		(uint32_t)(d.ns / 1000000);
}

static uint16_t short_of(uint32_t n)
{
	return n < UINT16_MAX ? (uint16_t)n : UINT16_MAX;
}

static uint8_t byte_of(uint32_t n)
{
	return n < UINT8_MAX ? (uint8_t)n : UINT8_MAX;
}

static uint8_t state_of(const struct tcp_info_view *v)
{
	return v->state <= TCP_TIME_WAIT ? linux_state[v->state] : 7;
}

static void put(uint32_t *info, enum sock_info word, uint32_t value)
{
	/* A reader sees the old or the new word. */
	*(volatile uint32_t *)&info[word] = value;
}

static void put_words(const struct tcp_info_view *v, uint32_t info[SOCK_INFO_WORDS])
{
	put(info, SOCK_INFO_STATE, state_of(v));
	put(info, SOCK_INFO_SND_MSS, v->mss);
	put(info, SOCK_INFO_UNACKED, v->packets);
	put(info, SOCK_INFO_PMTU, v->mtu);
	put(info, SOCK_INFO_CWND, v->cwnd);
}

static void fill_rates(const struct tcp_info_view *v, struct shm_tcp_info *t)
{
	t->pacing_rate = v->pacing_rate;
	t->bytes_acked = v->bytes_acked;
	t->bytes_received = v->bytes_received;
	t->segs_out = (uint32_t)v->segs_out;
	t->segs_in = (uint32_t)v->segs_in;
	t->notsent_bytes = v->notsent;
	t->min_rtt = us_of(v->min_rtt);
	t->data_segs_in = (uint32_t)v->data_segs_in;
	t->data_segs_out = (uint32_t)v->data_segs_out;
	t->delivery_rate = v->delivery_rate;
	t->busy_time = (uint64_t)(v->busy.ns / 1000);
	t->rwnd_limited = (uint64_t)(v->rwnd_limited.ns / 1000);
	t->sndbuf_limited = (uint64_t)(v->sndbuf_limited.ns / 1000);
	t->delivered = v->delivered;
	t->delivered_ce = v->delivered_ce;
	t->bytes_sent = v->bytes_sent;
	t->bytes_retrans = v->bytes_retrans;
	t->dsack_dups = v->dsack_dups;
	t->reord_seen = v->reord_seen;
	t->rcv_ooopack = v->ooo;
	t->snd_wnd = v->snd_wnd;
	t->rcv_wnd = v->rcv_wnd;
	t->rehash = v->rtos; /* Linux takes another path at each */
	t->total_rto = short_of(v->rtos);
	t->total_rto_recoveries = short_of(v->rto_recoveries);
	t->total_rto_time = ms_of(v->rto_time);
	t->received_ce = v->received_ce;
}

static void fill(const struct tcp_info_view *v, struct shm_tcp_info *t)
{
	*t = (struct shm_tcp_info){
		.state = state_of(v),
		.ca_state = v->ca_state,
		.retransmits = byte_of(v->timeouts),
		.probes = byte_of(v->probes),
		.backoff = byte_of(v->backoff),
		.options = v->options,
		.wscales = (uint8_t)((v->snd_wscale & 15) | v->rcv_wscale << 4),
		.app_limited = (uint8_t)(v->app_limited | v->fastopen_fail << 1),
		.rto = us_of(v->rto),
		.ato = us_of(v->ato),
		.snd_mss = v->mss,
		.rcv_mss = v->rcv_mss,
		.unacked = v->packets,
		.sacked = v->sacked,
		.lost = v->lost,
		.retrans = v->resent,
		.last_data_sent = ms_of(v->since_sent),
		.last_data_recv = ms_of(v->since_received),
		.last_ack_recv = ms_of(v->since_ack),
		.pmtu = v->mtu,
		.rcv_ssthresh = v->rcv_ssthresh,
		.rtt = us_of(v->srtt),
		.rttvar = us_of(v->rttvar),
		.snd_ssthresh = v->ssthresh,
		.snd_cwnd = v->cwnd,
		.advmss = v->advmss,
		.reordering = v->reordering ? v->reordering : 3,
		.rcv_rtt = us_of(v->rcv_rtt),
		.rcv_space = v->rcv_space,
		.total_retrans = (uint32_t)v->retrans,
	};
	fill_rates(v, t);
}

static void told(struct net *n, uint32_t sock, uint32_t asked)
{
	sock_info_end(n->env, sock, asked);
	if (n->ops.wake)
		n->ops.wake(n->ops.user, sock_info_word(n->env, sock));
}

static void fill_bbr(struct net *n, const struct net_conn *c, struct shm_bbr_info *b)
{
	struct tcp_bbr_view v;

	*b = (struct shm_bbr_info){ 0 };
	if (tcp_get_bbr(stack_tcp(n->stack), c->id, &v) != 0)
		return;
	*b = (struct shm_bbr_info){
		.bw_lo = (uint32_t)v.bw,
		.bw_hi = (uint32_t)(v.bw >> 32),
		.min_rtt = v.min_rtt_us,
		.pacing_gain = v.pacing_gain,
		.cwnd_gain = v.window_gain,
	};
}

static void tell(struct net *n, struct net_conn *c, const struct tcp_info_view *v,
	uint32_t asked)
{
	struct shm_tcp_told *t;

	if (v) {
		t = sock_info_begin(n->env, c->sock);
		fill(v, &t->tcp);
		fill_bbr(n, c, &t->bbr);
		t->timer = v->timer;
		t->expires_ms = ms_of(v->timer_in);
	}
	c->info_told = asked;
	told(n, c->sock, asked);
}

/* Copied whenever TCP has something to tell and whenever it was looked at what the
 * program did. */
void tcpinfo_update(struct net *n, struct net_conn *c)
{
	struct shm_sock *s = net_record(n, c->sock, c->gen);
	struct tcp_info_view v;

	if (s && c->tcp && tcp_get_info(stack_tcp(n->stack), n->now, c->id, &v) == 0)
		put_words(&v, s->info);
}

/* There is no connection, not yet or no more. */
static void tell_nothing(struct net *n, uint32_t sock, uint32_t asked)
{
	struct tcp_info_view v = { .pacing_rate = UINT64_MAX, .cwnd = 10, .mss = 536,
		.min_rtt = { INT64_MAX }, .ssthresh = 0x7fffffff };
	struct shm_tcp_told *t;

	t = sock_info_begin(n->env, sock);
	fill(&v, &t->tcp);
	t->bbr = (struct shm_bbr_info){ 0 };
	t->timer = 0;
	told(n, sock, asked);
}

void tcpinfo_nobody(struct net *n, uint32_t sock)
{
	uint32_t asked = sock_info_wanted(n->env, sock, 0);

	if (asked)
		tell_nothing(n, sock, asked);
}

void tcpinfo_answer(struct net *n, struct net_conn *c)
{
	uint32_t asked = sock_info_wanted(n->env, c->sock, c->info_told);
	struct tcp_info_view v;
	bool alive;

	if (!asked)
		return;
	alive = c->tcp && tcp_get_info(stack_tcp(n->stack), n->now, c->id, &v) == 0;
	/* Of one that has ended what tcpinfo_last() wrote stays. */
	if (alive || c->info_last)
		tell(n, c, alive ? &v : NULL, asked);
	else
		tell_nothing(n, c->sock, asked);
}

void tcpinfo_last(struct net *n, struct net_conn *c, const struct tcp_info_view *v)
{
	struct shm_sock *s = net_record(n, c->sock, c->gen);

	if (!s)
		return;
	c->info_last = true;
	/* Without a question too: it cannot be found out later. */
	tell(n, c, v, atomic_get_relaxed(&s->info_asked) ? /* no order */
		atomic_get_relaxed(&s->info_asked) : 1);
	put(s->info, SOCK_INFO_STATE, linux_state[TCP_CLOSED]);
}
