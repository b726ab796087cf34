/* The network layer of one host: interfaces, addresses, routes, neighbours,
 * IPv4, IPv6, ICMP. Frames below, transports above.
 *
 *             transports            ops.input, ops.error     ip_send, ip_route
 *                                        ^                        |
 *   ARP, ND, ICMP live inside            |                        v
 *                                     ip_input               ops.output
 *
 * Sans-IO: time is an argument, frames come and go by calls. A packet to one of
 * the host's own addresses is copied into a bounded queue and delivered by
 * ip_flush(), never from within ip_send(), so that a transport is not called
 * while it is sending. ip_input() and ip_tick() flush by themselves.
 *
 * Not re-entrant: callbacks may call ip_send(), ip_route() and whatever takes
 * a const host. SPDX-License-Identifier: BSD-2-Clause */
#ifndef IP_HOST_H
#define IP_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ipaddr.h"
#include "base/span.h"
#include "base/time.h"
#include "ip/limits.h"
#include "ip/packet.h"
#include "wire/offload.h"

struct ip_host;
struct ip_look; /* ip/look.h */

struct ip_host_ops {
	/* A frame; the spans (at most IP_OUT_SPANS + 1) live during the call. */
	void (*output)(void *user, uint32_t ifindex, struct instant now,
		const struct span *spans, unsigned nspans, size_t len);
	/* A packet for a transport, or a checked ICMP echo reply (whole message).
	 * -ECONNREFUSED: answer with port unreachable; -EPROTONOSUPPORT: with
	 * protocol unreachable; anything else: no answer. */
	int (*input)(void *user, struct instant now, const struct ip_packet_in *pkt);
	/* A packet of ours met an error, far away (ICMP) or here (neighbour). */
	void (*error)(void *user, struct instant now, const struct ip_error_in *e);
	void *user;
	/* A look at every packet for us, before anything is done with it; NULL: none.
	 * True: somebody took a copy: an unknown protocol is no reason to complain. */
	bool (*raw)(void *user, struct instant now, const struct ip_packet_in *pkt);
	/* Every frame in and out, also between ourselves, while ip_watch() is on. */
	void (*look)(void *user, struct instant now, const struct ip_look *l);
	/* A super-segment of TCP, as output; NULL: they are cut here. */
	void (*super)(void *user, uint32_t ifindex, struct instant now,
		const struct span *spans, unsigned n, size_t len, const struct offload *o);
	/* A router's word on the path to dst that a transport believes; NULL: nobody asks. */
	void (*path)(void *user, struct instant now, const struct ip_addr *dst, uint32_t mtu);
	int64_t (*wall_ns)(void *user); /* since 1970, for IPv4's time stamps; or NULL */
};

struct ip_host_config {
	uint64_t seed;
	struct ip_host_ops ops;
};

struct ip_stats {
	uint64_t frames_in, frames_out, bytes_in, bytes_out;
	uint64_t eth_malformed, eth_unknown, not_for_us;
	uint64_t arp_in, arp_out, arp_malformed, nd_in, nd_out, nd_malformed;
	uint64_t ip_in, ip_out, ip_malformed, ip_bad_checksum, ip_fragments,
		ip_no_route, ip_no_proto, ip_neighbour_fail;
	uint64_t ip_reasm_ok, ip_reasm_fail, /* ip_fragments: came in */
		ip_reasm_timeout; /* counted as failed too */
	uint64_t ip_frag_ok, ip_frag_fail, /* datagrams cut, or not allowed */
		ip_frag_made;
	uint64_t icmp_in, icmp_out, icmp_malformed, icmp_bad_checksum;
	uint64_t icmp_ignored;	    /* types that hosts ignore */
	uint64_t icmp_rate_limited; /* errors not sent */
	uint64_t group_in, group_out; /* IGMP and MLD */
	uint64_t loopback_dropped;
	uint64_t pending_dropped; /* queue of an unresolved neighbour was full */
};

/* NULL when memory is short. "lo" is there, ifindex 1. */
struct ip_host *ip_host_new(const struct ip_host_config *cfg);
void ip_host_free(struct ip_host *h);

/* Ethernet interface, up, with its link-local IPv6 address (EUI-64); returns
 * the ifindex, -ENOMEM (also when there are IP_IFACES_MAX), -EINVAL (no name, a
 * group MAC, an MTU outside [68, 65535]), -EEXIST. IPv6 is used on it from an
 * MTU of 1280 (RFC 8200 5). mtu 0: 1500. */
int ip_add_iface(struct ip_host *h, const char *name, const uint8_t mac[6],
	uint32_t mtu);
int ip_set_iface_up(struct ip_host *h, uint32_t ifindex, bool up); /* -ENODEV */
/* -EINVAL, -EEXIST, -ENODEV, -ENOMEM (IP_IFACE_ADDRS_MAX). */
int ip_add_addr(struct ip_host *h, uint32_t ifindex, const struct ip_prefix *a);
/* gateway family IP_NONE: on link. -EINVAL, -EEXIST, -ENODEV, -ENOMEM. */
int ip_add_route(struct ip_host *h, const struct ip_prefix *dst,
	const struct ip_addr *gateway, uint32_t ifindex);

void ip_input(struct ip_host *h, uint32_t ifindex, struct instant now,
	const void *frame, size_t len); /* _super: with work left to us */
void ip_input_super(struct ip_host *h, uint32_t ifindex, struct instant now,
	const void *frame, size_t len, const struct offload *o);
struct instant ip_deadline(const struct ip_host *h);
void ip_tick(struct ip_host *h, struct instant now);
/* Deliver what waits for ourselves, at most IP_LOOPBACK_BUDGET packets; the
 * deadline is at once while something is left. */
void ip_flush(struct ip_host *h, struct instant now);

/* As struct ip_sender has them; user is the struct ip_host. Besides, send answers
 * -EINVAL to a loopback source that would leave the host and to no spans. */
int ip_send(void *user, struct instant now, const struct ip_packet_out *p);
/* A packet with its network header, which the caller may have left to us in part:
 * IPv4's length and checksum are filled in, and source and identification where
 * they are zero. It goes the way to dst, whatever the header says. packet is
 * changed. As ip_send; -EINVAL also for a header that is cut off. */
int ip_send_whole(struct ip_host *h, struct instant now, const struct ip_addr *dst,
	uint32_t ifindex, uint8_t *packet, size_t len);
int ip_route(void *user, const struct ip_addr *dst, uint32_t ifindex,
	struct ip_addr *src, uint32_t *mtu);

/* A router has said that packets to dst may have so many bytes: it counts for ten
 * minutes. The caller knows that the packet it spoke of was ours. */
uint32_t ip_path(void *user, struct instant now, const struct ip_addr *dst,
	uint32_t mtu, uint32_t told);
void ip_learn_pmtu(struct ip_host *h, struct instant now, const struct ip_addr *dst,
	uint32_t mtu);

/* Unicast, loopback or broadcast address of ours. */
bool ip_is_local(const struct ip_host *h, const struct ip_addr *a);
/* 255.255.255.255 or the broadcast address of a subnet of ours. */
bool ip_is_broadcast(const struct ip_host *h, const struct ip_addr *a);
const struct ip_stats *ip_stats(const struct ip_host *h);

/* What one socket wants to hear of a group on an interface. */
struct ip_group_want {
	uint32_t ifindex;
	struct ip_addr group;
	bool include; /* only the sources; else all but them */
	unsigned n;
	const uint8_t (*sources)[16];
};
/* All that all sockets want: what is not named is left. Routers are told of the
 * difference (IGMP, MLD). */
void ip_set_groups(struct ip_host *h, struct instant now,
	const struct ip_group_want *wants, unsigned n);
/* The interfaces have just come up: tell of the groups of our own addresses. */
void ip_announce_groups(struct ip_host *h, struct instant now);

/* Views for status displays; strings live during the call. */
enum neigh_state { /* RFC 4861 7.3.2, and Linux's FAILED */
	NEIGH_INCOMPLETE,
	NEIGH_REACHABLE,
	NEIGH_STALE,
	NEIGH_DELAY,
	NEIGH_PROBE,
	NEIGH_FAILED,
};

struct ip_iface_view {
	uint32_t ifindex;
	const char *name;
	const uint8_t *mac; /* 6 bytes */
	uint32_t mtu;
	bool up;
	const struct ip_prefix *addrs;
	unsigned naddrs;
};

struct ip_route_view {
	struct ip_prefix dst;
	struct ip_addr gateway; /* family IP_NONE: on link */
	uint32_t ifindex;
};

struct ip_neigh_view {
	struct ip_addr addr;
	uint32_t ifindex;
	enum neigh_state state;
	const uint8_t *mac; /* NULL when not known */
};

struct ip_group_view {
	struct ip_addr addr;
	uint32_t ifindex;
	bool exclude;
	unsigned n;
	const uint8_t (*sources)[16];
};

void ip_foreach_group(const struct ip_host *h,
	void (*fn)(void *user, const struct ip_group_view *v), void *user);
void ip_foreach_iface(const struct ip_host *h,
	void (*fn)(void *user, const struct ip_iface_view *v), void *user);
void ip_foreach_route(const struct ip_host *h,
	void (*fn)(void *user, const struct ip_route_view *v), void *user);
void ip_foreach_neigh(const struct ip_host *h,
	void (*fn)(void *user, const struct ip_neigh_view *v), void *user);
/* Moves on whenever the view of the neighbours may be another one. */
uint64_t ip_neigh_changes(const struct ip_host *h);
const char *neigh_state_name(enum neigh_state s);

#endif
