/* A connection and its host, as the files of this folder see them.
 *
 * tcp.c      handles, verbs, tick       input.c     demultiplexing, driver
 * conn.c     life, state, events        input_*.c   RFC 9293 3.10.7's steps
 * write.c    what the user writes       recovery.c  what was lost
 * output.c   what is sent and when      resend.c    what is sent again
 * sack.c     what has arrived           rack.c      what is late
 * cc*.c      how much may be sent       rate.c      how fast it arrives
 * ecn.c      marks instead of losses       pacing.c  how fast it may leave
 * tally.c    what can be asked           pathmtu.c  how long a packet may be
 * rxwindow.c how much may come            rxmem.c     what that takes
 * acktime.c  when it is acknowledged
 * segment.c  headers out                timers.c    when to wake
 * request.c  half-open passive, with fastopen.c   timewait.c  after the end
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_CONN_H
#define TCP_CONN_H

#include "cc.h"
#include "host.h"
#include "fastopen.h"
#include "limits.h"
#include "lossstate.h"
#include "pathmtu.h"
#include "ranges.h"
#include "rtt.h"
#include "rxwindow.h"
#include "sendq.h"
#include "synqueue.h"
#include "table.h"
#include "tally.h"
#include "tcp/tcp.h"
#include "wire/tcp.h"
#include "writeq.h"

struct conn;

enum conn_timer {
	CONN_TIMER_RTO,	    /* SYN, data or FIN unanswered */
	CONN_TIMER_REORDER, /* RACK: may be lost by then */
	CONN_TIMER_TLP,	    /* tail loss probe */
	CONN_TIMER_PERSIST, /* window closed, or a small segment held back */
	CONN_TIMER_DELACK,
	CONN_TIMER_COMPRESS, /* ACKs of a hole are saved up */
	CONN_TIMER_KEEPALIVE,
	CONN_TIMER_PACE,    /* the rate lets the next segment leave */
	CONN_TIMERS,
};

struct conn {
	struct entry e;
	struct tcp *t;
	struct tcp_id id;
	uint64_t cookie;   /* user's */
	uint64_t listener; /* user's, of a passive connection */
	enum tcp_state state;
	bool detached;	   /* the user let go: no event but CLOSED */
	bool embryo;	   /* ops.accept has not answered yet */
	bool opened_actively;
	bool dead, tell_sent; /* CLOSED is among the events; sending is one */
	bool fin_queued;   /* FIN after tx_end */
	bool fin_sent;
	bool fin_received; /* in order */
	bool fin_waiting;  /* arrived out of order, at rcv_fin */
	unsigned events;   /* to deliver */
	int err;	   /* positive errno with ERROR or SOFT_ERROR */
	int soft_err;	   /* positive errno, last ICMP error */
	uint32_t mss_wire; /* bytes of payload and TCP options */
	struct tcp_options opt; /* its ip is ours */
	struct tcp_bufs bufs;

	struct seq iss, snd_una, snd_nxt;
	struct seq tx_seq;  /* number of the byte at tx's head */
	struct seq tx_end;  /* number after tx's last known byte */
	struct seq snd_wl1;
	struct seq snd_sml; /* end of the last small segment (Minshall) */
	uint32_t snd_wnd, max_snd_wnd; /* bytes */
	uint8_t snd_wscale, rcv_wscale;
	bool cwnd_limited;  /* this output was stopped by cwnd */
	bool rwnd_limited;  /* ... by the peer's window */
	bool clock_holds;   /* only the clock holds back what waits (pacing.c) */
	bool nagle_push;    /* Nagle and cork are off once (Linux: TCP_NAGLE_PUSH) */
	uint16_t peer_mss;  /* from its SYN, 0 none */
	uint16_t user_mss;  /* TCP_MAXSEG as it was in the handshake (Linux) */
	uint16_t advmss;    /* as offered in our SYN */
	uint32_t mtu;	    /* bytes of IP packet, towards the peer */
	uint32_t path_mtu;  /* likewise, as the route has it by now */
	uint32_t routes_seen; /* tcp.routes, at: */
	struct instant routed_at;
	struct mtuprobe probe;
	struct sendq sendq;
	struct writeq wq;
	struct seq pushed;  /* end of the last byte marked with PSH */

	bool urgent;	   /* snd_up is ahead (RFC 9293 3.8.5) */
	struct seq snd_up; /* number after the urgent byte */

	struct seq irs, rcv_nxt, rcv_fin;
	struct seq rcv_adv; /* right edge that was advertised */
	struct seq last_ack; /* acknowledgement last sent */
	uint32_t rcv_mss;   /* a full segment of the peer's, as it seems; bytes */
	uint8_t quickacks; /* so many at once yet, while not: */
	bool answering; /* the program answers, ACKs ride on data (pingpong mode) */
	bool ack_now;
	bool ack_wanted; /* something came that is to be acknowledged, now or later */
	uint8_t pushed_in; /* 1: with less than a full segment among it; 3: twice */
	struct duration ato; /* how long one may wait; 0: no text has come yet */
	uint8_t dup_acks; /* sent of a hole, before: */
	uint32_t compressed; /* ACKs saved up */
	struct seq compress_nxt; /* rcv_nxt of these */
	struct rxwin rx;
	bool ack_pending;
	bool urgent_known; /* rcv_up was ever set */
	struct seq rcv_up; /* the peer's urgent byte */
	struct ranges ooo;
	struct seq recent[TCP_SACK_MAX]; /* newest arrivals first */
	uint8_t nrecent;
	struct range dsack; /* empty: none to report */

	bool ts_on, sack_on, wscale_on;
	/* RFC 3168: in use; our SYN asked; echo CE; marks were seen; say CWR. */
	bool ecn_on, ecn_asked, ecn_echo, ecn_seen, ecn_cwr;
	uint32_t ts_offset, ts_recent;
	uint32_t syn_ts; /* TSval of the first SYN */
	struct instant ts_recent_at;

	struct conn_fo fo;
	struct rtt rtt;
	struct cc cc;
	struct recovery rec;
	struct rate rate;
	struct instant due[CONN_TIMERS];
	unsigned probes;    /* persist or keepalive, unanswered */
	unsigned persist_backoff; /* doublings, while the window is shut */
	struct instant probes_since;  /* the first of them was due; 0: none was */
	struct instant retrans_since; /* first after a timeout (RFC 1122 4.2.3.5,
					 5482); 0: since then all is well */
	struct instant syn_sent;      /* SYN or SYN-ACK, for a first RTT sample */
	struct instant last_sent;     /* data */
	struct instant next_send;     /* not before, where it is paced (pacing.c) */
	struct instant last_received; /* anything */
	struct instant last_text;     /* received; 0: none yet */
	struct instant challenged;    /* last challenge ACK */

	uint64_t retrans; /* segments */
	struct tally tally;
};

/* A segment that came in. */
struct segment {
	struct tcp_header h;
	struct tcp_tuple tuple; /* local: its destination */
	const struct ip_packet_in *pkt;
	uint32_t header, skip; /* bytes: of header, of text behind it that is done with */
	uint32_t len;	   /* bytes of payload, after those */
	struct seq end;	   /* number after payload, SYN and FIN */
};

static inline struct conn *conn_of(struct entry *e)
{
	return (struct conn *)(void *)e;
}

/* Segments that have arrived out of order, as far as is known; in flight. */
static inline uint32_t conn_sacked(const struct conn *c)
{
	return c->sack_on ? c->sendq.nsacked : c->rec.reno_sacked;
}

static inline uint32_t conn_in_flight(const struct conn *c)
{
	return c->sendq.n - conn_sacked(c) - c->sendq.nlost + c->sendq.nretrans;
}

/* conn.c */
struct conn *conn_new(struct tcp *t, const struct tcp_tuple *tuple);
/* The one place where a state changes. */
void conn_set_state(struct conn *c, struct instant now, enum tcp_state to);
/* Ends it: CLOSED, with ERROR if err. Delivered by conn_deliver(). */
void conn_kill(struct conn *c, struct instant now, int err);
void conn_retire(struct conn *c, struct instant now);
/* The user's callback; c may be gone afterwards. */
void conn_deliver(struct conn *c);
void conn_free(struct conn *c); /* calls nothing */
void conn_take_options(struct conn *c, const struct tcp_options *opt); /* and its ip */
void conn_queue_fin(struct conn *c, struct instant now);
void conn_start(struct conn *c, struct instant now);
void conn_established(struct conn *c, struct instant now);
struct conn *conn_find(const struct tcp *t, struct tcp_id id);
struct conn *conn_find_ended(const struct tcp *t, struct tcp_id id); /* just now, too */
/* A round trip of the handshake. */
void conn_take_rtt(struct conn *c, struct instant now, struct duration rtt);

/* isn.c */
struct seq tcp_new_isn(struct tcp *t, struct instant now,
	const struct tcp_tuple *tuple);
uint32_t tcp_new_ts_offset(struct tcp *t, const struct tcp_tuple *tuple);

#endif
