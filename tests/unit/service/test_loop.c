/* The service's loop: descriptors, timers, what is put off, and its spin.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "limits.h"
#include "loop.h"

static struct loop *loop;
static unsigned works, arms, disarms, looks; /* calls of the hooks */
static unsigned hit_at; /* the look at which something has come; 0 never */

static bool on_work(void *user, struct instant now)
{
	works++;
	return false;
}

static struct instant on_deadline(void *user)
{
	return INSTANT_NEVER;
}

static bool on_arm(void *user)
{
	arms++;
	return true;
}

static void on_disarm(void *user)
{
	disarms++;
}

static bool on_pending(void *user)
{
	return hit_at != 0 && ++looks >= hit_at;
}

static void start_with(bool (*pending)(void *user))
{
	const struct loop_hooks hooks = { on_work, on_deadline, on_arm, on_disarm,
		pending, NULL };

	loop = loop_new(&hooks);
	CHECK(loop != NULL);
}

static void start(void)
{
	start_with(on_pending);
}

/* A descriptor that is always ready. */
static void open_source(struct loop_source *s,
	void (*ready)(struct loop_source *, uint32_t))
{
	int fds[2];

	CHECK_INT(pipe(fds), ==, 0);
	CHECK_INT(close(fds[1]), ==, 0); /* an end of file stays */
	*s = (struct loop_source){ fds[0], ready };
	CHECK_INT(loop_add(loop, s, EPOLLIN), ==, 0);
}

static struct loop_source first, second;
static unsigned times;

static void count_and_stop(struct loop_source *s, uint32_t events)
{
	CHECK(events & EPOLLHUP);
	if (++times == 3)
		loop_stop(loop);
}

TEST(descriptors_are_told_as_long_as_they_are_ready)
{
	start();
	open_source(&first, count_and_stop);
	CHECK_INT(loop_run(loop), ==, 0);
	CHECK_INT(times, ==, 3);
	CHECK_INT(arms, >=, 1);
	CHECK_INT(disarms, >=, 3); /* before each of them */
	loop_close(loop, &first);
	CHECK_INT(first.fd, ==, -1);
	loop_close(loop, &first); /* harmless */
	loop_free(loop);
}

static void close_both(struct loop_source *s, uint32_t events)
{
	times++;
	loop_close(loop, &first);
	loop_close(loop, &second);
	loop_stop(loop);
}

TEST(who_was_closed_is_not_told)
{
	start();
	open_source(&first, close_both);
	open_source(&second, close_both);
	CHECK_INT(loop_run(loop), ==, 0);
	CHECK_INT(times, ==, 1);
	loop_free(loop);
}

static struct instant wanted;
static struct loop_timer timer, never;

static void fire(struct loop_timer *t)
{
	CHECK(t == &timer);
	CHECK(!instant_before(loop_now(loop), wanted));
	times++;
	loop_stop(loop);
}

TEST(timers_are_not_early)
{
	start();
	loop_timer_init(&timer, fire);
	loop_timer_init(&never, fire);
	wanted = instant_add(loop_look(loop), DURATION_MS(3));
	loop_timer_set(loop, &never, instant_add(wanted, DURATION_MS(-2)));
	loop_timer_set(loop, &timer, wanted);
	loop_timer_cancel(loop, &never);
	CHECK_INT(loop_run(loop), ==, 0);
	CHECK_INT(times, ==, 1);
	CHECK_INT(arms, >, 0);
	loop_free(loop);
}

static struct loop_deferred later;
static bool told;

static void run_later(struct loop_deferred *d)
{
	CHECK(d == &later);
	CHECK(told); /* not within the callback */
	times++;
	loop_stop(loop);
}

static void put_off(struct loop_source *s, uint32_t events)
{
	loop_close(loop, s);
	loop_defer(loop, &later, run_later);
	CHECK_INT(times, ==, 0);
	told = true;
}

TEST(what_is_put_off_runs_once)
{
	start();
	open_source(&first, put_off);
	CHECK_INT(loop_run(loop), ==, 0);
	CHECK_INT(times, ==, 1);
	loop_free(loop);
	CHECK_INT(times, ==, 1);
}

/* After a round with work the loop looks for more; what it finds, at whichever look,
 * is worked on without going to sleep. */
static void one_round(struct loop_source *s, uint32_t events)
{
	times++;
	if (works > 20)
		loop_stop(loop);
	else if (times == 1)
		hit_at = 1; /* from now on */
}

TEST(what_comes_while_it_spins_is_worked_on)
{
	unsigned before;

	start();
	open_source(&first, one_round);
	before = arms;
	CHECK_INT(loop_run(loop), ==, 0);
	CHECK_INT(arms, ==, before + 1); /* before the first event only */
	CHECK_INT(works, >, 20);
	loop_close(loop, &first);
	loop_free(loop);
}

/* A ready descriptor ends the spin: so many looks at most, and then it rests not. */
static unsigned looks_before;

static void few_looks(struct loop_source *s, uint32_t events)
{
	/* One of each of the spin's, and the last. */
	CHECK_INT(looks - looks_before, <=, LOOP_KERNEL + 1);
	looks_before = looks;
	if (++times == 100)
		loop_stop(loop);
}

TEST(a_ready_descriptor_does_not_wait_for_the_spin)
{
	start();
	hit_at = UINT32_MAX; /* counts */
	open_source(&first, few_looks);
	CHECK_INT(loop_run(loop), ==, 0);
	CHECK_INT(times, ==, 100);
	loop_close(loop, &first);
	loop_free(loop);
}

/* Where looks take so long that others must need the processor, the loop rests long
 * after each: also after the one with which it would begin an ordinary rest. */
static unsigned rested = 4 * LOOP_REST + 1; /* rounds since the last look */
static unsigned spins;

static bool slow_pending(void *user)
{
	const struct timespec long_time = { 0, 2 * (long)LOOP_BUSY.ns };

	looks++;
	if (rested > 4 * LOOP_REST)
		CHECK_INT(nanosleep(&long_time, NULL), ==, 0);
	return false;
}

static void count_rest(struct loop_source *s, uint32_t events)
{
	if (looks > 1) { /* at rest it is asked only once a round */
		CHECK_INT(rested, >, 4 * LOOP_REST);
		rested = 0;
		spins++;
	}
	rested++;
	looks = 0;
	if (spins == 2 * LOOP_MISSES)
		loop_stop(loop);
}

TEST(a_busy_machine_is_left_alone_for_long)
{
	start_with(slow_pending);
	open_source(&first, count_rest);
	CHECK_INT(loop_run(loop), ==, 0);
	CHECK_INT(spins, ==, 2 * LOOP_MISSES);
	loop_close(loop, &first);
	loop_free(loop);
}
