/* The short spin before a sleep: bounded, learnt from what it lately gained, and
 * none where it does not pay.
 *
 *	paying --8 misses in a row--> resting --64 waits--> trying
 *	   ^------------------- a hit --------------------------+
 *	                        4 misses in a row --> resting
 *
 * Two programs that answer each other gain only when both spin: as long as one
 * sleeps, the other waits for its wake-up, which takes longer than the answer
 * (24 us and more when its processor has halted). So the budget covers a wake-up
 * and an answer; once both have hit, waits end within a microsecond and the
 * budget is never used up.
 *
 * A spin pauses for a microsecond (the other side may run on another processor)
 * and then yields (it may need ours); longer, or not at all, where it is known which.
 * A yield that lasted long means that the
 * processors are busy with other work: then it is better to sleep, and the next
 * waits do so at once.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <sched.h>

#include "internal.h"
#include "spin.h"

#define BUDGET_DEFAULT_NS (60 * NS_PER_US)
#define PAUSE_NS (1 * NS_PER_US)
#define ELSEWHERE_NS (4 * NS_PER_US) /* the other side runs on another processor */
#define LOOKS 8 /* between two looks at the clock */
#define BUSY_NS (200 * NS_PER_US) /* a yield of this length: others need it */
#define MISSES 8		  /* in a row while it paid */
#define TRIES 4			  /* after a rest */
#define REST 64			  /* waits */

static int64_t budget_ns = -1;
/* Approximate, shared by the process's threads, no partner. */
static _Atomic uint32_t misses_left;
static _Atomic uint32_t resting; /* waits left without a spin */
static bool alone;		 /* one processor: no use in pausing */

static bool one_processor(void)
{
	unsigned long mask[16] = { 0 };
	long r = sys_call3(SYS_sched_getaffinity, 0, sizeof(mask), mask);
	int n = 0;

	for (int k = 0; r > 0 && k < 16; k++)
		n += __builtin_popcountl(mask[k]);
	return n == 1;
}

void spin_init(const char *text)
{
	int64_t us = 0;

	budget_ns = BUDGET_DEFAULT_NS;
	if (text && *text >= '0' && *text <= '9') {
		while (*text >= '0' && *text <= '9' && us < 1000000)
			us = us * 10 + (*text++ - '0');
		budget_ns = us * NS_PER_US;
	}
	alone = one_processor();
	atomic_put_relaxed(&misses_left, TRIES);
}

/* How long a spin may last now; 0: not at all. */
static int64_t budget_now(void)
{
	uint32_t rest = atomic_get_relaxed(&resting);

	if (budget_ns < 0)
		spin_init(NULL);
	if (client_is_confined())
		return 0;
	if (rest > 0) {
		atomic_put_relaxed(&resting, rest - 1);
		return 0;
	}
	return budget_ns;
}

static void note_result(bool paid)
{
	uint32_t left = atomic_get_relaxed(&misses_left);

	if (paid) {
		left = MISSES;
	} else if (left > 1) {
		left--;
	} else {
		left = TRIES;
		atomic_put_relaxed(&resting, REST);
	}
	atomic_put_relaxed(&misses_left, left);
}

/* Some looks, the first at once: the clock costs more than one. */
static bool look_often(bool (*found)(void *what), void *what)
{
	for (int k = 0; k < LOOKS; k++) {
		if (found(what))
			return true;
		atomic_pause();
	}
	return false;
}

/* Between two looks, when there was time for some: the time then. */
static int64_t yield_once(int64_t started, int64_t now)
{
	int64_t after;

	sys_call0(SYS_sched_yield);
	after = sys_now_ns();
	if (after - now <= BUSY_NS)
		return after;
	/* As if the budget were used up; and no more of that for a while: each
	 * such yield costs a time slice of somebody else's. */
	atomic_put_relaxed(&resting, 4 * REST);
	return started + budget_ns;
}

uint32_t spin_here(void)
{
	return (uint32_t)sched_getcpu() + 1;
}

void spin_tell(_Atomic uint32_t *cpu)
{
	uint32_t here = spin_here();

	/* No partner: a hint. Seldom stored, so that the line stays shared. */
	if (atomic_get_relaxed(cpu) != here)
		atomic_put_relaxed(cpu, here);
}

enum spin_place spin_place(_Atomic uint32_t *cpu)
{
	uint32_t there = atomic_get_relaxed(cpu); /* no partner */

	if (there == 0)
		return SPIN_ANYWHERE;
	return there == spin_here() ? SPIN_HERE : SPIN_ELSEWHERE;
}

static int64_t pause_ns(enum spin_place other)
{
	if (other == SPIN_ELSEWHERE)
		return ELSEWHERE_NS;
	return other == SPIN_HERE || alone ? 0 : PAUSE_NS;
}

bool spin_until(bool (*found)(void *what), void *what, int64_t deadline,
	enum spin_place other)
{
	int64_t budget = budget_now(), pause = pause_ns(other), start, now;
	bool hit = false;

	if (budget == 0)
		return false;
	start = now = sys_now_ns();
	/* A signal ends a sleep, and so this. */
	while (!hit && now - start < budget && now < deadline &&
		!atomic_get_relaxed(&call_self.wake)) {
		if (now - start < pause) {
			hit = look_often(found, what);
			now = hit ? now : sys_now_ns();
		} else {
			now = yield_once(start, now);
			hit = found(what);
		}
	}
	note_result(hit);
	return hit;
}
