/* TCP_INFO's words. SPDX-License-Identifier: BSD-2-Clause */
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

static void put(uint32_t *info, enum sock_info word, uint32_t value)
{
	/* A reader sees the old or the new word. */
	*(volatile uint32_t *)&info[word] = value;
}

/* The low word, and the high one after it. */
static void put_wide(uint32_t *info, enum sock_info word, uint64_t value)
{
	put(info, word, (uint32_t)value);
	put(info, (enum sock_info)(word + 1), (uint32_t)(value >> 32));
}

void tcpinfo_closed(uint32_t info[SOCK_INFO_WORDS])
{
	put(info, SOCK_INFO_STATE, linux_state[TCP_CLOSED]);
}

void tcpinfo_store(const struct tcp_info_view *v, uint32_t info[SOCK_INFO_WORDS])
{
	put(info, SOCK_INFO_STATE,
		v->state <= TCP_TIME_WAIT ? linux_state[v->state] : 7);
	put(info, SOCK_INFO_RTO_US, us_of(v->rto));
	put(info, SOCK_INFO_SND_MSS, v->mss);
	put(info, SOCK_INFO_RCV_MSS, v->mss);
	put(info, SOCK_INFO_UNACKED, v->packets);
	put(info, SOCK_INFO_RTT_US, us_of(v->srtt));
	put(info, SOCK_INFO_RTTVAR_US, us_of(v->rttvar));
	put(info, SOCK_INFO_SND_SSTHRESH, v->ssthresh);
	put(info, SOCK_INFO_PMTU, v->mtu);
	put(info, SOCK_INFO_REORDERING, v->reordering ? v->reordering : 3);
	put(info, SOCK_INFO_CA_STATE, v->ca_state);
	put(info, SOCK_INFO_SACKED, v->sacked);
	put(info, SOCK_INFO_LOST, v->lost);
	put(info, SOCK_INFO_RETRANS, v->resent);
	put(info, SOCK_INFO_SND_CWND, v->cwnd);
	put(info, SOCK_INFO_ADVMSS, v->advmss);
	put(info, SOCK_INFO_RCV_SPACE, v->rcv_wnd);
	put(info, SOCK_INFO_TOTAL_RETRANS, (uint32_t)v->retrans);
	put(info, SOCK_INFO_OPTIONS, v->options);
	put(info, SOCK_INFO_SND_WSCALE, v->snd_wscale);
	put(info, SOCK_INFO_RCV_WSCALE, v->rcv_wscale);
	put_wide(info, SOCK_INFO_ACKED_LO, v->bytes_acked);
	put_wide(info, SOCK_INFO_RECEIVED_LO, v->bytes_received);
	put_wide(info, SOCK_INFO_SENT_LO, v->bytes_sent);
	put(info, SOCK_INFO_SEGS_OUT, (uint32_t)v->segs_out);
	put(info, SOCK_INFO_SEGS_IN, (uint32_t)v->segs_in);
	put(info, SOCK_INFO_NOTSENT, v->notsent);
	put(info, SOCK_INFO_BYTES_RETRANS, (uint32_t)v->bytes_retrans);
}
