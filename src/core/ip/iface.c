/* Interfaces and the addresses on them.
 *
 * The host model is the weak one (RFC 1122 3.3.4.2), as Linux's: an address
 * belongs to the host, except link-local ones of IPv6, whose scope says where.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "host_priv.h"
#include "wire/ipv6.h"
#include "wire/nd.h"

struct iface *iface_get(const struct ip_host *h, uint32_t ifindex)
{
	return ifindex >= 1 && ifindex <= h->nifaces ? h->ifaces[ifindex - 1] :
		NULL;
}

void iface_free(struct iface *i)
{
	group_link_fini(&i->links[0]);
	group_link_fini(&i->links[1]);
	free(i);
}

void iface_groups_init(struct iface *i)
{
	group_link_init(&i->links[0], IP_V4, i->ifindex);
	group_link_init(&i->links[1], IP_V6, i->ifindex);
}

bool iface_usable(const void *host, uint32_t ifindex)
{
	const struct iface *i = iface_get(host, ifindex);

	return i && i->up;
}

bool iface_has(const struct iface *i, const struct ip_addr *a)
{
	if (i->ifindex == IP_LO_INDEX && ip_addr_is_loopback(a))
		return true; /* RFC 1122 3.2.1.3 (g): all of 127/8 */
	for (unsigned k = 0; k < i->naddrs; k++)
		if (ip_addr_equal(&i->addrs[k].addr, a))
			return true;
	return false;
}

const struct iface *iface_owner(const struct ip_host *h,
	const struct ip_addr *a)
{
	for (unsigned k = 0; k < h->nifaces; k++)
		if (iface_has(h->ifaces[k], a))
			return h->ifaces[k];
	return NULL;
}

/* All ones behind the prefix; /31 and /32 have none (RFC 3021 2.1). */
static bool is_subnet_broadcast(const struct ip_prefix *p,
	const struct ip_addr *a)
{
	uint32_t host_bits, raw = 0;

	if (p->addr.family != IP_V4 || p->bits > 30 ||
		!ip_prefix_contains(p, a))
		return false;
	host_bits = UINT32_MAX >> p->bits;
	for (int i = 0; i < 4; i++)
		raw = raw << 8 | a->b[i];
	return (raw & host_bits) == host_bits;
}

bool iface_is_broadcast(const struct iface *i, const struct ip_addr *a)
{
	if (a->family != IP_V4 || i->ifindex == IP_LO_INDEX)
		return false;
	for (unsigned k = 0; k < i->naddrs; k++)
		if (is_subnet_broadcast(&i->addrs[k], a))
			return true;
	return false;
}

bool iface_in_group(const struct iface *i, const struct ip_addr *group,
	const struct ip_addr *from)
{
	static const struct ip_addr all_hosts = { .family = IP_V4,
		.b = { 224, 0, 0, 1 } };
	static const struct ip_addr all_nodes = { .family = IP_V6,
		.b = { 0xff, 2, [15] = 1 } };
	static const struct ip_addr all_here = { .family = IP_V6,
		.b = { 0xff, 1, [15] = 1 } };

	if (ip_addr_equal(group, &all_hosts) ||
		ip_addr_equal(group, &all_nodes) ||
		ip_addr_equal(group, &all_here)) /* RFC 4291 2.8 */
		return true;
	return group_hears(&i->links[group->family == IP_V6], group, from);
}

bool ip_is_broadcast(const struct ip_host *h, const struct ip_addr *a)
{
	if (ip_addr_is_broadcast(a))
		return true;
	for (unsigned k = 0; k < h->nifaces; k++)
		if (iface_is_broadcast(h->ifaces[k], a))
			return true;
	return false;
}

bool ip_is_local(const struct ip_host *h, const struct ip_addr *a)
{
	return iface_owner(h, a) || ip_is_broadcast(h, a);
}

/* RFC 4291 appendix A: the MAC with fffe in its middle, its universal bit
 * turned. */
static int add_linklocal(struct ip_host *h, const struct iface *i)
{
	const uint8_t *m = i->mac;
	struct ip_prefix p = { { .family = IP_V6, .scope = i->ifindex,
		.b = { 0xfe, 0x80, [8] = m[0] ^ 2, m[1], m[2], 0xff, 0xfe, m[3],
			m[4], m[5] } }, 64 };

	return ip_add_addr(h, i->ifindex, &p);
}

int ip_add_iface(struct ip_host *h, const char *name, const uint8_t mac[6],
	uint32_t mtu)
{
	struct iface *i;
	size_t len = strnlen(name, IP_IFNAME_MAX);

	mtu = mtu ? mtu : IP_MTU_DEFAULT;
	if (len == 0 || len == IP_IFNAME_MAX || eth_addr_is_group(mac) ||
		mtu < IP_MTU_MIN || mtu > UINT16_MAX)
		return -EINVAL;
	for (unsigned k = 0; k < h->nifaces; k++)
		if (strcmp(h->ifaces[k]->name, name) == 0)
			return -EEXIST;
	i = h->nifaces < IP_IFACES_MAX ? calloc(1, sizeof(*i)) : NULL;
	if (!i)
		return -ENOMEM;
	memcpy(i->name, name, len);
	memcpy(i->mac, mac, ETH_ADDR_LEN);
	i->mtu = mtu;
	i->up = true;
	h->ifaces[h->nifaces++] = i;
	i->ifindex = h->nifaces;
	iface_groups_init(i);
	if (mtu >= IPV6_MIN_MTU && add_linklocal(h, i) != 0) {
		h->ifaces[--h->nifaces] = NULL;
		iface_free(i);
		return -ENOMEM;
	}
	return (int)h->nifaces;
}

int ip_set_iface_up(struct ip_host *h, uint32_t ifindex, bool up)
{
	struct iface *i = iface_get(h, ifindex);

	if (!i)
		return -ENODEV;
	if (i->up && !up)
		neigh_flush_iface(h, h->now, ifindex);
	i->up = up;
	return 0;
}

int ip_add_addr(struct ip_host *h, uint32_t ifindex, const struct ip_prefix *a)
{
	struct iface *i = iface_get(h, ifindex);
	struct route r = { .dst = *a, .ifindex = ifindex };
	int err;

	if (!i)
		return -ENODEV;
	if (ip_addr_size(a->addr.family) == 0 ||
		a->bits > 8 * ip_addr_size(a->addr.family) ||
		ip_addr_is_any(&a->addr) || ip_addr_is_multicast(&a->addr) ||
		ip_addr_is_broadcast(&a->addr) ||
		(a->addr.family == IP_V6 && i->mtu < IPV6_MIN_MTU))
		return -EINVAL;
	if (a->addr.family == IP_V6 && ip_addr_is_linklocal(&a->addr))
		r.dst.addr.scope = ifindex;
	else
		r.dst.addr.scope = 0;
	if (iface_owner(h, &r.dst.addr))
		return -EEXIST;
	if (i->naddrs == IP_IFACE_ADDRS_MAX)
		return -ENOMEM;
	i->addrs[i->naddrs] = r.dst;
	err = route_add(&h->routes, &r);
	if (err != 0 && err != -EEXIST) /* a second address of the subnet */
		return err;
	i->naddrs++;
	if (a->addr.family == IP_V6) {
		struct ip_addr node = nd_solicited_node(&a->addr);

		group_add_fixed(&i->links[1], &node); /* RFC 4291 2.8 */
	}
	return 0;
}

int ip_add_route(struct ip_host *h, const struct ip_prefix *dst,
	const struct ip_addr *gateway, uint32_t ifindex)
{
	struct route r = { .dst = *dst, .ifindex = ifindex };

	if (!iface_get(h, ifindex))
		return -ENODEV;
	if (gateway)
		r.gateway = *gateway;
	if (gateway && gateway->family != IP_NONE &&
		(ip_addr_is_any(gateway) || ip_addr_is_multicast(gateway)))
		return -EINVAL;
	if (r.gateway.family == IP_V6 && ip_addr_is_linklocal(&r.gateway))
		r.gateway.scope = ifindex;
	return route_add(&h->routes, &r);
}
