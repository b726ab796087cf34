/* What can be asked about a connection: Linux's struct tcp_info in our own units.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_INFO_H
#define TCP_INFO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ipaddr.h"
#include "base/time.h"

struct tcp_tuple {
	struct ip_name local;
	struct ip_name remote;
};

/* States in RFC 9293's order, so that predicates are comparisons. */
enum tcp_state {
	TCP_CLOSED,
	TCP_LISTEN,
	TCP_SYN_SENT,
	TCP_SYN_RECEIVED,
	TCP_ESTABLISHED,
	TCP_CLOSE_WAIT,
	TCP_FIN_WAIT_1,
	TCP_CLOSING,
	TCP_LAST_ACK,
	TCP_FIN_WAIT_2,
	TCP_TIME_WAIT,
};

struct tcp_info_view {
	enum tcp_state state;
	struct tcp_tuple tuple;
	uint8_t ca_state;  /* Linux's TCP_CA_* */
	uint8_t options;   /* Linux's TCPI_OPT_* */
	uint8_t snd_wscale, rcv_wscale;
	unsigned timeouts; /* in a row */
	unsigned probes;   /* unanswered */
	unsigned backoff;  /* doublings of the timer that runs */
	uint8_t timer;	   /* Linux's number in inet_diag: 1 of sending again, 2 keepalive,
			      4 closed window; 0 none */
	struct duration timer_in; /* when it is due */
	uint8_t fastopen_fail; /* Linux's tcpi_fastopen_client_fail */
	bool app_limited;  /* delivery_rate is what the program gave */

	uint32_t mtu;	   /* bytes of IP packet, towards the peer */
	uint32_t mss;	   /* bytes of payload in a full segment */
	uint32_t advmss;   /* likewise, towards us, as offered */
	uint32_t rcv_mss;  /* likewise, as it seems to be */
	uint32_t cwnd;	   /* segments */
	uint32_t ssthresh; /* segments; 0x7fffffff: no loss yet */
	uint32_t packets, sacked, lost, resent; /* segments in flight, of them */
	uint32_t reordering; /* segments */
	uint32_t reord_seen; /* times */
	uint32_t dsack_dups; /* segments */
	uint32_t snd_wnd;  /* bytes */
	uint32_t rcv_wnd;  /* bytes */
	uint32_t rcv_ssthresh; /* bytes: what the window may be by now */
	uint32_t rcv_space; /* bytes read in a round trip */
	uint32_t unacked;  /* bytes in flight */
	uint32_t notsent;  /* bytes in tx that were never sent */

	struct duration srtt, rttvar, rto;
	struct duration min_rtt; /* INT64_MAX: none */
	struct duration rcv_rtt; /* by what the peer sends; 0: not known */
	struct duration ato;	 /* how long an ACK may wait; 0: no text yet */
	struct duration since_sent, since_received, since_ack; /* text, text, ACK */

	uint64_t pacing_rate;	/* bytes/s; UINT64_MAX: none */
	uint64_t delivery_rate; /* bytes/s; 0: not known */
	uint32_t delivered, delivered_ce; /* segments */
	uint32_t received_ce;	/* segments that came with a mark */
	uint32_t ooo;		/* segments that came out of order */
	uint64_t bytes_sent, bytes_received, bytes_acked, bytes_retrans;
	uint64_t segs_out, segs_in, retrans; /* segments */
	uint64_t data_segs_out, data_segs_in; /* ... with text */
	uint32_t rtos, rto_recoveries; /* timeouts; rows of them */
	struct duration rto_time; /* spent in them */
	/* Something to send or in flight; of that time, held up by the peer's window;
	 * by the program's buffer, which is too small. */
	struct duration busy, rwnd_limited, sndbuf_limited;
};

#endif
