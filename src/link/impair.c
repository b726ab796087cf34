/* What becomes of a frame: queue and rate, then loss and damage, then delay.
 * See impair.h for the picture. SPDX-License-Identifier: BSD-2-Clause */
#include "impair.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define IMPAIR_ROOM_MIN 64u

void impair_init(struct impair *d, uint64_t seed)
{
	memset(d, 0, sizeof(*d));
	rng_init(&d->rng, seed);
	d->idle_at.ns = INT64_MIN;
	d->last.ns = INT64_MIN;
}

void impair_fini(struct impair *d)
{
	free(d->starts);
	d->starts = NULL;
	d->starts_room = d->starts_count = 0;
}

bool impair_is_none(const struct link_impair *c)
{
	return c->delay.ns == 0 && c->jitter.ns == 0 && c->rate == 0 &&
		c->loss <= 0 && c->duplicate <= 0 && c->corrupt <= 0;
}

static bool is_probability(double p)
{
	return p >= 0 && p <= 1; /* false for NaN */
}

static bool is_delay(struct duration d)
{
	return d.ns >= 0 && d.ns <= LINK_DELAY_MAX.ns;
}

int link_check_impair(const struct link_impair *c)
{
	double burst = c->loss_burst;

	if (!is_delay(c->delay) || !is_delay(c->jitter) ||
		!is_probability(c->loss) || !is_probability(c->duplicate) ||
		!is_probability(c->corrupt) || !is_probability(c->reorder))
		return -EINVAL;
	if (c->rate && (c->rate < LINK_RATE_MIN || c->rate > LINK_RATE_MAX))
		return -EINVAL;
	if (c->queue > LINK_QUEUE_MAX)
		return -EINVAL;
	if (burst != 0 && !(burst >= 1 && burst <= LINK_BURST_MAX))
		return -EINVAL;
	/* Or the way into a burst would need a probability above one. */
	if (burst > 1 && c->loss < 1 && burst * (1 - c->loss) < c->loss)
		return -EINVAL;
	return 0;
}

static bool happens(struct impair *d, double probability)
{
	return probability > 0 && rng_unit(&d->rng) < probability;
}

/* Gilbert's model: all frames are lost in the bad state and none in the good
 * one. Leaving the bad state with probability r = 1/burst makes the mean burst
 * right, entering it with r * loss / (1 - loss) makes the mean loss right. */
static bool impair_loses(struct impair *d, const struct link_impair *c)
{
	double r;

	if (c->loss_burst <= 1 || c->loss >= 1 || c->loss <= 0) {
		d->burst = false;
		return happens(d, c->loss);
	}
	r = 1 / c->loss_burst;
	if (d->burst)
		d->burst = !happens(d, r);
	else
		d->burst = happens(d, r * c->loss / (1 - c->loss));
	return d->burst;
}

/* Forget the frames that no longer wait at this time. */
static void impair_queue_advance(struct impair *d, struct instant now)
{
	while (d->starts_count &&
		d->starts[d->starts_first & (d->starts_room - 1)] <= now.ns) {
		d->starts_first++;
		d->starts_count--;
	}
}

static int impair_queue_push(struct impair *d, struct instant start)
{
	if (d->starts_count == d->starts_room) {
		uint32_t room = d->starts_room ? d->starts_room * 2 :
						 IMPAIR_ROOM_MIN;
		int64_t *ring = malloc(room * sizeof(*ring));

		if (!ring)
			return -ENOMEM;
		for (uint32_t i = 0; i < d->starts_count; i++)
			ring[i] = d->starts[(d->starts_first + i) &
				(d->starts_room - 1)];
		free(d->starts);
		d->starts = ring;
		d->starts_room = room;
		d->starts_first = 0;
	}
	d->starts[(d->starts_first + d->starts_count++) & (d->starts_room - 1)] =
		start.ns;
	return 0;
}

/* Queue and serialise: false when the queue is full, else *out is when the last
 * bit has left. The remainder of the division is carried on, so that n frames
 * take exactly n times as long as one, whatever the rate. */
static bool impair_serialise(struct impair *d, const struct link_impair *c,
	struct instant now, size_t len, struct instant *out)
{
	uint32_t limit = c->queue ? c->queue : LINK_QUEUE_DEFAULT;
	struct instant start = now;
	uint64_t work;

	*out = now;
	if (!c->rate)
		return true;
	impair_queue_advance(d, now);
	if (instant_before(now, d->idle_at)) {
		start = d->idle_at;
		if (d->starts_count >= limit || impair_queue_push(d, start) < 0)
			return false;
	} else if (instant_before(d->idle_at, now)) {
		d->carry = 0; /* there was a pause */
	}
	work = (uint64_t)len * 8 * 1000000000 + d->carry;
	d->carry = work % c->rate;
	d->idle_at.ns = start.ns + (int64_t)(work / c->rate);
	*out = d->idle_at;
	return true;
}

static void impair_delay(struct impair *d, const struct link_impair *c,
	struct instant left, struct instant *out)
{
	int64_t at = left.ns + c->delay.ns;

	if (c->jitter.ns) {
		double j = (double)c->jitter.ns;

		at += (int64_t)((2 * rng_unit(&d->rng) - 1) * j);
		if (at < left.ns)
			at = left.ns; /* nothing arrives before it was sent */
	}
	if (at < d->last.ns)
		at = d->last.ns; /* a wire keeps the order */
	d->last.ns = at;
	out->ns = at;
}

void impair_decide(struct impair *d, const struct link_impair *c,
	struct instant now, size_t len, struct impair_fate *out)
{
	struct instant left = now;

	*out = (struct impair_fate){ .verdict = IMPAIR_PASS, .at = now };
	out->reordered = happens(d, c->reorder);
	if (!out->reordered && !impair_serialise(d, c, now, len, &left)) {
		out->verdict = IMPAIR_QUEUE_FULL;
		return;
	}
	if (impair_loses(d, c)) {
		out->verdict = IMPAIR_LOST;
		return;
	}
	out->corrupted = happens(d, c->corrupt);
	if (out->corrupted)
		out->bit = rng_below(&d->rng, (uint32_t)len * 8);
	out->duplicated = happens(d, c->duplicate);
	if (!out->reordered)
		impair_delay(d, c, left, &out->at);
}
