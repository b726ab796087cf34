/* Congestion controls: which there are, and what BBR tells.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_CONGESTION_H
#define TCP_CONGESTION_H

#include "tcp/tcp.h"

/* For tcp_options.cc, in the order of sock's names (sock/congestion.h). */
enum tcp_cc { TCP_CC_CUBIC, TCP_CC_RENO, TCP_CC_BBR, TCP_CCS };

/* TCP_CC_INFO. */
struct tcp_bbr_view {
	uint64_t bw; /* bytes/s, of payload */
	uint32_t min_rtt_us;
	uint32_t pacing_gain, window_gain; /* by 256 */
};

/* 0; -EBADF; -ENOENT: its congestion control is another, or has not begun. Within
 * tcp_ops.ended, too. */
int tcp_get_bbr(const struct tcp *t, struct tcp_id id, struct tcp_bbr_view *out);

#endif
