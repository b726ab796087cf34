/* The routing table: an array in order of preference. Hosts have a handful of
 * routes; a trie would cost more than it saves.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "route.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ip/limits.h"

void route_init(struct route_table *t)
{
	*t = (struct route_table){ 0 };
}

void route_fini(struct route_table *t)
{
	free(t->routes);
	route_init(t);
}

static void clear_host_bits(struct ip_prefix *p)
{
	for (unsigned bit = p->bits; bit < 8 * ip_addr_size(p->addr.family); bit++)
		p->addr.b[bit / 8] &= (uint8_t)~(0x80u >> bit % 8);
}

static bool same(const struct route *a, const struct route *b)
{
	return a->dst.bits == b->dst.bits && a->ifindex == b->ifindex &&
		ip_addr_equal(&a->dst.addr, &b->dst.addr) &&
		ip_addr_equal(&a->gateway, &b->gateway);
}

static int make_room(struct route_table *t)
{
	unsigned room = t->room ? 2 * t->room : 8;
	struct route *r;

	if (t->n < t->room)
		return 0;
	if (t->n == IP_ROUTES_MAX)
		return -ENOMEM;
	r = realloc(t->routes, room * sizeof(*r));
	if (!r)
		return -ENOMEM;
	t->routes = r;
	t->room = room;
	return 0;
}

int route_add(struct route_table *t, const struct route *route)
{
	struct route r = *route;
	unsigned at = 0;

	if (ip_addr_size(r.dst.addr.family) == 0 ||
		r.dst.bits > 8 * ip_addr_size(r.dst.addr.family) ||
		(r.gateway.family != IP_NONE &&
			r.gateway.family != r.dst.addr.family))
		return -EINVAL;
	clear_host_bits(&r.dst);
	for (unsigned i = 0; i < t->n; i++)
		if (same(&t->routes[i], &r))
			return -EEXIST;
	if (make_room(t) != 0)
		return -ENOMEM;
	while (at < t->n && t->routes[at].dst.bits >= r.dst.bits)
		at++;
	memmove(t->routes + at + 1, t->routes + at,
		(t->n - at) * sizeof(*t->routes));
	t->routes[at] = r;
	t->n++;
	return 0;
}

const struct route *route_find(const struct route_table *t,
	const struct ip_addr *dst, uint32_t ifindex,
	bool (*usable)(const void *user, uint32_t ifindex), const void *user)
{
	for (unsigned i = 0; i < t->n; i++) {
		const struct route *r = &t->routes[i];

		if ((ifindex == 0 || r->ifindex == ifindex) &&
			ip_prefix_contains(&r->dst, dst) &&
			usable(user, r->ifindex))
			return r;
	}
	return NULL;
}
