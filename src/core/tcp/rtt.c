/* RFC 6298 in nanoseconds.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "rtt.h"

#include "limits.h"

enum { BACKOFF_MAX = 16 };

void rtt_init(struct rtt *r)
{
	*r = (struct rtt){ .min = { INT64_MAX } };
}

bool rtt_has_sample(const struct rtt *r)
{
	return r->srtt.ns != 0;
}

void rtt_sample(struct rtt *r, struct duration sample)
{
	int64_t m = sample.ns > 1000 ? sample.ns : 1000, err;

	r->last.ns = m;
	if (m < r->min.ns)
		r->min.ns = m;
	if (!rtt_has_sample(r)) { /* RFC 6298 2.2 */
		r->srtt.ns = m;
		r->rttvar.ns = m / 2;
		return;
	}
	err = m - r->srtt.ns; /* RFC 6298 2.3: beta 1/4, alpha 1/8 */
	r->rttvar.ns += ((err < 0 ? -err : err) - r->rttvar.ns) / 4;
	r->srtt.ns += err / 8;
}

struct duration rtt_rto_base(const struct rtt *r)
{
	struct duration rto = DURATION_MS(TCP_RTO_INITIAL_MS);
	int64_t var = 4 * r->rttvar.ns;

	if (!rtt_has_sample(r))
		return rto;
	/* Linux: the floor is on the variance, so that an RTT of 300 ms
	 * without jitter does not time out at once. */
	if (var < DURATION_MS(TCP_RTO_MIN_MS).ns)
		var = DURATION_MS(TCP_RTO_MIN_MS).ns;
	rto.ns = r->srtt.ns + var;
	if (rto.ns > DURATION_MS(TCP_RTO_MAX_MS).ns)
		rto = DURATION_MS(TCP_RTO_MAX_MS);
	return rto;
}

struct duration rtt_rto(const struct rtt *r)
{
	struct duration rto = rtt_rto_base(r);

	rto.ns <<= r->backoff;
	if (rto.ns > DURATION_MS(TCP_RTO_MAX_MS).ns)
		rto = DURATION_MS(TCP_RTO_MAX_MS);
	return rto;
}

void rtt_backoff(struct rtt *r)
{
	if (r->backoff < BACKOFF_MAX)
		r->backoff++;
}
