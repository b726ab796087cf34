/* What programs are told of their host's interfaces, addresses and routes: copies
 * in the arena's header, which the stack never reads. With them a call can fail at
 * once where Linux's does (no route, too long for the link, no such interface).
 * SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "publish.h"
#include "stack/view.h"

struct copy {
	struct shm_header *hdr;
	uint32_t ifaces, addrs, routes;
};

static struct shm_addr addr_of(const struct ip_addr *ip, uint8_t bits)
{
	struct shm_addr a = { .family = ip->family, .bits = bits,
		.scope = ip->scope };

	memcpy(a.b, ip->b, sizeof(a.b));
	return a;
}

static void copy_iface(void *user, const struct ip_iface_view *v)
{
	struct copy *c = user;
	struct shm_iface i = { .up = v->up, .mtu = v->mtu };

	if (v->ifindex == 0 || v->ifindex > SHM_IFACES_MAX)
		return;
	memcpy(i.name, v->name, strnlen(v->name, sizeof(i.name) - 1));
	memcpy(i.mac, v->mac, sizeof(i.mac));
	c->hdr->ifaces[v->ifindex - 1] = i;
	if (c->ifaces < v->ifindex)
		c->ifaces = v->ifindex;
	for (unsigned k = 0; k < v->naddrs && v->ifindex > 1; k++) {
		if (c->addrs == SHM_ADDRS_MAX)
			return;
		c->hdr->addr_ifindex[c->addrs] = (uint16_t)v->ifindex;
		c->hdr->addrs[c->addrs++] =
			addr_of(&v->addrs[k].addr, v->addrs[k].bits);
	}
}

static void copy_route(void *user, const struct ip_route_view *v)
{
	struct copy *c = user;

	if (c->routes == SHM_ROUTES_MAX)
		return;
	c->hdr->routes[c->routes++] = (struct shm_route){
		.dst = addr_of(&v->dst.addr, v->dst.bits),
		.gateway = addr_of(&v->gateway, 0),
		.ifindex = v->ifindex,
	};
}

void publish(struct shm_header *hdr, const struct stack *s)
{
	struct copy c = { .hdr = hdr };

	stack_foreach_iface(s, copy_iface, &c);
	stack_foreach_route(s, copy_route, &c);
	c.hdr->n_ifaces = c.ifaces;
	c.hdr->n_addrs = c.addrs;
	c.hdr->n_routes = c.routes;
}
