/* A flood of SYNs: how many requests a listener has, and SYN cookies (RFC 4987 3.6),
 * with which a request needs no memory while its queue is full.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_SYNQUEUE_H
#define TCP_SYNQUEUE_H

#include "base/rng.h"
#include "tcp/tcp.h"
#include "wire/seq.h"

struct segment;
struct request;

struct synqueues {
	struct siphash_key keys[2]; /* of cookies */
	struct instant flooded;	    /* the newest cookie, of any */
};

void synqueues_init(struct synqueues *q, struct rng *rng);

/* A request was made for a listener (false: no memory), and is gone. */
bool synqueue_enter(struct tcp *t, struct request *r);
void synqueue_leave(struct tcp *t, struct request *r);
/* What to do with one more SYN. */
enum syn_verdict { SYN_KEEP, SYN_COOKIE, SYN_DROP };
enum syn_verdict synqueue_verdict(const struct tcp *t,
	const struct tcp_listen_info *info);

/* r's first number, which says all that there is to remember of it; what cannot be
 * said is taken back from r. */
void syncookie_make(struct tcp *t, struct instant now, struct request *r);
/* May cookies be about, so that an ACK of nobody may be one's? */
bool syncookie_expected(const struct tcp *t, struct instant now);
/* The request that this ACK brings back, not in any table; NULL: it is none. */
struct request *syncookie_check(struct tcp *t, struct instant now,
	const struct segment *s, const struct tcp_listen_info *info);

#endif
