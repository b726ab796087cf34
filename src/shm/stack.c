/* Ready stacks: many push, one takes all. A record's `queued` says that it is on
 * the stack or about to be; only who turns it from 0 to 1 pushes, so that the
 * link has one writer. Taking all swaps the head for nothing, so there is no ABA.
 *
 * A process that dies between the two steps leaves a record that is marked but
 * on no stack, and nobody would ever push it again. So the mark is the pusher's
 * word, as in a lock: after a death the service takes all of svc_ready off, and
 * what is still marked by the dead one is such a record (shm_stack_rescue_socks()).
 * An epoll's items are rescued by who hears the hangup (client/epwait.c).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "base/atomic.h"
#include "shm/arena.h"

/* True: it is ours to push. */
static bool mark(_Atomic uint32_t *queued, uint32_t word)
{
	uint32_t none = 0;

	while (!atomic_cas(queued, &none, word)) {
		/* Pairs with the walker's swap to 0: what made us push was
		 * stored before, so either it sees that or we see its 0. */
		atomic_full_fence();
		if (atomic_get_relaxed(queued) != 0)
			return false;
		none = 0;
	}
	return true;
}

static void push(_Atomic uint64_t *head, _Atomic uint32_t *queued,
	_Atomic uint32_t *link, uint32_t i, uint32_t word)
{
	uint64_t h;

	if (!mark(queued, word))
		return;
	h = atomic_get_relaxed(head);
	do {
		atomic_put_relaxed(link, (uint32_t)h);
		/* Release: pairs with the swap in take_all(). */
	} while (!atomic_cas(head, &h, ((h >> 32) + 1) << 32 | i));
}

static uint32_t take_all(_Atomic uint64_t *head)
{
	/* Pairs with the compare-and-swap in push(): the links are seen. The
	 * look before it keeps an empty stack's line shared. */
	if ((uint32_t)atomic_get_relaxed(head) == 0)
		return 0;
	return (uint32_t)atomic_swap(head, 0);
}

void shm_stack_push_sock(struct shm_arena *a, uint32_t i)
{
	struct shm_sock *s = shm_sock_at(a, i);

	if (s)
		push(&a->hdr->svc_ready, &s->svc_queued, &s->svc_next, i,
			shm_owner_word(a->self_slot, a->self_gen));
}

uint32_t shm_stack_pop_socks(struct shm_arena *a)
{
	return take_all(&a->hdr->svc_ready);
}

unsigned shm_stack_rescue_socks(struct shm_arena *a, uint32_t slot, uint32_t gen)
{
	uint32_t end = atomic_get_acquire(&a->hdr->socks.fresh);
	uint32_t word = shm_owner_word(slot, gen);
	unsigned n = 0;

	for (uint32_t i = 1; i < end && i < a->n_socks; i++) {
		uint32_t seen = word;

		/* No partner: its owner is dead, nobody else writes it. */
		if (atomic_get_relaxed(&a->socks[i].svc_queued) == word &&
			atomic_cas(&a->socks[i].svc_queued, &seen, 0)) {
			shm_stack_push_sock(a, i);
			n++;
		}
	}
	return n;
}

void shm_stack_push_item(struct shm_arena *a, struct shm_epoll *e, uint32_t i)
{
	struct shm_item *it = shm_item_at(a, i);

	if (it)
		push(&e->ready, &it->queued, &it->ready_next, i,
			shm_owner_word(a->self_slot, a->self_gen));
}

uint32_t shm_stack_pop_items(struct shm_arena *a, struct shm_epoll *e)
{
	(void)a;
	return take_all(&e->ready);
}
