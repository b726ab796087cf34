/* The urgent mark of a fifo: what one reader sees.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "base/atomic.h"
#include "world.h"

static uint32_t a, b, l;
static char buf[16];

static void start(void)
{
	world_init();
	pair_of(&a, &b, &l);
	memset(buf, 0, sizeof(buf));
}

static ssize_t put_urgent(const char *text)
{
	struct iovec v[3] = { { (void *)(uintptr_t)text, strlen(text) - 1 },
		{ (void *)(uintptr_t)(text + strlen(text) - 1), 1 }, { NULL, 0 } };

	return sock_send(&env, a, v, 3, MSG_OOB, &fx);
}

TEST(mark_stops_reads_and_is_passed)
{
	start();
	CHECK_INT(put_urgent("abU"), ==, 3);
	CHECK(fx.urgent);
	CHECK_INT(put(a, "cd", 2), ==, 2);
	CHECK(!fx.urgent);
	CHECK(sock_ready(&env, b, POLLPRI) & POLLPRI);
	CHECK_INT(get(b, buf, 16, 0), ==, 2);
	CHECK(sock_at_mark(&env, b));
	CHECK_INT(get(b, buf, 16, MSG_OOB | MSG_PEEK), ==, 1);
	CHECK_INT(buf[0], ==, 'U');
	CHECK_INT(get(b, buf, 16, 0), ==, 2);
	CHECK_MEM(buf, "cd", 2);
	CHECK(!sock_at_mark(&env, b));
	CHECK_INT(get(b, buf, 16, MSG_OOB), ==, -EINVAL);
	CHECK(!(sock_ready(&env, b, POLLPRI) & POLLPRI));
}

TEST(byte_is_read_once)
{
	start();
	CHECK_INT(put_urgent("U"), ==, 1);
	CHECK(!(sock_ready(&env, b, POLLIN) & POLLIN));
	CHECK_INT(get(b, buf, 1, MSG_OOB), ==, 1);
	CHECK_INT(get(b, buf, 1, MSG_OOB), ==, -EINVAL);
	CHECK_INT(get(b, buf, 16, 0), ==, -EAGAIN);
	CHECK_INT(put(a, "x", 1), ==, 1);
	CHECK_INT(get(b, buf, 16, 0), ==, 1);
	CHECK_INT(buf[0], ==, 'x');
}

TEST(marks_one_behind_the_other_are_passed_over)
{
	start();
	for (const char *p = "123"; *p; p++)
		CHECK_INT(put_urgent((char[]){ *p, 0 }), ==, 1);
	CHECK_INT(get(b, buf, 16, MSG_OOB | MSG_PEEK), ==, 1);
	CHECK_INT(buf[0], ==, '3');
	CHECK(sock_at_mark(&env, b)); /* 1 and 2 are nobody's data */
	CHECK_INT(put(a, "x", 1), ==, 1);
	CHECK_INT(get(b, buf, 16, 0), ==, 1);
	CHECK_INT(buf[0], ==, 'x');
}

TEST(no_room_for_the_urgent_byte)
{
	char many[4096];
	ssize_t n;

	start();
	memset(many, 'm', sizeof(many));
	do {
		n = put(a, many, sizeof(many));
	} while (n > 0);
	CHECK_INT(n, ==, -EAGAIN);
	CHECK_INT(put_urgent("U"), ==, -EAGAIN);
	CHECK(!fx.urgent);
	CHECK(!(sock_ready(&env, b, POLLPRI) & POLLPRI));
	CHECK_INT(get(b, many, 2, 0), ==, 2);
	CHECK_INT(put_urgent("abU"), ==, 2);
	CHECK(!fx.urgent); /* the caller comes again with the last one */
	CHECK(!(sock_ready(&env, b, POLLPRI) & POLLPRI));
}

/* Who waits for edges of EPOLLPRI hears of the byte, not of its announcement. */
TEST(net_mark_wakes_nobody)
{
	struct shm_fifo *f;
	struct fifo_end w;
	struct shm_item *it;
	uint32_t k;

	start();
	f = shm_fifo_at(&arena, at(b)->rx);
	CHECK_INT(shm_fifo_writer(&arena, at(b)->rx, &w), ==, 0);
	k = shm_item_take(&arena);
	it = shm_item_at(&arena, k);
	it->epoll = shm_epoll_take(&arena);
	it->live = 1;
	it->events = POLLPRI;
	CHECK_INT(sock_watch(&env, b, k), ==, 0);
	sock_got_urgent(&env, b, w.own);
	CHECK(atomic_get_relaxed(&f->urg) != 0);
	CHECK_INT(it->queued, ==, 0);
	CHECK_INT(fifo_write(&w, "U", 1), ==, 1);
	sock_arrived(&env, b, true, false);
	CHECK_INT(it->queued, !=, 0);
}

TEST(net_mark_before_and_after_its_byte)
{
	struct shm_fifo *f;
	struct fifo_end w;

	start();
	f = shm_fifo_at(&arena, at(b)->rx);
	CHECK_INT(shm_fifo_writer(&arena, at(b)->rx, &w), ==, 0);
	sock_got_urgent(&env, b, w.own + 1);
	CHECK_INT(get(b, buf, 1, MSG_OOB), ==, -EAGAIN);
	CHECK(!(sock_ready(&env, b, POLLPRI) & POLLPRI));
	CHECK_INT(fifo_write(&w, "xU", 2), ==, 2);
	CHECK(sock_ready(&env, b, POLLPRI) & POLLPRI);
	CHECK_INT(get(b, buf, 1, MSG_OOB), ==, 1);
	CHECK_INT(buf[0], ==, 'U');
	CHECK(atomic_get_relaxed(&f->urg) != 0);
	CHECK_INT(get(b, buf, 16, 0), ==, 1);
}

TEST(scribbled_mark_harms_nobody)
{
	struct shm_fifo *f;

	start();
	f = shm_fifo_at(&arena, at(b)->rx);
	CHECK_INT(put(a, "abc", 3), ==, 3);
	for (unsigned k = 0; k < 64; k++) {
		atomic_put_relaxed(&f->urg, UINT64_C(0x9e3779b97f4a7c15) * (k + 1));
		f->urg_skip = 0x9e3779b9u * k;
		get(b, buf, 16, MSG_PEEK);
		get(b, buf, 1, MSG_OOB);
		sock_ready(&env, b, POLLIN | POLLPRI);
		sock_at_mark(&env, b);
	}
	CHECK(get(b, buf, 16, 0) <= 3);
}
