/* An arena in memory that forked children share, for the tests of shm.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef GROUND_H
#define GROUND_H

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/atomic.h"
#include "base/rng.h"
#include "check.h"
#include "shm/arena.h"
#include "shm/msgq.h"

#define GROUND_SIZE (32u << 20)

static struct shm_arena arena;

static inline void *ground_map(size_t size)
{
	void *m = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	CHECK(m != MAP_FAILED);
	return m;
}

static inline void ground_init(void)
{
	struct shm_geometry g = { .size = GROUND_SIZE };

	CHECK_INT(shm_arena_create(&arena, ground_map(GROUND_SIZE), GROUND_SIZE,
		&g), ==, 0);
}

/* Run fn(k) in n processes and wait; each must end with 0. */
static inline void ground_fork(unsigned n, void (*fn)(unsigned k))
{
	int status;

	for (unsigned k = 0; k < n; k++) {
		pid_t pid = fork();

		CHECK(pid >= 0);
		if (pid == 0) {
			arena.self_slot = k + 1;
			fn(k);
			_exit(0);
		}
	}
	while (wait(&status) > 0)
		CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

#endif
