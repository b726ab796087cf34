/* TCP_INFO. A connection within the host has no segments: it shows a state, the
 * sizes that Linux shows on its loopback, and no loss.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "inside.h"

#include <netinet/tcp.h>
#include <string.h>

#include "sock/info.h"

#define LOOPBACK_MTU 65536u
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
		return sent_fin ? TCP_LAST_ACK : TCP_CLOSE_WAIT;
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

int sock_tcp_info(const struct sock_env *e, const struct shm_sock *s, void *val,
	socklen_t *len)
{
	struct tcp_info t = { .tcpi_state = tcp_state(e, s) };
	uint32_t via = atomic_get_relaxed(&((struct shm_sock *)s)->via);

	if (via == SHM_VIA_NET && sock_state(s) != SHM_SOCK_LISTEN) {
		from_words(s, &t);
	} else if (via == SHM_VIA_LOCAL) {
		t.tcpi_snd_mss = t.tcpi_rcv_mss = t.tcpi_advmss = LOOPBACK_MSS;
		t.tcpi_pmtu = LOOPBACK_MTU;
		t.tcpi_snd_cwnd = 10; /* RFC 6928 */
		t.tcpi_rto = 200000;
		t.tcpi_reordering = 3;
		t.tcpi_snd_ssthresh = 0x7fffffff;
	}
	if (*len > sizeof(t))
		*len = sizeof(t);
	memcpy(val, &t, *len);
	return 0;
}
