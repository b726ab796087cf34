/* Several sleepers on one stand-in: who may take bells out, and that nobody sleeps on.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"

#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bells.h"

#define ROUNDS 20000
#define CROWD 4

static struct fd_ref near;
static int far;

/* An arena of our own in place of the service's, and a stream's two stand-ins. */
static void world(void)
{
	struct shm_geometry g = { .size = 64u << 20 };
	void *p = mmap(NULL, g.size, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	int sv[2];

	CHECK(p != MAP_FAILED);
	CHECK_INT(shm_arena_create(&cl.arena, p, g.size, &g), ==, 0);
	cl.env = (struct sock_env){ .arena = &cl.arena };
	cl.arena.self_slot = 1;
	CHECK_INT(sock_create(&cl.env, AF_INET, SOCK_STREAM, 0, &near.i), ==, 0);
	near.s = shm_sock_at(&cl.arena, near.i);
	near.gen = atomic_get_relaxed(&near.s->gen);
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, sv) == 0);
	near.fd = sv[0];
	far = sv[1];
}

static void ring(int n)
{
	/* As standin_ring(); pairs with the swap of who takes them out. */
	atomic_put_release(&near.s->rung, 1);
	for (int k = 0; k < n; k++)
		CHECK(send(far, "", 1, MSG_DONTWAIT) == 1);
}

static int bells(void)
{
	int n = -1;

	CHECK(ioctl(near.fd, FIONREAD, &n) == 0);
	return n;
}

static void over(void)
{
	close(near.fd);
	close(far);
}

TEST(the_last_bell_stays_for_those_inside)
{
	world();
	ring(5);
	CHECK(bells_enter(&near));
	CHECK_INT(bells_take(&near), ==, BELLS_LEFT);
	CHECK_INT(bells(), ==, 1);
	CHECK(atomic_get_relaxed(&near.s->rung));
	CHECK(bells_enter(&near));
	bells_leave(&near);
	CHECK_INT(bells_take(&near), ==, BELLS_LEFT);
	CHECK_INT(bells(), ==, 1);
	bells_leave(&near);
	CHECK_INT(bells_take(&near), ==, BELLS_TAKEN);
	CHECK_INT(bells(), ==, 0);
	CHECK(!atomic_get_relaxed(&near.s->rung));
	over();
}

/* As of one that was killed inside: only once the service has seen it. */
TEST(the_dead_are_not_inside)
{
	world();
	ring(1);
	CHECK(bells_enter(&near));
	CHECK_INT(bells_take(&near), ==, BELLS_LEFT);
	atomic_add(&cl.arena.procs[1].gen, 1);
	cl.arena.self_slot = 2;
	CHECK_INT(bells_take(&near), ==, BELLS_TAKEN);
	/* Its place is free for others. */
	for (uint32_t k = 0; k < SHM_INSIDE; k++) {
		cl.arena.self_slot = 2 + k;
		CHECK(bells_enter(&near));
	}
	cl.arena.self_slot = 2 + SHM_INSIDE;
	CHECK(!bells_enter(&near));
	over();
}

TEST(an_epoll_that_was_rung_is_inside)
{
	uint32_t e, k;

	world();
	e = shm_epoll_take(&cl.arena);
	k = shm_item_take(&cl.arena);
	shm_item_at(&cl.arena, k)->epoll = e;
	atomic_put_relaxed(&shm_item_at(&cl.arena, k)->live, ITEM_LIVE);
	atomic_put_relaxed(&shm_item_at(&cl.arena, k)->events, POLLIN);
	CHECK_INT(sock_watch(&cl.env, near.i, k), ==, 0);
	atomic_put_relaxed(&shm_epoll_at(&cl.arena, e)->armed, SHM_ARMED);
	ring(2);
	CHECK_INT(bells_take(&near), ==, BELLS_TAKEN);
	CHECK(sock_notify(&cl.env, near.i, POLLIN));
	CHECK_INT(atomic_get_relaxed(&shm_epoll_at(&cl.arena, e)->armed), ==, SHM_RUNG);
	ring(2);
	CHECK_INT(bells_take(&near), ==, BELLS_LEFT);
	CHECK_INT(bells(), ==, 1);
	over();
}

TEST(who_finds_others_inside_waits_for_a_limit)
{
	world();
	ring(1);
	CHECK(bells_enter(&near));
	CHECK_INT(bells_clear(&near, WAIT_FOREVER), ==, -ETIMEDOUT);
	bells_leave(&near);
	CHECK_INT(bells_clear(&near, WAIT_FOREVER), ==, 0);
	CHECK_INT(atomic_get_relaxed(&near.s->bell_wait), ==, 0);
	over();
}

TEST(the_far_end_is_gone)
{
	world();
	close(far);
	CHECK_INT(bells_take(&near), ==, BELLS_GONE);
	close(near.fd);
}

/* A crowd, each of which waits for its own word: every ring is for one of them. */
static _Atomic uint32_t wanted[CROWD], seen[CROWD];
static _Atomic uint32_t stop;

static void *sleeper(void *arg)
{
	uintptr_t me = (uintptr_t)arg;
	char c;

	while (!atomic_get_acquire(&stop)) {
		CHECK(bells_enter(&near));
		if (atomic_get_acquire(&wanted[me]) == atomic_get_relaxed(&seen[me]) &&
			!atomic_get_acquire(&stop) &&
			!atomic_get_acquire(&near.s->rung))
			CHECK(recv(near.fd, &c, 1, MSG_PEEK) == 1);
		bells_leave(&near);
		/* Pairs with the ringer's wait. */
		if (atomic_get_acquire(&wanted[me]) != atomic_get_relaxed(&seen[me]))
			atomic_put_release(&seen[me], atomic_get_relaxed(&seen[me]) + 1);
		else
			bells_clear(&near, WAIT_FOREVER);
	}
	return NULL;
}

TEST_TIMEOUT(no_wake_up_is_lost, 120)
{
	pthread_t t[CROWD];
	unsigned dice = 1;

	world();
	for (uintptr_t k = 0; k < CROWD; k++)
		CHECK(pthread_create(&t[k], NULL, sleeper, (void *)k) == 0);
	for (int n = 0; n < ROUNDS; n++) {
		uint32_t k = (dice = dice * 1103515245 + 12345) / 65536 % CROWD;

		atomic_add(&wanted[k], 1);
		atomic_full_fence();
		ring(1);
		/* Release: pairs with the sleeper's. */
		while (atomic_get_acquire(&seen[k]) != atomic_get_relaxed(&wanted[k]))
			poll(NULL, 0, 0);
	}
	atomic_put_release(&stop, 1);
	for (int k = 0; k < CROWD; k++) {
		ring(1);
		poll(NULL, 0, 1);
	}
	for (int k = 0; k < CROWD; k++) {
		ring(1);
		CHECK(pthread_join(t[k], NULL) == 0);
	}
	over();
}
