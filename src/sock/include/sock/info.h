/* Looking at a socket without touching it. What the service writes into a NET
 * socket's shm_sock.info[], one word each, and getsockopt(TCP_INFO) shows: relaxed,
 * each word by itself.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_INFO_H
#define SOCK_INFO_H

#include <stdint.h>

struct sock_env;

enum sock_info {
	SOCK_INFO_STATE,   /* Linux's number of the TCP state; 0 not filled */
	SOCK_INFO_OPTIONS, /* TCPI_OPT_* */
	SOCK_INFO_SND_WSCALE,
	SOCK_INFO_RCV_WSCALE,
	SOCK_INFO_RTO_US,
	SOCK_INFO_ATO_US,
	SOCK_INFO_SND_MSS, /* bytes */
	SOCK_INFO_RCV_MSS,
	SOCK_INFO_UNACKED, /* segments */
	SOCK_INFO_SACKED,
	SOCK_INFO_LOST,
	SOCK_INFO_RETRANS,
	SOCK_INFO_PMTU, /* bytes */
	SOCK_INFO_RCV_SSTHRESH,
	SOCK_INFO_RTT_US,
	SOCK_INFO_RTTVAR_US,
	SOCK_INFO_SND_SSTHRESH, /* segments */
	SOCK_INFO_SND_CWND,
	SOCK_INFO_ADVMSS,
	SOCK_INFO_REORDERING,
	SOCK_INFO_RCV_RTT_US,
	SOCK_INFO_RCV_SPACE,
	SOCK_INFO_TOTAL_RETRANS,
	SOCK_INFO_CA_STATE,
	SOCK_INFO_ACKED_LO, /* bytes, 64 bits */
	SOCK_INFO_ACKED_HI,
	SOCK_INFO_RECEIVED_LO,
	SOCK_INFO_RECEIVED_HI,
	SOCK_INFO_SENT_LO,
	SOCK_INFO_SENT_HI,
	SOCK_INFO_SEGS_OUT,
	SOCK_INFO_SEGS_IN,
	SOCK_INFO_NOTSENT, /* bytes */
	SOCK_INFO_BYTES_RETRANS,
	SOCK_INFO_WORDS, /* 34: all there are */
};

/* Bytes that sock_send() would take now; UINT32_MAX when it would take or refuse
 * any number. Another writer may be faster. */
uint32_t sock_send_room(struct sock_env *e, uint32_t i);

#endif
