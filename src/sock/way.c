/* Which way a packet will take, by the copy of the stack's interfaces and routes in
 * the arena's header: so that a call fails at once where Linux's does. What lies
 * there is only advice: the stack decides by its own tables.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "timewait.h"

#include <string.h>

#define LO_MTU 65536

static uint32_t at_most(const uint32_t *word, uint32_t max)
{
	uint32_t n = sock_once(word);

	return n < max ? n : max;
}

bool sock_iface(const struct sock_env *e, uint32_t ifindex, struct shm_iface *out)
{
	const struct shm_header *h = e->arena->hdr;

	if (ifindex == 0 || ifindex > at_most(&h->n_ifaces, SHM_IFACES_MAX)) {
		*out = (struct shm_iface){ .up = 1, .mtu = LO_MTU };
		return ifindex == SOCK_LO_INDEX;
	}
	*out = h->ifaces[ifindex - 1];
	return true;
}

uint32_t sock_addr_ifindex(const struct sock_env *e, const struct shm_addr *a)
{
	const struct shm_header *h = e->arena->hdr;
	uint32_t n = at_most(&h->n_addrs, SHM_ADDRS_MAX);
	struct ip_addr ip = sock_ip(a);

	if (ip_addr_is_loopback(&ip))
		return SOCK_LO_INDEX;
	for (uint32_t k = 0; k < n; k++) {
		struct shm_addr own = h->addrs[k];

		if (sock_addr_same(&own, a))
			return h->addr_ifindex[k];
	}
	return 0;
}

/* The route with the longest prefix, as the table is sorted; false: none. */
static bool find_route(const struct sock_env *e, const struct shm_addr *to,
	uint32_t oif, struct shm_route *out)
{
	const struct shm_header *h = e->arena->hdr;
	uint32_t n = at_most(&h->n_routes, SHM_ROUTES_MAX);
	struct ip_addr dst = sock_ip(to);
	struct shm_iface i;

	for (uint32_t k = 0; k < n; k++) {
		struct shm_route r = h->routes[k];
		struct ip_prefix p = { sock_ip(&r.dst), r.dst.bits };

		if (r.dst.family != to->family || r.dst.bits > 128 ||
			(oif && r.ifindex != oif) ||
			(r.dst.family == IP_V4 && r.dst.bits > 32))
			continue;
		if (dst.scope == 0)
			p.addr.scope = 0;
		if (ip_prefix_contains(&p, &dst) &&
			sock_iface(e, r.ifindex, &i) && i.up) {
			*out = r;
			return true;
		}
	}
	return false;
}

static unsigned common_bits(const struct shm_addr *a, const struct shm_addr *b)
{
	unsigned n = 0;

	while (n < 128 && ((a->b[n / 8] ^ b->b[n / 8]) & 0x80 >> n % 8) == 0)
		n++;
	return n;
}

/* How well an own address suits as the source; -1 not at all. RFC 6724 5, rules 2,
 * 5 and 8; for IPv4 the same subnet, then the first. */
static int suits(const struct shm_addr *own, uint32_t own_if,
	const struct shm_addr *to, const struct shm_addr *hop, uint32_t oif)
{
	struct ip_addr ip = sock_ip(own), dst = sock_ip(to);
	struct ip_prefix net = { ip, own->bits };
	struct ip_addr next = sock_ip(hop);
	int score = own_if == oif ? 256 : 0;

	if (own->family != to->family)
		return -1;
	if (own->family == IP_V4)
		return score + (own->bits <= 32 &&
			ip_prefix_contains(&net, &next) ? 1 : 0);
	if (ip_addr_is_linklocal(&ip))
		return own_if != oif ? -1 : ip_addr_is_linklocal(&dst) ||
				ip_addr_is_multicast(&dst) ? score + 512 : 1;
	return score + (int)common_bits(own, to) + 2;
}

static bool find_source(const struct sock_env *e, const struct shm_addr *to,
	const struct shm_addr *hop, uint32_t oif, struct shm_addr *out)
{
	const struct shm_header *h = e->arena->hdr;
	uint32_t n = at_most(&h->n_addrs, SHM_ADDRS_MAX);
	int best = -1;

	for (uint32_t k = 0; k < n; k++) {
		struct shm_addr own = h->addrs[k];
		int score = suits(&own, h->addr_ifindex[k], to, hop, oif);

		if (score > best) {
			best = score;
			*out = own;
		}
	}
	out->bits = 0;
	out->port = 0;
	return best >= 0;
}

/* Linux has ff00::/8 on each link: the first that is up. */
static uint32_t first_link(const struct sock_env *e)
{
	uint32_t n = at_most(&e->arena->hdr->n_ifaces, SHM_IFACES_MAX);
	struct shm_iface i;

	for (uint32_t k = SOCK_LO_INDEX + 1; k <= n; k++)
		if (sock_iface(e, k, &i) && i.up)
			return k;
	return 0;
}

/* The interface to leave by without a route; 0 none. Linux: with an interface
 * given, an IPv4 destination is on its link, and so is a group of IPv6. */
static uint32_t without_route(const struct sock_env *e, const struct shm_addr *to,
	enum sock_addr_kind kind, uint32_t oif)
{
	if (to->family == IP_V4)
		return oif;
	if (kind != SOCK_ADDR_MULTICAST || oif == SOCK_LO_INDEX)
		return 0; /* lo has no ff00::/8 */
	return oif ? oif : first_link(e);
}

/* What the path is known to take (RFC 1191 6.2, RFC 8201 5.2). */
static uint32_t path_mtu(const struct sock_env *e, const struct shm_addr *to,
	uint32_t mtu)
{
	struct shm_header *h = e->arena->hdr;
	uint32_t n = atomic_get_acquire(&h->n_paths); /* pairs: publish_path() */

	for (uint32_t k = 0; k < n && k < SHM_PATHS_MAX; k++) {
		struct shm_path *p = &h->paths[k];
		uint32_t less = atomic_get_acquire(&p->mtu); /* likewise */
		struct shm_addr dst = p->dst;

		if (less == 0 || less >= mtu || !sock_addr_same(&dst, to) ||
			atomic_get_relaxed(&p->until) <= sock_now(e))
			continue;
		atomic_full_fence();
		if (atomic_get_relaxed(&p->mtu) == less)
			return less;
	}
	return mtu;
}

int sock_way(const struct sock_env *e, const struct shm_addr *to,
	enum sock_addr_kind kind, uint32_t oif, struct sock_way *w)
{
	struct ip_addr lo = ip_addr_loopback(to->family);
	struct shm_addr hop = *to, none = { .family = to->family };
	struct shm_route r;
	struct shm_iface i;

	if (oif && !sock_iface(e, oif, &i))
		return -ENODEV;
	if (kind == SOCK_ADDR_LOOPBACK || kind == SOCK_ADDR_OWN ||
		(kind == SOCK_ADDR_BROADCAST && to->b[0] == 127)) {
		*w = (struct sock_way){ SOCK_LO_INDEX, LO_MTU, LO_MTU,
			sock_local_source(to), { 0 } };
		return 0;
	}
	if (oif == 0)
		oif = to->scope;
	if (find_route(e, to, oif, &r)) {
		oif = r.ifindex;
		if (r.gateway.family != IP_NONE)
			hop = r.gateway;
	} else {
		oif = without_route(e, to, kind, oif);
	}
	if (!sock_iface(e, oif, &i) || !i.up)
		return -ENETUNREACH;
	*w = (struct sock_way){ .ifindex = oif, .mtu = i.mtu,
		.path = path_mtu(e, to, i.mtu) };
	if (!sock_addr_same(&hop, to))
		w->gateway = hop;
	if (oif == SOCK_LO_INDEX) {
		/* Linux: inet_select_addr() takes none of 127/8 for others, but the
		 * first, whichever the subnet. */
		if (to->family == IP_V6 || !find_source(e, to, &none, oif, &w->source))
			w->source = to->family == IP_V6 ? sock_addr_of(&lo, 0) :
				(struct shm_addr){ .family = IP_V4 };
		return 0;
	}
	return find_source(e, to, &hop, oif, &w->source) ? 0 : -ENETUNREACH;
}

/* Linux's ip_route_output_key_hash_rcu(): may a packet have this source? A multicast
 * or a broadcast one never, and 127/8 may not leave the host. */
static int check_source(const struct sock_env *e, const struct shm_addr *src,
	uint32_t ifindex)
{
	enum sock_addr_kind kind = sock_addr_kind(e, src);
	struct ip_addr ip = sock_ip(src);

	if (src->family != IP_V4)
		return 0;
	if (kind == SOCK_ADDR_OTHER)
		return -ENETUNREACH;
	return (kind != SOCK_ADDR_OWN && kind != SOCK_ADDR_LOOPBACK) ||
			(ip_addr_is_loopback(&ip) && ifindex != SOCK_LO_INDEX) ?
		-EINVAL : 0;
}

/* The interface that the socket asks for, 0 none (Linux: udp_sendmsg(),
 * ip6_datagram_flow_key_init()). */
static uint32_t own_oif(const struct shm_sock *s, const struct shm_addr *to,
	enum sock_addr_kind kind)
{
	const struct shm_opts *opt = &s->opts;
	bool mc = kind == SOCK_ADDR_MULTICAST;

	if (to->family == IP_V4)
		return sock_once(mc ? &opt->multicast_if : &opt->unicast_if);
	return sock_once(mc ? &opt->multicast_if6 : &opt->unicast_if6);
}

int sock_dgram_way(const struct sock_env *e, const struct shm_sock *s,
	const struct shm_addr *to, enum sock_addr_kind kind, uint32_t oif,
	const struct shm_addr *from, struct sock_way *w)
{
	uint32_t mc = sock_once(&s->opts.multicast_addr);
	bool mine = from->family == to->family && !sock_addr_any(from);
	struct ip_addr ip = sock_ip(to);
	struct shm_addr src = *from;
	int r;

	if (oif == 0)
		oif = own_oif(s, to, kind);
	if (!mine && mc && kind == SOCK_ADDR_MULTICAST && to->family == IP_V4) {
		src = (struct shm_addr){ .family = IP_V4 };
		memcpy(src.b, &mc, sizeof(mc));
		mine = true;
	}
	/* Linux, likewise: to everybody, its source tells the interface. */
	if (mine && oif == 0 && to->family == IP_V4 &&
		(kind == SOCK_ADDR_MULTICAST || ip_addr_is_broadcast(&ip))) {
		oif = sock_addr_ifindex(e, &src);
		if (oif == 0)
			return sock_addr_kind(e, &src) == SOCK_ADDR_OTHER ?
				-ENETUNREACH : -EINVAL;
	}
	r = sock_way(e, to, kind, oif, w);
	if (r == 0 && mine) {
		r = check_source(e, &src, w->ifindex);
		w->source = src;
		w->source.bits = 0;
	}
	return r;
}

int sock_hop(const struct sock_env *e, const struct shm_addr *to, uint32_t oif,
	struct sock_hop *out)
{
	enum sock_addr_kind kind = sock_addr_kind(e, to);
	struct sock_way w;
	int r = sock_way(e, to, kind, oif, &w);

	if (r == 0)
		*out = (struct sock_hop){ w.ifindex, w.mtu, w.source, w.gateway,
			kind == SOCK_ADDR_LOOPBACK || kind == SOCK_ADDR_OWN };
	return r;
}
