/* A socket that starts afresh, and one that is connected to itself.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "base/atomic.h"
#include "world.h"

static uint32_t a, b, l, fresh;
static char buf[16];

static void connected(void)
{
	world_init();
	pair_of(&a, &b, &l);
}

TEST(connection_is_reset)
{
	connected();
	CHECK_INT(put(a, "abc", 3), ==, 3);
	CHECK_INT(sock_renew(&env, a, ECONNRESET, &fresh, &fx), ==, 0);
	CHECK_INT(get_int(fresh, SOL_SOCKET, SO_ERROR), ==, ECONNRESET);
	CHECK_INT(at(fresh)->state, ==, SHM_SOCK_OPEN);
	/* What was under way is still read, then the reset. */
	CHECK_INT(get(b, buf, sizeof(buf), 0), ==, 3);
	CHECK_INT(get(b, buf, sizeof(buf), 0), ==, -ECONNRESET);
	CHECK_INT(get(b, buf, sizeof(buf), 0), ==, 0);
	CHECK_INT(sock_renew(&env, 4000, 0, &fresh, &fx), ==, -EBADF);
}

TEST(old_record_and_peer_are_reaped_in_any_order)
{
	for (int order = 0; order < 2; order++) {
		connected();
		CHECK_INT(sock_renew(&env, a, 0, &fresh, &fx), ==, 0);
		last_close(a);
		last_close(b);
		sock_reap(&env, order ? a : b);
		sock_reap(&env, order ? b : a);
		CHECK_INT(at(a)->state, ==, SHM_SOCK_FREE);
		CHECK_INT(at(b)->state, ==, SHM_SOCK_FREE);
		world_dead[a] = world_dead[b] = 0;
	}
}

TEST(named_port_is_kept_chosen_port_is_shown)
{
	union name n = { 0 };
	socklen_t len = sizeof(n);
	uint32_t em;

	world_init();
	listener("127.0.0.1", 7000);
	a = tcp();
	CHECK_INT(bind_to(a, "127.0.0.1", 6000), ==, 0);
	CHECK_INT(set_int(a, IPPROTO_TCP, TCP_NODELAY, 1), ==, 0);
	CHECK_INT(connect_to(a, "127.0.0.1", 7000, &em), ==, 0);
	CHECK_INT(sock_renew(&env, a, 0, &fresh, &fx), ==, 0);
	CHECK_INT(port_of(fresh), ==, 6000);
	CHECK_INT(get_int(fresh, IPPROTO_TCP, TCP_NODELAY), ==, 1);
	CHECK_INT(bind_to(tcp(), "127.0.0.1", 6000), ==, -EADDRINUSE);
	b = tcp();
	CHECK_INT(connect_to(b, "127.0.0.1", 7000, &em), ==, 0);
	CHECK_INT(sock_renew(&env, b, 0, &fresh, &fx), ==, 0);
	CHECK_INT(port_of(fresh), ==, 0);
	CHECK_INT(sock_name(&env, fresh, &n.sa, &len), ==, 0);
	CHECK_INT(ntohs(n.in.sin_port), ==, port_of(b));
	CHECK_INT(n.in.sin_addr.s_addr, ==, 0);
}

TEST(to_itself)
{
	enum sock_route route = SOCK_ROUTE_NET;
	union name n;
	socklen_t len = name_of(&n, "127.0.0.1", 6000);
	uint32_t em;

	world_init();
	a = tcp();
	CHECK_INT(bind_to(a, "127.0.0.1", 6000), ==, 0);
	CHECK_INT(sock_connect_begin(&env, a, &n.sa, len, &route, &l, &em), ==, 0);
	CHECK_INT(route, ==, SOCK_ROUTE_SELF);
	sock_connect_done(&env, a, 0);
	CHECK_INT(at(a)->rx, ==, at(a)->tx);
	CHECK_INT(put(a, "me", 2), ==, 2);
	CHECK_INT(get(a, buf, sizeof(buf), 0), ==, 2);
	CHECK_INT(sock_shutdown(&env, a, SHUT_WR, &fx), ==, 0);
	CHECK_INT(get(a, buf, sizeof(buf), 0), ==, 0);
	CHECK_INT(put(a, "x", 1), ==, -EPIPE);
	last_close(a);
	sock_reap(&env, a);
	CHECK_INT(at(a)->state, ==, SHM_SOCK_FREE);
}

TEST(shutdown_before_connect_counts_after_it)
{
	uint32_t em;

	world_init();
	l = listener("127.0.0.1", 7000);
	a = tcp();
	CHECK_INT(sock_shutdown(&env, a, SHUT_WR, &fx), ==, -ENOTCONN);
	CHECK_INT(connect_to(a, "127.0.0.1", 7000, &em), ==, 0);
	CHECK_INT(accept_from(l, em, &b), ==, 0);
	CHECK_INT(put(a, "x", 1), ==, -EPIPE);
	CHECK_INT(get(b, buf, 1, 0), ==, -EAGAIN); /* no FIN has gone out */
}
