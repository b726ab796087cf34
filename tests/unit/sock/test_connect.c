/* connect and accept.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

static void check_name(int (*fn)(struct sock_env *, uint32_t, struct sockaddr *,
	socklen_t *), uint32_t i, const char *ip, uint16_t port)
{
	char text[INET6_ADDRSTRLEN];
	union name n;
	socklen_t len = sizeof(n);

	CHECK_INT(fn(&env, i, &n.sa, &len), ==, 0);
	if (n.sa.sa_family == AF_INET)
		inet_ntop(AF_INET, &n.in.sin_addr, text, sizeof(text));
	else
		inet_ntop(AF_INET6, &n.in6.sin6_addr, text, sizeof(text));
	CHECK_STR(text, ip);
	CHECK_INT(ntohs(n.in.sin_port), ==, port);
}

TEST(connect_names)
{
	static const struct {
		const char *listen, *to, *local, *remote;
	} t[] = {
		{ "127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.1" },
		{ "0.0.0.0", "0.0.0.0", "127.0.0.1", "127.0.0.1" },
		{ "0.0.0.0", "127.0.0.2", "127.0.0.1", "127.0.0.2" },
		{ "0.0.0.0", "10.0.0.1", "10.0.0.1", "10.0.0.1" },
		{ "::", "::1", "::1", "::1" },
		{ "::", "::", "::1", "::1" },
		{ "::", "10.0.0.1", "10.0.0.1", "10.0.0.1" },
		{ "0.0.0.0", "::ffff:127.0.0.1", "::ffff:127.0.0.1",
			"::ffff:127.0.0.1" },
		{ "::", "2001:db8::1", "2001:db8::1", "2001:db8::1" },
	};
	uint32_t l, a, em, b;

	for (unsigned k = 0; k < sizeof(t) / sizeof(t[0]); k++) {
		world_init();
		l = listener(t[k].listen, 7000);
		a = make(strchr(t[k].to, ':') ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
		CHECK_INT(connect_to(a, t[k].to, 7000, &em), ==, 0);
		CHECK_INT(accept_from(l, em, &b), ==, 0);
		check_name(sock_name, a, t[k].local, port_of(a));
		check_name(sock_peer, a, t[k].remote, 7000);
		CHECK_INT(at(b)->local.port, ==, 7000);
		CHECK_INT(at(b)->remote.port, ==, port_of(a));
		CHECK_INT(at(b)->family, ==, at(l)->family);
	}
}

TEST(connect_errors)
{
	uint32_t a, l, em;
	union name n;
	enum sock_route route;

	world_init();
	a = tcp();
	CHECK_INT(connect_to(a, "127.0.0.1", 1, &em), ==, -ECONNREFUSED);
	CHECK_INT(port_of(a), ==, 0); /* free again, and may try again */
	CHECK_INT(connect_to(a, "255.255.255.255", 1, &em), ==, -ENETUNREACH);
	CHECK_INT(connect_to(a, "224.0.0.1", 1, &em), ==, -ENETUNREACH);
	name_of(&n, "127.0.0.1", 1);
	CHECK_INT(sock_connect_begin(&env, a, &n.sa, 1, &route, &l, &em), ==,
		-EINVAL);
	CHECK_INT(sock_connect_begin(&env, a, &n.sa, 8, &route, &l, &em), ==,
		-EINVAL);
	n.sa.sa_family = AF_INET6;
	CHECK_INT(sock_connect_begin(&env, a, &n.sa, 16, &route, &l, &em), ==,
		-EAFNOSUPPORT);
	l = listener("127.0.0.1", 7000);
	CHECK_INT(connect_to(a, "127.0.0.1", 7000, &em), ==, 0);
	CHECK_INT(connect_to(a, "127.0.0.1", 7000, &em), ==, -EISCONN);
	CHECK_INT(connect_to(l, "127.0.0.1", 7000, &em), ==, -EISCONN);
	a = make(AF_INET6, SOCK_STREAM, 0);
	set_int(a, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	CHECK_INT(connect_to(a, "::ffff:127.0.0.1", 7000, &em), ==, -ENETUNREACH);
	a = make(AF_INET6, SOCK_STREAM, 0);
	CHECK_INT(connect_to(a, "::1", 7000, &em), ==, -ECONNREFUSED);
	arena.hdr->n_addrs = 0;
	CHECK_INT(connect_to(tcp(), "192.0.2.1", 80, &em), ==, -ENETUNREACH);
}

TEST(connect_same_pair_twice)
{
	uint32_t a, b, em;

	world_init();
	listener("127.0.0.1", 7000);
	listener("127.0.0.1", 7001);
	a = tcp();
	b = tcp();
	set_int(a, SOL_SOCKET, SO_REUSEADDR, 1);
	set_int(b, SOL_SOCKET, SO_REUSEADDR, 1);
	CHECK_INT(bind_to(a, "127.0.0.1", 6000), ==, 0);
	CHECK_INT(bind_to(b, "127.0.0.1", 6000), ==, 0);
	CHECK_INT(connect_to(a, "127.0.0.1", 7000, &em), ==, 0);
	CHECK_INT(connect_to(b, "127.0.0.1", 7000, &em), ==, -EADDRNOTAVAIL);
	CHECK_INT(connect_to(b, "127.0.0.1", 7001, &em), ==, 0);
	last_close(a);
	a = tcp();
	set_int(a, SOL_SOCKET, SO_REUSEADDR, 1);
	CHECK_INT(bind_to(a, "127.0.0.1", 6000), ==, 0);
	CHECK_INT(connect_to(a, "127.0.0.1", 7000, &em), ==, 0);
}

/* More connections than ports, as long as they go to different places. */
TEST(connect_shares_ports_between_places)
{
	uint32_t em;

	world_init();
	arena.hdr->port_first = 40000;
	arena.hdr->port_last = 40003;
	listener("127.0.0.1", 7000);
	listener("127.0.0.1", 7001);
	for (int k = 0; k < 4; k++) {
		CHECK_INT(connect_to(tcp(), "127.0.0.1", 7000, &em), ==, 0);
		CHECK_INT(connect_to(tcp(), "127.0.0.1", 7001, &em), ==, 0);
	}
	CHECK_INT(connect_to(tcp(), "127.0.0.1", 7000, &em), ==, -EADDRNOTAVAIL);
	CHECK_INT(bind_to(tcp(), "0.0.0.0", 0), ==, -EADDRINUSE);
}

TEST(connect_undo_and_dead_listener)
{
	enum sock_route route;
	uint32_t l, l2, a, em, got;
	union name n;
	socklen_t len = name_of(&n, "127.0.0.1", 7000);

	world_init();
	l = listener("127.0.0.1", 7000);
	a = tcp();
	CHECK_INT(sock_connect_begin(&env, a, &n.sa, len, &route, &got, &em), ==,
		0);
	CHECK_INT(route, ==, SOCK_ROUTE_LOCAL);
	CHECK_INT(got, ==, l);
	CHECK_INT(at(a)->state, ==, SHM_SOCK_CONNECTING);
	CHECK_INT(connect_to(a, "127.0.0.1", 7000, &em), ==, -EALREADY);
	em = at(a)->peer;
	sock_connect_undo(&env, a, l, em, true);
	CHECK_INT(at(a)->state, ==, SHM_SOCK_OPEN);
	CHECK_INT(at(em)->state, ==, SHM_SOCK_FREE);
	CHECK_INT(port_of(a), ==, 0);
	CHECK_INT(connect_to(a, "127.0.0.1", 7000, &em), ==, -ECONNREFUSED);
	l2 = listener("127.0.0.1", 7000); /* the dead one is in nobody's way */
	CHECK_INT(connect_to(a, "127.0.0.1", 7000, &em), ==, 0);
	CHECK_INT(at(em)->listener, ==, l2);
}

TEST(accept_refuses_what_is_stale)
{
	uint32_t l, l2, a, em, b;
	struct shm_hello h;

	world_init();
	l = listener("127.0.0.1", 7000);
	l2 = listener("127.0.0.1", 7001);
	a = tcp();
	CHECK_INT(connect_to(a, "127.0.0.1", 7000, &em), ==, 0);
	h = (struct shm_hello){ .magic = SHM_MAGIC, .kind = SHM_HELLO_ACCEPT,
		.key = 42, .sock = em, .gen = at(em)->gen + 1 };
	CHECK_INT(sock_accept_adopt(&env, l, &h, &b), ==, -ECONNABORTED);
	h.gen--;
	h.key = 41;
	CHECK_INT(sock_accept_adopt(&env, l, &h, &b), ==, -ECONNABORTED);
	h.key = 42;
	CHECK_INT(sock_accept_adopt(&env, l2, &h, &b), ==, -ECONNABORTED);
	CHECK_INT(sock_accept_adopt(&env, l, &h, &b), ==, 0);
	CHECK_INT(sock_accept_adopt(&env, l, &h, &b), ==, -ECONNABORTED);
}

/* A connector that dies before its hello: accept() gets its embryo all the same. */
TEST(accept_takes_orphans)
{
	uint32_t l, l2, a, c, em, other, b;

	world_init();
	l = listener("127.0.0.1", 7000);
	l2 = listener("127.0.0.1", 7001);
	a = tcp();
	c = tcp();
	CHECK_INT(connect_to(a, "127.0.0.1", 7000, &em), ==, 0);
	CHECK_INT(connect_to(c, "127.0.0.1", 7000, &other), ==, 0);
	CHECK_INT(sock_accept_orphan(&env, l, &b), ==, -ECONNABORTED);
	world_dead[a] = 1;
	CHECK_INT(sock_accept_orphan(&env, l2, &b), ==, -ECONNABORTED);
	CHECK_INT(sock_accept_orphan(&env, l, &b), ==, 0);
	CHECK_INT(b, ==, em);
	CHECK_INT(sock_accept_orphan(&env, l, &b), ==, -ECONNABORTED);
	sock_reap(&env, c);
	CHECK_INT(sock_accept_orphan(&env, l, &b), ==, 0);
	CHECK_INT(b, ==, other);
}

TEST(accept_inherits_options)
{
	uint32_t l, a, em, b;

	world_init();
	l = listener("127.0.0.1", 7000);
	set_int(l, IPPROTO_TCP, TCP_NODELAY, 1);
	set_int(l, SOL_SOCKET, SO_KEEPALIVE, 1);
	at(l)->flags |= SHM_F_NONBLOCK;
	a = tcp();
	CHECK_INT(connect_to(a, "127.0.0.1", 7000, &em), ==, 0);
	CHECK_INT(accept_from(l, em, &b), ==, 0);
	CHECK_INT(get_int(b, IPPROTO_TCP, TCP_NODELAY), ==, 1);
	CHECK_INT(get_int(b, SOL_SOCKET, SO_KEEPALIVE), ==, 1);
	CHECK_INT(at(b)->flags & SHM_F_NONBLOCK, ==, 0);
	CHECK_INT(get_int(b, SOL_SOCKET, SO_ACCEPTCONN), ==, 0);
}

TEST(connect_net)
{
	uint32_t a, em;
	char c;

	world_init();
	a = tcp();
	CHECK_INT(connect_to(a, "10.0.0.9", 80, &em), ==, 0);
	CHECK_INT(at(a)->state, ==, SHM_SOCK_CONNECTING);
	CHECK_INT(at(a)->via, ==, SHM_VIA_NET);
	CHECK_INT(sock_connect_result(&env, a), ==, -EALREADY);
	CHECK_INT(put(a, "x", 1), ==, -EAGAIN);
	CHECK_INT(get(a, &c, 1, 0), ==, -EAGAIN);
	CHECK_INT(sock_ready(&env, a, POLLOUT), ==, 0);
	sock_sleep_begin(&env, a, POLLOUT);
	CHECK(sock_connected(&env, a));
	sock_sleep_end(&env, a, POLLOUT);
	/* Nobody lacked room: no edge of POLLOUT when some becomes free. */
	CHECK_INT(shm_fifo_at(&arena, at(a)->tx)->nospace, ==, 0);
	CHECK(sock_ready(&env, a, POLLOUT) & POLLOUT);
	CHECK_INT(sock_connect_result(&env, a), ==, 0);
	CHECK_INT(connect_to(a, "10.0.0.9", 80, &em), ==, -EISCONN);
	arena.hdr->svc_armed = 1;
	CHECK_INT(put(a, "x", 1), ==, 1);
	CHECK(fx.ring);
	CHECK_INT(put(a, "x", 1), ==, 1);
	CHECK(!fx.ring); /* it is awake */
	CHECK_INT(shm_stack_pop_socks(&arena), ==, a);
	sock_arrived(&env, a, false, true);
	CHECK_INT(get(a, &c, 1, 0), ==, 0);
	sock_fail(&env, a, ECONNRESET, true);
	CHECK_INT(put(a, "x", 1), ==, -ECONNRESET);
	CHECK_INT(put(a, "x", 1), ==, -EPIPE);
}

static uint32_t ring_of(uint32_t i)
{
	return shm_fifo_at(&arena, at(i)->tx)->limit;
}

static void use_up(uint64_t bytes)
{
	arena.hdr->bytes_next = (bytes + SHM_RING_SHARE - 1) / SHM_RING_SHARE *
		SHM_RING_SHARE;
}

/* The arena gets full of connections; those that end leave their rings to the next. */
TEST(connect_takes_large_rings_while_there_are)
{
	uint32_t a, b, em, ring_of_b;

	world_init();
	a = tcp();
	b = tcp();
	CHECK_INT(connect_to(a, "10.0.0.9", 80, &em), ==, 0);
	CHECK_INT(ring_of(a), ==, 4 << 20);
	use_up(arena.bytes_size / 4);
	CHECK_INT(connect_to(b, "10.0.0.9", 80, &em), ==, 0);
	ring_of_b = ring_of(b);
	CHECK_INT(ring_of_b, <, 4 << 20);
	sock_connect_undo(&env, b, 0, 0, false);
	sock_connect_undo(&env, a, 0, 0, false);
	CHECK_INT(connect_to(b, "10.0.0.9", 80, &em), ==, 0);
	CHECK_INT(ring_of(b), ==, 4 << 20);
	use_up(arena.bytes_size);
	CHECK_INT(connect_to(a, "10.0.0.9", 80, &em), ==, 0);
	CHECK_INT(ring_of(a), ==, ring_of_b);
}

TEST(connect_net_fails_and_tries_again)
{
	uint32_t a, em;
	char c;

	world_init();
	a = tcp();
	CHECK_INT(connect_to(a, "10.0.0.9", 80, &em), ==, 0);
	sock_fail(&env, a, ECONNREFUSED, true);
	CHECK(!sock_connected(&env, a)); /* too late */
	CHECK_INT(sock_ready(&env, a, POLLIN | POLLOUT), ==,
		POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM | POLLRDHUP | POLLHUP |
			POLLERR);
	CHECK_INT(sock_connect_result(&env, a), ==, -ECONNREFUSED);
	CHECK_INT(at(a)->state, ==, SHM_SOCK_OPEN);
	CHECK_INT(get(a, &c, 1, 0), ==, -ENOTCONN);
	CHECK_INT(connect_to(a, "10.0.0.9", 80, &em), ==, 0);
	sock_fail(&env, a, ETIMEDOUT, true);
	/* The error was taken by SO_ERROR: connect says it another way. */
	CHECK_INT(get_int(a, SOL_SOCKET, SO_ERROR), ==, ETIMEDOUT);
	CHECK_INT(connect_to(a, "10.0.0.9", 80, &em), ==, -ECONNABORTED);
	CHECK_INT(connect_to(a, "10.0.0.9", 80, &em), ==, 0);
}

TEST(listener_for_the_service)
{
	struct shm_addr local = { .family = IP_V4, .port = 80,
		.b = { 10, 0, 0, 1 } };
	struct shm_addr remote = { .family = IP_V4, .port = 5555,
		.b = { 10, 0, 0, 9 } };
	uint32_t any, exact, em, b;

	world_init();
	CHECK_INT(sock_find_listener(&env, &local, &remote, 0), ==, 0);
	any = listener("::", 80);
	CHECK_INT(sock_find_listener(&env, &local, &remote, 0), ==, any);
	last_close(any);
	CHECK_INT(sock_find_listener(&env, &local, &remote, 0), ==, 0);
	exact = listener("10.0.0.1", 80);
	CHECK_INT(sock_find_listener(&env, &local, &remote, 0), ==, exact);
	CHECK_INT(sock_embryo_new(&env, exact, &local, &remote, &em), ==, 0);
	CHECK_INT(accept_from(exact, em, &b), ==, 0);
	CHECK_INT(at(b)->state, ==, SHM_SOCK_CONNECTED);
	CHECK_INT(at(b)->via, ==, SHM_VIA_NET);
	CHECK(at(b)->rx != 0 && at(b)->tx != 0);
	sock_reap(&env, b);
	CHECK_INT(sock_find_listener(&env, &local, &remote, 0), ==, exact);
}
