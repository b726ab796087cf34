/* Locks between processes that may be killed while they hold one. The word says
 * whose it is: slot and generation. The service moves the slot's generation after
 * it learnt of the death; whoever then waits takes the lock over. What a lock
 * guards is always published by one store, so there is nothing to repair.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "base/atomic.h"
#include "shm/arena.h"

#define PAUSES 64u /* tries before the processor is offered to others */

static uint32_t my_word(const struct shm_arena *a)
{
	return shm_owner_word(a->self_slot, a->self_gen);
}

bool shm_owner_dead(const struct shm_arena *a, uint32_t word)
{
	uint32_t slot = word >> 16;

	if (slot == 0 || slot > a->n_procs)
		return true; /* nobody writes such a word: scribbled over */
	/* Pairs with the service's increment after a death: whatever the dead
	 * process had stored is visible then. */
	return (atomic_get_acquire(&a->procs[slot - 1].gen) & 0xffff) !=
		(word & 0xffff);
}

bool shm_lock_try(const struct shm_arena *a, struct shm_lock *l)
{
	uint32_t seen = 0;

	/* Acquire: pairs with the release store in shm_lock_release(). */
	if (atomic_cas(&l->word, &seen, my_word(a)))
		return true;
	return shm_owner_dead(a, seen) && atomic_cas(&l->word, &seen, my_word(a));
}

bool shm_lock_acquire(const struct shm_arena *a, struct shm_lock *l)
{
	for (unsigned n = 0;; n++) {
		/* Read first: the line stays shared while somebody holds it. */
		if ((n == 0 || n % 16 == 15 ||
			    atomic_get_relaxed(&l->word) == 0) &&
			shm_lock_try(a, l))
			return true;
		if (a->lock_tries != 0 && n >= a->lock_tries)
			return false;
		if (n > PAUSES && a->relax)
			a->relax(n - PAUSES);
		else
			atomic_pause();
	}
}
