/* How many ICMP errors may leave (RFC 1812 4.3.2.8, RFC 4443 2.4 (f)): a token
 * bucket for the host and one for each peer, with Linux's figures.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef IP_RATELIMIT_H
#define IP_RATELIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ipaddr.h"
#include "base/rng.h"
#include "base/time.h"
#include "ip/limits.h"

struct bucket {
	int64_t credit;	     /* ns; a token costs the interval */
	struct instant last; /* when credit was right */
};

struct ratelimit {
	struct siphash_key key;
	struct bucket global;
	struct {
		struct ip_addr addr;
		struct bucket bucket;
	} peers[ICMP_PEERS]; /* by hash; a newcomer takes the place over */
};

void ratelimit_init(struct ratelimit *r, const struct siphash_key *key);
/* May an error go to this peer? Takes the tokens when it may. */
bool ratelimit_allow(struct ratelimit *r, struct instant now,
	const struct ip_addr *peer);

#endif
