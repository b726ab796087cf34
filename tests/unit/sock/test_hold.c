/* What MSG_MORE and TCP_CORK hold back within the host, with a clock of the test's.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "base/atomic.h"
#include "sock/held.h"
#include "sock/info.h"
#include "world.h"

#include <netinet/tcp.h>
#include <poll.h>

#define MS INT64_C(1000000)

static int64_t clock_ns;
static uint32_t a, b, l;
static char buf[1 << 18];

static int64_t clock_now(void *user)
{
	(void)user;
	return clock_ns;
}

static void start(void)
{
	world_init();
	env.now = clock_now;
	clock_ns = 5000 * MS;
	pair_of(&a, &b, &l);
}

static ssize_t more(const char *text)
{
	struct iovec v = { (void *)(uintptr_t)text, strlen(text) };

	return sock_send(&env, a, &v, 1, MSG_MORE, &fx);
}

static void gets(const char *text)
{
	ssize_t n = get(b, buf, sizeof(buf), 0);

	CHECK_INT(n, ==, (ssize_t)strlen(text));
	CHECK_MEM(buf, text, strlen(text));
}

TEST(held_until_a_plain_write)
{
	start();
	CHECK_INT(more("one "), ==, 4);
	CHECK_INT(more("two "), ==, 4);
	CHECK_INT(get(b, buf, 9, 0), ==, -EAGAIN);
	CHECK(!(sock_ready(&env, b, POLLIN) & POLLIN));
	CHECK_INT(put(a, "three", 5), ==, 5);
	gets("one two three");
	CHECK_INT(put(a, "four", 4), ==, 4);
	gets("four");
}

TEST(held_until_its_time)
{
	int64_t until;

	start();
	CHECK_INT(sock_held_until(&env, b), ==, 0);
	more("one");
	until = sock_held_until(&env, b);
	CHECK(until > clock_ns + 200 * MS && until < clock_ns + 210 * MS);
	clock_ns += 100 * MS;
	more("two"); /* the first counts */
	CHECK_INT(sock_held_until(&env, b), ==, until);
	clock_ns = until - MS;
	CHECK_INT(get(b, buf, 9, 0), ==, -EAGAIN);
	clock_ns = until;
	CHECK(sock_ready(&env, b, POLLIN) & POLLIN);
	gets("onetwo");
	CHECK_INT(sock_held_until(&env, b), ==, 0);
	more("three");
	clock_ns += 300 * MS;
	more("four"); /* the one before has gone */
	gets("three");
	clock_ns += 300 * MS;
	gets("four");
}

TEST(held_until_an_answer)
{
	start();
	more("question");
	put(b, "answer", 6);
	more("next");
	gets("question");
	CHECK_INT(get(b, buf, 9, 0), ==, -EAGAIN);
	put(b, "answer", 6);
	gets("next");
	CHECK_INT(set_int(a, IPPROTO_TCP, TCP_CORK, 1), ==, 0);
	put(a, "corked", 6);
	put(b, "answer", 6);
	CHECK_INT(get(b, buf, 9, 0), ==, -EAGAIN);
	CHECK_INT(set_int(a, IPPROTO_TCP, TCP_CORK, 0), ==, 0);
	gets("corked");
}

TEST(full_segments_go)
{
	start();
	CHECK_INT(set_int(a, IPPROTO_TCP, TCP_CORK, 1), ==, 0);
	CHECK_INT(put(a, buf, 200000), ==, 200000);
	CHECK_INT(get(b, buf, sizeof(buf), 0), ==, 200000 / 32741 * 32741);
	CHECK_INT(put(a, buf, 32741), ==, 32741);
	CHECK_INT(get(b, buf, sizeof(buf), 0), ==, 32741);
	CHECK_INT(set_int(a, IPPROTO_TCP, TCP_NODELAY, 1), ==, 0);
	CHECK_INT(get(b, buf, sizeof(buf), 0), ==, 200000 % 32741);
	/* Corked still. */
	put(a, "x", 1);
	CHECK_INT(get(b, buf, 9, 0), ==, -EAGAIN);
}

TEST(a_full_buffer_goes)
{
	struct iovec v = { buf, 1000 };
	ssize_t n, total = 0;

	start();
	while ((n = sock_send(&env, a, &v, 1, MSG_MORE, &fx)) > 0)
		total += n;
	CHECK_INT(n, ==, -EAGAIN);
	while ((n = get(b, buf, sizeof(buf), 0)) > 0)
		total -= n;
	CHECK_INT(total, ==, 0);
	CHECK_INT(sock_held_until(&env, b), ==, 0);
}

TEST(the_end_shows_what_was_held)
{
	start();
	more("last");
	CHECK_INT(sock_shutdown(&env, a, SHUT_WR, &fx), ==, 0);
	gets("last");
	CHECK_INT(get(b, buf, 9, 0), ==, 0);
	start();
	more("killed");
	sock_peer_gone(&env, b);
	gets("killed");
	CHECK_INT(get(b, buf, 9, 0), ==, 0);
	start();
	more("lost");
	put(b, "unread", 6);
	CHECK_INT(set_int(a, IPPROTO_TCP, TCP_CORK, 1), ==, 0);
	put(a, "lost", 4); /* the answer had sent the first */
	sock_peer_gone(&env, b);
	gets("lost");
	CHECK_INT(get(b, buf, 9, 0), ==, -ECONNRESET);
}

/* Any words at all in the shared record. */
TEST(scribbled_words_do_no_harm)
{
	struct shm_fifo *f;
	uint32_t rnd = 1;

	start();
	f = shm_fifo_at(&arena, at(a)->tx);
	for (int k = 0; k < 20000; k++) {
		rnd = rnd * 1664525 + 1013904223;
		atomic_put_relaxed(&f->held_to, rnd >> (k % 32));
		atomic_put_relaxed(&f->held_at, rnd * 7 + 1);
		if (k % 3)
			more("abc");
		else
			put(a, "def", 3);
		sock_ready(&env, b, POLLIN);
		sock_ready(&env, a, POLLOUT);
		sock_send_room(&env, a);
		get(b, buf, 9, 0);
		clock_ns += MS;
	}
}
