/* A half-open passive connection: what must be kept between a listener's
 * SYN-ACK and the acknowledgement of it. No buffers, no handle.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_REQUEST_H
#define TCP_REQUEST_H

#include "conn.h"

struct request {
	struct entry e;
	struct list by_listener; /* in struct pending; alone while the user is asked */
	uint64_t listener; /* user's cookie */
	struct seq iss, irs;
	uint32_t rx_limit; /* bytes */
	struct rx_offer rx;
	uint32_t mtu;
	uint32_t snd_wnd;    /* of the SYN */
	uint32_t ts_recent, ts_offset;
	struct instant ts_recent_at;
	struct instant sent; /* the SYN-ACK, for a first RTT sample */
	struct instant challenged;
	uint16_t peer_mss, user_mss;
	uint8_t snd_wscale;
	uint8_t tos;
	bool ts_on, sack_on, wscale_on, ecn_on;
	uint8_t ts_bits; /* of a SYN cookie: what ts_said's low bits say */
	uint32_t ts_said; /* its SYN-ACK's timestamp */
	bool cookie;	/* it is not kept */
	unsigned timeouts;
	uint8_t defer;	/* TCP_DEFER_ACCEPT, in timeouts */
	struct tcp_cookie fo; /* for the first SYN-ACK (RFC 7413) */
	bool acked;	/* the peer thinks that it is connected */
	struct ip_options options; /* what the SYN's make of an answer's */
};

static inline struct request *request_of(struct entry *e)
{
	return (struct request *)(void *)e;
}

/* A SYN that a listener takes. Returns the connection that it has become at once
 * (RFC 7413), to be delivered, or NULL. */
struct conn *request_new(struct tcp *t, struct instant now, const struct segment *s,
	const struct tcp_listen_info *info, const struct seq *isn);
/* Returns the connection that it has become, with the segment still to be
 * processed, or NULL. */
struct conn *request_input(struct tcp *t, struct instant now,
	struct request *r, const struct segment *s);
/* One for the names of s, with what the listener gives; NULL: no memory, no way. */
struct request *request_bare(struct tcp *t, struct instant now, const struct segment *s,
	const struct tcp_listen_info *info);
/* The window of its SYN-ACK. */
void request_offer(const struct tcp *t, struct request *r);
/* The ACK that a SYN cookie was answered with (synqueue.h): as request_input(). */
struct conn *request_from_cookie(struct tcp *t, struct instant now,
	struct request *r);
void request_timeout(struct tcp *t, struct instant now, struct request *r);
void request_reset(struct tcp *t, struct instant now, struct request *r);
void request_free(struct tcp *t, struct request *r);

#endif
