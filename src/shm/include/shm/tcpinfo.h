/* What getsockopt(TCP_INFO) shows: Linux 6.18's struct tcp_info, which libc's headers
 * know in part; and TCP_CC_INFO: struct tcp_bbr_info. The service writes both for a
 * socket when it is asked to (sock/info.h); the pages of those that never are stay
 * untouched.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHM_TCPINFO_H
#define SHM_TCPINFO_H

#include <assert.h>
#include <stdint.h>

struct shm_tcp_info {
	uint8_t state, ca_state, retransmits, probes, backoff, options;
	uint8_t wscales; /* 4 bits theirs, 4 bits ours */
	uint8_t app_limited; /* 1 bit; fast open's failure: 2 bits */
	uint32_t rto, ato, snd_mss, rcv_mss;
	uint32_t unacked, sacked, lost, retrans, fackets;
	uint32_t last_data_sent, last_ack_sent, last_data_recv, last_ack_recv;
	uint32_t pmtu, rcv_ssthresh, rtt, rttvar, snd_ssthresh, snd_cwnd;
	uint32_t advmss, reordering, rcv_rtt, rcv_space, total_retrans;
	uint64_t pacing_rate, max_pacing_rate, bytes_acked, bytes_received;
	uint32_t segs_out, segs_in, notsent_bytes, min_rtt;
	uint32_t data_segs_in, data_segs_out;
	uint64_t delivery_rate, busy_time, rwnd_limited, sndbuf_limited;
	uint32_t delivered, delivered_ce;
	uint64_t bytes_sent, bytes_retrans;
	uint32_t dsack_dups, reord_seen, rcv_ooopack, snd_wnd, rcv_wnd, rehash;
	uint16_t total_rto, total_rto_recoveries;
	uint32_t total_rto_time;
	uint32_t received_ce;
	uint32_t accecn_bytes[6]; /* no AccECN here: zeros */
	uint16_t accecn_fail_mode, accecn_opt_seen;
};
static_assert(sizeof(struct shm_tcp_info) == 280, "as Linux 6.18");

struct shm_bbr_info {
	uint32_t bw_lo, bw_hi; /* bytes/s, of payload */
	uint32_t min_rtt;      /* us */
	uint32_t pacing_gain, cwnd_gain; /* by 256 */
};
static_assert(sizeof(struct shm_bbr_info) == 20, "as Linux");

struct shm_tcp_told {
	struct shm_tcp_info tcp;
	struct shm_bbr_info bbr; /* zeros: another congestion control, or not yet */
	/* What inet_diag shows beside: a timer by its number, and when it is due. */
	uint32_t expires_ms;
	uint8_t timer, pad0[7];
};
static_assert(sizeof(struct shm_tcp_told) == 312, "no holes");

#endif
