/* The virtual host's interfaces and the ioctls about them.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/sockios.h>
#include <net/if_arp.h>
#include <string.h>

#include "netif.h"
#include "networld.h"

static long ask(int domain, unsigned long request, struct ifreq *q)
{
	return netif_ioctl(domain, request, (unsigned long)(uintptr_t)q);
}

static struct ifreq about(const char *name)
{
	struct ifreq q = { 0 };

	memcpy(q.ifr_name, name, strlen(name));
	return q;
}

static const char *answer(const struct ifreq *q)
{
	struct sockaddr_in in;

	memcpy(&in, &q->ifr_addr, sizeof(in));
	CHECK_INT(in.sin_family, ==, AF_INET);
	return inet_ntoa(in.sin_addr);
}

TEST(by_name_and_number)
{
	struct iface i;

	networld();
	CHECK(netif_by_name("eth0", &i));
	CHECK_INT(i.ifindex, ==, 2);
	CHECK_INT(i.tx_bytes, ==, 1ll << 33);
	CHECK(netif_by_index(1, &i));
	CHECK_STR(i.name, "lo");
	CHECK(!netif_by_name("eth", &i));
	CHECK(!netif_by_name("", &i));
	CHECK(!netif_by_index(0, &i));
	CHECK(!netif_by_index(4, &i));
}

TEST(flags_masks_and_broadcasts)
{
	struct iface lo, up, down;
	struct shm_addr a = { .family = IP_V4, .bits = 24, .b = { 10, 0, 0, 1 } };

	networld();
	CHECK(netif_iface(0, &lo) && netif_iface(1, &up) && netif_iface(2, &down));
	CHECK_INT(netif_flags(&lo), ==, 0x10000 | IFF_UP | IFF_RUNNING | IFF_LOOPBACK);
	CHECK_INT(netif_flags(&up), ==, 0x10000 | IFF_UP | IFF_RUNNING | IFF_BROADCAST |
		IFF_MULTICAST);
	CHECK_INT(netif_flags(&down), ==, IFF_BROADCAST | IFF_MULTICAST);
	CHECK_INT(netif_type(&lo), ==, ARPHRD_LOOPBACK);
	CHECK_INT(netif_type(&up), ==, ARPHRD_ETHER);
	CHECK_INT(netif_mask(0), ==, 0);
	CHECK_INT(netif_mask(20), ==, htonl(0xfffff000));
	CHECK_INT(netif_mask(32), ==, 0xffffffff);
	CHECK_INT(netif_broadcast(&up, &a), ==, htonl(0x0a0000ff));
	CHECK_INT(netif_broadcast(&lo, &a), ==, 0);
	a.bits = 31; /* RFC 3021 2.1 */
	CHECK_INT(netif_broadcast(&up, &a), ==, 0);
}

/* Each question of a device, and Linux's errors. */
TEST(questions)
{
	struct ifreq q = about("eth0");

	networld();
	CHECK_INT(ask(AF_INET, SIOCGIFMTU, &q), ==, 0);
	CHECK_INT(q.ifr_mtu, ==, 1500);
	CHECK_INT(ask(AF_INET6, SIOCGIFINDEX, &q), ==, 0);
	CHECK_INT(q.ifr_ifindex, ==, 2);
	CHECK_INT(ask(AF_INET, SIOCGIFHWADDR, &q), ==, 0);
	CHECK_INT(q.ifr_hwaddr.sa_family, ==, ARPHRD_ETHER);
	CHECK_INT(q.ifr_hwaddr.sa_data[5], ==, 1);
	CHECK_INT(ask(AF_INET, SIOCGIFTXQLEN, &q), ==, 0);
	CHECK_INT(q.ifr_qlen, ==, NETIF_TXQLEN);
	CHECK_INT(ask(AF_INET, SIOCGIFSLAVE, &q), ==, -EINVAL);
	CHECK_INT(ask(AF_INET, SIOCETHTOOL, &q), ==, -EOPNOTSUPP);
	q = about("eth0:1"); /* an alias' device answers for it */
	CHECK_INT(ask(AF_INET, SIOCGIFMTU, &q), ==, 0);
	q = about("eth7");
	CHECK_INT(ask(AF_INET, SIOCGIFMTU, &q), ==, -ENODEV);
	CHECK_INT(ask(AF_INET, SIOCGIFMTU, NULL), ==, -EFAULT);
	CHECK_INT(ask(AF_INET, SIOCDEVPRIVATE, &q), ==, -ENOTTY);
	q = (struct ifreq){ .ifr_ifindex = 3 };
	CHECK_INT(ask(AF_INET, SIOCGIFNAME, &q), ==, 0);
	CHECK_STR(q.ifr_name, "eth1");
	q.ifr_ifindex = 9;
	CHECK_INT(ask(AF_INET, SIOCGIFNAME, &q), ==, -ENODEV);
}

TEST(addresses)
{
	struct ifreq q = about("eth0");

	networld();
	CHECK_INT(ask(AF_INET, SIOCGIFADDR, &q), ==, 0);
	CHECK_STR(answer(&q), "10.0.0.1");
	CHECK_INT(ask(AF_INET, SIOCGIFNETMASK, &q), ==, 0);
	CHECK_STR(answer(&q), "255.255.255.0");
	CHECK_INT(ask(AF_INET, SIOCGIFBRDADDR, &q), ==, 0);
	CHECK_STR(answer(&q), "10.0.0.255");
	CHECK_INT(ask(AF_INET6, SIOCGIFADDR, &q), ==, -ENOTTY);
	q = about("lo");
	CHECK_INT(ask(AF_INET, SIOCGIFADDR, &q), ==, 0);
	CHECK_STR(answer(&q), "127.0.0.1");
	q = about("eth1");
	CHECK_INT(ask(AF_INET, SIOCGIFADDR, &q), ==, -EADDRNOTAVAIL);
	q = about("eth0:1");
	CHECK_INT(ask(AF_INET, SIOCGIFADDR, &q), ==, -EADDRNOTAVAIL);
}

TEST(configuration_fills_what_there_is_room_for)
{
	struct ifreq q[4];
	struct ifconf c = { .ifc_len = 0 };

	networld();
	memset(q, 0x55, sizeof(q));
	CHECK_INT(netif_ioctl(AF_INET, SIOCGIFCONF, (unsigned long)&c), ==, 0);
	CHECK_INT(c.ifc_len, ==, 2 * sizeof(q[0]));
	c = (struct ifconf){ .ifc_len = sizeof(q), .ifc_req = q };
	CHECK_INT(netif_ioctl(AF_INET, SIOCGIFCONF, (unsigned long)&c), ==, 0);
	CHECK_INT(c.ifc_len, ==, 2 * sizeof(q[0]));
	CHECK_STR(q[0].ifr_name, "lo");
	CHECK_STR(q[1].ifr_name, "eth0");
	CHECK_STR(answer(&q[1]), "10.0.0.1");
	CHECK_INT(q[2].ifr_name[0], ==, 0x55);
	c = (struct ifconf){ .ifc_len = sizeof(q[0]) + 3, .ifc_req = q };
	CHECK_INT(netif_ioctl(AF_INET, SIOCGIFCONF, (unsigned long)&c), ==, 0);
	CHECK_INT(c.ifc_len, ==, sizeof(q[0]));
}

TEST(which_requests_are_of_interfaces)
{
	CHECK(netif_is_ioctl(SIOCGIFCONF) && netif_is_ioctl(SIOCADDRT));
	CHECK(netif_is_ioctl(SIOCDEVPRIVATE + 15));
	CHECK(!netif_is_ioctl(SIOCDEVPRIVATE + 16));
	CHECK(!netif_is_ioctl(SIOCOUTQNSD) && !netif_is_ioctl(SIOCGSKNS));
	CHECK(!netif_is_ioctl(SIOCATMARK));
}

/* What programs of the host may have written there. */
TEST(scribbled_counts_and_names)
{
	struct shm_header *h;
	struct shm_neigh *all;
	struct iface_addr a;
	struct iface i;
	uint32_t n = 0;

	networld();
	h = cl.arena.hdr;
	h->n_ifaces = h->n_addrs = UINT32_MAX;
	memset(h->ifaces[1].name, 'x', sizeof(h->ifaces[1].name));
	CHECK(netif_iface(1, &i));
	CHECK_INT(strlen(i.name), ==, sizeof(i.name) - 1);
	while (netif_iface(n, &i))
		n++;
	CHECK_INT(n, ==, SHM_IFACES_MAX);
	CHECK(!netif_addr(2 + SHM_ADDRS_MAX, &a));
	h->addrs[0].bits = 33;
	CHECK(!netif_addr(2, &a));
	h->n_neighs = UINT32_MAX;
	h->neigh_seq = 1; /* its writer has died within */
	all = sys_alloc(SHM_NEIGHS_MAX * sizeof(*all));
	CHECK_INT(netif_neighs(all), ==, SHM_NEIGHS_MAX);
	sys_free(all, SHM_NEIGHS_MAX * sizeof(*all));
}
