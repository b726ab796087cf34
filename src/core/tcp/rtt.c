/* RFC 6298 in nanoseconds, with Linux's changes.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "rtt.h"

#include "limits.h"

enum { BACKOFF_MAX = 16 };

void rtt_init(struct rtt *r)
{
	*r = (struct rtt){ 0 };
	for (int k = 0; k < 3; k++)
		r->min.v[k].ns = INT64_MAX;
}

bool rtt_has_sample(const struct rtt *r)
{
	return r->srtt.ns != 0;
}

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* RFC 6298 2.2. Linux: mdev holds four deviations, hence m / 2 * 4. */
static void first_sample(struct rtt *r, int64_t m, struct seq nxt)
{
	r->srtt.ns = m;
	r->mdev.ns = 2 * m;
	r->rttvar.ns = larger(r->mdev.ns, DURATION_MS(TCP_RTO_MIN_MS).ns);
	r->mdev_max = r->rttvar;
	r->round = nxt;
}

void rtt_sample(struct rtt *r, struct duration sample, struct seq una,
	struct seq nxt)
{
	int64_t m = larger(sample.ns, 1000), err;

	r->last.ns = m;
	r->backoff = 0; /* RFC 6298 5.7, after a sample alone as Linux */
	if (!rtt_has_sample(r))
		return first_sample(r, m, nxt);
	/* RFC 6298 2.3: alpha 1/8, beta 1/4 */
	err = m - r->srtt.ns;
	r->srtt.ns = larger(r->srtt.ns + err / 8, 1);
	if (err < 0) {
		/* Linux: a round trip that falls is no sign of variance: it
		 * counts an eighth of what a rising one does. */
		err = -err - r->mdev.ns / 4;
		if (err > 0)
			err /= 8;
	} else {
		err -= r->mdev.ns / 4;
	}
	r->mdev.ns += err;
	if (r->mdev.ns > r->mdev_max.ns) {
		r->mdev_max = r->mdev;
		r->rttvar.ns = larger(r->rttvar.ns, r->mdev.ns);
	}
	if (seq_lt(r->round, una)) {
		if (r->mdev_max.ns < r->rttvar.ns)
			r->rttvar.ns -= (r->rttvar.ns - r->mdev_max.ns) / 4;
		r->round = nxt;
		r->mdev_max = DURATION_MS(TCP_RTO_MIN_MS);
	}
}

static void min_put(struct rtt_min *m, int from, struct instant now, int64_t v)
{
	for (int k = from; k < 3; k++) {
		m->v[k].ns = v;
		m->at[k] = now;
	}
}

/* Kathleen Nichols' windowed minimum: each of the three is the smallest since the
 * one before it, and none is older than its share of the window. */
void rtt_sample_min(struct rtt *r, struct instant now, struct duration sample)
{
	const struct duration wide = DURATION_S(TCP_MIN_RTT_WINDOW_S);
	struct rtt_min *m = &r->min;
	int64_t v = larger(sample.ns, 1000), age;

	if (v <= m->v[0].ns || instant_sub(now, m->at[2]).ns > wide.ns) {
		min_put(m, 0, now, v);
		return;
	}
	if (v <= m->v[1].ns)
		min_put(m, 1, now, v);
	else if (v <= m->v[2].ns)
		min_put(m, 2, now, v);
	age = instant_sub(now, m->at[0]).ns;
	if (age > wide.ns) { /* the best is too old: the next take its place */
		m->v[0] = m->v[1];
		m->at[0] = m->at[1];
		m->v[1] = m->v[2];
		m->at[1] = m->at[2];
		min_put(m, 2, now, v);
	} else if (m->at[1].ns == m->at[0].ns && age > wide.ns / 4) {
		min_put(m, 1, now, v);
	} else if (m->at[2].ns == m->at[1].ns && age > wide.ns / 2) {
		min_put(m, 2, now, v);
	}
}

struct duration rtt_smallest(const struct rtt *r)
{
	return r->min.v[0];
}

void rtt_none(struct rtt *r)
{
	if (!rtt_has_sample(r))
		r->rttvar = DURATION_MS(TCP_RTO_FALLBACK_MS);
}

struct duration rtt_rto_base(const struct rtt *r)
{
	struct duration rto = DURATION_MS(TCP_RTO_INITIAL_MS);

	if (!rtt_has_sample(r)) /* rttvar: see rtt_none() */
		return r->rttvar.ns ? r->rttvar : rto;
	/* RFC 6298 2.4, but Linux's floor of 200 ms is on the variance, so that
	 * an RTT of 300 ms without jitter does not time out at once. */
	rto.ns = r->srtt.ns + r->rttvar.ns;
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
