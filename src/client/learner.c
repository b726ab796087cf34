/* What is learnt from spins and sleeps.
 *
 *	paying --8 misses in a row--> resting --so many points--> trying
 *	   ^--------------------------- a hit ----------------------+
 *	                        4 misses in a row --> resting, twice as long
 *
 * A rest is counted in sleeps that a spin might have saved: a short one is 8 points,
 * one of medium length 1, a long one none. So who sleeps long never tries again, and
 * who could gain does soon: of two that answer each other both must spin, or neither
 * gains. That they try at the same time, the other's word (SPIN_AWAKE) sees to: a short
 * sleep counts four times as long as the other side spins.
 *
 * Each rest is twice as long as the one before, up to a limit, and each hit halves the
 * next. Where others need the processor the rest is four times as long as the one
 * before, whatever the other side does, and only a row of hits makes it shorter: each
 * of those tries costs a time slice.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "learner.h"

#define MISSES 8 /* in a row while it paid */
#define TRIES 4	 /* after a rest */
#define SHORT_POINTS 8u
#define MIDDLE_POINTS 1u
#define TOGETHER 4u   /* times, while the other side spins */
#define IDLE_REST 16u /* points: 2 short sleeps */
#define IDLE_DOUBLED 7
#define CROWDED_REST 64u /* 8 short sleeps */
#define CROWDED_DOUBLED 9
#define CALM 64 /* hits in a row that make a crowded rest shorter */

static void rest(struct learner *l, uint32_t points, bool crowded)
{
	l->rest = points;
	l->crowded = crowded;
	l->paying = false;
	l->misses = 0;
	l->hits = 0;
}

void learner_hit(struct learner *l)
{
	l->paying = true;
	l->misses = 0;
	if (l->idle > 0)
		l->idle--;
	if (l->crowd > 0 && ++l->hits == CALM) {
		l->crowd = l->crowd > 2 ? l->crowd - 2 : 0;
		l->hits = 0;
	}
}

void learner_miss(struct learner *l)
{
	l->hits = 0;
	if (++l->misses < (l->paying ? MISSES : TRIES))
		return;
	rest(l, IDLE_REST << l->idle, false);
	if (l->idle < IDLE_DOUBLED)
		l->idle++;
}

void learner_crowded(struct learner *l)
{
	rest(l, CROWDED_REST << l->crowd, true);
	l->crowd = l->crowd + 2 < CROWDED_DOUBLED ? l->crowd + 2 : CROWDED_DOUBLED;
}

void learner_slept(struct learner *l, enum slept how, bool other_spins)
{
	uint32_t points = 0;

	if (how == SLEPT_MIDDLE)
		points = MIDDLE_POINTS;
	else if (how == SLEPT_SHORT)
		points = SHORT_POINTS * (other_spins && !l->crowded ? TOGETHER : 1);
	l->rest -= points < l->rest ? points : l->rest;
}
