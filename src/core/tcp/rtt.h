/* Round-trip time and retransmission timeout (RFC 6298, in the form that Linux
 * gives it: the variance is the largest of a round trip, decays once a round trip,
 * and is never below 200 ms in the timeout).
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_RTT_H
#define TCP_RTT_H

#include <stdbool.h>

#include "base/time.h"
#include "wire/seq.h"

/* The smallest of the last 300 s (Linux's tcp_min_rtt_wlen): the best, and the
 * best two of what came later, to take its place when it has grown old. */
struct rtt_min {
	struct duration v[3]; /* ascending; INT64_MAX: none */
	struct instant at[3];
};

struct rtt {
	struct duration srtt; /* 0: no sample yet */
	struct duration mdev; /* mean deviation, four times it */
	struct duration mdev_max; /* its largest of this round trip */
	struct duration rttvar; /* what the timeout adds to srtt */
	struct seq round;     /* the round trip ends when this is acknowledged */
	struct rtt_min min;
	struct duration last; /* newest sample */
	unsigned backoff;     /* doublings (RFC 6298 5.5) */
};

void rtt_init(struct rtt *r);
/* una, nxt: SND.UNA and SND.NXT, which tell the round trips. Ends the backoff. */
void rtt_sample(struct rtt *r, struct duration sample, struct seq una,
	struct seq nxt);
void rtt_sample_min(struct rtt *r, struct instant now, struct duration sample);
bool rtt_has_sample(const struct rtt *r);
/* The handshake is done: without a sample, as its SYN went twice, the timeout is 3 s
 * until there is one (RFC 6298 5.7). */
void rtt_none(struct rtt *r);
struct duration rtt_smallest(const struct rtt *r); /* INT64_MAX: none */
/* With backoff; and without. */
struct duration rtt_rto(const struct rtt *r);
struct duration rtt_rto_base(const struct rtt *r);
void rtt_backoff(struct rtt *r);

#endif
