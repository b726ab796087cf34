/* Inside the client: the virtual host's interfaces as ioctl(2), netlink and
 * /proc/net show them.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLIENT_NETIF_H
#define CLIENT_NETIF_H

#include <linux/netlink.h>
#include <net/if.h>

#include "base/ipaddr.h"
#include "internal.h"

struct iface {
	char name[16];
	uint32_t ifindex; /* 1: lo */
	uint32_t mtu;	  /* bytes of IP packet */
	uint8_t mac[6];
	bool up;
	uint64_t rx_frames, rx_bytes, tx_frames, tx_bytes;
};

struct iface_addr {
	struct shm_addr addr; /* bits: the prefix length */
	uint32_t ifindex;
};

/* A copy of the k-th thing, that programs may scribble on the original; false:
 * there is none. They need client_enter() to have succeeded. */
bool netif_iface(uint32_t k, struct iface *out);
bool netif_addr(uint32_t k, struct iface_addr *out);
bool netif_route(uint32_t k, struct shm_route *out);
/* All neighbours at one moment, at most SHM_NEIGHS_MAX; returns how many. */
uint32_t netif_neighs(struct shm_neigh *out);
bool netif_by_name(const char *name, struct iface *out);
bool netif_by_index(uint32_t ifindex, struct iface *out);

static inline bool netif_is_lo(const struct iface *i)
{
	return i->ifindex == 1;
}
/* IFF_; the low 16 bits are what ioctl shows. */
unsigned netif_flags(const struct iface *i);
/* ARPHRD_ */
unsigned netif_type(const struct iface *i);
/* The IPv4 netmask of a prefix length, and the broadcast address, network order. */
uint32_t netif_mask(unsigned bits);
uint32_t netif_broadcast(const struct iface *i, const struct shm_addr *a);

#define NETIF_TXQLEN 1000 /* what Linux gives an interface */

/* An ioctl about interfaces, routes or the ARP table? */
bool netif_is_ioctl(unsigned long request);
/* domain: of the socket it was asked on. */
long netif_ioctl(int domain, unsigned long request, unsigned long arg);

/* --- rtnl.c: NETLINK_ROUTE's answers ------------------------------------------ */

/* Takes messages, whole ones, of at most RTNL_PIECE bytes together. */
struct rtnl_out {
	void (*flush)(struct rtnl_out *o);
	int fd;
	uint32_t pid, seq; /* in the answers' headers */
	uint16_t flags;
	size_t used;
	uint8_t buf[4096];
};

#define RTNL_PIECE 3600 /* what any reader has room for (glibc: a page) */

/* Answer one request, whose header is at n and its length right. What is left in
 * o->buf is the caller's to flush. */
void rtnl_answer(struct rtnl_out *o, const struct nlmsghdr *n);

/* --- netset.c: changes, refused where they would be any ------------------------ */

/* Linux's errno, or 0: it is so already. */
int netset_ioctl(unsigned long request, const struct ifreq *q);
int netset_request(const struct nlmsghdr *n);

#endif
