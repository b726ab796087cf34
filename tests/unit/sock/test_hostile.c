/* A program of the host scribbles over the records at random; then everything that
 * the service calls must come back, within its memory. What it answers does not
 * matter. Run it under asan and ubsan.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

#define SOCKS 24

static struct rng rng;

static uint32_t rnd(uint32_t below)
{
	return rng_below(&rng, below);
}

/* Numbers that hurt more often than random ones. */
static uint32_t nasty(void)
{
	static const uint32_t n[] = { 0, 1, 2, 3, 0xffffffff, 0x7fffffff,
		0x80000000, 4096, 65535, 1 << 20 };

	switch (rnd(3)) {
	case 0:
		return n[rnd(10)];
	case 1:
		return rnd(SOCKS + 4);
	default:
		return (uint32_t)rng_next(&rng);
	}
}

static void scribble_at(void *p, size_t size)
{
	uint8_t *b = p;
	uint32_t v = nasty();
	size_t at = rnd((uint32_t)(size / 4)) * 4;

	memcpy(b + at, &v, sizeof(v));
}

static void scribble(void)
{
	switch (rnd(7)) {
	case 0:
	case 1:
	case 2:
		scribble_at(&arena.socks[1 + rnd(SOCKS + 2)],
			sizeof(struct shm_sock));
		break;
	case 3:
		scribble_at(&arena.fifos[1 + rnd(2 * SOCKS)],
			sizeof(struct shm_fifo));
		break;
	case 4:
		scribble_at(&arena.rings[1 + rnd(2 * SOCKS)],
			sizeof(struct shm_ring));
		break;
	case 5:
		scribble_at(&arena.items[1 + rnd(4)], sizeof(struct shm_item));
		break;
	default:
		/* The header, from the addresses on. */
		scribble_at(&arena.hdr->n_addrs, sizeof(struct shm_header) -
			offsetof(struct shm_header, n_addrs));
	}
}

static void populate(void)
{
	uint32_t a, b, l, k;

	for (int n = 0; n < 4; n++)
		pair_of(&a, &b, &l);
	for (int n = 0; n < 4; n++)
		CHECK_INT(bind_to(udp(), "127.0.0.1", (uint16_t)(5000 + n)), ==, 0);
	for (int n = 0; n < 4; n++)
		connect_to(tcp(), "10.0.0.9", 80, &l);
	k = shm_item_take(&arena);
	arena.items[k].epoll = shm_epoll_take(&arena);
	arena.items[k].live = 1;
	arena.items[k].events = POLLIN;
	sock_watch(&env, a, k);
}

static void service_call(uint32_t i)
{
	static uint8_t buf[65536];
	struct span p = { buf, rnd(3000) };
	struct shm_addr local = { .family = IP_V4, .port = (uint16_t)nasty(),
		.b = { 127, 0, 0, 1 } };
	struct shm_msg m = { .len = (uint32_t)p.len };
	uint32_t em;
	bool ring;

	switch (rnd(14)) {
	case 0:
		local.port = (uint16_t)(5000 + rnd(4));
		sock_find_dgram(&env, IPPROTO_UDP, &local, &local);
		break;
	case 1:
		sock_find_listener(&env, &local, &local, 0);
		break;
	case 2:
		if (sock_embryo_new(&env, i, &local, &local, &em) == 0)
			sock_reap(&env, em);
		break;
	case 3:
		sock_deliver(&env, i, &m, &p, 1, &ring);
		break;
	case 4:
		sock_next_outgoing(&env, i, &m, buf, sizeof(buf), &ring);
		break;
	case 5:
		sock_fail(&env, i, ECONNRESET, rnd(2));
		break;
	case 6:
		sock_connected(&env, i);
		sock_arrived(&env, i, true, true);
		break;
	case 7:
		sock_tx_freed(&env, i);
		break;
	case 8:
		sock_forget(&env, i);
		break;
	case 9:
		if (rnd(8) == 0)
			sock_reap(&env, i);
		break;
	case 10:
		sock_peer_gone(&env, i);
		break;
	case 11:
		sock_notify(&env, i, POLLIN | POLLOUT);
		break;
	case 12:
		em = shm_stack_pop_socks(&arena);
		for (int n = 0; n < 100 && shm_sock_at(&arena, em); n++)
			em = arena.socks[em].svc_next;
		break;
	default:
		sock_ready(&env, i, POLLIN | POLLOUT);
	}
}

/* Neighbours of the same host call these; they too stay within the memory. */
static void program_call(uint32_t i)
{
	static uint8_t buf[20000];
	union name n;
	socklen_t len = sizeof(n);
	int fl;

	switch (rnd(8)) {
	case 0:
		put(i, buf, rnd(sizeof(buf)));
		break;
	case 1:
		get(i, buf, sizeof(buf), rnd(2) ? MSG_PEEK : 0);
		break;
	case 2:
		send_to(i, "127.0.0.1", (uint16_t)(5000 + rnd(4)), buf, rnd(2000));
		break;
	case 3:
		recv_from(i, buf, sizeof(buf), 0, &n, &fl);
		break;
	case 4:
		sock_name(&env, i, &n.sa, &len);
		break;
	case 5:
		set_int(i, SOL_SOCKET, SO_RCVBUF, (int)nasty());
		break;
	case 6:
		sock_shutdown(&env, i, (int)rnd(3), &fx);
		break;
	default:
		bind_to(i, "127.0.0.1", (uint16_t)rnd(3));
	}
}

TEST_TIMEOUT(hostile_arena, 300)
{
	for (unsigned seed = 0; seed < 300; seed++) {
		world_init();
		rng_init(&rng, seed);
		populate();
		arena.lock_tries = 20;
		arena.self_slot = 0;
		for (int step = 0; step < 1500; step++) {
			if (rnd(3 + seed % 40) == 0)
				scribble();
			service_call(nasty() % (SOCKS + 8));
			program_call(rnd(SOCKS + 4));
		}
		munmap(arena.base, WORLD_SIZE);
	}
}
