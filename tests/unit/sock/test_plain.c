/* The short way of send() and recv() beside the long one.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/rng.h"
#include "sock/plain.h"
#include "world.h"
#include "world_twin.h"

static _Thread_local bool ring;

static bool send_plain(uint32_t i, const void *p, size_t n)
{
	ring = false;
	return sock_send_plain(&env, at(i), p, n, &ring);
}

static size_t recv_plain(uint32_t i, void *p, size_t n)
{
	ring = false;
	return sock_recv_plain(&env, at(i), p, n, &ring);
}

/* As the client does it; *shorts counts what went the short way. */
static ssize_t put_any(uint32_t i, const void *p, size_t n, unsigned *shorts)
{
	if (!send_plain(i, p, n))
		return put(i, p, n);
	++*shorts;
	return (ssize_t)n;
}

static ssize_t get_any(uint32_t i, void *p, size_t n, unsigned *shorts)
{
	size_t got = recv_plain(i, p, n);

	if (got == 0)
		return get(i, p, n, 0);
	++*shorts;
	return (ssize_t)got;
}

static int unread(uint32_t i)
{
	int n = -1;

	CHECK_INT(sock_ioctl(&env, i, FIONREAD, &n), ==, 0);
	return n;
}

/* A connection both ways of which have carried something. */
static void used_pair(uint32_t *a, uint32_t *b)
{
	uint32_t l;
	char c;

	world_init();
	pair_of(a, b, &l);
	CHECK_INT(put(*a, "x", 1), ==, 1);
	CHECK_INT(get(*b, &c, 1, 0), ==, 1);
	CHECK_INT(put(*b, "x", 1), ==, 1);
	CHECK_INT(get(*a, &c, 1, 0), ==, 1);
}

static unsigned shorts_in, shorts_out;

static ssize_t mixed_put(struct rng *r, uint32_t i, const void *p, size_t n)
{
	return rng_below(r, 4) ? put_any(i, p, n, &shorts_in) : put(i, p, n);
}

static ssize_t mixed_get(struct rng *r, uint32_t i, void *p, size_t n)
{
	CHECK_INT(unread(i), >, 0);
	return rng_below(r, 4) ? get_any(i, p, n, &shorts_out) : get(i, p, n, 0);
}

TEST(plain_any_mixture_of_ways_is_one_stream)
{
	struct twin t = { mixed_put, mixed_get, 0 };
	uint32_t a, b;

	used_pair(&a, &b);
	shorts_in = shorts_out = 0;
	twin_run(&t, a, b);
	CHECK(shorts_in > 1000 && shorts_out > 1000);
	CHECK_INT(at(a)->bytes_out, ==, t.sent + 1);
	CHECK_INT(at(b)->bytes_in + (uint64_t)unread(b), ==, t.sent + 1);
}

/* Nothing may have happened: all of it is the long way's. */
static void no_way_out(uint32_t a)
{
	uint32_t tail = env.arena->fifos[at(a)->tx].sh.tail;

	CHECK(!send_plain(a, "y", 1));
	CHECK(!ring);
	CHECK_INT(env.arena->fifos[at(a)->tx].sh.tail, ==, tail);
	CHECK_INT(env.arena->fifos[at(a)->tx].w_lock.word, ==, 0);
}

static void no_way_in(uint32_t i)
{
	uint32_t head = env.arena->fifos[at(i)->rx].sh.head;
	char c[8];

	CHECK_INT(recv_plain(i, c, sizeof(c)), ==, 0);
	CHECK(!ring);
	CHECK_INT(env.arena->fifos[at(i)->rx].sh.head, ==, head);
	CHECK_INT(env.arena->fifos[at(i)->rx].r_lock.word, ==, 0);
}

TEST(plain_send_leaves_what_is_rare)
{
	struct iovec v = { (char[]){ "m" }, 1 };
	uint32_t a, b;

	used_pair(&a, &b);
	CHECK(!send_plain(a, "", 0));
	CHECK(send_plain(a, "y", 1));
	set_int(a, IPPROTO_TCP, TCP_CORK, 1);
	no_way_out(a);
	set_int(a, IPPROTO_TCP, TCP_CORK, 0);
	CHECK(send_plain(a, "y", 1));
	sock_fail(&env, a, ECONNREFUSED, false);
	no_way_out(a);
	CHECK_INT(put(a, "y", 1), ==, -ECONNREFUSED);
	CHECK(send_plain(a, "y", 1));
	/* The other end may be closed, or has not been accepted. */
	atomic_set_bits(&at(b)->flags, SHM_F_MAYBE_CLOSED);
	no_way_out(a);
	sock_peer_alive(&env, a);
	CHECK(send_plain(a, "y", 1));
	atomic_set_bits(&at(b)->flags, SHM_F_EMBRYO);
	no_way_out(a);
	atomic_clear_bits(&at(b)->flags, (uint32_t)SHM_F_EMBRYO);
	/* It is another one by now. */
	at(b)->gen++;
	no_way_out(a);
	at(b)->gen--;
	/* Who held the lock died between tail and tail_kept. */
	env.arena->fifos[at(a)->tx].tail_sure = 0;
	no_way_out(a);
	CHECK_INT(put(a, "y", 1), ==, 1);
	CHECK(send_plain(a, "y", 1));
	/* Another writes. */
	env.arena->fifos[at(a)->tx].w_lock.word = 5;
	CHECK(!send_plain(a, "y", 1));
	env.arena->fifos[at(a)->tx].w_lock.word = 0;
	CHECK_INT(sock_send(&env, b, &v, 1, MSG_OOB, &fx), ==, 1);
	CHECK(send_plain(b, "y", 1)); /* behind an urgent byte */
	CHECK_INT(sock_shutdown(&env, a, SHUT_WR, &fx), ==, 0);
	no_way_out(a);
	sock_peer_gone(&env, b);
	no_way_out(b);
}

static int64_t at_one_second(void *user)
{
	(void)user;
	return 1000000000;
}

TEST(plain_send_does_not_pass_what_is_held_back)
{
	struct iovec v = { (char[]){ "m" }, 1 };
	uint32_t a, b;

	used_pair(&a, &b);
	env.now = at_one_second;
	CHECK_INT(sock_send(&env, a, &v, 1, MSG_MORE, &fx), ==, 1);
	CHECK_INT(unread(b), ==, 0);
	no_way_out(a);
	no_way_in(b);
}

TEST(plain_recv_leaves_what_is_rare)
{
	struct iovec v = { (char[]){ "u" }, 1 };
	uint32_t a, b, u;
	char c[4];

	used_pair(&a, &b);
	no_way_in(b); /* nothing there */
	CHECK_INT(put(a, "abc", 3), ==, 3);
	set_int(b, SOL_SOCKET, SO_PEEK_OFF, 0);
	no_way_in(b);
	set_int(b, SOL_SOCKET, SO_PEEK_OFF, -1);
	set_int(b, SOL_SOCKET, SO_RCVLOWAT, 2);
	no_way_in(b);
	set_int(b, SOL_SOCKET, SO_RCVLOWAT, 1);
	CHECK_INT(recv_plain(b, c, 1), ==, 1);
	CHECK_INT(recv_plain(b, c, 0), ==, 0);
	CHECK_INT(recv_plain(b, c, 4), ==, 2);
	CHECK_MEM(c, "bc", 2);
	CHECK_INT(put(a, "d", 1), ==, 1);
	CHECK_INT(sock_send(&env, a, &v, 1, MSG_OOB, &fx), ==, 1);
	no_way_in(b);
	CHECK_INT(get(b, c, 4, 0), ==, 1);
	CHECK_INT(put(a, "e", 1), ==, 1);
	CHECK_INT(get(b, c, 4, 0), ==, 1);
	CHECK_INT(c[0], ==, 'e');
	/* A foreign counter that cannot be. */
	CHECK_INT(put(a, "f", 1), ==, 1);
	env.arena->fifos[at(b)->rx].sh.tail += 1u << 30;
	no_way_in(b);
	u = udp();
	CHECK_INT(bind_to(u, "127.0.0.1", 9), ==, 0);
	CHECK(!send_plain(u, "y", 1));
	CHECK_INT(recv_plain(u, c, 1), ==, 0);
	u = tcp();
	CHECK(!send_plain(u, "y", 1));
	CHECK_INT(recv_plain(u, c, 1), ==, 0);
}

TEST(plain_rings_only_for_a_sleeper)
{
	static uint8_t big[2 << 20];
	uint32_t a, b;

	used_pair(&a, &b);
	CHECK(send_plain(a, "x", 1) && !ring);
	sock_sleep_begin(&env, b, POLLIN);
	CHECK(send_plain(a, "x", 1) && ring);
	sock_sleep_end(&env, b, POLLIN);
	CHECK(send_plain(a, "x", 1) && !ring);
	/* And the reader for who waits for room, once a third is free. */
	CHECK(put(a, big, sizeof(big)) > 1 << 19);
	CHECK(!send_plain(a, "x", 1));
	sock_sleep_begin(&env, a, POLLOUT);
	CHECK_INT(recv_plain(b, big, 1000), ==, 1000);
	CHECK(!ring);
	for (int k = 0; k < 10 && !ring; k++)
		CHECK_INT(recv_plain(b, big, 50000), ==, 50000);
	CHECK(ring);
	sock_sleep_end(&env, a, POLLOUT);
}

#define TOTAL 400000u

/* What a stream holds at place k. */
static uint8_t byte_at(uint32_t k)
{
	return (uint8_t)(k * 31 + (k >> 8));
}

static __attribute__((noreturn)) void send_until_killed(uint32_t i, uint32_t slot)
{
	uint32_t at_ = arena.fifos[at(i)->tx].sh.tail;
	unsigned shorts = 0;
	uint8_t buf[70];
	ssize_t n;

	arena.self_slot = slot;
	for (uint32_t len = 1;; len = len % sizeof(buf) + 1) {
		for (uint32_t k = 0; k < len; k++)
			buf[k] = byte_at(at_ + k);
		n = put_any(i, buf, len, &shorts);
		if (n > 0)
			at_ += (uint32_t)n;
	}
}

static void *send_all(void *i)
{
	uint8_t buf[70];
	unsigned shorts = 0;
	ssize_t n;

	for (uint32_t at_ = 0, len = 1; at_ < TOTAL; len = len % sizeof(buf) + 1) {
		for (uint32_t k = 0; k < len; k++)
			buf[k] = byte_at(at_ + k);
		n = put_any(*(uint32_t *)i, buf, TOTAL - at_ < len ? TOTAL - at_ : len,
			&shorts);
		if (n > 0)
			at_ += (uint32_t)n;
		else
			sched_yield();
	}
	return NULL;
}

TEST(plain_two_threads)
{
	uint32_t a, b, at_ = 0;
	unsigned shorts = 0;
	uint8_t buf[200];
	pthread_t t;

	used_pair(&a, &b);
	set_int(b, SOL_SOCKET, SO_RCVBUF, 4096);
	CHECK_INT(pthread_create(&t, NULL, send_all, &a), ==, 0);
	while (at_ < TOTAL) {
		ssize_t n = get_any(b, buf, 1 + at_ % sizeof(buf), &shorts);

		for (ssize_t k = 0; k < n; k++, at_++)
			if (buf[k] != byte_at(at_))
				CHECK_INT(at_, ==, -1);
		if (n <= 0)
			sched_yield();
	}
	CHECK_INT(pthread_join(t, NULL), ==, 0);
	CHECK(shorts > 100);
}

/* A sender is killed anywhere, its lock taken over, and the next one goes on: the
 * reader sees one unbroken stream. */
TEST(plain_senders_killed)
{
	uint32_t a, b, at_ = 1;
	unsigned shorts = 0;
	uint8_t buf[100];

	used_pair(&a, &b);
	for (uint32_t life = 0; life < 60; life++) {
		uint32_t end = at_ + 2000 + life * 37;
		pid_t p = fork();

		if (p == 0)
			send_until_killed(a, 2 + life);
		for (ssize_t n; (int32_t)(end - at_) > 0; at_ += n > 0 ? (uint32_t)n : 0) {
			n = get_any(b, buf, sizeof(buf), &shorts);
			for (ssize_t k = 0; k < n; k++)
				CHECK_INT(buf[k], ==, byte_at(at_ + (uint32_t)k));
			if (n <= 0)
				sched_yield();
		}
		CHECK_INT(kill(p, SIGKILL), ==, 0);
		CHECK_INT(waitpid(p, NULL, 0), ==, p);
		arena.procs[2 + life].gen++; /* as the service does */
	}
	CHECK(shorts > 100);
}
