/* The loop. One round:
 *
 *   clock -> work() (stacks, links, svc_ready) -> own timers -> deferred frees
 *         -> a short spin if the last round had work (sched_yield, so that a
 *            program on the same core runs) and spins have paid lately
 *         -> arm, look again, epoll_pwait2 until the next deadline -> disarm
 *         -> callbacks of the ready descriptors
 *
 * Idle means: armed, asleep in the kernel, no timer unless one is due.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "loop.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "limits.h"

struct loop {
	int epfd;
	struct loop_hooks hooks;
	struct timerq timers;
	struct list deferred;
	struct instant now;
	unsigned misses, resting; /* spins in vain, in a row; rounds without */
	bool stop;
};

static struct instant clock_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (struct instant){ (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec };
}

struct loop *loop_new(const struct loop_hooks *hooks)
{
	struct loop *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->epfd = epoll_create1(EPOLL_CLOEXEC);
	if (l->epfd < 0) {
		free(l);
		return NULL;
	}
	l->hooks = *hooks;
	timerq_init(&l->timers);
	list_init(&l->deferred);
	l->now = clock_now();
	return l;
}

static void run_deferred(struct loop *l)
{
	while (!list_is_empty(&l->deferred)) {
		struct loop_deferred *d = LIST_ENTRY(l->deferred.next,
			struct loop_deferred, node);

		list_remove(&d->node);
		d->run(d);
	}
}

void loop_free(struct loop *l)
{
	if (!l)
		return;
	run_deferred(l);
	close(l->epfd);
	free(l);
}

int loop_add(struct loop *l, struct loop_source *src, uint32_t events)
{
	struct epoll_event ev = { .events = events, .data.ptr = src };

	return epoll_ctl(l->epfd, EPOLL_CTL_ADD, src->fd, &ev) < 0 ? -errno : 0;
}

int loop_change(struct loop *l, struct loop_source *src, uint32_t events)
{
	struct epoll_event ev = { .events = events, .data.ptr = src };

	return epoll_ctl(l->epfd, EPOLL_CTL_MOD, src->fd, &ev) < 0 ? -errno : 0;
}

void loop_close(struct loop *l, struct loop_source *src)
{
	if (src->fd < 0)
		return;
	/* Explicitly: a copy of the descriptor elsewhere would keep it in. */
	epoll_ctl(l->epfd, EPOLL_CTL_DEL, src->fd, NULL);
	close(src->fd);
	src->fd = -1;
}

void loop_defer(struct loop *l, struct loop_deferred *d,
	void (*run)(struct loop_deferred *d))
{
	d->run = run;
	list_push_back(&l->deferred, &d->node);
}

void loop_timer_init(struct loop_timer *t, void (*fire)(struct loop_timer *t))
{
	timer_node_init(&t->node);
	t->fire = fire;
}

void loop_timer_set(struct loop *l, struct loop_timer *t, struct instant at)
{
	timerq_set(&l->timers, &t->node, at);
}

void loop_timer_cancel(struct loop *l, struct loop_timer *t)
{
	timerq_cancel(&l->timers, &t->node);
}

struct instant loop_now(const struct loop *l)
{
	return l->now;
}

struct instant loop_look(struct loop *l)
{
	return l->now = clock_now();
}

void loop_stop(struct loop *l)
{
	l->stop = true;
}

static void run_timers(struct loop *l)
{
	struct timer_node *n;

	while (!l->stop && (n = timerq_take_due(&l->timers, l->now))) {
		struct loop_timer *t = LIST_ENTRY(n, struct loop_timer, node);

		t->fire(t);
	}
}

/* Everything that is due; false when all is quiet. */
static bool run_work(struct loop *l)
{
	bool more = false;

	for (int i = 0; i < LOOP_ROUNDS && !l->stop; i++) {
		l->now = clock_now();
		more = l->hooks.work(l->hooks.user, l->now);
		run_timers(l);
		run_deferred(l);
		if (!more)
			break;
	}
	return more;
}

static struct instant next_deadline(const struct loop *l)
{
	return instant_min(l->hooks.deadline(l->hooks.user),
		timerq_deadline(&l->timers));
}

/* Is a descriptor ready? wait_events() takes it. */
static bool kernel_has(struct loop *l)
{
	struct epoll_event ev;

	return epoll_wait(l->epfd, &ev, 1, 0) > 0;
}

/* Until a program or the kernel has something for us (true), or the time is up. */
static bool look_around(struct loop *l)
{
	struct instant was = clock_now(), now;
	struct instant end = instant_min(instant_add(was, LOOP_SPIN),
		next_deadline(l));

	for (unsigned n = 1; !l->hooks.pending(l->hooks.user); n++) {
		if (n % LOOP_KERNEL == 0 && kernel_has(l))
			return true;
		sched_yield();
		now = clock_now();
		/* Then the processors are busy: to be woken costs less than to
		 * be in others' way, and they in ours. */
		if (instant_sub(now, was).ns > LOOP_BUSY.ns) {
			l->resting = 4 * LOOP_REST;
			return false;
		}
		if (!instant_before(now, end))
			return false;
		was = now;
	}
	return true;
}

/* Whoever answers soon finds us awake; not where that has gained nothing lately. True:
 * a program has something. */
static bool spin(struct loop *l)
{
	if (l->resting > 0) {
		l->resting--;
	} else if (look_around(l)) {
		l->misses = 0;
	} else if (l->resting == 0 && ++l->misses == LOOP_MISSES) {
		l->misses = LOOP_MISSES / 2;
		l->resting = LOOP_REST;
	}
	return l->hooks.pending(l->hooks.user);
}

static int wait_events(struct loop *l, struct epoll_event *ev, bool sleep)
{
	struct timespec ts = { 0, 0 };
	struct timespec *timeout = &ts;
	struct instant at;
	int64_t ns;

	if (sleep) {
		at = next_deadline(l);
		if (instant_is_never(at)) {
			timeout = NULL;
		} else {
			ns = instant_sub(at, clock_now()).ns;
			if (ns > 0) {
				ts.tv_sec = ns / 1000000000;
				ts.tv_nsec = ns % 1000000000;
			}
		}
	}
	return epoll_pwait2(l->epfd, ev, LOOP_BATCH, timeout, NULL);
}

static bool run_round(struct loop *l, bool busy, int *err)
{
	struct epoll_event ev[LOOP_BATCH];
	bool more = run_work(l);
	bool sleep;
	int n;

	if (l->stop)
		return false;
	if (!more && busy)
		more = spin(l);
	sleep = !more && l->hooks.arm(l->hooks.user);
	n = wait_events(l, ev, sleep);
	if (n < 0 && errno != EINTR)
		*err = -errno;
	l->hooks.disarm(l->hooks.user);
	l->now = clock_now();
	for (int i = 0; i < n && !l->stop; i++) {
		struct loop_source *src = ev[i].data.ptr;

		if (src->fd >= 0)
			src->ready(src, ev[i].events);
	}
	return more || n > 0;
}

int loop_run(struct loop *l)
{
	bool busy = false;
	int err = 0;

	while (!l->stop && !err)
		busy = run_round(l, busy, &err);
	return err;
}
