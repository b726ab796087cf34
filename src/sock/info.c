/* TCP_INFO and TCP_CC_INFO. A connection within the host has no segments: it shows a state, the
 * sizes that Linux shows on its loopback, and no loss. What TCP knows of one to
 * another host the service writes down when it is asked to (sock/info.h).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "inside.h"

#include <netinet/tcp.h>
#include <string.h>

#include "hold.h"
#include "options.h"
#include "sock/info.h"

#define LOOPBACK_PMTU 65535u   /* what Linux shows on its loopback */
#define LOOPBACK_SEGMENT 32768u /* half of the first window */
#define LOOPBACK_WSCALES (10 << 4 | 10)
#define LOOPBACK_WINDOW 65536u
#define LOOPBACK_RTT_US 20
#define LOOPBACK_MSS 65483u /* less 20 + 20 and timestamps' 12 + 1, as Linux */
#define RTO_INITIAL_US 1000000u /* RFC 6298 2.1 */
#define RTO_MIN_US 204000u	/* 200 ms and a tick, as Linux shows it */
#define ATO_US 40000u		/* Linux's delayed ACK */
#define MSS_DEFAULT 536u	/* RFC 9293 3.7.1 */
#define LOOPBACK_BBR_GAIN 739u /* by 256: Linux's bbr_high_gain, 2 / ln 2 */
#define COPIES 8u /* of a record that is being written */

static_assert(SOCK_INFO_WORDS <= sizeof(((struct shm_sock *)0)->info) / 4,
	"info words");

static uint8_t tcp_state(const struct sock_env *e, const struct shm_sock *s)
{
	struct shm_fifo *rx = sock_rx(e, s);
	bool got_fin, sent_fin = sock_flags(s) & SHM_F_WRSHUT;

	switch (sock_state(s)) {
	case SHM_SOCK_LISTEN:
		return TCP_LISTEN;
	case SHM_SOCK_CONNECTING:
		return TCP_SYN_SENT;
	case SHM_SOCK_CONNECTED:
		break;
	default:
		return TCP_CLOSE;
	}
	/* A look only: relaxed. */
	got_fin = rx && atomic_get_relaxed(&rx->fin) != SHM_FIN_NONE;
	if (got_fin)
		/* Both: LAST_ACK and TIME_WAIT are over for the socket at once. */
		return sent_fin ? TCP_CLOSE : TCP_CLOSE_WAIT;
	return sent_fin ? TCP_FIN_WAIT2 : TCP_ESTABLISHED;
}

/* --- asking the service ------------------------------------------------------- */

static bool is_net(const struct shm_sock *s)
{
	return s->type == SOCK_STREAM && sock_state(s) != SHM_SOCK_LISTEN &&
		atomic_get_relaxed(&((struct shm_sock *)s)->via) == SHM_VIA_NET;
}

/* The only one that has something to tell. */
static bool is_bbr(const struct shm_sock *s)
{
	return strncmp(s->opts.congestion, "bbr", sizeof(s->opts.congestion)) == 0;
}

uint32_t sock_info_ask(struct sock_env *e, uint32_t i, int level, int name, bool *ring)
{
	struct shm_sock *s;
	uint32_t asked;

	*ring = false;
	if (level != IPPROTO_TCP || (name != TCP_INFO && name != TCP_CC_INFO))
		return 0;
	s = sock_live(e, i);
	if (!s || !is_net(s) || (name == TCP_CC_INFO && !is_bbr(s)))
		return 0;
	/* 0 means that nobody ever asked. Partner: sock_info_wanted(). */
	asked = atomic_add(&s->info_asked, 1) + 1;
	if (asked == 0)
		asked = atomic_add(&s->info_asked, 1) + 1;
	*ring = sock_want_service(e, i);
	return asked;
}

/* For the service, which has checked the index when it took the socket up. */
static struct shm_sock *record(const struct sock_env *e, uint32_t i)
{
	return &e->arena->socks[i];
}

_Atomic uint32_t *sock_info_word(const struct sock_env *e, uint32_t i)
{
	return &record(e, i)->info_told;
}

bool sock_info_told(uint32_t word, uint32_t asked)
{
	return word != 0 && (int32_t)(word - asked) >= 0;
}

uint32_t sock_info_wanted(const struct sock_env *e, uint32_t i, uint32_t told)
{
	/* Partner: sock_info_ask()'s add, before its push. */
	uint32_t asked = atomic_get_acquire(&record(e, i)->info_asked);

	return asked != told ? asked : 0;
}

struct shm_tcp_told *sock_info_begin(struct sock_env *e, uint32_t i)
{
	/* Pairs with copy_told()'s two looks. */
	atomic_put_relaxed(&record(e, i)->info_told, 0);
	atomic_full_fence();
	return &e->arena->infos[i];
}

void sock_info_end(struct sock_env *e, uint32_t i, uint32_t asked)
{
	atomic_put_release(&record(e, i)->info_told, asked);
}

/* What the service has written, whole; false: nothing. */
static bool copy_told(const struct sock_env *e, uint32_t i, struct shm_sock *s,
	struct shm_tcp_told *t)
{
	for (unsigned k = 0; k < COPIES; k++) {
		/* Partner: sock_info_end()'s release. */
		uint32_t told = atomic_get_acquire(&s->info_told);

		if (told == 0)
			continue; /* being written, or never was */
		memcpy(t, &e->arena->infos[i], sizeof(*t));
		atomic_full_fence();
		if (atomic_get_relaxed(&s->info_told) == told)
			return true;
	}
	return false;
}

/* Within the host there is nothing to send again, and whoever is there answers. */
void sock_timer(struct sock_env *e, uint32_t i, struct sock_timer *out)
{
	struct shm_sock *s = sock_live(e, i);
	struct shm_tcp_told told;

	*out = (struct sock_timer){ 0 };
	if (!s || !sock_is_stream(s))
		return;
	if (is_net(s) && copy_told(e, i, s, &told))
		*out = (struct sock_timer){ told.timer, told.timer == 1 ?
			told.tcp.retransmits : told.tcp.probes, told.expires_ms };
	else if (!is_net(s) && sock_state(s) == SHM_SOCK_CONNECTED &&
		sock_has_opt(s, SHM_O_KEEPALIVE))
		*out = (struct sock_timer){ 2, 0, sock_once(&s->opts.keep_idle) * 1000 };
}

/* --- showing -------------------------------------------------------------------- */

/* Before there is a connection. */
static void fresh_info(struct shm_tcp_info *t)
{
	t->app_limited = 1;
	t->rto = RTO_INITIAL_US;
	t->snd_mss = MSS_DEFAULT;
	t->rttvar = RTO_INITIAL_US / 4;
	t->snd_ssthresh = 0x7fffffff;
	t->min_rtt = UINT32_MAX;
}

/* Linux shows the queue of those who wait, and its limit. */
static void listen_info(const struct shm_sock *s, struct shm_tcp_info *t)
{
	t->sacked = (uint32_t)s->backlog;
}

/* Within the host what is sent is received, and nothing is lost. There are no
 * segments: their numbers are those that Linux's loopback would need at least. */
static void local_info(const struct sock_env *e, const struct shm_sock *s,
	struct shm_tcp_info *t)
{
	struct shm_fifo *rx = sock_rx(e, s), *tx = sock_tx(e, s);
	struct shm_sock *p = (struct shm_sock *)s; /* atomics want it so */
	/* Looks only: relaxed. */
	uint64_t in = atomic_get_relaxed(&p->bytes_in) + (rx ?
		atomic_get_relaxed(&rx->sh.tail) - atomic_get_relaxed(&rx->sh.head) : 0);
	uint64_t out = atomic_get_relaxed(&p->bytes_out);
	bool active = s->listener == 0; /* the connector's SYN counts */

	t->options = TCPI_OPT_TIMESTAMPS | TCPI_OPT_SACK | TCPI_OPT_WSCALE;
	t->wscales = LOOPBACK_WSCALES;
	t->app_limited = 1;
	t->snd_mss = LOOPBACK_SEGMENT;
	t->rcv_mss = in < MSS_DEFAULT ? MSS_DEFAULT : in < LOOPBACK_SEGMENT ?
		(uint32_t)in : LOOPBACK_SEGMENT;
	t->advmss = LOOPBACK_MSS;
	t->pmtu = LOOPBACK_PMTU;
	t->rto = RTO_MIN_US;
	t->ato = in ? ATO_US : 0;
	t->rtt = t->min_rtt = LOOPBACK_RTT_US;
	t->rttvar = LOOPBACK_RTT_US / 2;
	t->snd_ssthresh = 0x7fffffff;
	t->rcv_ssthresh = t->rcv_space = LOOPBACK_MSS;
	t->snd_wnd = t->rcv_wnd = LOOPBACK_WINDOW;
	t->bytes_sent = out;
	t->notsent_bytes = tx ? hold_bytes(tx) : 0;
	/* Numbers: the FINs, too. */
	t->bytes_received = in + (rx &&
		atomic_get_relaxed(&rx->fin) == SHM_FIN_EOF);
	t->bytes_acked = out + active + !!(sock_flags(s) & SHM_F_WRSHUT);
	t->data_segs_out = (uint32_t)((out + LOOPBACK_SEGMENT - 1) / LOOPBACK_SEGMENT);
	t->data_segs_in = (uint32_t)((in + LOOPBACK_SEGMENT - 1) / LOOPBACK_SEGMENT);
	t->segs_out = (active ? 2 : 0) + t->data_segs_out;
	t->segs_in = (active ? 1 : 2) + t->data_segs_in;
	t->delivered = 1 + t->data_segs_out;
	t->delivery_rate = out ? (uint64_t)LOOPBACK_SEGMENT * 1000000 /
		LOOPBACK_RTT_US : 0;
}

void sock_tcp_path(const struct shm_sock *s, uint32_t *mtu, uint32_t *cwnd)
{
	bool net = is_net(s);

	*mtu = net ? sock_once(&s->info[SOCK_INFO_PMTU]) : LOOPBACK_PMTU;
	*cwnd = net ? sock_once(&s->info[SOCK_INFO_CWND]) : 10;
}

int sock_tcp_info(const struct sock_env *e, uint32_t i, struct shm_sock *s, void *val,
	socklen_t *len)
{
	uint32_t state = sock_once(&s->info[SOCK_INFO_STATE]);
	struct shm_tcp_info t = { 0 };
	struct shm_tcp_told told;

	if (is_net(s) && copy_told(e, i, s, &told)) {
		t = told.tcp;
	} else {
		t.pacing_rate = UINT64_MAX; /* none */
		t.reordering = 3;
		t.snd_cwnd = 10; /* RFC 6928 */
		if (sock_state(s) == SHM_SOCK_LISTEN)
			listen_info(s, &t);
		else if (atomic_get_relaxed(&s->via) == SHM_VIA_LOCAL)
			local_info(e, s, &t);
		else
			fresh_info(&t);
		t.state = tcp_state(e, s);
	}
	t.max_pacing_rate = s->kept.max_pacing;
	if (is_net(s) && state != 0 && state <= TCP_CLOSING)
		t.state = (uint8_t)state;
	if (*len > sizeof(t))
		*len = sizeof(t);
	memcpy(val, &t, *len);
	return 0;
}

/* Within the host: what BBR would find there, once something was sent. */
static void local_bbr(const struct sock_env *e, const struct shm_sock *s,
	struct shm_bbr_info *b)
{
	struct shm_tcp_info t = { 0 };

	local_info(e, s, &t);
	b->min_rtt = t.min_rtt;
	if (t.bytes_sent == 0)
		return;
	b->bw_lo = (uint32_t)t.delivery_rate;
	b->bw_hi = (uint32_t)(t.delivery_rate >> 32);
	b->pacing_gain = b->cwnd_gain = LOOPBACK_BBR_GAIN;
}

/* Linux: bbr_get_info(), and no bytes of those that have no such thing. */
int option_get_cc_info(const struct option_call *c, void *val, socklen_t *len)
{
	struct shm_tcp_told told = { 0 };

	if (!is_bbr(c->s)) {
		*len = 0;
		return 0;
	}
	if (is_net(c->s) && !copy_told(c->e, c->i, c->s, &told))
		told.bbr = (struct shm_bbr_info){ 0 };
	/* A look only: relaxed. */
	else if (atomic_get_relaxed(&c->s->via) == SHM_VIA_LOCAL)
		local_bbr(c->e, c->s, &told.bbr);
	if (*len > sizeof(told.bbr))
		*len = sizeof(told.bbr);
	memcpy(val, &told.bbr, *len);
	return 0;
}
