/* TCP of one host (RFC 9293): the border that its users see.
 *
 * Sans-IO. A connection's buffers are two fifos that the user owns: TCP is the
 * reader of `tx` (it cuts segments from it in place and releases what has been
 * acknowledged) and the writer of `rx` (it puts out-of-order data at its final
 * place and publishes what is in order). The user writes into tx or reads from
 * rx by its own means and then reports the fact with tcp_user_sent() or
 * tcp_user_received(); nothing is copied across this border.
 *
 * A connection is named by a handle with a generation; a stale handle is
 * answered with -EBADF, never followed. Callbacks come from within tcp_input(),
 * tcp_tick() and the verbs below; from inside a callback every verb may be
 * called except tcp_input() and tcp_tick().
 *
 * life:   tcp_connect --> CONNECTED event --> ... --> CLOSED event (handle dead)
 *         ops.syn --> ops.accept --> ...          --> CLOSED event
 *         tcp_detach at any time: the user lets go. TCP finishes alone (FIN,
 *         retransmissions, TIME-WAIT) as long as it needs the tx fifo, then
 *         CLOSED tells that both fifos are no longer touched. TIME-WAIT does not
 *         need them: CLOSED comes at its start, the state lives on inside.
 *
 * Errors are negative errno values. Nothing blocks.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_TCP_H
#define TCP_TCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fifo.h"
#include "base/ipaddr.h"
#include "base/ipopt.h"
#include "base/rng.h"
#include "base/time.h"
#include "ip/packet.h"
#include "tcp/info.h"
#include "tcp/rules.h"

struct tcp; /* one host's connections and timers */

struct tcp_id {
	uint32_t index;
	uint32_t gen; /* 0: no connection */
};

/* Both ends of the user's buffers, as TCP uses them. The windows that the peer sees
 * follow tcp_options.rcvbuf, and never offer more than rx.size and rx_limit hold. */
struct tcp_bufs {
	struct fifo_end tx;	/* reader end */
	struct fifo_end rx;	/* writer end */
	uint32_t rx_limit;	/* bytes that may be unread; 0: rx.size */
};

enum tcp_event {
	TCP_EV_CONNECTED = 1 << 0, /* active open done */
	TCP_EV_READABLE = 1 << 1,  /* bytes were published in rx */
	TCP_EV_WRITABLE = 1 << 2,  /* bytes of tx were acknowledged, released */
	TCP_EV_EOF = 1 << 3,	   /* FIN received, in order */
	TCP_EV_ERROR = 1 << 4,	   /* connection is dead: tcp_event_info.err */
	TCP_EV_CLOSED = 1 << 5,	   /* fifos no longer used, handle dead */
	TCP_EV_SOFT_ERROR = 1 << 6, /* ICMP said err; connection lives on */
	TCP_EV_TIME_WAIT = 1 << 7,  /* with CLOSED: its names stay taken */
	TCP_EV_FIN_WAIT = 1 << 9,   /* with TIME_WAIT: it is FIN-WAIT-2 */
	TCP_EV_STATE = 1 << 8,	    /* tcp_get_info() tells another state, or more
				       than what is acknowledged has changed */
};

enum tcp_listen_verdict {
	TCP_LISTEN_NONE, /* nobody: answer RST */
	TCP_LISTEN_FULL, /* accept queue full: drop the SYN, as Linux does */
	TCP_LISTEN_OK,
};

enum { TCP_FO_KEY = 16 }; /* bytes */

/* What a listening socket passes on to connections made from it. */
struct tcp_listen_info {
	uint32_t arrived;  /* given: the interface that the SYN came by */
	uint64_t cookie;   /* user's name of the listener, given back */
	uint32_t rx_limit; /* bytes; what the rx fifo will hold */
	uint32_t rcvbuf;   /* as struct tcp_options has it */
	uint32_t window_clamp; /* likewise */
	uint16_t mss;	   /* TCP_MAXSEG, 0 none */
	uint8_t min_ttl;   /* as struct tcp_options has it */
	uint32_t ifindex;  /* likewise */
	uint32_t backlog;  /* requests that may be kept, more get cookies; 0: what
			      the host can */
	uint8_t defer;	   /* SYN-ACKs without data before it is accepted all the
			      same (TCP_DEFER_ACCEPT); 0: at once */
	/* RFC 7413. How many connections may have been made by SYNs whose
	 * handshake is not complete (TCP_FASTOPEN); 0: none. */
	uint32_t fastopen;
	bool fo_no_cookie; /* take data without one */
	uint8_t fo_keys;   /* its own; 0: the host's */
	uint8_t fo_key[2][TCP_FO_KEY]; /* TCP_FASTOPEN_KEY, and the one before */
};

/* Fast open (RFC 7413) of an active open: with it, and without a cookie. */
enum tcp_fo_ask { TCP_FO_ASK = 1, TCP_FO_NO_COOKIE = 2 };

struct tcp_options {
	bool nodelay;	/* TCP_NODELAY */
	uint8_t nodelays; /* ... was set so often: each time sends what waits */
	bool cork;	/* TCP_CORK */
	bool keepalive; /* SO_KEEPALIVE */
	bool quickack;	/* TCP_QUICKACK asked for: acknowledge at once */
	bool no_quickack; /* TCP_QUICKACK taken back: delay from the start */
	bool rcv_shut;	/* shutdown(SHUT_RD): after our FIN, text is answered RST */
	uint8_t cc;	/* TCP_CONGESTION: tcp/congestion.h */
	int32_t fin_wait2; /* s, TCP_LINGER2; 0: default, -1: no FIN-WAIT-2 */
	uint8_t ttl;	/* 0: default */
	uint8_t tos;
	uint8_t fastopen; /* set of enum tcp_fo_ask; only tcp_connect() looks */
	uint32_t ifindex; /* SO_BINDTODEVICE: sent and heard by it alone; 0: any */
	uint8_t min_ttl; /* what has a lower one is not for us (RFC 5082 3) */
	uint16_t mss;	     /* TCP_MAXSEG, 0: from the MTU */
	uint32_t keep_idle;  /* s */
	uint32_t keep_intvl; /* s */
	uint32_t keep_cnt;   /* probes */
	uint32_t user_timeout; /* ms, 0 none (RFC 5482) */
	uint32_t syn_retries;  /* 0: default 6 */
	uint32_t rx_limit;     /* bytes, 0: leave as is */
	uint32_t rcvbuf;       /* bytes, SO_RCVBUF; 0: tcp_rmem says, and it is tuned */
	uint32_t window_clamp; /* bytes, TCP_WINDOW_CLAMP; 0: none */
	uint32_t rcvlowat;     /* bytes, SO_RCVLOWAT */
	uint64_t max_pacing;   /* bytes/s, SO_MAX_PACING_RATE; 0: none */
	const struct ip_options *ip; /* of each segment, over IPv4; copied. NULL: none */
};

struct tcp_ops {
	/* A SYN for one of our addresses. */
	enum tcp_listen_verdict (*syn)(void *user, const struct tcp_tuple *t,
		struct tcp_listen_info *info);
	/* Its handshake is done: give buffers and a cookie. opt->ip are the options
	 * that it has by its SYN's, whatever is given. 0; -EAGAIN: the
	 * accept queue is full, the ACK is ignored and the SYN-ACK sent again
	 * later (Linux); any other error: reset. */
	int (*accept)(void *user, struct tcp_id id, const struct tcp_tuple *t,
		uint64_t listener, struct tcp_bufs *bufs, struct tcp_options *opt,
		uint64_t *cookie);
	/* events: a set of enum tcp_event; err: positive errno with ERROR. */
	void (*event)(void *user, struct tcp_id id, uint64_t cookie,
		unsigned events, int err);
	void *user;
	/* The peer has urgent data (RFC 9293 3.8.5): the byte of count `at` of
	 * rx, which is not published before this returns. May call nothing.
	 * NULL: it is plain data. */
	void (*urgent)(void *user, struct tcp_id id, uint64_t cookie, uint32_t at);
	/* Has accept() given this connection to a program? NULL: at once. */
	bool (*accepted)(void *user, uint64_t cookie);
	/* What is known of fast open at a server: the segment size that it named,
	 * and whether it gave a cookie. May be NULL. */
	void (*cookie)(void *user, const struct ip_addr *server, uint16_t mss,
		bool known);
	/* Does the program wait for room in tx? NULL: never. */
	bool (*starved)(void *user, uint64_t cookie);
	/* CLOSED follows: what can be told last. May call nothing. NULL: nobody
	 * wants to know. */
	void (*ended)(void *user, uint64_t cookie, const struct tcp_info_view *v);
	/* What was left of a connection (TCP_EV_TIME_WAIT): TIME-WAIT has begun
	 * (again), or it is over before its time (CLOSED). May call nothing. NULL:
	 * nobody wants to know. */
	void (*left)(void *user, const struct tcp_tuple *t, enum tcp_state state);
};

struct tcp_config {
	struct tcp_ops ops;
	struct ip_sender ip;
	struct siphash_key isn_key; /* RFC 6528's secret */
	uint64_t seed;		    /* for everything else */
	uint32_t max_connections;   /* 0: 65536 */
	const struct tcp_rules *rules; /* copied; NULL: as Linux by default */
	struct duration time_wait; /* 0: 60 s, as Linux */
};

struct tcp_stats {
	uint64_t segs_in, segs_out, retrans, dup_acks_in;
	uint64_t bad_checksum, malformed, no_socket, rst_out, rst_in;
	uint64_t active_opens, passive_opens, attempt_fails, estab_resets;
	uint64_t current_estab;
	uint64_t timeouts, fast_retrans, out_of_window, listen_drops;
	uint64_t cookies_sent, cookies_good, cookies_bad; /* RFC 4987 */
	uint64_t icmp_out_of_window; /* named a number not in flight */
};

/* NULL when memory is short. The configuration is copied. */
struct tcp *tcp_new(const struct tcp_config *cfg);
/* Frees all; sends nothing, calls nothing. */
void tcp_free(struct tcp *t);
/* The administrator sets others: for what begins from now on, and for what asks
 * again each time (as Linux: an open connection keeps what it has agreed on). */
void tcp_set_rules(struct tcp *t, const struct tcp_rules *rules);

/* A segment: pkt->l4 is the TCP header. ICMP errors likewise. */
void tcp_input(struct tcp *t, struct instant now, const struct ip_packet_in *pkt);
void tcp_icmp_error(struct tcp *t, struct instant now, const struct ip_error_in *e);
/* When tcp_tick() must be called next; and that call. Early is harmless. */
struct instant tcp_deadline(const struct tcp *t);
void tcp_tick(struct tcp *t, struct instant now);

/* Active open. Local address and port are chosen by the caller. 0;
 * -EADDRINUSE the four-tuple exists (unless a TIME-WAIT one that may be reused,
 * RFC 6191); -ENOBUFS; -ENETUNREACH. */
int tcp_connect(struct tcp *t, struct instant now, const struct tcp_tuple *tuple,
	const struct tcp_bufs *bufs, const struct tcp_options *opt,
	uint64_t cookie, struct tcp_id *out);

/* New bytes lie in tx: the end of one write. */
int tcp_user_sent(struct tcp *t, struct instant now, struct tcp_id id);
/* Likewise, up to count `upto` of tx, by MSG_MORE (as if corked, this once) or
 * MSG_EOR (nothing may be joined to its end). */
enum tcp_write { TCP_WRITE_MORE = 1 << 0, TCP_WRITE_EOR = 1 << 1 };
int tcp_user_wrote(struct tcp *t, struct instant now, struct tcp_id id,
	uint32_t upto, unsigned flags);
/* The byte of count `at` of tx is urgent, nothing before it is any more. Before
 * tcp_user_sent() tells of it. */
int tcp_user_urgent(struct tcp *t, struct tcp_id id, uint32_t at);
/* Bytes were released from rx: maybe a window update. */
int tcp_user_received(struct tcp *t, struct instant now, struct tcp_id id);
/* The program has found room in tx again. */
void tcp_user_has_room(struct tcp *t, struct instant now, struct tcp_id id);
/* FIN after what tx holds now. Writes after this are the user's mistake. */
int tcp_shutdown_send(struct tcp *t, struct instant now, struct tcp_id id);
/* The user lets go: FIN if none was sent; data that arrives later is answered
 * with RST (RFC 9293 3.6.1); unread data in rx at this moment: RST at once
 * (RFC 1122 4.2.2.13). FIN-WAIT-2 is then bounded (60 s). */
int tcp_detach(struct tcp *t, struct instant now, struct tcp_id id);
/* RST now; CLOSED follows from within. */
int tcp_abort(struct tcp *t, struct instant now, struct tcp_id id);
/* Reset every unaccepted connection of a listener that is gone. */
void tcp_listener_gone(struct tcp *t, struct instant now, uint64_t listener);

/* Forget what fast open has learnt of servers. */
void tcp_forget_servers(struct tcp *t);

int tcp_set_options(struct tcp *t, struct instant now, struct tcp_id id,
	const struct tcp_options *opt);
/* How Linux would take what the user writes, in bytes; counts of tx are edge and full,
 * up to where all may leave, and where the last piece ends when it is full; and what is
 * sent, and acknowledged. */
struct tcp_send_view {
	uint32_t goal, edge, full, sndbuf;
	uint32_t sent, acked;
};
int tcp_get_send_view(const struct tcp *t, struct tcp_id id,
	struct tcp_send_view *out);
/* From now on whatever is sent is an event (TCP_EV_STATE), too. */
int tcp_tell_sent(struct tcp *t, struct tcp_id id);
/* What has become of the receive buffer, in bytes: SO_RCVBUF as tuned; how much text
 * it is good for; and after how much of that read tcp_user_received() should be told
 * at the latest. */
struct tcp_recv_view {
	uint32_t rcvbuf, text, report;
};
int tcp_get_recv_view(const struct tcp *t, struct tcp_id id,
	struct tcp_recv_view *out);
int tcp_get_info(const struct tcp *t, struct instant now, struct tcp_id id,
	struct tcp_info_view *out);
/* Is there any connection (TIME-WAIT included) with this local name? family
 * any-address matches all. For bind() and port choice. */
bool tcp_local_in_use(const struct tcp *t, const struct ip_name *local,
	bool ignore_time_wait);
bool tcp_tuple_in_use(const struct tcp *t, const struct tcp_tuple *tuple);
const struct tcp_stats *tcp_stats(const struct tcp *t);
/* Calls fn for each connection (TIME-WAIT included); for status views. */
void tcp_foreach(const struct tcp *t, struct instant now,
	void (*fn)(void *user, const struct tcp_info_view *v), void *user);

#endif
