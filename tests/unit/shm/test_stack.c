/* Ready stacks with several pushers and one who takes all: nothing is lost and
 * nothing comes twice at once.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <sched.h>

#include "ground.h"

#define RECORDS 50
#define PUSHES 20000

TEST(stack_latest_first_and_once)
{
	uint32_t i[3];

	ground_init();
	CHECK_INT(shm_stack_pop_socks(&arena), ==, 0);
	for (int k = 0; k < 3; k++) {
		i[k] = shm_sock_take(&arena);
		shm_stack_push_sock(&arena, i[k]);
		shm_stack_push_sock(&arena, i[k]);
	}
	CHECK_INT(shm_stack_pop_socks(&arena), ==, i[2]);
	CHECK_INT(arena.socks[i[2]].svc_next, ==, i[1]);
	CHECK_INT(arena.socks[i[1]].svc_next, ==, i[0]);
	CHECK_INT(arena.socks[i[0]].svc_next, ==, 0);
	CHECK_INT(shm_stack_pop_socks(&arena), ==, 0);
	shm_stack_push_sock(&arena, 0);
	shm_stack_push_sock(&arena, 0xffffff);
}

/* A process that died between marking a record and pushing it. */
TEST(stack_rescues_what_the_dead_marked)
{
	uint32_t i[3], word = shm_owner_word(7, 70);

	ground_init();
	for (int k = 0; k < 3; k++)
		i[k] = shm_sock_take(&arena);
	arena.socks[i[0]].svc_queued = word;
	arena.socks[i[1]].svc_queued = shm_owner_word(8, 70); /* lives */
	shm_stack_push_sock(&arena, i[0]);
	CHECK_INT(shm_stack_pop_socks(&arena), ==, 0); /* lost, as it is */
	CHECK_INT(shm_stack_rescue_socks(&arena, 7, 71), ==, 0);
	CHECK_INT(shm_stack_rescue_socks(&arena, 7, 70), ==, 1);
	CHECK_INT(shm_stack_pop_socks(&arena), ==, i[0]);
	CHECK_INT(arena.socks[i[0]].svc_next, ==, 0);
	CHECK_INT(arena.socks[i[1]].svc_queued, ==, shm_owner_word(8, 70));
	CHECK_INT(shm_stack_rescue_socks(&arena, 7, 70), ==, 0);
}

/* Work for a record is a counter: the pusher adds, then pushes; the taker clears
 * `queued`, then takes the counter. */
static void pusher(unsigned k)
{
	struct rng r;

	rng_init(&r, k + 1);
	for (int n = 0; n < PUSHES; n++) {
		uint32_t i = 1 + rng_below(&r, RECORDS);

		atomic_add(&arena.socks[i].bytes_in, 1);
		shm_stack_push_sock(&arena, i);
	}
	atomic_add(&arena.hdr->changes, 1);
}

TEST(stack_loses_nothing)
{
	uint64_t got = 0;
	int status;

	ground_init();
	for (int k = 0; k < RECORDS; k++)
		shm_sock_take(&arena);
	for (unsigned k = 0; k < 3; k++) {
		if (fork() == 0) {
			pusher(k);
			_exit(0);
		}
	}
	for (;;) {
		bool last = atomic_get_acquire(&arena.hdr->changes) == 3;
		uint32_t i = shm_stack_pop_socks(&arena);

		if (i == 0 && last)
			break;
		if (i == 0)
			sched_yield();
		for (int n = 0; i != 0; n++) {
			struct shm_sock *s = shm_sock_at(&arena, i);

			CHECK(s && n < RECORDS);
			i = s->svc_next;
			CHECK_INT(atomic_swap(&s->svc_queued, 0), !=, 0);
			got += atomic_swap(&s->bytes_in, 0);
		}
	}
	CHECK_INT(got, ==, 3 * PUSHES);
	while (wait(&status) > 0)
		CHECK_INT(status, ==, 0);
}
