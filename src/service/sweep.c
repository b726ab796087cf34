/* The sweep. A record is dead when the kernel no longer knows its stand-in's
 * cookie. The order makes that safe: first the records are read, then the kernel
 * is asked, and before one is reaped it must still be the same record.
 *
 *   has a cookie       dead when the kernel says so
 *   embryo             belongs to its listener: dead with it; or when its
 *                      connector died while it waited for room in the queue: for
 *                      EMBRYO_GRACE that one is gone and the queue is empty, so
 *                      that nobody is between the kernel's accept and ours
 *   connection of NET  not ours to judge: the net reaps it (net_owns)
 *   no cookie yet      being made: dead when its maker is, seen twice, because
 *                      it may just be passing from connector to acceptor
 *
 * Driven by the death of a process and by hdr->changes, which is looked at whenever
 * the service is awake (programs ring after every thousand closes); no timer runs
 * while nothing happens.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sweep.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/atomic.h"
#include "host.h"
#include "log.h"
#include "sock/packets.h"

#define DUMP_FROM 16 /* so many records: one dump is cheaper than single looks */
#define SUSPECTS_MAX 4096 /* the others wait for the next sweep */

/* What was read of a record before the kernel was asked. */
struct candidate {
	uint32_t sock, gen;
	uint64_t cookie;
	bool unbound; /* its stand-in never gets a name */
};

struct candidates {
	struct candidate *list;
	uint32_t n, size;
};

struct cookies {
	uint64_t *list;
	size_t n, size;
	bool failed;
	bool whole; /* diag_dump() was 1 */
};

static void cookie_add(void *user, uint64_t cookie)
{
	struct cookies *c = user;

	if (c->n == c->size) {
		size_t size = c->size ? 2 * c->size : 256;
		uint64_t *list = realloc(c->list, size * sizeof(*list));

		if (!list) {
			c->failed = true;
			return;
		}
		c->list = list;
		c->size = size;
	}
	c->list[c->n++] = cookie;
}

static int cookie_order(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static bool cookie_has(const struct cookies *c, uint64_t cookie)
{
	return c->n && bsearch(&cookie, c->list, c->n, sizeof(*c->list),
		cookie_order);
}

/* --- reaping --------------------------------------------------------------------- */

static void reap(struct host *h, uint32_t i, uint32_t gen)
{
	struct shm_sock *s = shm_sock_at(&h->arena, i);
	bool listener = atomic_get_acquire(&s->state) == SHM_SOCK_LISTEN;

	sock_reap(&h->env, i);
	if (listener)
		net_listener_gone(h->net, loop_now(h->svc->loop), i, gen);
}

static bool same_record(struct host *h, const struct candidate *c)
{
	struct shm_sock *s = shm_sock_at(&h->arena, c->sock);

	return s && atomic_get_acquire(&s->gen) == c->gen &&
		atomic_get_acquire(&s->state) != SHM_SOCK_FREE &&
		atomic_get_acquire(&s->cookie) == c->cookie;
}

/* What the dump may have missed is asked for alone: the kernel goes through all its
 * sockets for that. */
static bool candidate_is_dead(struct host *h, const struct candidate *c,
	const struct cookies *alive)
{
	if (cookie_has(alive, c->cookie) || sock_packet_mapped(&h->env, c->sock) ||
		!same_record(h, c))
		return false;
	return (alive->whole && c->unbound) ||
		host_look(h, c->sock, NULL, NULL) == -ENOENT;
}

static uint32_t reap_dead(struct host *h, const struct candidates *list)
{
	struct cookies alive = { 0 };
	uint32_t n = 0;

	if (list->n >= DUMP_FROM) {
		int all = diag_dump(&h->svc->diag, cookie_add, &alive);

		alive.failed = alive.failed || all < 0;
		alive.whole = all == 1;
		if (!alive.failed)
			qsort(alive.list, alive.n, sizeof(*alive.list),
				cookie_order);
	}
	for (uint32_t i = 0; !alive.failed && i < list->n; i++) {
		if (candidate_is_dead(h, &list->list[i], &alive)) {
			reap(h, list->list[i].sock, list->list[i].gen);
			n++;
		}
	}
	free(alive.list);
	return n;
}

/* --- records without a stand-in ------------------------------------------------------ */

/* One sweep's: who is suspected anew, and the listener whose queue was asked for. */
struct unborn {
	struct suspect *list;
	uint32_t n, size;
	uint32_t listener; /* 0: none yet */
	bool empty;
	bool soon; /* somebody waits for no more than the next sweep */
};

static const struct suspect *was_suspect(const struct sweep *sw, uint32_t i,
	uint32_t gen)
{
	for (uint32_t k = 0; k < sw->n_suspects; k++) {
		if (sw->suspects[k].sock == i && sw->suspects[k].gen == gen)
			return &sw->suspects[k];
	}
	return NULL;
}

static void suspect_add(struct unborn *u, const struct suspect *one)
{
	struct suspect *list = u->list;

	if (u->n == SUSPECTS_MAX)
		return;
	if (u->n == u->size) {
		uint32_t size = u->size ? 2 * u->size : 64;

		list = realloc(u->list, size * sizeof(*list));
		if (!list)
			return; /* the next sweep has another try */
		u->list = list;
		u->size = size;
	}
	list[u->n++] = *one;
}

static bool listener_is_gone(struct host *h, const struct shm_sock *s)
{
	struct shm_sock *l = shm_sock_at(&h->arena, s->listener);

	return !l || atomic_get_acquire(&l->gen) != s->listener_gen ||
		atomic_get_acquire(&l->state) != SHM_SOCK_LISTEN;
}

static bool maker_is_gone(const struct host *h, const struct shm_sock *s)
{
	uint32_t slot = s->owner_slot;

	return slot && slot < SHM_PROCS &&
		(!h->procs[slot] || h->gens[slot] != s->owner_gen);
}

/* The same answer for a whole sweep: whose connector is gone has joined no queue since,
 * as only sweeps make it so. */
static bool queue_is_empty(struct host *h, struct unborn *u, uint32_t listener)
{
	uint32_t queued = 0;

	if (u->listener != listener) {
		u->listener = listener;
		u->empty = host_look(h, listener, &queued, NULL) == 0 && queued == 0;
	}
	return u->empty;
}

/* Has its connector gone without a word? Who has come through is in the queue. */
static bool embryo_is_lost(struct host *h, struct unborn *u, const struct shm_sock *s)
{
	return sock_embryo_is_alone(&h->env, s) && queue_is_empty(h, u, s->listener);
}

/* Is this record, which has no cookie, to be reaped now? */
static bool unborn_is_dead(struct sweep *sw, uint32_t i, struct shm_sock *s,
	struct unborn *u)
{
	struct suspect one = { i, atomic_get_acquire(&s->gen), sw->last };
	const struct suspect *before = was_suspect(sw, i, one.gen);
	bool slowly = false;

	if (atomic_get_acquire(&s->flags) & SHM_F_EMBRYO) {
		slowly = !listener_is_gone(sw->host, s);
		if (slowly && !embryo_is_lost(sw->host, u, s))
			return false;
	} else if (!maker_is_gone(sw->host, s)) {
		return false;
	}
	if (before) {
		one.since = before->since;
		if (!slowly || !instant_before(sw->last,
			instant_add(before->since, EMBRYO_GRACE)))
			return true;
	}
	suspect_add(u, &one);
	u->soon |= !slowly;
	return false;
}

/* --- the whole ------------------------------------------------------------------------ */

static void candidate_add(struct candidates *c, uint32_t i,
	const struct shm_sock *s, uint64_t cookie)
{
	if (c->n == c->size) {
		uint32_t size = c->size ? 2 * c->size : 256;
		struct candidate *list = realloc(c->list, size * sizeof(*list));

		if (!list)
			return; /* the next sweep has another try */
		c->list = list;
		c->size = size;
	}
	c->list[c->n++] = (struct candidate){ i, atomic_get_acquire(&s->gen), cookie,
		atomic_get_acquire(&s->state) == SHM_SOCK_CONNECTED &&
			s->type == SOCK_STREAM };
}

/* Reads the table; returns the records in use. */
static uint32_t collect(struct sweep *sw, struct candidates *list,
	struct unborn *unborn)
{
	struct host *h = sw->host;
	struct shm_arena *a = &h->arena;
	uint32_t end = atomic_get_acquire(&a->hdr->socks.fresh);
	uint32_t used = 0;

	if (end > a->n_socks)
		end = a->n_socks;
	for (uint32_t i = 1; i < end; i++) {
		struct shm_sock *s = shm_sock_at(a, i);
		uint64_t cookie;

		if (!s || atomic_get_acquire(&s->state) == SHM_SOCK_FREE)
			continue;
		used++;
		if (net_owns(h->net, i))
			continue;
		cookie = atomic_get_acquire(&s->cookie);
		if (cookie) {
			candidate_add(list, i, s, cookie);
		} else if (unborn_is_dead(sw, i, s, unborn) &&
			sock_reap_unborn(&h->env, i)) {
			used--;
		}
	}
	return used;
}

uint32_t sweep_run(struct sweep *sw)
{
	struct host *h = sw->host;
	struct loop *l = h->svc->loop;
	struct candidates list = { 0 };
	struct unborn unborn = { 0 };
	uint32_t used, dead;

	loop_timer_cancel(l, &sw->timer);
	sw->last = loop_now(l);
	/* Partner: a program's add at close, before the native close. */
	sw->changes = atomic_get_acquire(&h->arena.hdr->changes);
	used = collect(sw, &list, &unborn);
	dead = reap_dead(h, &list);
	free(list.list);
	free(sw->suspects);
	sw->suspects = unborn.list;
	sw->n_suspects = unborn.n;
	sw->living = used - dead;
	orphans_look(&h->orphans);
	/* Embryos of listeners just reaped, records caught half-made. */
	if (unborn.soon || dead)
		loop_timer_set(l, &sw->timer, instant_add(sw->last, SWEEP_LAZY));
	else if (unborn.n)
		loop_timer_set(l, &sw->timer, instant_add(sw->last, EMBRYO_GRACE));
	return sw->living;
}

static void sweep_fire(struct loop_timer *t)
{
	sweep_run(LIST_ENTRY(t, struct sweep, timer));
}

void sweep_init(struct sweep *s, struct host *h)
{
	memset(s, 0, sizeof(*s));
	s->host = h;
	loop_timer_init(&s->timer, sweep_fire);
}

void sweep_stop(struct sweep *s)
{
	loop_timer_cancel(s->host->svc->loop, &s->timer);
	free(s->suspects);
	s->suspects = NULL;
	s->n_suspects = 0;
}

/* Never later than what is planned already. */
static void sweep_plan(struct sweep *s, struct instant at)
{
	struct instant earliest = instant_add(s->last, SWEEP_GAP);

	if (instant_before(at, earliest))
		at = earliest;
	if (!timer_node_is_set(&s->timer.node) ||
		instant_before(at, s->timer.node.at))
		loop_timer_set(s->host->svc->loop, &s->timer, at);
}

void sweep_soon(struct sweep *s)
{
	sweep_plan(s, loop_now(s->host->svc->loop));
}

void sweep_look(struct sweep *s)
{
	/* Partner: as in sweep_run. */
	uint32_t n = atomic_get_relaxed(&s->host->arena.hdr->changes) - s->changes;
	struct instant now = loop_now(s->host->svc->loop);

	if (n >= SWEEP_MANY)
		sweep_plan(s, now);
	else if (n && !timer_node_is_set(&s->timer.node))
		sweep_plan(s, instant_add(now, SWEEP_LAZY));
}
