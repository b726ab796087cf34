/* What programs are told of their host's interfaces, addresses and routes: copies
 * in the arena's header, which the stack never reads. With them a call can fail at
 * once where Linux's does (no route, too long for the link, no such interface).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "inet/publish.h"

#include <linux/neighbour.h>
#include <string.h>

#include "base/atomic.h"
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

static uint8_t nud_of(enum neigh_state s)
{
	static const uint8_t nud[] = { [NEIGH_INCOMPLETE] = NUD_INCOMPLETE,
		[NEIGH_REACHABLE] = NUD_REACHABLE, [NEIGH_STALE] = NUD_STALE,
		[NEIGH_DELAY] = NUD_DELAY, [NEIGH_PROBE] = NUD_PROBE,
		[NEIGH_FAILED] = NUD_FAILED };

	return nud[s];
}

struct neighs {
	struct shm_header *hdr;
	uint32_t n;
};

static void add_neigh(void *user, const struct ip_neigh_view *v)
{
	struct neighs *p = user;
	struct shm_neigh *n = &p->hdr->neighs[p->n];

	if (p->n == SHM_NEIGHS_MAX)
		return; /* the last used come first */
	*n = (struct shm_neigh){ .addr = addr_of(&v->addr, 0),
		.ifindex = v->ifindex, .state = nud_of(v->state),
		.has_mac = v->mac != NULL };
	if (v->mac)
		memcpy(n->mac, v->mac, sizeof(n->mac));
	p->n++;
}

void publish_neighbours(struct shm_header *hdr, const struct stack *s,
	struct published *last)
{
	struct neighs p = { hdr, 0 };
	uint64_t changes = stack_neigh_changes(s);

	if (changes == last->neigh_changes)
		return;
	last->neigh_changes = changes;
	/* A seqlock: pairs with the reader's two looks (client/netif.c). Only we
	 * write; what programs scribble into the word costs them a look. */
	atomic_put_relaxed(&hdr->neigh_seq, last->neigh_seq + 1);
	atomic_full_fence();
	stack_foreach_neigh(s, add_neigh, &p);
	atomic_put_relaxed(&hdr->n_neighs, p.n);
	last->neigh_seq += 2;
	atomic_put_release(&hdr->neigh_seq, last->neigh_seq);
}

void publish_path(struct shm_header *hdr, const struct shm_addr *dst, uint32_t mtu,
	int64_t until, struct published_paths *last)
{
	unsigned k = 0;
	struct shm_path *p;

	while (k < last->n && (last->dst[k].family != dst->family ||
			memcmp(last->dst[k].b, dst->b, sizeof(dst->b)) != 0))
		k++;
	if (k == SHM_PATHS_MAX) /* the oldest makes way */
		k = last->next++ % SHM_PATHS_MAX;
	else if (k == last->n)
		last->n++;
	last->dst[k] = *dst;
	last->dst[k].port = 0;
	p = &hdr->paths[k];
	/* Pairs with way.c's two looks at mtu. */
	atomic_put_relaxed(&p->mtu, 0);
	atomic_full_fence();
	p->dst = last->dst[k];
	atomic_put_relaxed(&p->until, until);
	atomic_put_release(&p->mtu, mtu);
	atomic_put_release(&hdr->n_paths, last->n);
}

static void count(_Atomic uint64_t *frames, _Atomic uint64_t *bytes, size_t n)
{
	/* Statistics, and we alone write them: relaxed. */
	atomic_put_relaxed(frames, atomic_get_relaxed(frames) + 1);
	atomic_put_relaxed(bytes, atomic_get_relaxed(bytes) + n);
}

void publish_frame(struct shm_header *hdr, uint32_t ifindex, bool in, size_t bytes)
{
	struct shm_iface *i;

	if (ifindex == 0 || ifindex > SHM_IFACES_MAX)
		return;
	i = &hdr->ifaces[ifindex - 1];
	if (in)
		count(&i->rx_frames, &i->rx_bytes, bytes);
	else
		count(&i->tx_frames, &i->tx_bytes, bytes);
}

void publish_rules(struct shm_header *hdr, const struct tcp_rules *rules)
{
	struct shm_sysctl *s = &hdr->sysctl;

	s->tcp_keepalive_time = rules->keepalive_time;
	s->tcp_keepalive_intvl = rules->keepalive_intvl;
	s->tcp_keepalive_probes = rules->keepalive_probes;
	s->tcp_fin_timeout = rules->fin_timeout;
	s->tcp_syn_retries = rules->syn_retries;
	s->tcp_rmem_default = rules->rmem[1];
	s->tcp_rmem_max = rules->rmem[2];
	s->tcp_wmem_default = rules->wmem[1];
	s->tcp_wmem_max = rules->wmem[2];
	s->tcp_notsent_lowat = rules->notsent_lowat;
	s->tcp_fastopen = rules->fastopen;
	s->tcp_mtu_probing = rules->mtu_probing;
	s->tcp_base_mss = rules->base_mss;
}
