/* The host of networld.h. SPDX-License-Identifier: BSD-2-Clause */
#include "networld.h"

#include <linux/neighbour.h>
#include <string.h>
#include <sys/mman.h>

#include "check.h"
#include "netif.h"

#define BYTES (64u << 20)

static struct shm_addr v4(uint32_t host_order, uint8_t bits)
{
	return (struct shm_addr){ .family = IP_V4, .bits = bits,
		.b = { (uint8_t)(host_order >> 24), (uint8_t)(host_order >> 16),
			(uint8_t)(host_order >> 8), (uint8_t)host_order } };
}

static struct shm_addr v6(uint8_t first, uint8_t second, uint8_t last, uint8_t bits)
{
	return (struct shm_addr){ .family = IP_V6, .bits = bits,
		.b = { first, second, [15] = last } };
}

static void interfaces(struct shm_header *h)
{
	h->n_ifaces = 3;
	h->ifaces[0] = (struct shm_iface){ .name = "lo", .up = 1, .mtu = 65536 };
	h->ifaces[1] = (struct shm_iface){ .name = "eth0", .up = 1, .mtu = 1500,
		.mac = { 2, [5] = 1 }, .rx_frames = 3, .rx_bytes = 300,
		.tx_frames = 4, .tx_bytes = 1ull << 33 };
	h->ifaces[2] = (struct shm_iface){ .name = "eth1", .mtu = 9000,
		.mac = { 2, [5] = 2 } };
	h->n_addrs = 3;
	h->addrs[0] = v4(0x0a000001, 24);
	h->addrs[1] = v6(0xfd, 0, 1, 64);
	h->addrs[2] = v6(0xfe, 0x80, 1, 64);
	for (int k = 0; k < 3; k++)
		h->addr_ifindex[k] = 2;
}

static void ways(struct shm_header *h)
{
	h->n_routes = 3;
	h->routes[0] = (struct shm_route){ .dst = v6(0xfd, 0, 0, 64), .ifindex = 2 };
	h->routes[1] = (struct shm_route){ .dst = v4(0x0a000000, 24), .ifindex = 2 };
	h->routes[2] = (struct shm_route){ .dst = v4(0, 0),
		.gateway = v4(0x0a0000fe, 0), .ifindex = 2 };
	h->n_neighs = 2;
	h->neighs[0] = (struct shm_neigh){ .addr = v4(0x0a000002, 0), .ifindex = 2,
		.state = NUD_REACHABLE, .has_mac = 1, .mac = { 2, [5] = 9 } };
	h->neighs[1] = (struct shm_neigh){ .addr = v4(0x0a000003, 0), .ifindex = 2,
		.state = NUD_INCOMPLETE };
}

void networld(void)
{
	struct shm_geometry g = { .size = BYTES };
	void *memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	CHECK(memory != MAP_FAILED);
	CHECK_INT(shm_arena_create(&cl.arena, memory, BYTES, &g), ==, 0);
	memcpy(cl.arena.hdr->prefix, "enchufe-networld", 17);
	cl.env = (struct sock_env){ .arena = &cl.arena, .is_dead = standin_is_dead };
	interfaces(cl.arena.hdr);
	ways(cl.arena.hdr);
}
