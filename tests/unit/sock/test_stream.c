/* Streams between two sockets of one arena.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/rng.h"
#include "world.h"
#include "world_twin.h"

TEST(stream_both_ways)
{
	uint32_t a, b, l;
	char buf[16];

	world_init();
	pair_of(&a, &b, &l);
	CHECK_INT(get(b, buf, sizeof(buf), 0), ==, -EAGAIN);
	CHECK_INT(put(a, "hello", 5), ==, 5);
	CHECK_INT(put(b, "world!", 6), ==, 6);
	CHECK_INT(get(b, buf, 3, MSG_PEEK), ==, 3);
	CHECK_MEM(buf, "hel", 3);
	CHECK_INT(get(b, buf, 2, 0), ==, 2);
	CHECK_INT(get(b, buf, 16, 0), ==, 3);
	CHECK_MEM(buf, "llo", 3);
	CHECK_INT(get(a, NULL, 2, MSG_TRUNC), ==, 2);
	CHECK_INT(get(a, buf, 16, 0), ==, 4);
	CHECK_MEM(buf, "rld!", 4);
	CHECK_INT(get(a, buf, 0, 0), ==, -EAGAIN);
}

TEST(stream_iovecs_and_peek_across_them)
{
	uint32_t a, b, l;
	char x[4], y[8];
	struct iovec w[3] = { { (char[]){ "abc" }, 3 }, { NULL, 0 },
		{ (char[]){ "defgh" }, 5 } };
	struct iovec r[2] = { { x, 4 }, { y, 8 } };

	world_init();
	pair_of(&a, &b, &l);
	CHECK_INT(sock_send(&env, a, w, 3, 0, &fx), ==, 8);
	CHECK_INT(sock_recv(&env, b, r, 2, MSG_PEEK, &fx), ==, 8);
	CHECK_MEM(x, "abcd", 4);
	CHECK_MEM(y, "efgh", 4);
	memset(x, 0, 4);
	CHECK_INT(sock_recv(&env, b, r, 2, 0, &fx), ==, 8);
	CHECK_MEM(x, "abcd", 4);
}

TEST(stream_full_then_writable_at_a_third)
{
	static uint8_t big[4 << 20];
	uint32_t a, b, l;
	ssize_t n;

	world_init();
	pair_of(&a, &b, &l);
	n = put(a, big, sizeof(big));
	CHECK_INT(n, ==, 1 << 20);
	CHECK_INT(put(a, "x", 1), ==, -EAGAIN);
	CHECK_INT(sock_ready(&env, a, POLLOUT) & POLLOUT, ==, 0);
	sock_sleep_begin(&env, a, POLLOUT);
	CHECK_INT(get(b, big, 1000, 0), ==, 1000);
	CHECK(!fx.ring); /* not yet worth it */
	CHECK_INT(get(b, big, 400000, 0), ==, 400000);
	CHECK(fx.ring);
	sock_sleep_end(&env, a, POLLOUT);
	CHECK(sock_ready(&env, a, POLLOUT) & POLLOUT);
	CHECK_INT(at(a)->tx_wait, ==, 0);
}

static ssize_t twin_put(struct rng *r, uint32_t i, const void *p, size_t n)
{
	(void)r;
	return put(i, p, n);
}

static ssize_t twin_get(struct rng *r, uint32_t i, void *p, size_t n)
{
	(void)r;
	return get(i, p, n, 0);
}

/* Small writes do not look at what the reader has taken until they must. */
TEST(stream_room_against_a_naive_twin)
{
	struct twin t = { twin_put, twin_get, 0 };
	uint32_t a, b, l;

	world_init();
	pair_of(&a, &b, &l);
	twin_run(&t, a, b);
}

TEST(stream_rings_only_for_a_sleeper)
{
	uint32_t a, b, l;

	world_init();
	pair_of(&a, &b, &l);
	put(a, "x", 1);
	CHECK(!fx.ring);
	sock_sleep_begin(&env, b, POLLIN);
	put(a, "x", 1);
	CHECK(fx.ring);
	sock_sleep_end(&env, b, POLLIN);
	put(a, "x", 1);
	CHECK(!fx.ring);
}

TEST(stream_errors_before_connect)
{
	uint32_t i;
	char c;

	world_init();
	i = tcp();
	CHECK_INT(put(i, "x", 1), ==, -EPIPE); /* Linux, not ENOTCONN */
	CHECK_INT(get(i, &c, 1, 0), ==, -ENOTCONN);
	CHECK_INT(sock_ready(&env, i, POLLIN | POLLOUT), ==,
		POLLOUT | POLLWRNORM | POLLHUP);
	i = listener("127.0.0.1", 7000);
	CHECK_INT(put(i, "x", 1), ==, -EPIPE);
	CHECK_INT(get(i, &c, 1, 0), ==, -ENOTCONN);
	CHECK_INT(put(99, "x", 1), ==, -EBADF);
}

TEST(stream_buffers_of_the_user_limit)
{
	static uint8_t big[1 << 20];
	uint32_t a, b, l = 0, em;

	world_init();
	l = tcp();
	set_int(l, SOL_SOCKET, SO_RCVBUF, 4096);
	CHECK_INT(bind_to(l, "127.0.0.1", 7001), ==, 0);
	CHECK_INT(sock_listen(&env, l, 1), ==, 0);
	a = tcp();
	set_int(a, SOL_SOCKET, SO_SNDBUF, 8192);
	CHECK_INT(connect_to(a, "127.0.0.1", 7001, &em), ==, 0);
	CHECK_INT(accept_from(l, em, &b), ==, 0);
	CHECK_INT(get_int(b, SOL_SOCKET, SO_RCVBUF), ==, 8192); /* inherited */
	/* 16,384 + 8,192: sender's and receiver's. */
	CHECK_INT(put(a, big, sizeof(big)), ==, 24576);
}

TEST(stream_ioctls)
{
	uint32_t a, b, l;
	int v = -1;

	world_init();
	pair_of(&a, &b, &l);
	put(a, "12345", 5);
	CHECK_INT(sock_ioctl(&env, b, 0x541b, &v), ==, 0);
	CHECK_INT(v, ==, 5);
	CHECK_INT(sock_ioctl(&env, a, 0x5411, &v), ==, 0);
	CHECK_INT(v, ==, 0);
	CHECK_INT(sock_ioctl(&env, l, 0x541b, &v), ==, -EINVAL);
	CHECK_INT(sock_ioctl(&env, a, 0x1234, &v), ==, -ENOTTY);
}

#define AMOUNT (8u << 20)

static void *sender(void *arg)
{
	uint32_t i = *(uint32_t *)arg;
	uint8_t buf[5000];
	struct sock_effect f;

	for (uint32_t done = 0; done < AMOUNT;) {
		struct iovec v = { buf, sizeof(buf) };
		ssize_t n;

		if (v.iov_len > AMOUNT - done)
			v.iov_len = AMOUNT - done;
		for (uint32_t k = 0; k < v.iov_len; k++)
			buf[k] = (uint8_t)((done + k) * 2654435761u >> 24);
		n = sock_send(&env, i, &v, 1, 0, &f);
		if (n > 0)
			done += (uint32_t)n;
	}
	sock_shutdown(&env, i, SHUT_WR, &f);
	return NULL;
}

TEST(stream_two_threads)
{
	static uint8_t buf[7000];
	uint32_t a, b, l, done = 0;
	pthread_t t;
	ssize_t n;

	world_init();
	pair_of(&a, &b, &l);
	CHECK(pthread_create(&t, NULL, sender, &a) == 0);
	while ((n = get(b, buf, sizeof(buf), 0)) != 0) {
		if (n == -EAGAIN)
			continue;
		CHECK_INT(n, >, 0);
		for (ssize_t k = 0; k < n; k++, done++)
			CHECK(buf[k] == (uint8_t)(done * 2654435761u >> 24));
	}
	CHECK_INT(done, ==, AMOUNT);
	pthread_join(t, NULL);
}

static void *many_senders(void *arg)
{
	uint32_t i = *(uint32_t *)arg;
	struct sock_effect f;
	uint8_t block[64];
	struct iovec v = { block, sizeof(block) };

	memset(block, (int)(uintptr_t)pthread_self() & 0xff, sizeof(block));
	for (int k = 0; k < 5000;)
		if (sock_send(&env, i, &v, 1, 0, &f) > 0)
			k++;
	return NULL;
}

/* Writes that fit are not mixed: each takes the lock. */
TEST(stream_two_writers_do_not_mix)
{
	uint32_t a, b, l, done = 0;
	pthread_t t[2];
	uint8_t buf[64];
	ssize_t n;

	world_init();
	pair_of(&a, &b, &l);
	for (int k = 0; k < 2; k++)
		CHECK(pthread_create(&t[k], NULL, many_senders, &a) == 0);
	while (done < 2 * 5000 * 64) {
		n = get(b, buf, 64, 0);
		if (n == -EAGAIN)
			continue;
		CHECK_INT(n, ==, 64);
		for (int k = 1; k < 64; k++)
			CHECK(buf[k] == buf[0]);
		done += (uint32_t)n;
	}
	for (int k = 0; k < 2; k++)
		pthread_join(t[k], NULL);
}

#define EDGE_AMOUNT (1u << 20)

struct edge {
	uint32_t i, item;
};

/* Sends as an edge-triggered program does: after a short write it waits for the
 * item to be queued, whatever else is true. */
static void *edge_sender(void *arg)
{
	struct edge *g = arg;
	struct shm_item *it = shm_item_at(&arena, g->item);
	struct shm_epoll *ep = shm_epoll_at(&arena, it->epoll);
	static uint8_t buf[5000];
	struct sock_effect f;

	for (uint32_t done = 0; done < EDGE_AMOUNT;) {
		struct iovec v = { buf, sizeof(buf) };
		ssize_t n;

		if (v.iov_len > EDGE_AMOUNT - done)
			v.iov_len = EDGE_AMOUNT - done;
		shm_stack_pop_items(&arena, ep);
		it->queued = 0;
		n = sock_send(&env, g->i, &v, 1, 0, &f);
		if (n > 0)
			done += (uint32_t)n;
		while (n < (ssize_t)v.iov_len && it->queued == 0)
			sched_yield();
	}
	sock_shutdown(&env, g->i, SHUT_WR, &f);
	return NULL;
}

TEST(stream_edge_after_a_short_write)
{
	static uint8_t buf[7000];
	uint32_t b, l, em, done = 0;
	struct shm_item *it;
	struct edge g;
	pthread_t t;
	ssize_t n;

	world_init();
	l = listener("127.0.0.1", 7001);
	set_int(l, SOL_SOCKET, SO_RCVBUF, 1);
	g.i = tcp();
	set_int(g.i, SOL_SOCKET, SO_SNDBUF, 1);
	CHECK_INT(connect_to(g.i, "127.0.0.1", 7001, &em), ==, 0);
	CHECK_INT(accept_from(l, em, &b), ==, 0);
	g.item = shm_item_take(&arena);
	it = shm_item_at(&arena, g.item);
	it->epoll = shm_epoll_take(&arena);
	it->events = POLLOUT;
	it->live = 1;
	CHECK_INT(sock_watch(&env, g.i, g.item), ==, 0);
	CHECK(pthread_create(&t, NULL, edge_sender, &g) == 0);
	while ((n = get(b, buf, sizeof(buf), 0)) != 0)
		done += n > 0 ? (uint32_t)n : 0;
	CHECK_INT(done, ==, EDGE_AMOUNT);
	pthread_join(t, NULL);
}

/* What a stream holds at place n. */
static uint8_t byte_at(uint32_t n)
{
	return (uint8_t)(n * 2654435761u >> 24);
}

static void send_until_killed(uint32_t i, uint32_t slot)
{
	uint32_t at_ = arena.fifos[at(i)->tx].sh.tail;
	uint8_t buf[3000];

	arena.self_slot = slot;
	for (;;) {
		ssize_t n;

		for (uint32_t k = 0; k < sizeof(buf); k++)
			buf[k] = byte_at(at_ + k);
		n = put(i, buf, sizeof(buf));
		if (n > 0)
			at_ += (uint32_t)n;
	}
}

/* A sender is killed anywhere, its lock taken over, and the next one goes on: the
 * reader sees one unbroken stream. */
TEST(stream_senders_killed)
{
	uint32_t a, b, l, done = 0;
	uint8_t buf[8192];
	struct rng r;
	ssize_t n;

	world_init();
	rng_init(&r, 5);
	pair_of(&a, &b, &l);
	for (uint32_t round = 0; round < 40; round++) {
		uint32_t slot = 10 + round, until;
		pid_t pid = fork();

		CHECK(pid >= 0);
		if (pid == 0)
			send_until_killed(a, slot);
		until = done + 20000 + rng_below(&r, 100000);
		while (done < until) {
			n = get(b, buf, sizeof(buf), 0);
			for (ssize_t k = 0; k < n; k++, done++)
				CHECK_INT(buf[k], ==, byte_at(done));
		}
		kill(pid, SIGKILL);
		CHECK_INT(waitpid(pid, NULL, 0), ==, pid);
		arena.procs[slot].gen++; /* the service learnt of it */
	}
	while ((n = get(b, buf, sizeof(buf), 0)) > 0)
		for (ssize_t k = 0; k < n; k++, done++)
			CHECK_INT(buf[k], ==, byte_at(done));
	CHECK_INT(put(a, "x", 1), ==, 1); /* whatever lock was left, it is ours */
}
