/* Token buckets for ICMP errors. Credit is kept in time, so that no division and
 * no rounding is needed: it grows as the clock does, up to the burst.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "ratelimit.h"

static const struct {
	int64_t cost;  /* ns a token */
	int64_t burst; /* ns at most */
} global = { 1000000000 / ICMP_RATE_GLOBAL,
	1000000000ll / ICMP_RATE_GLOBAL * ICMP_BURST_GLOBAL },
  peer_rate = { ICMP_RATE_PEER_MS * 1000000ll,
	ICMP_RATE_PEER_MS * 1000000ll * ICMP_BURST_PEER };

static void bucket_refill(struct bucket *b, struct instant now, int64_t burst)
{
	if (!instant_before(b->last, now))
		return;
	if (now.ns - b->last.ns >= burst - b->credit)
		b->credit = burst;
	else
		b->credit += now.ns - b->last.ns;
	b->last = now;
}

void ratelimit_init(struct ratelimit *r, const struct siphash_key *key)
{
	*r = (struct ratelimit){ .key = *key, .global = { .credit = global.burst } };
}

bool ratelimit_allow(struct ratelimit *r, struct instant now,
	const struct ip_addr *peer)
{
	unsigned i = (unsigned)(siphash24(&r->key, peer->b, sizeof(peer->b)) %
		ICMP_PEERS);
	struct bucket *b = &r->peers[i].bucket;

	if (!ip_addr_equal(&r->peers[i].addr, peer)) {
		r->peers[i].addr = *peer;
		*b = (struct bucket){ peer_rate.burst, now };
	}
	bucket_refill(&r->global, now, global.burst);
	bucket_refill(b, now, peer_rate.burst);
	if (r->global.credit < global.cost || b->credit < peer_rate.cost)
		return false;
	r->global.credit -= global.cost;
	b->credit -= peer_rate.cost;
	return true;
}
