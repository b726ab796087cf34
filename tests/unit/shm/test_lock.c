/* Locks: exclusion between processes, and taken over from the dead.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <sched.h>

#include "ground.h"

static void yield(unsigned tries)
{
	(void)tries;
	sched_yield();
}

static void count_up(unsigned k)
{
	(void)k;
	arena.relax = yield;
	for (int n = 0; n < 20000; n++) {
		shm_lock_acquire(&arena, &arena.hdr->port_lock[0]);
		arena.hdr->service_pid++; /* not atomic */
		shm_lock_release(&arena, &arena.hdr->port_lock[0]);
	}
}

TEST(lock_excludes)
{
	ground_init();
	ground_fork(3, count_up);
	CHECK_INT(arena.hdr->service_pid, ==, 3 * 20000);
}

TEST(lock_stolen_from_a_killed_process)
{
	struct shm_lock *l;
	int status;
	pid_t pid;

	ground_init();
	l = &arena.hdr->port_lock[0];
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		arena.self_slot = 5;
		shm_lock_acquire(&arena, l);
		raise(SIGKILL);
	}
	CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status));
	arena.self_slot = 6;
	arena.lock_tries = 1000;
	CHECK(!shm_lock_try(&arena, l));
	CHECK(!shm_lock_acquire(&arena, l)); /* nobody knows of the death */
	arena.procs[5].gen++;		     /* the service does */
	CHECK(shm_lock_acquire(&arena, l));
	CHECK(!shm_lock_try(&arena, l));
	shm_lock_release(&arena, l);
	CHECK(shm_lock_try(&arena, l));
	shm_lock_release(&arena, l);
}

TEST(lock_scribbled_over)
{
	struct shm_lock *l;

	ground_init();
	l = &arena.hdr->port_lock[0];
	l->word = 0xffff1234; /* no such slot */
	CHECK(shm_lock_try(&arena, l));
	l->word = 0x1234;
	CHECK(shm_lock_try(&arena, l));
}
