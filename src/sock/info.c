/* TCP_INFO. A connection within the host has no segments: it shows a state, the
 * sizes that Linux shows on its loopback, and no loss.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "inside.h"

#include <netinet/tcp.h>
#include <string.h>

#include "hold.h"
#include "sock/info.h"

#define LOOPBACK_PMTU 65535u   /* what Linux shows on its loopback */
#define LOOPBACK_SEGMENT 32768u /* half of the first window */
#define LOOPBACK_WSCALE 10
#define LOOPBACK_RTT_US 20
#define LOOPBACK_MSS 65483u /* less 20 + 20 and timestamps' 12 + 1, as Linux */

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

static void from_words(const struct shm_sock *s, struct tcp_info *t)
{
	uint32_t w[SOCK_INFO_WORDS];

	for (unsigned k = 0; k < SOCK_INFO_WORDS; k++)
		w[k] = sock_once(&s->info[k]);
	t->tcpi_ca_state = (uint8_t)w[SOCK_INFO_CA_STATE];
	t->tcpi_options = (uint8_t)w[SOCK_INFO_OPTIONS];
	t->tcpi_snd_wscale = w[SOCK_INFO_SND_WSCALE] & 15;
	t->tcpi_rcv_wscale = w[SOCK_INFO_RCV_WSCALE] & 15;
	t->tcpi_rto = w[SOCK_INFO_RTO_US];
	t->tcpi_ato = w[SOCK_INFO_ATO_US];
	t->tcpi_snd_mss = w[SOCK_INFO_SND_MSS];
	t->tcpi_rcv_mss = w[SOCK_INFO_RCV_MSS];
	t->tcpi_unacked = w[SOCK_INFO_UNACKED];
	t->tcpi_sacked = w[SOCK_INFO_SACKED];
	t->tcpi_lost = w[SOCK_INFO_LOST];
	t->tcpi_retrans = w[SOCK_INFO_RETRANS];
	t->tcpi_pmtu = w[SOCK_INFO_PMTU];
	t->tcpi_rcv_ssthresh = w[SOCK_INFO_RCV_SSTHRESH];
	t->tcpi_rtt = w[SOCK_INFO_RTT_US];
	t->tcpi_rttvar = w[SOCK_INFO_RTTVAR_US];
	t->tcpi_snd_ssthresh = w[SOCK_INFO_SND_SSTHRESH];
	t->tcpi_snd_cwnd = w[SOCK_INFO_SND_CWND];
	t->tcpi_advmss = w[SOCK_INFO_ADVMSS];
	t->tcpi_reordering = w[SOCK_INFO_REORDERING];
	t->tcpi_rcv_rtt = w[SOCK_INFO_RCV_RTT_US];
	t->tcpi_rcv_space = w[SOCK_INFO_RCV_SPACE];
	t->tcpi_total_retrans = w[SOCK_INFO_TOTAL_RETRANS];
	if (w[SOCK_INFO_STATE] != 0 && w[SOCK_INFO_STATE] <= TCP_CLOSING)
		t->tcpi_state = (uint8_t)w[SOCK_INFO_STATE];
}

/* What the kernel's struct has behind libc's; none of our names for the rest. */
struct info_whole {
	struct tcp_info t;
	uint64_t pacing_rate, max_pacing_rate, bytes_acked, bytes_received;
	uint32_t segs_out, segs_in, notsent_bytes, min_rtt;
	uint32_t data_segs_in, data_segs_out;
	uint64_t delivery_rate, busy_time, rwnd_limited, sndbuf_limited;
	uint32_t delivered, delivered_ce;
	uint64_t bytes_sent, bytes_retrans;
	uint32_t rest[16];
};
static_assert(sizeof(struct info_whole) == 280, "as Linux 6.18");

static uint64_t wide(const struct shm_sock *s, enum sock_info word)
{
	return sock_once(&s->info[word]) |
		(uint64_t)sock_once(&s->info[word + 1]) << 32;
}

static void more_from_words(const struct shm_sock *s, struct info_whole *w)
{
	w->pacing_rate = w->max_pacing_rate = UINT64_MAX; /* no pacing */
	w->bytes_acked = wide(s, SOCK_INFO_ACKED_LO);
	w->bytes_received = wide(s, SOCK_INFO_RECEIVED_LO);
	w->bytes_sent = wide(s, SOCK_INFO_SENT_LO);
	w->segs_out = sock_once(&s->info[SOCK_INFO_SEGS_OUT]);
	w->segs_in = sock_once(&s->info[SOCK_INFO_SEGS_IN]);
	w->notsent_bytes = sock_once(&s->info[SOCK_INFO_NOTSENT]);
	w->bytes_retrans = sock_once(&s->info[SOCK_INFO_BYTES_RETRANS]);
}

/* Within the host what is sent is received, and nothing is lost. There are no
 * segments: their numbers are those that Linux's loopback would need at least. */
static void local_info(const struct sock_env *e, const struct shm_sock *s,
	struct info_whole *w)
{
	struct shm_fifo *tx = sock_tx(e, s), *rx = sock_rx(e, s);
	uint32_t in = rx ? atomic_get_relaxed(&rx->sh.tail) : 0;
	uint32_t out = tx ? atomic_get_relaxed(&tx->sh.tail) : 0;

	w->t.tcpi_options = TCPI_OPT_TIMESTAMPS | TCPI_OPT_SACK | TCPI_OPT_WSCALE;
	w->t.tcpi_snd_wscale = w->t.tcpi_rcv_wscale = LOOPBACK_WSCALE;
	w->t.tcpi_snd_mss = w->t.tcpi_rcv_mss = LOOPBACK_SEGMENT;
	w->t.tcpi_advmss = LOOPBACK_MSS;
	w->t.tcpi_pmtu = LOOPBACK_PMTU;
	w->t.tcpi_snd_cwnd = 10; /* RFC 6928 */
	w->t.tcpi_rto = 200000;
	w->t.tcpi_rtt = w->min_rtt = LOOPBACK_RTT_US;
	w->t.tcpi_rttvar = LOOPBACK_RTT_US / 2;
	w->t.tcpi_reordering = 3;
	w->t.tcpi_snd_ssthresh = 0x7fffffff;
	w->pacing_rate = w->max_pacing_rate = UINT64_MAX;
	w->bytes_sent = out;
	w->notsent_bytes = tx ? hold_bytes(tx) : 0;
	w->bytes_received = in;
	/* The connector's SYN counts: Linux's tcp_ack(). */
	w->bytes_acked = out + (s->listener == 0);
	w->data_segs_out = (out + LOOPBACK_SEGMENT - 1) / LOOPBACK_SEGMENT;
	w->data_segs_in = (in + LOOPBACK_SEGMENT - 1) / LOOPBACK_SEGMENT;
	w->segs_out = 2 + w->data_segs_out;
	w->segs_in = 1 + w->data_segs_in;
	w->delivered = w->data_segs_out;
}

int sock_tcp_info(const struct sock_env *e, const struct shm_sock *s, void *val,
	socklen_t *len)
{
	struct info_whole w = { .t.tcpi_state = tcp_state(e, s) };
	uint32_t via = atomic_get_relaxed(&((struct shm_sock *)s)->via);

	if (via == SHM_VIA_NET && sock_state(s) != SHM_SOCK_LISTEN) {
		from_words(s, &w.t);
		more_from_words(s, &w);
	} else if (via == SHM_VIA_LOCAL) {
		local_info(e, s, &w);
	}
	if (*len > sizeof(w))
		*len = sizeof(w);
	memcpy(val, &w, *len);
	return 0;
}
