/* What is learnt from spins and sleeps: who gains spins, who does not rests, who is idle
 * does not begin again.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "learner.h"

#include "check.h"

static int until_rest(struct learner *l)
{
	int n = 0;

	for (; learner_spins(l) && n < 1000; n++)
		learner_miss(l);
	return n;
}

/* Sleeps until it tries again. */
static int until_try(struct learner *l, enum slept how, bool other_spins)
{
	int n = 0;

	for (; !learner_spins(l) && n < 1000000; n++)
		learner_slept(l, how, other_spins);
	return n;
}

TEST(a_fresh_one_tries_and_rests)
{
	struct learner l = { 0 };

	CHECK(learner_spins(&l));
	CHECK_INT(until_rest(&l), ==, 4);
	CHECK(!learner_spins(&l));
}

TEST(who_gained_has_more_patience)
{
	struct learner l = { 0 };

	learner_hit(&l);
	CHECK_INT(until_rest(&l), ==, 8);
	until_try(&l, SLEPT_SHORT, false);
	CHECK_INT(until_rest(&l), ==, 4);
}

TEST(a_hit_between_misses_keeps_it_going)
{
	struct learner l = { 0 };

	learner_hit(&l);
	for (int k = 0; k < 100; k++) {
		for (int m = 0; m < 7; m++)
			learner_miss(&l);
		CHECK(learner_spins(&l));
		learner_hit(&l);
	}
}

TEST(rests_in_vain_double_up_to_a_limit)
{
	struct learner l = { 0 };
	int was = 0, now = 0;

	for (int k = 0; k < 20; k++) {
		until_rest(&l);
		now = until_try(&l, SLEPT_SHORT, false);
		if (was > 0 && k < 8)
			CHECK_INT(now, ==, 2 * was);
		was = now;
	}
	CHECK_INT(now, ==, 256);
}

TEST(hits_make_the_next_rest_short)
{
	struct learner l = { 0 };

	for (int k = 0; k < 10; k++) {
		until_rest(&l);
		until_try(&l, SLEPT_SHORT, false);
	}
	for (int k = 0; k < 10; k++)
		learner_hit(&l);
	until_rest(&l);
	CHECK_INT(until_try(&l, SLEPT_SHORT, false), ==, 2);
}

TEST(who_sleeps_long_does_not_try_again)
{
	struct learner l = { 0 };

	until_rest(&l);
	CHECK_INT(until_try(&l, SLEPT_LONG, true), ==, 1000000);
	CHECK_INT(until_try(&l, SLEPT_MIDDLE, false), ==, 16);
}

TEST(who_spins_there_is_met)
{
	struct learner l = { 0 };
	int alone, together;

	for (int k = 0; k < 10; k++) {
		until_rest(&l);
		until_try(&l, SLEPT_SHORT, false);
	}
	until_rest(&l);
	alone = until_try(&l, SLEPT_SHORT, false);
	until_rest(&l);
	together = until_try(&l, SLEPT_SHORT, true);
	CHECK_INT(together * 4, ==, alone);
}

TEST(where_others_work_it_rests_long)
{
	struct learner l = { 0 };
	int was = 0, now = 0;

	for (int k = 0; k < 20; k++) {
		learner_crowded(&l);
		now = until_try(&l, SLEPT_SHORT, true);
		CHECK_INT(now, >=, was);
		was = now;
	}
	CHECK_INT(now, ==, 4096);
}

TEST(calm_makes_that_short_again)
{
	struct learner l = { 0 };

	for (int k = 0; k < 20; k++)
		learner_crowded(&l);
	until_try(&l, SLEPT_SHORT, false);
	for (int k = 0; k < 1000; k++)
		learner_hit(&l);
	learner_crowded(&l);
	CHECK_INT(until_try(&l, SLEPT_SHORT, false), ==, 8);
}
