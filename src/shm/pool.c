/* Taking and giving back sockets, epolls and items. A record is zeroed when it is
 * taken, but for what outlives its users: the generation (which moves), the locks
 * (somebody slow may still hold one; a dead owner's is stolen) and the link on a
 * ready stack where the record may still hang from its former life.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "base/atomic.h"
#include "tables.h"

/* Freed items may still hang on a ready stack: how many of them item_take looks
 * past before it takes a fresh one. */
#define ITEM_LOOKS 8u

static struct shm_links sock_links(const struct shm_arena *a)
{
	return (struct shm_links){
		(uint8_t *)a->socks + offsetof(struct shm_sock, next_free),
		sizeof(struct shm_sock), a->n_socks };
}

static struct shm_links epoll_links(const struct shm_arena *a)
{
	return (struct shm_links){
		(uint8_t *)a->epolls + offsetof(struct shm_epoll, next_free),
		sizeof(struct shm_epoll), a->n_epolls };
}

static struct shm_links item_links(const struct shm_arena *a)
{
	return (struct shm_links){
		(uint8_t *)a->items + offsetof(struct shm_item, next_free),
		sizeof(struct shm_item), a->n_items };
}

/* Zero [from, to) of a record, by whole words: whoever holds an old reference may
 * be reading. */
static void wipe(void *record, size_t from, size_t to)
{
	for (size_t at = from; at < to; at += sizeof(atomic_word))
		atomic_word_put((atomic_word *)((uint8_t *)record + at), 0);
}

#define SOCK_OFF(f) offsetof(struct shm_sock, f)
#define SOCK_END(f) (SOCK_OFF(f) + sizeof(((struct shm_sock *)0)->f))

uint32_t shm_sock_take(struct shm_arena *a)
{
	struct shm_links l = sock_links(a);
	uint32_t i = shm_pool_take(&a->hdr->socks, &l);
	struct shm_sock *s = shm_sock_at(a, i);

	if (!s)
		return 0;
	/* First the generation: whoever holds an old reference and looks again
	 * after this sees that it is stale. The fence keeps the words below it;
	 * pairs with the acquire of a reader who reads, then looks at gen. */
	atomic_add(&s->gen, 1);
	atomic_full_fence();
	wipe(s, SOCK_OFF(state), SOCK_OFF(next_free));
	wipe(s, SOCK_OFF(cookie), SOCK_OFF(lock));
	wipe(s, SOCK_END(lock), SOCK_OFF(watch_lock));
	wipe(s, SOCK_END(watch_lock), SOCK_OFF(svc_queued));
	wipe(s, SOCK_END(svc_next), SOCK_OFF(bell_lock));
	wipe(s, SOCK_END(bell_lock), sizeof(*s));
	return i;
}

void shm_sock_free(struct shm_arena *a, uint32_t i)
{
	struct shm_links l = sock_links(a);
	struct shm_sock *s = shm_sock_at(a, i);

	if (!s || atomic_get_relaxed(&s->next_free) != SHM_LINK_TAKEN)
		return;
	/* Nobody may take it for living; pairs with the loads of state. */
	atomic_put_release(&s->state, SHM_SOCK_FREE);
	shm_links_push(&a->hdr->socks.head, &l, i);
}

uint32_t shm_epoll_take(struct shm_arena *a)
{
	struct shm_links l = epoll_links(a);
	uint32_t i = shm_pool_take(&a->hdr->epolls, &l);
	struct shm_epoll *e = shm_epoll_at(a, i);

	if (!e)
		return 0;
	atomic_add(&e->gen, 1);
	atomic_put_relaxed(&e->live, 0);
	atomic_put_relaxed(&e->armed, 0);
	e->items = 0;
	e->mark = 0;
	atomic_put_relaxed(&e->shared, 0);
	atomic_put_relaxed(&e->nested, 0);
	for (unsigned w = 0; w < SHM_EPOLL_HOLDER_WORDS; w++)
		atomic_put_relaxed(&e->holders[w], 0);
	return i;
}

/* Whatever still hangs on the stack must be pushable on another. */
static void drain_ready(struct shm_arena *a, struct shm_epoll *e)
{
	uint32_t i = shm_stack_pop_items(a, e);

	for (uint32_t n = 0; n < a->n_items; n++) {
		struct shm_item *it = shm_item_at(a, i);

		if (!it)
			return;
		/* Link first: once queued is 0 somebody may push it anew. */
		i = atomic_get_relaxed(&it->ready_next);
		atomic_put_release(&it->queued, 0);
	}
}

void shm_epoll_free(struct shm_arena *a, uint32_t i)
{
	struct shm_links l = epoll_links(a);
	struct shm_epoll *e = shm_epoll_at(a, i);

	if (!e || atomic_get_relaxed(&e->next_free) != SHM_LINK_TAKEN)
		return;
	atomic_put_release(&e->live, 0); /* pairs with loads before a push */
	drain_ready(a, e);
	shm_links_push(&a->hdr->epolls.head, &l, i);
}

/* An item whose former epoll has not yet taken it off its stack cannot be put on
 * another: look for one that hangs nowhere. */
static uint32_t take_item(struct shm_arena *a, const struct shm_links *l)
{
	uint32_t aside[ITEM_LOOKS], n = 0, i = 0;

	while (n < ITEM_LOOKS) {
		i = shm_pool_take(&a->hdr->items, l);
		if (i == 0 || atomic_get_acquire(&a->items[i].queued) == 0)
			break;
		aside[n++] = i;
		i = 0;
	}
	if (i == 0 && n == ITEM_LOOKS)
		i = shm_pool_fresh(&a->hdr->items, l);
	while (n > 0)
		shm_links_push(&a->hdr->items.head, l, aside[--n]);
	return i;
}

uint32_t shm_item_take(struct shm_arena *a)
{
	struct shm_links l = item_links(a);
	uint32_t i = take_item(a, &l);
	struct shm_item *it = shm_item_at(a, i);

	if (!it)
		return 0;
	atomic_add(&it->gen, 1);
	atomic_put_relaxed(&it->live, 0);
	atomic_put_relaxed(&it->events, 0);
	it->sock = it->sock_gen = it->epoll = 0;
	it->watch_next = it->next = it->prev = 0;
	atomic_put_relaxed(&it->data, 0);
	it->fd = 0;
	return i;
}

void shm_item_free(struct shm_arena *a, uint32_t i)
{
	struct shm_links l = item_links(a);
	struct shm_item *it = shm_item_at(a, i);

	if (!it || atomic_get_relaxed(&it->next_free) != SHM_LINK_TAKEN)
		return;
	atomic_put_release(&it->live, 0); /* pairs with loads before a push */
	shm_links_push(&a->hdr->items.head, &l, i);
}
