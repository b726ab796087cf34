/* The short spin before a sleep: bounded, and only where it lately paid (learner.c).
 *
 * Two programs that answer each other gain only when both spin: as long as one
 * sleeps, the other waits for its wake-up, which takes longer than the answer
 * (24 us and more when its processor has halted). So the budget covers a wake-up
 * and an answer; once both have hit, waits end within a microsecond and the
 * budget is never used up. Each says in its fifo where it runs and whether it spins.
 *
 * A spin pauses for a microsecond (the other side may run on another processor)
 * and then yields (it may need ours); longer, or not at all, where it is known which.
 * A yield that lasted long means that the processors are busy with other work: then
 * it is better to sleep, and the next waits do so at once.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <sched.h>
#include <sys/rseq.h>

#include "internal.h"
#include "learner.h"
#include "spin.h"

#define BUDGET_DEFAULT_NS (60 * NS_PER_US)
#define PAUSE_NS (1 * NS_PER_US)
#define ELSEWHERE_NS (20 * NS_PER_US) /* the other side runs on another processor */
#define LOOKS 8 /* between two looks at the clock */
#define BUSY_NS (200 * NS_PER_US) /* a yield of this length: others need it */
#define SHORT_SLEEP 4		/* times the budget: two sleepers answer each other */
#define MIDDLE_SLEEP_NS (2 * NS_PER_MS)

static int64_t budget_ns = -1;
static bool alone; /* one processor: no use in pausing */

/* What each thread knows. */
static _Thread_local struct {
	struct learner learner;
	int64_t since;	/* it sleeps without having spun; 0: it does not */
	bool other_spins;
} self;

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
}

/* May this thread spin at all? */
static bool is_allowed(void)
{
	if (budget_ns < 0)
		spin_init(NULL);
	return budget_ns > 0 && !client_is_confined();
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

/* Between two looks, when there was time for some: the time then; *crowded: others
 * need the processor more. */
static int64_t yield_once(int64_t now, bool *crowded)
{
	int64_t after;

	sys_call0(SYS_sched_yield);
	after = sys_now_ns();
	*crowded = after - now > BUSY_NS;
	return after;
}

/* Where the kernel keeps it for us, as libc has asked; else by a call. */
static uint32_t own_processor(void)
{
	const struct rseq *own = (const void *)((const char *)__builtin_thread_pointer() +
		__rseq_offset);
	int32_t cpu = __rseq_size > 0 ?
		(int32_t)*(const volatile uint32_t *)&own->cpu_id : -1;

	return (uint32_t)(cpu >= 0 ? cpu : sched_getcpu());
}

uint32_t spin_here(void)
{
	uint32_t here = own_processor() + 1;

	return learner_spins(&self.learner) && budget_ns > 0 ? here | SPIN_AWAKE : here;
}

void spin_tell(_Atomic uint32_t *word)
{
	uint32_t here = spin_here();

	/* No partner: a hint. Seldom stored, so that the line stays shared. */
	if (atomic_get_relaxed(word) != here)
		atomic_put_relaxed(word, here);
}

bool spin_elsewhere(uint32_t other)
{
	uint32_t there = other & ~SPIN_AWAKE;

	return there != 0 && there != (spin_here() & ~SPIN_AWAKE);
}

static int64_t pause_ns(uint32_t other)
{
	if ((other & ~SPIN_AWAKE) == 0)
		return alone ? 0 : PAUSE_NS;
	return spin_elsewhere(other) ? ELSEWHERE_NS : 0;
}

static bool look_until(bool (*found)(void *what), void *what, int64_t deadline,
	int64_t pause, bool *crowded)
{
	int64_t start = sys_now_ns(), now = start;
	bool hit = false;

	/* A signal ends a sleep, and so this. */
	while (!hit && !*crowded && now - start < budget_ns && now < deadline &&
		!atomic_get_relaxed(&call_self.wake)) {
		if (now - start < pause) {
			hit = look_often(found, what);
			now = hit ? now : sys_now_ns();
		} else {
			now = yield_once(now, crowded);
			hit = found(what);
		}
	}
	return hit;
}

bool spin_until(bool (*found)(void *what), void *what, int64_t deadline, uint32_t other)
{
	bool hit, crowded = false;

	self.since = 0;
	if (!is_allowed())
		return false;
	if (!learner_spins(&self.learner)) {
		self.since = sys_now_ns();
		self.other_spins = other & SPIN_AWAKE;
		return false;
	}
	hit = look_until(found, what, deadline, pause_ns(other), &crowded);
	if (crowded)
		learner_crowded(&self.learner);
	else if (hit)
		learner_hit(&self.learner);
	else
		learner_miss(&self.learner);
	return hit;
}

void spin_slept(bool found)
{
	int64_t took;

	if (self.since == 0)
		return;
	took = sys_now_ns() - self.since;
	self.since = 0;
	if (!found || took > MIDDLE_SLEEP_NS)
		return;
	learner_slept(&self.learner, took > SHORT_SLEEP * budget_ns ? SLEPT_MIDDLE :
		SLEPT_SHORT, self.other_spins);
}
