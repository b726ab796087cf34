/* The port table against a naive twin: a plain array and the rules written down
 * once more, with random bind, listen, connect, close and reap.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../unit/sock/world.h"

#define N 40
#define PORTS 6

struct twin {
	uint32_t i;
	bool used, stream, reuse, reuseport, listening, connected, dead;
	int addr; /* 0 any, 1 and 2 of 127/8 */
	uint16_t port, to;
};

static struct twin twins[N];
static struct rng rng;
static const char *const text[] = { "0.0.0.0", "127.0.0.1", "127.0.0.2" };

static uint32_t rnd(uint32_t below)
{
	return rng_below(&rng, below);
}

static bool meet(int a, int b)
{
	return a == 0 || b == 0 || a == b;
}

static bool may_bind(const struct twin *me, int addr, uint16_t port)
{
	for (int k = 0; k < N; k++) {
		const struct twin *o = &twins[k];
		bool ok;

		if (o == me || !o->used || o->dead || o->port != port ||
			o->stream != me->stream || !meet(addr, o->addr))
			continue;
		ok = (me->reuse && o->reuse && !(me->stream && o->listening)) ||
			(me->reuseport && o->reuseport);
		if (!ok)
			return false;
	}
	return true;
}

static void do_make(struct twin *me)
{
	*me = (struct twin){ .used = true, .stream = rnd(3) != 0,
		.reuse = rnd(2), .reuseport = rnd(4) == 0 };
	me->i = me->stream ? tcp() : udp();
	world_dead[me->i] = 0;
	set_int(me->i, SOL_SOCKET, SO_REUSEADDR, me->reuse);
	set_int(me->i, SOL_SOCKET, SO_REUSEPORT, me->reuseport);
}

static void do_bind(struct twin *me)
{
	int addr = (int)rnd(3);
	uint16_t port = (uint16_t)(7000 + rnd(PORTS));
	int want = me->port != 0 ? -EINVAL :
		may_bind(me, addr, port) ? 0 : -EADDRINUSE;

	CHECK_INT(bind_to(me->i, text[addr], port), ==, want);
	if (want == 0) {
		me->addr = addr;
		me->port = port;
	}
}

static void do_listen(struct twin *me)
{
	int want;

	if (!me->stream || me->port == 0 || me->connected)
		return;
	want = me->listening || may_bind(me, me->addr, me->port) ? 0 :
								    -EADDRINUSE;
	CHECK_INT(sock_listen(&env, me->i, 5), ==, want);
	if (want == 0)
		me->listening = true;
}

/* Somebody connects to addr:port: the listener found must be a best one. */
static void do_lookup(void)
{
	struct shm_addr to = { .family = IP_V4,
		.port = (uint16_t)(7000 + rnd(PORTS)), .b = { 127, 0, 0, 1 } };
	int addr = 1 + (int)rnd(2), best = -1;
	uint32_t found;

	to.b[3] = (uint8_t)addr;
	for (int k = 0; k < N; k++) {
		if (twins[k].used && twins[k].listening && !twins[k].dead &&
			twins[k].port == to.port && meet(twins[k].addr, addr) &&
			(twins[k].addr != 0) > best)
			best = twins[k].addr != 0;
	}
	found = sock_find_listener(&env, &to, &to, 0);
	CHECK_INT(found != 0, ==, best >= 0);
	for (int k = 0; found && k < N; k++) {
		if (twins[k].used && twins[k].i == found) {
			CHECK(twins[k].listening && !twins[k].dead);
			CHECK_INT(twins[k].port, ==, to.port);
			CHECK_INT(twins[k].addr != 0, ==, best);
		}
	}
}

static void do_close(struct twin *me)
{
	if (!me->dead) {
		last_close(me->i);
		me->dead = true;
	} else {
		sock_reap(&env, me->i);
		world_dead[me->i] = 0;
		me->used = false;
	}
}

/* Every chain is sound both ways and holds only bound records of its port. */
static void check_chains(void)
{
	for (uint32_t b = 0; b < 2 * arena.n_ports; b++) {
		uint32_t prev = 0, n = 0;

		for (uint32_t i = arena.ports[b]; i != 0; i = at(i)->port_next) {
			CHECK(at(i) != NULL && n++ < N);
			CHECK_INT(at(i)->port_prev, ==, prev);
			CHECK(at(i)->flags & SHM_F_BOUND);
			CHECK_INT(at(i)->local.port & (arena.n_ports - 1), ==,
				b % arena.n_ports);
			prev = i;
		}
	}
}

TEST(port_table_against_a_twin)
{
	world_init();
	rng_init(&rng, 11);
	for (int step = 0; step < 30000; step++) {
		struct twin *me = &twins[rnd(N)];

		if (!me->used)
			do_make(me);
		else if (me->dead || rnd(6) == 0)
			do_close(me);
		else if (rnd(2))
			do_bind(me);
		else
			do_listen(me);
		do_lookup();
		if (step % 100 == 0)
			check_chains();
	}
}
