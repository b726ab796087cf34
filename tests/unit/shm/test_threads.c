/* Locks, pools, ready stacks and queues once more, with threads in the place of
 * processes: the thread sanitizer cannot see what processes share. Each thread has
 * a view of the arena of its own, as a process has.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <pthread.h>
#include <sched.h>

#include "ground.h"

#define PARTIES 3
#define ROUNDS 20000
#define RECORDS 50

struct party {
	struct shm_arena a;
	unsigned k;
};

static void yield(unsigned tries)
{
	(void)tries;
	sched_yield();
}

static struct party parties[PARTIES];

/* Runs fn in one thread for each party, and last in this one if there is one. */
static void together(void *(*fn)(void *), void (*here)(void))
{
	pthread_t t[PARTIES];

	for (unsigned k = 0; k < PARTIES; k++) {
		parties[k].a = arena;
		parties[k].a.self_slot = k + 1;
		parties[k].a.relax = yield;
		parties[k].k = k;
		CHECK(pthread_create(&t[k], NULL, fn, &parties[k]) == 0);
	}
	if (here)
		here();
	for (unsigned k = 0; k < PARTIES; k++)
		CHECK(pthread_join(t[k], NULL) == 0);
}

static void *count_up(void *arg)
{
	struct party *p = arg;
	struct shm_lock *l = &p->a.hdr->port_lock[0];

	for (int n = 0; n < ROUNDS; n++) {
		CHECK(shm_lock_acquire(&p->a, l));
		p->a.hdr->service_pid++; /* not atomic */
		shm_lock_release(&p->a, l);
	}
	return NULL;
}

TEST(lock_orders_plain_memory)
{
	ground_init();
	together(count_up, NULL);
	CHECK_INT(arena.hdr->service_pid, ==, PARTIES * ROUNDS);
}

/* What is taken is one's own until it is given back, all of it. */
static void *take_and_free(void *arg)
{
	struct party *p = arg;
	uint32_t have[8] = { 0 }, *h;
	struct fifo_end w, rd;
	struct rng r;
	char c = (char)p->k, got;

	rng_init(&r, p->k + 1);
	for (int n = 0; n < ROUNDS; n++) {
		h = &have[rng_below(&r, 8)];
		if (*h == 0) {
			*h = shm_fifo_take(&p->a, 4096);
			if (*h == 0)
				continue;
			CHECK_INT(shm_fifo_writer(&p->a, *h, &w), ==, 0);
			CHECK_INT(fifo_write(&w, &c, 1), ==, 1);
		} else {
			CHECK_INT(shm_fifo_reader(&p->a, *h, &rd), ==, 0);
			CHECK_INT(fifo_read(&rd, &got, 1), ==, 1);
			CHECK_INT(got, ==, c);
			shm_fifo_free(&p->a, *h);
			*h = 0;
		}
	}
	return NULL;
}

TEST(pool_gives_to_one)
{
	ground_init();
	together(take_and_free, NULL);
	CHECK_INT(arena.hdr->fifos.fresh, <=, PARTIES * 8 + 1);
}

static void *push_socks(void *arg)
{
	struct party *p = arg;
	struct rng r;

	rng_init(&r, p->k + 1);
	for (int n = 0; n < ROUNDS; n++) {
		uint32_t i = 1 + rng_below(&r, RECORDS);

		atomic_add(&p->a.socks[i].bytes_in, 1);
		shm_stack_push_sock(&p->a, i);
	}
	atomic_add(&p->a.hdr->changes, 1);
	return NULL;
}

static void pop_socks(void)
{
	uint64_t got = 0;

	for (;;) {
		bool last = atomic_get_acquire(&arena.hdr->changes) == PARTIES;
		uint32_t i = shm_stack_pop_socks(&arena);

		if (i == 0 && last)
			break;
		if (i == 0)
			sched_yield();
		while (i != 0) {
			struct shm_sock *s = shm_sock_at(&arena, i);

			i = s->svc_next;
			CHECK(atomic_swap(&s->svc_queued, 0) != 0);
			got += atomic_swap(&s->bytes_in, 0);
		}
	}
	CHECK_INT(got, ==, PARTIES * ROUNDS);
}

TEST(stack_loses_no_push)
{
	ground_init();
	for (int k = 0; k < RECORDS; k++)
		shm_sock_take(&arena);
	together(push_socks, pop_socks);
}

static uint32_t queue;

static void *put_messages(void *arg)
{
	struct party *p = arg;
	struct shm_lock *l = &p->a.fifos[queue].w_lock;
	struct shm_msg m = { .len = 8, .ifindex = p->k };
	struct fifo_end w;
	int r;

	for (uint64_t n = 0; n < ROUNDS / 4;) {
		struct span s = { (const uint8_t *)&n, sizeof(n) };

		CHECK(shm_lock_acquire(&p->a, l));
		CHECK_INT(shm_fifo_writer(&p->a, queue, &w), ==, 0);
		r = shm_msgq_put(&w, 4000, &m, &s, 1);
		shm_lock_release(&p->a, l);
		CHECK(r == 0 || r == -ENOBUFS);
		if (r == 0)
			n++;
		else
			sched_yield();
	}
	return NULL;
}

/* Each sender's come in order, none lost. */
static void get_messages(void)
{
	uint64_t next[PARTIES] = { 0 }, n;
	struct fifo_end r;
	struct shm_msg m;

	for (int left = PARTIES * (ROUNDS / 4); left > 0;) {
		CHECK_INT(shm_fifo_reader(&arena, queue, &r), ==, 0);
		if (shm_msgq_peek(&r, &m) == 0) {
			sched_yield();
			continue;
		}
		CHECK(m.len == 8 && m.ifindex < PARTIES);
		shm_msgq_copy(&r, 0, &n, 8);
		CHECK_INT(n, ==, next[m.ifindex]++);
		shm_msgq_drop(&r, &m);
		left--;
	}
}

TEST(queue_of_three_senders)
{
	ground_init();
	queue = shm_fifo_take(&arena, 8192);
	CHECK(queue != 0);
	together(put_messages, get_messages);
}
