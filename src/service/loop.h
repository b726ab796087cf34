/* The service's only waiting place: kernel descriptors, timers, and hooks that
 * look at the arenas before and after the wait.
 *
 * One thread. A source or timer is part of the structure that owns it. A source
 * may be removed from within any callback; its owner then frees itself through
 * loop_defer(), because the kernel's batch may still name it.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVICE_LOOP_H
#define SERVICE_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "base/time.h"
#include "base/timerq.h"

struct loop;

struct loop_source {
	int fd; /* owner's; -1: not in the loop */
	void (*ready)(struct loop_source *src, uint32_t events); /* EPOLL* */
};

struct loop_timer {
	struct timer_node node;
	void (*fire)(struct loop_timer *t);
};

/* Called when the owner of the memory may free it. */
struct loop_deferred {
	struct list node;
	void (*run)(struct loop_deferred *d);
};

struct loop_hooks {
	/* All work that is due at now; true: more is due already. */
	bool (*work)(void *user, struct instant now);
	/* When work() is wanted next. */
	struct instant (*deadline)(void *user);
	/* Announce that we may sleep; false: something has come, do not. */
	bool (*arm)(void *user);
	void (*disarm)(void *user);
	/* Has anything come? (while spinning) */
	bool (*pending)(void *user);
	void *user;
};

struct loop *loop_new(const struct loop_hooks *hooks);
void loop_free(struct loop *l);

/* Level-triggered. 0 or -errno. */
int loop_add(struct loop *l, struct loop_source *src, uint32_t events);
int loop_change(struct loop *l, struct loop_source *src, uint32_t events);
/* Takes it out and closes the descriptor. Harmless when it is not in. */
void loop_close(struct loop *l, struct loop_source *src);
void loop_defer(struct loop *l, struct loop_deferred *d,
	void (*run)(struct loop_deferred *d));

void loop_timer_init(struct loop_timer *t, void (*fire)(struct loop_timer *t));
void loop_timer_set(struct loop *l, struct loop_timer *t, struct instant at);
void loop_timer_cancel(struct loop *l, struct loop_timer *t);

/* The clock, read once each round. */
struct instant loop_now(const struct loop *l);
/* Likewise, after another look at the clock. */
struct instant loop_look(struct loop *l);
/* Runs until loop_stop(). 0 or -errno of the kernel's wait. */
int loop_run(struct loop *l);
void loop_stop(struct loop *l);

#endif
