/* What the files of the network layer share. Each group of functions names the
 * file that has it.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef IP_HOST_PRIV_H
#define IP_HOST_PRIV_H

#include "base/list.h"
#include "base/rng.h"
#include "base/timerq.h"
#include "group.h"
#include "ip/host.h"
#include "neigh.h"
#include "pmtu.h"
#include "pool.h"
#include "ratelimit.h"
#include "reasm.h"
#include "route.h"
#include "wire/eth.h"

struct iface {
	char name[IP_IFNAME_MAX];
	uint8_t mac[ETH_ADDR_LEN];
	uint32_t ifindex;
	uint32_t mtu; /* bytes of IP packet */
	bool up;
	unsigned naddrs;
	struct ip_prefix addrs[IP_IFACE_ADDRS_MAX]; /* host bits kept */
	struct group_link links[2]; /* [0] IPv4, [1] IPv6 */
};

struct loop_queue {
	struct list packets; /* struct ip_buf, whole IP packets */
	unsigned n;
	size_t bytes;
	bool flushing;
	bool unsure; /* what is put in now */
	bool seen;   /* likewise: onlookers have seen it come in, or shall not */
	bool foreign; /* likewise: a program's own frame, as from outside */
};

struct ip_host {
	struct ip_host_ops ops;
	bool watched; /* somebody looks on */
	struct ip_stats stats;
	struct iface *ifaces[IP_IFACES_MAX]; /* [ifindex - 1] */
	unsigned nifaces;
	struct route_table routes;
	struct neigh_table neighs;
	struct timerq timers; /* of neighbours */
	struct timerq group_timers;
	struct pool pool;
	struct loop_queue loop;
	struct reasm_table reasm;
	struct ratelimit errors;
	struct pmtu_table paths;
	struct rng rng;
	struct instant now; /* as last told */
	uint16_t ip_id;
	uint8_t scratch[128]; /* headers of the packet under way */
	struct offload out;   /* of the packet under way */
};

/* A packet that came in, while it is looked at. */
struct rx {
	const struct iface *iface;
	uint32_t ifindex; /* as users shall see it */
	bool link_group;  /* to a group or broadcast address of the link */
	bool looped;	  /* from ourselves */
	bool unsure;	  /* ... but checksums have to be looked at */
	bool reassembled; /* was in fragments */
	bool good;	  /* its checksum has not been on a wire */
	uint16_t segment;
	uint8_t src_mac[ETH_ADDR_LEN];
	const uint8_t *l3;
	size_t l3_len;
	const struct span *text; /* the last bytes of l3_len: see ip/packet.h */
	unsigned ntext;
};

/* iface.c */
struct iface *iface_get(const struct ip_host *h, uint32_t ifindex); /* or NULL */
/* The interface that has this unicast address, NULL: not ours. */
const struct iface *iface_owner(const struct ip_host *h,
	const struct ip_addr *a);
bool iface_has(const struct iface *i, const struct ip_addr *a);
/* Is a the broadcast address of one of its subnets? */
bool iface_is_broadcast(const struct iface *i, const struct ip_addr *a);
/* Do we listen to this group on it, to that sender (NULL: to anybody)? */
bool iface_in_group(const struct iface *i, const struct ip_addr *group,
	const struct ip_addr *from);
void iface_groups_init(struct iface *i);
void iface_free(struct iface *i);
bool iface_usable(const void *host, uint32_t ifindex);

/* source.c: source address for dst when leaving by i; false: there is none. */
bool source_select(const struct ip_host *h, const struct iface *i,
	const struct ip_addr *dst, struct ip_addr *out);

/* output.c: hand a frame to the user. The header's room is at eth. */
void output_frame(struct ip_host *h, struct instant now, const struct iface *i,
	const uint8_t mac[ETH_ADDR_LEN], uint16_t type,
	struct span *spans, unsigned n);

/* look.c: shown to onlookers, if there are any. look_loopback: a packet to ourselves,
 * without a link header. */
void look_frame(struct ip_host *h, struct instant now, const struct iface *i, bool out,
	const struct span *spans, unsigned n, size_t len);
void look_loopback(struct ip_host *h, struct instant now, bool out,
	const struct span *spans, unsigned n);

/* loopback.c: takes a copy of the packet for ourselves; -ENOBUFS. */
int loopback_put(struct ip_host *h, uint32_t ifindex, const struct span *spans,
	unsigned n, size_t len);
void loopback_fini(struct ip_host *h);

/* input.c */
void input_ipv4(struct ip_host *h, struct instant now, struct rx *rx);
void input_ipv6(struct ip_host *h, struct instant now, struct rx *rx);

/* arp.c */
void arp_input(struct ip_host *h, struct instant now, const struct rx *rx);
void arp_solicit(struct ip_host *h, struct instant now, const struct iface *i,
	const struct ip_addr *target, const uint8_t *mac); /* NULL: broadcast */

/* nd.c */
void nd_input(struct ip_host *h, struct instant now, const struct rx *rx,
	const struct ip_packet_in *pkt);
void nd_solicit(struct ip_host *h, struct instant now, const struct iface *i,
	const struct ip_addr *target, const uint8_t *mac); /* NULL: multicast */

/* icmp.c: what comes in. error_report() tells the transport about an error (err,
 * from, type ... info are given) that met the packet of ours that begins at l3. */
void icmp_input(struct ip_host *h, struct instant now, const struct rx *rx,
	const struct ip_packet_in *pkt);
void error_report(struct ip_host *h, struct instant now,
	const struct ip_error_in *news, const uint8_t *l3, size_t len);

/* icmp_send.c: errors that we send about rx, if they may be sent. */
enum icmp_complaint { ICMP_NO_PORT, ICMP_NO_PROTO, ICMP_PROBLEM, ICMP_LATE };
struct complaint {
	enum icmp_complaint what;
	uint8_t code;	  /* of ICMP_PROBLEM, IPv6 alone */
	uint32_t pointer; /* likewise, and for ICMP_NO_PROTO over IPv6 */
	bool even_multicast;
};
void icmp_send_error(struct ip_host *h, struct instant now, const struct rx *rx,
	const struct ip_addr *src, const struct ip_addr *dst, uint8_t tos,
	const struct complaint *c);

#endif
