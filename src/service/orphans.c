/* A set whose last holder is gone is not freed at once. A fork's child registers for
 * itself, and its parent may have ended before that; a program that was executed
 * says that it holds an inherited set when it first uses it. So a set without a
 * holder gets a period of grace, and is freed if at the end it is still the same and
 * still nobody's:
 *
 *	seen without holder --ORPHAN_GRACE--> again, same generation: freed
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#include "orphans.h"

#include <stdlib.h>
#include <string.h>

#include "base/atomic.h"
#include "host.h"
#include "limits.h"
#include "service.h"

static bool is_held(struct shm_epoll *e)
{
	for (unsigned w = 0; w < SHM_EPOLL_HOLDER_WORDS; w++) {
		if (atomic_get_acquire(&e->holders[w]))
			return true;
	}
	return false;
}

/* Its items, found by the whole table: the list may be half-changed. */
static void drop(struct host *h, uint32_t i)
{
	struct shm_arena *a = &h->arena;
	uint32_t end = atomic_get_acquire(&a->hdr->items.fresh);

	if (end > a->n_items)
		end = a->n_items;
	for (uint32_t k = 1; k < end; k++) {
		struct shm_item *it = shm_item_at(a, k);

		if (!it || !atomic_get_acquire(&it->live) || it->epoll != i)
			continue;
		sock_unwatch(&h->env, it->sock, k);
		shm_item_free(a, k);
	}
	shm_epoll_free(a, i);
}

static uint32_t n_sets(const struct shm_arena *a)
{
	uint32_t end = atomic_get_acquire(&a->hdr->epolls.fresh);

	return end < a->n_epolls ? end : a->n_epolls;
}

/* One set. True: it has no holder, and is not freed yet. */
static bool judge(struct orphans *o, uint32_t i)
{
	struct shm_epoll *e = shm_epoll_at(&o->host->arena, i);
	uint32_t gen;

	/* Live is set after the maker's hold. */
	if (!e || !atomic_get_acquire(&e->live) || is_held(e)) {
		o->seen[i] = 0;
		return false;
	}
	gen = atomic_get_acquire(&e->gen);
	if (o->seen[i] == gen) {
		o->seen[i] = 0;
		drop(o->host, i);
		return false;
	}
	o->seen[i] = gen;
	return true;
}

static void fire(struct loop_timer *t)
{
	struct orphans *o = LIST_ENTRY(t, struct orphans, timer);
	uint32_t end = n_sets(&o->host->arena);
	struct loop *l = o->host->svc->loop;
	bool some = false;

	for (uint32_t i = 1; i < end; i++)
		some |= judge(o, i);
	if (some)
		loop_timer_set(l, &o->timer, instant_add(loop_now(l),
			ORPHAN_GRACE));
}

void orphans_look(struct orphans *o)
{
	struct shm_arena *a = &o->host->arena;
	uint32_t end = n_sets(a);

	/* Its own looks go on until there is none. */
	if (timer_node_is_set(&o->timer.node))
		return;
	if (!o->seen)
		o->seen = calloc(a->n_epolls, sizeof(*o->seen));
	if (!o->seen)
		return;
	for (uint32_t i = 1; i < end; i++) {
		struct shm_epoll *e = shm_epoll_at(a, i);

		if (e && atomic_get_acquire(&e->live) && !is_held(e)) {
			fire(&o->timer);
			return;
		}
	}
}

void orphans_release(struct orphans *o, uint32_t slot)
{
	struct shm_arena *a = &o->host->arena;
	uint32_t end = n_sets(a), bit = 1u << slot % 32;

	for (uint32_t i = 1; i < end; i++) {
		struct shm_epoll *e = shm_epoll_at(a, i);

		if (e && atomic_get_acquire(&e->live) &&
			(atomic_get_acquire(&e->holders[slot / 32]) & bit))
			atomic_clear_bits(&e->holders[slot / 32], bit);
	}
	orphans_look(o);
}

void orphans_init(struct orphans *o, struct host *h)
{
	memset(o, 0, sizeof(*o));
	o->host = h;
	loop_timer_init(&o->timer, fire);
}

void orphans_stop(struct orphans *o)
{
	loop_timer_cancel(o->host->svc->loop, &o->timer);
	free(o->seen);
	o->seen = NULL;
}
