/* One host of TCP against a peer that a test plays by hand: it injects segments
 * and looks at what comes out. Virtual time.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TEST_PEER_H
#define TEST_PEER_H

#include <stdbool.h>
#include <stdint.h>

#include "tcp/tcp.h"
#include "wire/tcp.h"

enum { PEER_BUF = 65536, PEER_OUT = 512, PEER_ISS = 1000 };

struct peer_segment {
	struct tcp_header h;
	uint32_t len; /* bytes of payload */
	struct ip_options options;
	uint8_t data[1500];
};

struct peer {
	struct tcp *tcp;
	struct instant now;
	struct tcp_tuple tuple; /* as the host sees it */
	struct tcp_id id;
	uint64_t cookie;
	unsigned events;
	int err;
	unsigned closed, accepted, urgents;
	uint32_t urgent_at; /* as told last: count of rx */
	enum tcp_listen_verdict verdict;
	uint8_t defer; /* TCP_DEFER_ACCEPT of the listener */
	int accept_error;
	uint32_t mtu;
	uint32_t device; /* the listener's */
	uint32_t by, sent_by; /* interface that segments come by, that the last left by */
	uint32_t rx_limit;
	struct tcp_options opt;
	struct ip_options came; /* what an answer to each of its segments has */
	struct fifo_shared tx_sh, rx_sh;
	uint8_t tx_mem[PEER_BUF], rx_mem[PEER_BUF];
	struct fifo_end tx, rx; /* the user's ends */
	struct peer_segment out[PEER_OUT];
	unsigned nout;
	struct seq seq;	 /* the peer's next number */
	struct seq iss;	 /* the host's */
	uint16_t wnd;	 /* the peer's window field */
	bool ts;	 /* the peer speaks timestamps */
	uint32_t tsval;
	uint32_t peer_iss;
};

void peer_init(struct peer *p, bool sack, bool ts);
void peer_fini(struct peer *p);
/* A segment from the peer; window and timestamps as set in p. */
void peer_send(struct peer *p, uint8_t flags, struct seq seq, struct seq ack,
	const void *data, uint32_t len);
void peer_send_header(struct peer *p, struct tcp_header *h, const void *data,
	uint32_t len);
/* The host's next number that the peer would acknowledge. */
struct seq peer_ack(const struct peer *p);
/* The last segment out; a segment with no flag when none since peer_clear(). */
const struct tcp_header *peer_last(const struct peer *p);
void peer_clear(struct peer *p);
void peer_connect(struct peer *p);
void peer_accept(struct peer *p); /* passive, up to ESTABLISHED */
void peer_to_state(struct peer *p, enum tcp_state s);
/* Of the four-tuple, TIME-WAIT records and requests included. */
enum tcp_state peer_state(const struct peer *p);
/* Lets time pass, running timers. */
void peer_wait(struct peer *p, struct duration d);
void peer_user_write(struct peer *p, const void *data, uint32_t len);

#endif
