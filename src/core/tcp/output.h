/* Segments out: headers (segment.c), the window that we offer (rxwindow.c), what
 * the user writes (write.c), what is sent and when (output.c), what is sent
 * again (resend.c).
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_OUTPUT_H
#define TCP_OUTPUT_H

#include "conn.h"

/* segment.c: headers out. */
struct seg_out {
	struct seq seq;
	uint32_t len;	/* bytes of payload, from tx */
	uint32_t mss;	/* payload of each segment; 0, or len is shorter: one */
	uint8_t flags;
	bool fresh;	/* payload for the first time */
};
int conn_emit(struct conn *c, struct instant now, const struct seg_out *s);
void conn_send_ack(struct conn *c, struct instant now);
void conn_send_challenge(struct conn *c, struct instant now);
void conn_send_rst(struct conn *c, struct instant now);
bool tcp_may_challenge(struct tcp *t, struct instant now, struct instant *last);
/* The same for an answer to s, which is of no use. */
bool tcp_may_answer(struct tcp *t, struct instant now, struct instant *last,
	const struct segment *s);
uint32_t conn_ts_now(const struct conn *c, struct instant now);
/* Round trip by the echoed timestamp; 0: it tells nothing credible. */
struct duration conn_ts_rtt(const struct conn *c, struct instant now,
	const struct tcp_header *h);
/* device: of who is asked for, 0 none (Linux: tcp_v4_send_reset()). */
void tcp_send_reset(struct tcp *t, struct instant now, const struct segment *s,
	uint32_t device);
/* What a segment's packet says beside its names, and the way that it takes. */
struct seg_way {
	uint32_t ifindex; /* the only interface that it may leave by; 0: any */
	uint8_t ttl;	  /* 0: the host's default */
	uint8_t tos;
	const struct ip_options *options; /* IPv4's; NULL: none */
};
/* Of an answer without a connection: the segment's own options come back. Linux:
 * ip_send_unicast_reply(). *room is for them. */
struct seg_way tcp_way_back(const struct tcp *t, const struct segment *s,
	uint32_t device, struct ip_options *room);
int tcp_send_header(struct tcp *t, struct instant now,
	const struct tcp_tuple *tuple, const struct tcp_header *h,
	const struct seg_way *way, const struct span *payload, unsigned n,
	uint16_t segment);
uint32_t tcp_ts_clock(struct instant now); /* ms, RFC 7323 5.4 */

/* rxwindow.c */
/* The field of a segment; only a SYN's is not scaled. */
uint16_t conn_advertise(struct conn *c, struct instant now, bool syn);

/* pacing.c: must the next one wait? Then a timer is set. */
bool conn_pacing_holds(struct conn *c, struct instant now);
/* By tcp_rules.pace_path. */
bool conn_path_is_paced(const struct conn *c);
struct duration conn_pacing_delay(const struct conn *c, struct instant now);
/* A segment has left, with len bytes of payload. */
void conn_paced(struct conn *c, struct instant now, uint32_t len);

/* write.c */
uint32_t conn_half_window(const struct conn *c, uint32_t size);
uint32_t conn_mss_now(const struct conn *c);
uint32_t conn_size_goal(const struct conn *c, uint32_t mss);
void conn_send_view(const struct conn *c, struct tcp_send_view *v);
void conn_write(struct conn *c, struct instant now, uint32_t n, unsigned flags);
bool conn_take_written(struct conn *c, struct instant now, uint32_t upto,
	unsigned flags);

bool conn_take_all(struct conn *c, struct instant now);

/* output.c */
enum nagle { NAGLE_OFF = 1, NAGLE_CORK = 2, NAGLE_PUSH = 4 }; /* Linux's bits */
unsigned conn_nagle(const struct conn *c);
void conn_push(struct conn *c, struct instant now, unsigned nagle);
void conn_push_one(struct conn *c, struct instant now);
void conn_output(struct conn *c, struct instant now);
void conn_send_syn(struct conn *c, struct instant now);
/* A router could not pass the SYN on (with its data): mtu is what it said. */
void conn_send_smaller_syn(struct conn *c, struct instant now, uint32_t mtu);
void conn_send_probe(struct conn *c, struct instant now);
bool conn_persist_push(struct conn *c, struct instant now);
bool conn_send_beyond(struct conn *c, struct instant now);
bool conn_may_send_data(const struct conn *c);
uint32_t conn_first_len(const struct conn *c); /* bytes of the first piece */
struct seq conn_window_end(const struct conn *c); /* what the peer takes */
uint32_t conn_cwnd_room(const struct conn *c); /* segments */
uint32_t conn_cwnd_quota(const struct conn *c);
uint32_t conn_super_segs(const struct conn *c, uint32_t mss);
void conn_note_result(struct conn *c, struct instant now, int err);

/* resend.c */
bool conn_retransmit(struct conn *c, struct instant now, uint32_t i);
void conn_repair(struct conn *c, struct instant now);
bool conn_send_tlp(struct conn *c, struct instant now);

#endif
