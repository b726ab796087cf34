/* The network layer of one host.
 *
 * Way in:  ip_input -> eth -> arp_input
 *                          -> input_ipv4, input_ipv6 -> icmp_input -> nd_input
 *                                                    -> ops.input (transport)
 * Way out: ip_send -> route, source -> header -> neigh_send -> output_frame
 *                                             -> loopback_put (ourselves)
 *                         -> cut (fragments) ->
 * Later:   ip_flush (loopback), ip_tick (neighbours, fragments that wait, groups)
 *
 * Every function does a bounded amount of work: the length of the frame, the
 * timers due, at most IP_LOOPBACK_BUDGET packets to ourselves. Memory is bounded
 * by the limits of ip/limits.h. It does not forward, or listen to routers.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>

#include "host_priv.h"

static int add_loopback_iface(struct ip_host *h)
{
	struct iface *lo = calloc(1, sizeof(*lo));

	if (!lo)
		return -ENOMEM;
	*lo = (struct iface){ .name = "lo", .ifindex = IP_LO_INDEX,
		.mtu = IP_LO_MTU, .up = true, .naddrs = 2,
		.addrs = { { ip_addr_loopback(IP_V4), 8 },
			{ ip_addr_loopback(IP_V6), 128 } } };
	iface_groups_init(lo);
	h->ifaces[h->nifaces++] = lo;
	return 0;
}

struct ip_host *ip_host_new(const struct ip_host_config *cfg)
{
	struct ip_host *h = calloc(1, sizeof(*h));
	struct siphash_key key;

	if (!h)
		return NULL;
	h->ops = cfg->ops;
	rng_init(&h->rng, cfg->seed);
	key = (struct siphash_key){ { rng_next(&h->rng), rng_next(&h->rng) } };
	h->ip_id = (uint16_t)rng_next(&h->rng);
	timerq_init(&h->timers);
	timerq_init(&h->group_timers);
	pool_init(&h->pool);
	list_init(&h->loop.packets);
	route_init(&h->routes);
	neigh_init(&h->neighs, &key);
	reasm_init(&h->reasm);
	ratelimit_init(&h->errors, &key);
	if (add_loopback_iface(h) != 0) {
		free(h);
		return NULL;
	}
	return h;
}

void ip_host_free(struct ip_host *h)
{
	if (!h)
		return;
	neigh_fini(h);
	reasm_fini(h);
	loopback_fini(h);
	pool_fini(&h->pool);
	route_fini(&h->routes);
	for (unsigned i = 0; i < h->nifaces; i++)
		iface_free(h->ifaces[i]);
	free(h);
}

struct instant ip_deadline(const struct ip_host *h)
{
	struct instant at = timerq_deadline(&h->timers);

	if (h->loop.n > 0)
		return h->now;
	at = instant_min(at, timerq_deadline(&h->group_timers));
	return instant_min(at, timerq_deadline(&h->reasm.timers));
}

void ip_tick(struct ip_host *h, struct instant now)
{
	h->now = now;
	neigh_tick(h, now);
	reasm_tick(h, now);
	group_tick(h, now);
	ip_flush(h, now);
}

const struct ip_stats *ip_stats(const struct ip_host *h)
{
	return &h->stats;
}

void ip_foreach_iface(const struct ip_host *h,
	void (*fn)(void *user, const struct ip_iface_view *v), void *user)
{
	for (unsigned i = 0; i < h->nifaces; i++) {
		const struct iface *f = h->ifaces[i];
		struct ip_iface_view v = { .ifindex = f->ifindex,
			.name = f->name, .mac = f->mac, .mtu = f->mtu,
			.up = f->up, .addrs = f->addrs, .naddrs = f->naddrs };

		fn(user, &v);
	}
}

void ip_foreach_route(const struct ip_host *h,
	void (*fn)(void *user, const struct ip_route_view *v), void *user)
{
	for (unsigned i = 0; i < h->routes.n; i++) {
		const struct route *r = &h->routes.routes[i];
		struct ip_route_view v = { r->dst, r->gateway, r->ifindex };

		fn(user, &v);
	}
}

uint64_t ip_neigh_changes(const struct ip_host *h)
{
	return h->neighs.changes;
}

void ip_foreach_neigh(const struct ip_host *h,
	void (*fn)(void *user, const struct ip_neigh_view *v), void *user)
{
	LIST_FOREACH (pos, &h->neighs.used) {
		const struct neigh *n = LIST_ENTRY(pos, struct neigh, used);
		struct ip_neigh_view v = { n->addr, n->ifindex, n->state,
			n->has_mac ? n->mac : NULL };

		fn(user, &v);
	}
}
