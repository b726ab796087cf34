/* How much a stream to another host takes. The far end is of this host here, the
 * service's words are the test's.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <poll.h>

#include "base/atomic.h"
#include "world.h"

static uint32_t a, b, l;
static struct shm_fifo *f;
static uint8_t big[1 << 20];

/* The service would have said so: pieces of 16,000, 10,000 may leave. */
static void begin(uint32_t limit)
{
	world_init();
	pair_of(&a, &b, &l);
	f = shm_fifo_at(&arena, shm_sock_at(&arena, a)->tx);
	arena.hdr->sysctl.tcp_notsent_lowat = UINT32_MAX;
	atomic_put_relaxed(&f->limit, limit);
	atomic_put_relaxed(&f->goal, 16000);
	atomic_put_relaxed(&f->edge, 10000);
	atomic_put_relaxed(&f->told, 26000);
}

TEST(pieces_are_filled_beyond_the_limit)
{
	begin(50000);
	/* As the kernel with tcp_wmem's default 50000. */
	CHECK_INT(put(a, big, 59000), ==, 58000);
	CHECK_INT(put(a, big, 1), ==, -EAGAIN);
	CHECK_INT(sock_ready(&env, a, POLLOUT) & POLLOUT, ==, 0);
}

TEST(tail_piece_is_filled_whatever_the_limit)
{
	begin(20000);
	CHECK_INT(put(a, big, 25000), ==, 25000);
	CHECK_INT(put(a, big, 25000), ==, 1000);
	CHECK_INT(put(a, big, 1), ==, -EAGAIN);
}

TEST(not_sent_counts)
{
	begin(500000);
	shm_sock_at(&arena, a)->opts.notsent_lowat = 4000;
	CHECK_INT(put(a, big, 59000), ==, 26000);
	CHECK_INT(sock_ready(&env, a, POLLOUT) & POLLOUT, ==, 0);
	atomic_put_relaxed(&f->edge, 24000); /* twice 2,000 is not below it */
	CHECK_INT(sock_ready(&env, a, POLLOUT) & POLLOUT, ==, 0);
	atomic_put_relaxed(&f->edge, 24001);
	CHECK(sock_ready(&env, a, POLLOUT) & POLLOUT);
	shm_sock_at(&arena, a)->opts.notsent_lowat = 0;
	arena.hdr->sysctl.tcp_notsent_lowat = 1;
	CHECK_INT(put(a, big, 59000), ==, -EAGAIN);
}

/* Whatever the words say, no more than the ring holds and no endless loop. */
TEST(nonsense_is_bounded)
{
	begin(UINT32_MAX);
	atomic_put_relaxed(&f->goal, 1);
	atomic_put_relaxed(&f->edge, 0x80000000u);
	atomic_put_relaxed(&f->told, 12345678);
	CHECK_INT(put(a, big, sizeof(big)), >, 0);
	CHECK_INT(put(a, big, sizeof(big)), ==, -EAGAIN);
}

TEST(marks_lie_at_the_end_of_a_whole_write)
{
	begin(500000);
	atomic_put_relaxed(&shm_sock_at(&arena, a)->via, SHM_VIA_NET);
	CHECK_INT(sock_send(&env, a, &(struct iovec){ big, 100 }, 1, MSG_MORE, &fx),
		==, 100);
	CHECK_INT(atomic_get_relaxed(&f->marks), ==, SHM_WRITE_MORE);
	CHECK_INT(atomic_get_relaxed(&f->mark_at), ==, 100);
	CHECK_INT(sock_send(&env, a, &(struct iovec){ big, 5 }, 1, MSG_EOR, &fx),
		==, 5);
	CHECK_INT(atomic_get_relaxed(&f->marks), ==, SHM_WRITE_EOR);
	CHECK_INT(atomic_get_relaxed(&f->mark_at), ==, 105);
}
