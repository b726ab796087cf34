/* What connections within the host leave behind, with a clock of the test's.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

#include <netinet/tcp.h>

#include "base/rng.h"
#include "timewait.h"

#define S INT64_C(1000000000)

static int64_t clock_ns;
static uint32_t a, b, l;

static int64_t clock_now(void *user)
{
	(void)user;
	return clock_ns;
}

static void start(uint16_t port)
{
	uint32_t em;

	memset(world_dead, 0, sizeof(world_dead));
	world_init();
	env.now = clock_now;
	clock_ns = 1000 * S;
	l = tcp();
	CHECK_INT(bind_to(l, "127.0.0.1", port), ==, 0);
	CHECK_INT(sock_listen(&env, l, 5), ==, 0);
	a = tcp();
	CHECK_INT(connect_to(a, "127.0.0.1", port, &em), ==, 0);
	CHECK_INT(accept_from(l, em, &b), ==, 0);
}

static void end(uint32_t i)
{
	clock_ns += S / 1000;
	last_close(i);
}

static unsigned left(void)
{
	struct sock_time_wait w;
	unsigned n = 0;

	for (uint32_t k = 0; sock_time_wait_at(&env, k, &w); k++)
		n += w.there;
	return n;
}

TEST(port_of_a_server_that_closed_first)
{
	start(7000);
	end(b);
	end(a);
	end(l);
	CHECK_INT(bind_to(tcp(), "127.0.0.1", 7000), ==, -EADDRINUSE);
	clock_ns += 59 * S;
	CHECK_INT(bind_to(tcp(), "127.0.0.1", 7000), ==, -EADDRINUSE);
	clock_ns += 2 * S;
	CHECK_INT(bind_to(tcp(), "127.0.0.1", 7000), ==, 0);
}

TEST(sweep_in_any_order_leaves_one)
{
	for (int order = 0; order < 6; order++) {
		uint32_t who[3];

		start(7000);
		who[0] = order % 3 == 0 ? a : order % 3 == 1 ? b : l;
		who[1] = order % 3 == 0 ? b : order % 3 == 1 ? l : a;
		who[2] = order % 3 == 0 ? l : order % 3 == 1 ? a : b;
		end(order < 3 ? a : b);
		end(order < 3 ? b : a);
		end(l);
		for (int k = 0; k < 3; k++)
			sock_reap(&env, who[k]);
		CHECK_INT(left(), ==, 1);
		CHECK_INT(bind_to(tcp(), "127.0.0.1", 7000), ==,
			order < 3 ? 0 : -EADDRINUSE);
	}
}

/* Killed between its hello and its own note of it: it was the first to end. */
TEST(connector_killed_in_the_middle_is_the_first)
{
	for (int accepted = 0; accepted < 2; accepted++) {
		enum sock_route route;
		union name n;
		uint32_t em, c, d = 0, to;

		start(7000);
		end(a);
		end(b);
		c = tcp();
		CHECK_INT(sock_connect_begin(&env, c, &n.sa,
			name_of(&n, "127.0.0.1", 7000), &route, &to, &em), ==, 0);
		if (accepted)
			CHECK_INT(accept_from(l, em, &d), ==, 0);
		world_dead[c] = 1; /* by no close() of its own */
		clock_ns += S / 1000;
		sock_reap(&env, c);
		if (!accepted)
			CHECK_INT(accept_from(l, em, &d), ==, 0);
		end(d);
		sock_reap(&env, d);
		end(l);
		CHECK_INT(bind_to(tcp(), "127.0.0.1", 7000), ==, 0);
	}
}

TEST(reset_leaves_nothing)
{
	struct linger hard = { 1, 0 };

	start(7000);
	CHECK_INT(sock_setopt(&env, b, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard),
		&fx), ==, 0);
	end(b);
	sock_peer_gone(&env, a);
	end(a);
	sock_reap(&env, a);
	sock_reap(&env, b);
	CHECK_INT(left(), ==, 0);
}

TEST(last_one_prolongs_what_the_first_left)
{
	start(7000);
	end(b);
	sock_reap(&env, b);
	CHECK_INT(left(), ==, 1);
	clock_ns += 50 * S;
	end(a);
	sock_reap(&env, a);
	clock_ns += 50 * S;
	CHECK_INT(left(), ==, 1);
	clock_ns += 11 * S;
	CHECK_INT(left(), ==, 0);
}

TEST(late_sweep_counts_from_the_close)
{
	start(7000);
	end(b);
	end(a);
	clock_ns += 61 * S;
	sock_reap(&env, b);
	sock_reap(&env, a);
	CHECK_INT(left(), ==, 0);
}

TEST(fin_wait_2_lasts_as_the_option_says)
{
	uint16_t port;

	start(7000);
	port = port_of(a);
	CHECK_INT(set_int(a, IPPROTO_TCP, TCP_LINGER2, 5), ==, 0);
	end(a);
	CHECK_INT(bind_to(tcp(), "127.0.0.1", port), ==, -EADDRINUSE);
	clock_ns += 6 * S;
	CHECK_INT(bind_to(tcp(), "127.0.0.1", port), ==, 0);
}

TEST(the_other_end_makes_time_wait_of_it)
{
	uint16_t port;

	start(7000);
	port = port_of(a);
	CHECK_INT(set_int(a, IPPROTO_TCP, TCP_LINGER2, 5), ==, 0);
	end(a);
	CHECK_INT(bind_to(tcp(), "127.0.0.1", port), ==, -EADDRINUSE);
	end(b);
	sock_reap(&env, b); /* as the sweep does soon */
	clock_ns += 6 * S;
	CHECK_INT(bind_to(tcp(), "127.0.0.1", port), ==, -EADDRINUSE);
	clock_ns += 60 * S;
	CHECK_INT(bind_to(tcp(), "127.0.0.1", port), ==, 0);
}

TEST(a_reset_that_nobody_saw_ends_it)
{
	for (int looked = 0; looked < 2; looked++) {
		uint16_t port;

		start(7000);
		port = port_of(a);
		end(a);
		if (looked)
			CHECK_INT(bind_to(tcp(), "127.0.0.1", port), ==, -EADDRINUSE);
		at(b)->opts.linger_s = 0;
		end(b);
		CHECK_INT(bind_to(tcp(), "127.0.0.1", port), ==, 0);
	}
}

TEST(an_ended_stream_is_bound_again)
{
	uint16_t port;

	start(7000);
	port = port_of(a);
	CHECK_INT(bind_to(a, "127.0.0.1", 0), ==, -EINVAL);
	CHECK_INT(sock_shutdown(&env, a, SHUT_WR, &fx), ==, 0);
	clock_ns += S / 1000;
	CHECK_INT(sock_shutdown(&env, b, SHUT_WR, &fx), ==, 0);
	CHECK_INT(bind_to(a, "127.0.0.1", 0), ==, 0);
	CHECK_INT(left(), ==, 1);
	CHECK_INT(port_of(a), !=, port);
	CHECK_INT(bind_to(a, "127.0.0.1", 0), ==, -EINVAL);
	CHECK_INT(bind_to(tcp(), "127.0.0.1", port_of(a)), ==, -EADDRINUSE);
	end(a);
	end(b);
	CHECK_INT(bind_to(tcp(), "127.0.0.1", port_of(a)), ==, 0);
	CHECK_INT(left(), ==, 1);
}

TEST(ring_forgets_the_oldest)
{
	uint32_t n;

	start(7000);
	n = arena.n_time_waits;
	for (uint32_t k = 0; k < n + 10; k++) {
		uint32_t em, c = tcp(), d;

		CHECK_INT(connect_to(c, "127.0.0.1", 7000, &em), ==, 0);
		CHECK_INT(accept_from(l, em, &d), ==, 0);
		end(c);
		end(d);
		sock_reap(&env, c);
		sock_reap(&env, d);
		world_dead[c] = world_dead[d] = 0;
		CHECK(left() <= n);
	}
	CHECK(left() > n - n / 16); /* a port may have come twice */
}

/* Of few names, so that many of them share a port, a bucket, or all but an address. */
static struct shm_addr some_name(struct rng *r, unsigned ports)
{
	struct shm_addr name = { .family = IP_V4, .b = { 127, 0, 0, 1 } };

	name.b[3] = (uint8_t)(1 + rng_below(r, 2));
	name.port = (uint16_t)(5000 + 64 * rng_below(r, ports));
	return name;
}

/* The naive twin: all that were added, newest last. */
static struct shm_time_wait twin[4000];

static const struct shm_time_wait *twin_find(unsigned n, const struct shm_addr *local,
	const struct shm_addr *remote)
{
	while (n-- > 0) {
		if (!memcmp(&twin[n].local, local, sizeof(*local)) &&
			!memcmp(&twin[n].remote, remote, sizeof(*remote)))
			return twin[n].until > clock_ns ? &twin[n] : NULL;
	}
	return NULL;
}

TEST(names_are_found_among_those_of_one_port)
{
	unsigned n = 0, found = 0;
	struct rng r;

	start(7000);
	rng_init(&r, 5);
	/* Less than the ring holds. */
	CHECK_INT(arena.n_time_waits, >, 200);
	for (int step = 0; step < 4000; step++) {
		struct shm_addr local = some_name(&r, 2), remote = some_name(&r, 40);
		const struct shm_time_wait *want = twin_find(n, &local, &remote);
		const struct shm_time_wait *w = sock_tw_find(&env, &local, &remote,
			clock_ns);

		CHECK(!w == !want);
		CHECK_INT(w ? w->until : 0, ==, want ? want->until : 0);
		found += w != NULL;
		if (!w && rng_below(&r, 2)) {
			twin[n] = (struct shm_time_wait){ .local = local,
				.remote = remote, .since = clock_ns,
				.until = clock_ns + S / 2 +
					(int64_t)rng_below(&r, 1000) };
			sock_tw_add(&env, &twin[n++]);
		}
		clock_ns += S / 400;
	}
	CHECK_INT(found, >, 500);
	CHECK_INT(n, >, 500);
}

TEST(scribbled_ring_ends)
{
	start(7000);
	for (uint32_t k = 0; k < arena.n_time_waits; k++) {
		arena.time_waits[k].number = k + 1;
		arena.time_waits[k].older = k + 1; /* of itself */
		arena.time_waits[k].older_pair = k + 1;
		arena.time_waits[k].since = clock_ns;
		arena.time_waits[k].until = INT64_MAX;
	}
	for (uint32_t k = 0; k < arena.n_ports; k++)
		arena.tw_newest[k] = arena.tw_pairs[k] = k * 77;
	bind_to(tcp(), "127.0.0.1", 7001);
	CHECK(left() <= arena.n_time_waits);
}
