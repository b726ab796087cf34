/* A host for the tests of sock: one arena in private memory, addresses 10.0.0.1/24
 * and 2001:db8::1/64, and shorthands that play the part of the client.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef WORLD_H
#define WORLD_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/ipaddr.h"
#include "base/rng.h"
#include "check.h"
#include "sock/service.h"

#define WORLD_SIZE (64u << 20)

static struct shm_arena arena;
static struct sock_env env;
static uint8_t world_dead[4096]; /* what is_dead answers */
static struct rng world_rng;
static struct sock_effect fx;

static inline int world_is_dead(void *user, uint32_t i)
{
	(void)user;
	return i < sizeof(world_dead) ? world_dead[i] : 0;
}

static inline uint32_t world_random(void *user)
{
	(void)user;
	return (uint32_t)rng_next(&world_rng);
}

static inline void world_init_sized(size_t size)
{
	struct shm_geometry g = { .size = size };
	void *m = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	CHECK(m != MAP_FAILED);
	CHECK_INT(shm_arena_create(&arena, m, size, &g), ==, 0);
	arena.hdr->addrs[0] = (struct shm_addr){ .family = IP_V4, .bits = 24,
		.b = { 10, 0, 0, 1 } };
	arena.hdr->addrs[1] = (struct shm_addr){ .family = IP_V6, .bits = 64,
		.b = { 0x20, 1, 0xd, 0xb8, [15] = 1 } };
	arena.hdr->n_addrs = 2;
	arena.hdr->addr_ifindex[0] = arena.hdr->addr_ifindex[1] = 2;
	arena.hdr->ifaces[0] = (struct shm_iface){ "lo", .up = 1, .mtu = 65536 };
	arena.hdr->ifaces[1] = (struct shm_iface){ "eth0", .up = 1, .mtu = 1500 };
	arena.hdr->n_ifaces = 2;
	arena.hdr->routes[0] = (struct shm_route){ .ifindex = 2,
		.dst = arena.hdr->addrs[1] };
	arena.hdr->routes[1] = (struct shm_route){ .ifindex = 2,
		.dst = arena.hdr->addrs[0] };
	arena.hdr->routes[2] = (struct shm_route){ .ifindex = 2,
		.dst = { .family = IP_V4 }, .gateway = arena.hdr->addrs[0] };
	arena.hdr->routes[3] = (struct shm_route){ .ifindex = 2,
		.dst = { .family = IP_V6 }, .gateway = arena.hdr->addrs[1] };
	arena.hdr->n_routes = 4;
	arena.hdr->key = 42;
	arena.self_slot = 1;
	rng_init(&world_rng, 1);
	env = (struct sock_env){ .arena = &arena, .is_dead = world_is_dead,
		.random = world_random, .privileged = true };
}

static inline void world_init(void)
{
	world_init_sized(WORLD_SIZE);
}

static inline struct shm_sock *at(uint32_t i)
{
	return shm_sock_at(&arena, i);
}

union name {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

static inline socklen_t name_of(union name *n, const char *ip, uint16_t port)
{
	memset(n, 0, sizeof(*n));
	if (strchr(ip, ':')) {
		n->in6.sin6_family = AF_INET6;
		n->in6.sin6_port = htons(port);
		CHECK(inet_pton(AF_INET6, ip, &n->in6.sin6_addr) == 1);
		return sizeof(n->in6);
	}
	n->in.sin_family = AF_INET;
	n->in.sin_port = htons(port);
	CHECK(inet_pton(AF_INET, ip, &n->in.sin_addr) == 1);
	return sizeof(n->in);
}

static inline uint32_t make(int domain, int type, int protocol)
{
	uint32_t i = 0;

	CHECK_INT(sock_create(&env, domain, type, protocol, &i), ==, 0);
	CHECK(i != 0);
	return i;
}

static inline uint32_t tcp(void)
{
	return make(AF_INET, SOCK_STREAM, 0);
}

static inline uint32_t udp(void)
{
	return make(AF_INET, SOCK_DGRAM, 0);
}

static inline int bind_to(uint32_t i, const char *ip, uint16_t port)
{
	union name n;
	socklen_t len = name_of(&n, ip, port);

	return sock_bind(&env, i, &n.sa, len);
}

static inline int set_int(uint32_t i, int level, int name, int v)
{
	return sock_setopt(&env, i, level, name, &v, sizeof(v), &fx);
}

static inline int get_int(uint32_t i, int level, int name)
{
	int v = -9999;
	socklen_t len = sizeof(v);
	int r = sock_getopt(&env, i, level, name, &v, &len);

	return r < 0 ? r : v;
}

static inline uint32_t listener(const char *ip, uint16_t port)
{
	uint32_t i = make(strchr(ip, ':') ? AF_INET6 : AF_INET, SOCK_STREAM, 0);

	CHECK_INT(set_int(i, SOL_SOCKET, SO_REUSEADDR, 1), ==, 0);
	CHECK_INT(bind_to(i, ip, port), ==, 0);
	CHECK_INT(sock_listen(&env, i, 10), ==, 0);
	return i;
}

static inline uint16_t port_of(uint32_t i)
{
	return at(i)->local.port;
}

/* The last descriptor of i is closed: what the kernel would tell. */
static inline void last_close(uint32_t i)
{
	sock_closing(&env, i);
	if (i < sizeof(world_dead))
		world_dead[i] = 1;
}

#include "world_connect.h"
#include "world_io.h"

#endif
