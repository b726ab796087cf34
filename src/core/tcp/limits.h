/* TCP's protocol constants and limits, with unit and source.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_LIMITS_H
#define TCP_LIMITS_H

enum {
	TCP_RTO_INITIAL_MS = 1000, /* RFC 6298 2.1 */
	TCP_RTO_FALLBACK_MS = 3000, /* RFC 6298 5.7: no sample by the handshake */
	TCP_RTO_MIN_MS = 200,	   /* Linux TCP_RTO_MIN; RFC 6298 says 1 s */
	TCP_RTO_MAX_MS = 120000,   /* Linux TCP_RTO_MAX */
	TCP_SYN_RETRIES = 6,	   /* Linux tcp_syn_retries */
	TCP_SYNACK_RETRIES = 5,	   /* Linux tcp_synack_retries */
	TCP_RETRIES = 15,	   /* Linux tcp_retries2 */
	TCP_ORPHAN_RETRIES = 8,	   /* Linux tcp_orphan_retries */
	TCP_TICK_MS = 4,	   /* the tick of Debian's kernels */
	TCP_DELACK_MS = 40,	   /* Linux TCP_DELACK_MIN, TCP_ATO_MIN */
	TCP_DELACK_MAX_MS = 200,   /* Linux TCP_DELACK_MAX */
	TCP_QUICKACKS = 16,	   /* Linux TCP_MAX_QUICKACKS */
	TCP_TIMEOUT_MIN_MS = 2,	   /* Linux TCP_TIMEOUT_MIN_US: added to RACK-TLP's */
	TCP_RENEGE_MS = 10,	   /* Linux: patience with a receiver that reneged */
	TCP_MIN_RTT_WINDOW_S = 300, /* Linux tcp_min_rtt_wlen */
	TCP_TIME_WAIT_S = 60,	   /* Linux TCP_TIMEWAIT_LEN */
	TCP_FIN_WAIT_2_S = 60,	   /* Linux tcp_fin_timeout */
	TCP_KEEP_IDLE_S = 7200,	   /* RFC 1122 4.2.3.6 */
	TCP_KEEP_INTVL_S = 75,	   /* Linux tcp_keepalive_intvl */
	TCP_KEEP_CNT = 9,	   /* Linux tcp_keepalive_probes */
	TCP_CHALLENGE_MS = 500,	   /* Linux tcp_invalid_ratelimit, a connection */
	TCP_CHALLENGE_PER_S = 1000, /* RFC 5961 7, a host */

	TCP_INITIAL_WINDOW = 10, /* segments, RFC 6928 */
	TCP_DUP_THRESH = 3,	 /* RFC 5681 3.2, Linux tcp_reordering */
	TCP_CWND_MAX = 1 << 20,	 /* segments: beyond what sendq holds */
	TCP_MSS_DEFAULT_V4 = 536, /* bytes, RFC 9293 3.7.1 */
	TCP_MSS_DEFAULT_V6 = 1220,
	TCP_MSS_MIN = 48, /* bytes, Linux TCP_MIN_SND_MSS: no smaller is heeded */
	TCP_MTU_DEFAULT = 1500,
	TCP_MTU_MIN_V4 = 552,  /* bytes, Linux ip_rt_min_pmtu */
	TCP_MTU_MIN_V6 = 1280, /* RFC 8200 5 */
	TCP_IP4_HEADER = 20,
	TCP_IP6_HEADER = 40,
	TCP_TS_OPTION = 12, /* bytes with padding */
	TCP_RMEM_MAX = 6 << 20, /* bytes; Linux: tcp_rmem's last */
	TCP_RMEM_CORE = 4 << 20, /* bytes; Linux 6.18: net.core.rmem_max */
	TCP_SUPER_MAX = 65215,	/* bytes in a super-segment; Linux: sk_gso_max_size */
	TCP_SUPER_SEGS = 65535, /* Linux: GSO_MAX_SEGS */
	TCP_SUPER_RTT_LOG = 9,	/* Linux: tcp_tso_rtt_log */
	TCP_SUPER_MAX_DEFER = 3, /* segments; Linux: tcp_max_tso_deferred_mss() */
	TCP_SKB_HEADERS = 640,	/* bytes; Linux 6.18, x86-64: MAX_TCP_HEADER and the
				   shared info of an skb; the skb itself: */
	TCP_SKB_SELF = 256,
	TCP_PACING_SHIFT = 10,	/* about a millisecond's worth; Linux: sk_pacing_shift */

	TCP_CONNECTIONS = 65536,  /* default of max_connections */
	TCP_REQUESTS_MAX = 8192,  /* half-open passive connections, a host */
	TCP_TIME_WAITS_MAX = 65536, /* default of tcp_max_tw_buckets */
	TCP_ORPHANS_MAX = 65536, /* default of tcp_max_orphans */
	TCP_RANGES_MAX = 512,	  /* out-of-order islands, a connection */
	TCP_SENDQ_MAX = 8192,	  /* segments in flight, a connection */
	TCP_WRITEQ_MAX = 16384,	  /* pieces not yet sent, a connection */
};

/* RFC 7323 5.5: a TS.Recent this old says nothing (24 days, s). */
#define TCP_PAWS_IDLE_S (24ll * 24 * 3600)

#endif
