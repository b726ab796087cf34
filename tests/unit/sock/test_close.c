/* Shutdown, death and reaping: who hears what, and where the fifos go.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

#define IN_BITS (POLLIN | POLLRDNORM)
#define OUT_BITS (POLLOUT | POLLWRNORM)

TEST(close_shutdown_write)
{
	uint32_t a, b, l;
	char c;

	world_init();
	pair_of(&a, &b, &l);
	put(a, "x", 1);
	sock_sleep_begin(&env, b, POLLIN);
	CHECK_INT(sock_shutdown(&env, a, SHUT_WR, &fx), ==, 0);
	CHECK(fx.ring);
	sock_sleep_end(&env, b, POLLIN);
	CHECK_INT(put(a, "y", 1), ==, -EPIPE);
	CHECK_INT(sock_ready(&env, b, POLLIN), ==,
		IN_BITS | POLLRDHUP);
	CHECK_INT(get(b, &c, 1, 0), ==, 1);
	CHECK_INT(get(b, &c, 1, 0), ==, 0);
	CHECK_INT(get(b, &c, 1, 0), ==, 0);
	/* The other way stays open. */
	CHECK_INT(put(b, "z", 1), ==, 1);
	CHECK_INT(get(a, &c, 1, 0), ==, 1);
	CHECK_INT(sock_shutdown(&env, b, SHUT_WR, &fx), ==, 0);
	CHECK(sock_ready(&env, b, POLLIN) & POLLHUP);
	CHECK(sock_ready(&env, a, POLLIN) & POLLHUP);
}

TEST(close_shutdown_read_and_states)
{
	uint32_t a, b, l, i;
	char c;

	world_init();
	pair_of(&a, &b, &l);
	CHECK_INT(sock_shutdown(&env, b, SHUT_RD, &fx), ==, 0);
	CHECK_INT(get(b, &c, 1, 0), ==, 0);
	put(a, "x", 1); /* Linux: what still comes is readable */
	CHECK_INT(get(b, &c, 1, 0), ==, 1);
	CHECK_INT(sock_ready(&env, b, POLLIN) & (POLLIN | POLLRDHUP), ==,
		POLLIN | POLLRDHUP);
	CHECK_INT(sock_shutdown(&env, b, 7, &fx), ==, -EINVAL);
	CHECK_INT(sock_shutdown(&env, tcp(), SHUT_RD, &fx), ==, -ENOTCONN);
	CHECK_INT(sock_shutdown(&env, l, SHUT_WR, &fx), ==, 0);
	CHECK_INT(at(l)->state, ==, SHM_SOCK_LISTEN);
	CHECK_INT(sock_shutdown(&env, l, SHUT_RD, &fx), ==, 0);
	i = tcp();
	CHECK_INT(connect_to(i, "127.0.0.1", port_of(l), &a), ==, -ECONNREFUSED);
}

/* Linux: the first send after the peer's close succeeds, then RST, then EPIPE. */
TEST(close_plain_gives_eof_then_epipe)
{
	uint32_t a, b, l;
	char c;

	world_init();
	pair_of(&a, &b, &l);
	put(b, "q", 1);
	last_close(b);
	CHECK(sock_peer_suspect(&env, a));
	sock_peer_gone(&env, a);
	CHECK(!sock_peer_suspect(&env, a));
	CHECK_INT(get(a, &c, 1, 0), ==, 1);
	CHECK_INT(get(a, &c, 1, 0), ==, 0);
	CHECK_INT(put(a, "x", 1), ==, 1);
	CHECK(sock_ready(&env, a, POLLIN) & POLLERR);
	CHECK_INT(put(a, "x", 1), ==, -EPIPE);
	CHECK_INT(put(a, "x", 1), ==, -EPIPE);
	CHECK_INT(get(a, &c, 1, 0), ==, 0);
}

TEST(close_with_unread_data_resets)
{
	uint32_t a, b, l;
	union name n;
	socklen_t len = sizeof(n);
	char c;

	world_init();
	pair_of(&a, &b, &l);
	put(a, "unread", 6);
	put(b, "q", 1);
	last_close(b);
	sock_peer_gone(&env, a);
	CHECK(sock_ready(&env, a, 0) & POLLERR);
	CHECK(sock_ready(&env, a, 0) & POLLHUP);
	CHECK_INT(get(a, &c, 1, 0), ==, 1); /* what came before */
	CHECK_INT(get(a, &c, 1, 0), ==, -ECONNRESET);
	CHECK_INT(get(a, &c, 1, 0), ==, 0);
	CHECK_INT(put(a, "x", 1), ==, -EPIPE);
	CHECK_INT(sock_peer(&env, a, &n.sa, &len), ==, -ENOTCONN);
}

TEST(close_after_fin_with_unread_data_is_epipe)
{
	uint32_t a, b, l;
	char c;

	world_init();
	pair_of(&a, &b, &l);
	put(a, "unread", 6);
	sock_shutdown(&env, b, SHUT_WR, &fx);
	last_close(b);
	sock_peer_gone(&env, a);
	CHECK_INT(get(a, &c, 1, 0), ==, 0); /* SOCK_DONE comes first */
	CHECK_INT(get_int(a, SOL_SOCKET, SO_ERROR), ==, EPIPE);
}

TEST(close_linger_zero_resets)
{
	struct linger lg = { 1, 0 };
	uint32_t a, b, l;
	char c;

	world_init();
	pair_of(&a, &b, &l);
	CHECK_INT(sock_setopt(&env, b, SOL_SOCKET, SO_LINGER, &lg, sizeof(lg), &fx),
		==, 0);
	last_close(b);
	sock_peer_gone(&env, a);
	CHECK_INT(get(a, &c, 1, 0), ==, -ECONNRESET);
}

TEST(close_listener_resets_the_unaccepted)
{
	uint32_t l, a, em;
	char c;

	world_init();
	l = listener("127.0.0.1", 7000);
	a = tcp();
	CHECK_INT(connect_to(a, "127.0.0.1", 7000, &em), ==, 0);
	CHECK(!sock_peer_suspect(&env, a));
	last_close(l);
	CHECK(sock_peer_suspect(&env, a));
	sock_peer_gone(&env, a);
	CHECK_INT(get(a, &c, 1, 0), ==, -ECONNRESET);
}

TEST(close_suspicion_is_lifted)
{
	uint32_t a, b, l;

	world_init();
	pair_of(&a, &b, &l);
	sock_closing(&env, b); /* a forked child's copy */
	CHECK(sock_peer_suspect(&env, a));
	sock_peer_alive(&env, a);
	CHECK(!sock_peer_suspect(&env, a));
}

static unsigned fifos_free(void)
{
	unsigned n = 0;

	for (uint32_t i = 1; i < arena.hdr->fifos.fresh; i++)
		n += arena.fifos[i].next_free != 0xffffffffu;
	return n;
}

TEST(reap_pair_in_either_order)
{
	uint32_t a, b, l;
	char c;

	for (int swap = 0; swap < 2; swap++) {
		world_init();
		pair_of(&a, &b, &l);
		put(a, "x", 1);
		put(b, "y", 1);
		sock_reap(&env, swap ? b : a);
		CHECK_INT(fifos_free(), ==, 0);
		CHECK_INT(get(swap ? a : b, &c, 1, 0), ==, 1); /* still there */
		CHECK_INT(get(swap ? a : b, &c, 1, 0), ==, -ECONNRESET);
		sock_reap(&env, swap ? a : b);
		CHECK_INT(fifos_free(), ==, 2);
		sock_reap(&env, l);
		CHECK_INT(fifos_free(), ==, 2);
	}
}

TEST(reap_leaves_an_embryo_its_data)
{
	uint32_t l, a, em, b;
	char buf[8];

	world_init();
	l = listener("127.0.0.1", 7000);
	a = tcp();
	CHECK_INT(connect_to(a, "127.0.0.1", 7000, &em), ==, 0);
	put(a, "early", 5);
	sock_reap(&env, a); /* sent and gone before accept */
	CHECK_INT(accept_from(l, em, &b), ==, 0);
	CHECK_INT(get(b, buf, 8, 0), ==, 5);
	CHECK_INT(get(b, buf, 8, 0), ==, 0);
	sock_reap(&env, b);
	CHECK_INT(fifos_free(), ==, 2);
}

TEST(reap_with_a_stale_peer)
{
	uint32_t a, b, l, c;

	world_init();
	pair_of(&a, &b, &l);
	sock_reap(&env, a);
	c = tcp(); /* takes a's record again */
	CHECK_INT(c, ==, a);
	sock_reap(&env, b);
	CHECK_INT(fifos_free(), ==, 2);
	CHECK_INT(at(c)->state, ==, SHM_SOCK_OPEN);
	CHECK_INT(at(c)->flags, ==, 0);
	sock_reap(&env, b); /* twice: nothing */
	CHECK_INT(fifos_free(), ==, 2);
}

TEST(reap_takes_items_off_their_epoll)
{
	uint32_t i = 0, k, ep;
	struct shm_item *it;

	world_init();
	i = tcp();
	ep = shm_epoll_take(&arena);
	k = shm_item_take(&arena);
	it = shm_item_at(&arena, k);
	it->epoll = ep;
	it->live = 1;
	it->events = POLLIN;
	arena.epolls[ep].items = k;
	CHECK_INT(sock_watch(&env, i, k), ==, 0);
	sock_notify(&env, i, POLLIN);
	CHECK_INT(shm_stack_pop_items(&arena, &arena.epolls[ep]), ==, k);
	sock_reap(&env, i);
	CHECK_INT(arena.epolls[ep].items, ==, 0);
	CHECK_INT(it->live, ==, 0);
}

TEST(notify_items_and_armed)
{
	uint32_t a, b, l, k, ep;
	struct shm_item *it;

	world_init();
	pair_of(&a, &b, &l);
	ep = shm_epoll_take(&arena);
	k = shm_item_take(&arena);
	it = shm_item_at(&arena, k);
	it->epoll = ep;
	it->live = 1;
	it->events = POLLIN;
	CHECK_INT(sock_watch(&env, b, k), ==, 0);
	put(a, "x", 1);
	CHECK(!fx.ring); /* queued, but nobody sleeps */
	CHECK_INT(it->queued, !=, 0);
	arena.epolls[ep].armed = 1;
	put(a, "x", 1);
	CHECK(fx.ring);
	CHECK_INT(shm_stack_pop_items(&arena, &arena.epolls[ep]), ==, k);
	CHECK_INT(shm_stack_pop_items(&arena, &arena.epolls[ep]), ==, 0);
	it->queued = 0;
	it->events = 0; /* ONESHOT has fired */
	put(a, "x", 1);
	CHECK_INT(it->queued, ==, 0);
	it->events = POLLOUT; /* not what happens */
	put(a, "x", 1);
	CHECK_INT(it->queued, ==, 0);
	sock_unwatch(&env, b, k);
	sock_unwatch(&env, b, k);
	it->events = POLLIN;
	put(a, "x", 1);
	CHECK_INT(it->queued, ==, 0);
}
