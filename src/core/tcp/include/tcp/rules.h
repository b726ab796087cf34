/* What a host's administrator may set about its TCP: Linux's sysctl net.ipv4.tcp_*,
 * by the same names and in the same units. tcp_rules_default() is what Linux has
 * when nobody has set anything.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_RULES_H
#define TCP_RULES_H

#include <stdint.h>

/* Bits of `fastopen`, Linux's. */
enum tcp_fastopen_bits {
	TCP_FASTOPEN_CLIENT = 0x1,
	TCP_FASTOPEN_SERVER = 0x2,
	TCP_FASTOPEN_CLIENT_NO_COOKIE = 0x4,
	TCP_FASTOPEN_SERVER_COOKIE_NOT_REQD = 0x200,
	TCP_FASTOPEN_SERVER_WO_SOCKOPT1 = 0x400,
};

struct tcp_rules {
	/* The handshake and its options. */
	uint32_t timestamps, window_scaling, sack, dsack; /* 1 on */
	uint32_t ecn; /* 0 off, 1 asked for and given, 2 given */
	uint32_t ecn_fallback; /* 1: a SYN sent again asks no more (RFC 3168 6.1.1.1) */
	uint32_t syn_retries, synack_retries; /* segments */
	uint32_t syn_linear_timeouts; /* SYNs sent again before the time doubles */
	uint32_t syncookies; /* 0 off, 1 when the queue is full, 2 always */
	uint32_t max_syn_backlog; /* requests that wait without a cookie */
	uint32_t abort_on_overflow; /* 1: a full accept queue answers with RST */
	uint32_t rfc1337; /* 1: TIME-WAIT heeds no RST */
	uint32_t fastopen; /* enum tcp_fastopen_bits */
	uint32_t fastopen_keys; /* how many of the next; 0: the host's own choice */
	uint8_t fastopen_key[2][16]; /* the first makes cookies, both are taken */
	uint32_t fastopen_blackhole_timeout_sec; /* 0: never held against it */
	/* Receiving. */
	uint32_t rmem[3]; /* bytes: least, default, most */
	uint32_t moderate_rcvbuf; /* 1: the buffer grows with what is read */
	/* ACKs of holes, saved up: how long, and by how much later; how many. */
	uint32_t comp_sack_delay_ns, comp_sack_slack_ns, comp_sack_nr;
	uint32_t core_rmem_max; /* bytes; net.core.rmem_max, for the window's scale */
	/* Sending. */
	uint32_t slow_start_after_idle; /* 1: the window decays (RFC 5681 4.1) */
	uint32_t min_tso_segs, tso_win_divisor;
	uint32_t pacing_ss_ratio, pacing_ca_ratio; /* % */
	/* Not a sysctl: a connection whose path takes this long at least (its shortest
	 * round trip, us) paces itself, as Linux's does under the fq discipline. For
	 * hosts whose clock comes late, in a process: the acknowledgements of the
	 * meantime would let go a burst that short queues drop. 0: none does. */
	uint32_t pace_path;
	uint32_t notsent_lowat; /* bytes */
	uint32_t wmem[3]; /* bytes: least, default, most */
	/* Loss. */
	uint32_t recovery; /* bit 0: RACK */
	uint32_t early_retrans; /* 3, 4: tail loss probes; 0: none */
	uint32_t reordering, max_reordering; /* segments */
	uint32_t frto; /* 0 off (RFC 5682) */
	uint32_t retries1, retries2, orphan_retries; /* timeouts */
	uint32_t hystart; /* CUBIC's module parameter: 1 on */
	uint32_t hystart_detect; /* likewise: 1 by ACK trains, 2 by delay; ours: 4 HyStart++
				  * (RFC 9406) in their place */
	/* Paths that say nothing (RFC 4821). */
	uint32_t mtu_probing; /* 0 off, 1 after a black hole, 2 always */
	uint32_t base_mss, mtu_probe_floor; /* bytes */
	uint32_t probe_interval;  /* s until the search begins anew */
	uint32_t probe_threshold; /* bytes of IP packet; no search within less */
	/* The end, and floods. */
	uint32_t fin_timeout; /* s */
	uint32_t tw_reuse; /* connect() may take a name in TIME-WAIT (RFC 6191): 0 no, 1
			    * yes, 2 on the loopback */
	uint32_t tw_reuse_delay; /* ms after its last timestamp */
	uint32_t max_tw_buckets; /* in TIME-WAIT; more are over at once */
	uint32_t max_orphans; /* whose program has gone; more are reset */
	uint32_t keepalive_time, keepalive_intvl, keepalive_probes; /* s, s, probes */
	uint32_t challenge_ack_limit; /* a second */
	uint32_t invalid_ratelimit;   /* ms between answers to what is no use */
	/* Not a sysctl but a route's metrics, for all routes; 0: none. */
	uint32_t route_initcwnd; /* segments */
	uint32_t route_mtu, route_advmss; /* bytes */
};

void tcp_rules_default(struct tcp_rules *r);
/* One by its name without "net.ipv4.tcp_", as text: "4096 131072 6291456". 0,
 * -ENOENT no such name, -EINVAL not a value of it; then r is as before. */
int tcp_rules_set(struct tcp_rules *r, const char *name, const char *value);

#endif
