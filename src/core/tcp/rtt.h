/* Round-trip time and retransmission timeout (RFC 6298, with Linux's floor of
 * 200 ms for the variance's part).
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_RTT_H
#define TCP_RTT_H

#include <stdbool.h>

#include "base/time.h"

struct rtt {
	struct duration srtt; /* 0: no sample yet */
	struct duration rttvar;
	struct duration min;  /* smallest sample */
	struct duration last; /* newest sample */
	unsigned backoff;     /* doublings (RFC 6298 5.5) */
};

void rtt_init(struct rtt *r);
void rtt_sample(struct rtt *r, struct duration sample);
bool rtt_has_sample(const struct rtt *r);
/* With backoff; and without. */
struct duration rtt_rto(const struct rtt *r);
struct duration rtt_rto_base(const struct rtt *r);
void rtt_backoff(struct rtt *r);

#endif
