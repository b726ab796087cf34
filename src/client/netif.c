/* The virtual host's interfaces, and the ioctls that ask for them: Linux's
 * dev_ioctl(), devinet_ioctl(), dev_ifconf().
 * SPDX-License-Identifier: BSD-2-Clause */
#include "netif.h"

#include <linux/sockios.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <string.h>

#define LAST_REQUEST (SIOCDEVPRIVATE + 15) /* of those that go to a device */

/* --- reading ------------------------------------------------------------------- */

static uint32_t count(const uint32_t *n, uint32_t max)
{
	uint32_t v = atomic_word_get(n);

	return v < max ? v : max;
}

bool netif_iface(uint32_t k, struct iface *out)
{
	const struct shm_header *h = cl.arena.hdr;
	const struct shm_iface *from;

	if (k >= count(&h->n_ifaces, SHM_IFACES_MAX))
		return false;
	from = &h->ifaces[k];
	*out = (struct iface){ .ifindex = k + 1, .mtu = from->mtu, .up = from->up,
		/* Statistics: relaxed. */
		.rx_frames = atomic_get_relaxed(&from->rx_frames),
		.rx_bytes = atomic_get_relaxed(&from->rx_bytes),
		.tx_frames = atomic_get_relaxed(&from->tx_frames),
		.tx_bytes = atomic_get_relaxed(&from->tx_bytes) };
	memcpy(out->name, from->name, sizeof(out->name) - 1);
	memcpy(out->mac, from->mac, sizeof(out->mac));
	return true;
}

bool netif_addr(uint32_t k, struct iface_addr *out)
{
	static const struct shm_addr lo[] = {
		{ .family = IP_V4, .bits = 8, .b = { 127, 0, 0, 1 } },
		{ .family = IP_V6, .bits = 128, .b = { [15] = 1 } } };
	const struct shm_header *h = cl.arena.hdr;

	if (k < 2) {
		*out = (struct iface_addr){ lo[k], 1 };
		return true;
	}
	k -= 2;
	if (k >= count(&h->n_addrs, SHM_ADDRS_MAX))
		return false;
	*out = (struct iface_addr){ h->addrs[k], h->addr_ifindex[k] };
	return out->addr.family == IP_V4 ? out->addr.bits <= 32 :
					   out->addr.bits <= 128;
}

bool netif_route(uint32_t k, struct shm_route *out)
{
	const struct shm_header *h = cl.arena.hdr;

	if (k >= count(&h->n_routes, SHM_ROUTES_MAX))
		return false;
	*out = h->routes[k];
	return true;
}

uint32_t netif_neighs(struct shm_neigh *out)
{
	const struct shm_header *h = cl.arena.hdr;
	uint32_t n = 0, seq;

	/* Bounded: the service may have died while it wrote. */
	for (int tries = 0; tries < 100; tries++) {
		/* Pairs with publish_neighbours(): what we copy is of one
		 * moment if the word is even and has not moved. */
		seq = atomic_get_acquire(&h->neigh_seq);
		n = atomic_get_relaxed(&h->n_neighs);
		if (n > SHM_NEIGHS_MAX)
			n = SHM_NEIGHS_MAX;
		memcpy(out, h->neighs, n * sizeof(*out));
		atomic_full_fence();
		if (!(seq & 1) && atomic_get_relaxed(&h->neigh_seq) == seq)
			break;
		sys_call0(SYS_sched_yield);
	}
	return n;
}

bool netif_by_name(const char *name, struct iface *out)
{
	for (uint32_t k = 0; netif_iface(k, out); k++) {
		if (strncmp(out->name, name, sizeof(out->name)) == 0)
			return true;
	}
	return false;
}

bool netif_by_index(uint32_t ifindex, struct iface *out)
{
	for (uint32_t k = 0; netif_iface(k, out); k++) {
		if (out->ifindex == ifindex)
			return true;
	}
	return false;
}

unsigned netif_flags(const struct iface *i)
{
	unsigned up = i->up ? IFF_UP | IFF_RUNNING | 1 << 16 /* LOWER_UP */ : 0;

	return up | (netif_is_lo(i) ? IFF_LOOPBACK : IFF_BROADCAST | IFF_MULTICAST);
}

unsigned netif_type(const struct iface *i)
{
	return netif_is_lo(i) ? ARPHRD_LOOPBACK : ARPHRD_ETHER;
}

uint32_t netif_mask(unsigned bits)
{
	return bits == 0 ? 0 : htonl(UINT32_MAX << (32 - bits));
}

uint32_t netif_broadcast(const struct iface *i, const struct shm_addr *a)
{
	uint32_t own;

	memcpy(&own, a->b, sizeof(own));
	/* RFC 3021 2.1: none for a pair of hosts; Linux: none on lo. */
	return netif_is_lo(i) || a->bits > 30 ? 0 : own | ~netif_mask(a->bits);
}

/* --- ioctl ---------------------------------------------------------------------- */

/* The first IPv4 address of an interface; false: it has none. A wanted one, if
 * the caller names it (SIOCGIFADDR's old custom). */
static bool first_v4(const struct iface *i, uint32_t wanted,
	struct shm_addr *out)
{
	struct iface_addr a;
	bool found = false;

	*out = (struct shm_addr){ 0 };
	for (uint32_t k = 0; netif_addr(k, &a); k++) {
		if (a.ifindex != i->ifindex || a.addr.family != IP_V4)
			continue;
		if (!found || memcmp(&wanted, a.addr.b, 4) == 0)
			*out = a.addr;
		found = true;
	}
	return found;
}

static void put_v4(struct ifreq *q, uint32_t addr)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_addr.s_addr = addr };

	memcpy(&q->ifr_addr, &in, sizeof(in));
}

static int address_of(const struct iface *i, unsigned long request,
	struct ifreq *q)
{
	struct sockaddr_in in;
	struct shm_addr a;
	uint32_t own;

	memcpy(&in, &q->ifr_addr, sizeof(in));
	/* An alias would have its label; ours have none. */
	if (memchr(q->ifr_name, ':', IFNAMSIZ) ||
		!first_v4(i, in.sin_family == AF_INET ? in.sin_addr.s_addr : 0, &a))
		return -EADDRNOTAVAIL;
	memcpy(&own, a.b, sizeof(own));
	if (request == SIOCGIFBRDADDR)
		own = netif_broadcast(i, &a);
	else if (request == SIOCGIFNETMASK)
		own = netif_mask(a.bits);
	put_v4(q, own);
	return 0;
}

/* The interface's name without an alias' label. */
static bool find_device(const struct ifreq *q, struct iface *i)
{
	char name[IFNAMSIZ] = { 0 };

	memcpy(name, q->ifr_name, IFNAMSIZ - 1);
	name[strcspn(name, ":")] = 0;
	return netif_by_name(name, i);
}

static int device_question(const struct iface *i, unsigned long request,
	struct ifreq *q)
{
	switch (request) {
	case SIOCGIFFLAGS:
		q->ifr_flags = (short)netif_flags(i);
		return 0;
	case SIOCGIFMETRIC:
		q->ifr_metric = 0;
		return 0;
	case SIOCGIFMTU:
		q->ifr_mtu = (int)i->mtu;
		return 0;
	case SIOCGIFHWADDR:
		memset(q->ifr_hwaddr.sa_data, 0, sizeof(q->ifr_hwaddr.sa_data));
		memcpy(q->ifr_hwaddr.sa_data, i->mac, sizeof(i->mac));
		q->ifr_hwaddr.sa_family = (sa_family_t)netif_type(i);
		return 0;
	case SIOCGIFMAP:
		memset(&q->ifr_map, 0, sizeof(q->ifr_map));
		return 0;
	case SIOCGIFINDEX:
		q->ifr_ifindex = (int)i->ifindex;
		return 0;
	case SIOCGIFTXQLEN:
		q->ifr_qlen = NETIF_TXQLEN;
		return 0;
	case SIOCGIFSLAVE:
		return -EINVAL;
	default: /* SIOCETHTOOL, the MII registers */
		return -EOPNOTSUPP;
	}
}

static int name_of(struct ifreq *q)
{
	struct iface i;

	if (!netif_by_index((uint32_t)q->ifr_ifindex, &i))
		return -ENODEV;
	memcpy(q->ifr_name, i.name, IFNAMSIZ);
	return 0;
}

/* SIOCGIFCONF: every IPv4 address; without a buffer the bytes that it would take. */
static int configuration(struct ifconf *c)
{
	struct iface_addr a;
	struct iface i;
	int used = 0;

	for (uint32_t k = 0; netif_addr(k, &a); k++) {
		struct ifreq q = { 0 };
		uint32_t own;

		if (a.addr.family != IP_V4 || !netif_by_index(a.ifindex, &i))
			continue;
		memcpy(&own, a.addr.b, sizeof(own));
		memcpy(q.ifr_name, i.name, IFNAMSIZ);
		put_v4(&q, own);
		if (c->ifc_buf && c->ifc_len - used < (int)sizeof(q))
			break;
		if (c->ifc_buf)
			memcpy(c->ifc_buf + used, &q, sizeof(q));
		used += (int)sizeof(q);
	}
	c->ifc_len = used;
	return 0;
}

bool netif_is_ioctl(unsigned long request)
{
	if (request == SIOCOUTQNSD || request == SIOCGSKNS)
		return false; /* of the socket itself */
	return request == SIOCADDRT || request == SIOCDELRT ||
		(request >= SIOCGIFNAME && request <= LAST_REQUEST);
}

/* Only an AF_INET socket answers for the addresses (inet_ioctl()). */
static bool is_address_question(unsigned long request)
{
	return request == SIOCGIFADDR || request == SIOCGIFDSTADDR ||
		request == SIOCGIFBRDADDR || request == SIOCGIFNETMASK;
}

static bool is_question(unsigned long request)
{
	switch (request) {
	case SIOCGIFFLAGS:
	case SIOCGIFMETRIC:
	case SIOCGIFMTU:
	case SIOCGIFHWADDR:
	case SIOCGIFSLAVE:
	case SIOCGIFMAP:
	case SIOCGIFINDEX:
	case SIOCGIFTXQLEN:
	case SIOCETHTOOL:
	case SIOCGMIIPHY:
	case SIOCGMIIREG:
		return true;
	default:
		return is_address_question(request);
	}
}

static bool is_change(unsigned long request)
{
	switch (request) {
	case SIOCADDRT:
	case SIOCDELRT:
	case SIOCSIFFLAGS:
	case SIOCSIFADDR:
	case SIOCSIFDSTADDR:
	case SIOCSIFBRDADDR:
	case SIOCSIFNETMASK:
	case SIOCSIFMETRIC:
	case SIOCSIFMTU:
	case SIOCSIFNAME:
	case SIOCSIFHWADDR:
	case SIOCSIFSLAVE:
	case SIOCADDMULTI:
	case SIOCDELMULTI:
	case SIOCSIFPFLAGS:
	case SIOCSIFHWBROADCAST:
	case SIOCSIFTXQLEN:
	case SIOCSIFMAP:
	case SIOCDARP:
	case SIOCSARP:
	case SIOCBRADDBR:
	case SIOCBRDELBR:
	case SIOCBRADDIF:
	case SIOCBRDELIF:
		return true;
	default:
		return false;
	}
}

long netif_ioctl(int domain, unsigned long request, unsigned long arg)
{
	struct ifreq *q = (struct ifreq *)(uintptr_t)arg;
	struct iface i;

	if (is_change(request))
		return netset_ioctl(request, q);
	if (!arg)
		return -EFAULT;
	if (request == SIOCGIFCONF)
		return configuration((struct ifconf *)(uintptr_t)arg);
	if (request == SIOCGIFNAME)
		return name_of(q);
	if (!is_question(request) ||
		(is_address_question(request) && domain != AF_INET))
		return -ENOTTY;
	if (!find_device(q, &i))
		return -ENODEV;
	if (is_address_question(request))
		return address_of(&i, request, q);
	return device_question(&i, request, q);
}
