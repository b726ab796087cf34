/* One host's protocol stack: interfaces, addresses, routes, neighbours, ICMP,
 * UDP and TCP, behind four verbs (sans-IO):
 *
 *   stack_input()     a frame comes in
 *   ops.output        frames go out
 *   stack_deadline()  when must I be called next
 *   stack_tick()      that time has come
 *
 * All work is bounded by the length of the frame plus the timers due. No system
 * call, clock, thread or global state: many hosts live in one process, and the
 * same seed and input give the same bytes out.
 *
 * Packets from the host to one of its own addresses go through a loopback queue
 * that is emptied before the verb returns (bounded: what they cause is queued
 * behind them, at most STACK_LOOPBACK_BUDGET a call, the rest at the next tick,
 * which is then due at once).
 *
 * Not re-entrant: from inside a callback only the TCP and UDP verbs may be
 * called. SPDX-License-Identifier: BSD-2-Clause */
#ifndef STACK_STACK_H
#define STACK_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ipaddr.h"
#include "base/rng.h"
#include "base/span.h"
#include "base/time.h"
#include "ip/packet.h"
#include "tcp/tcp.h"
#include "wire/offload.h"

#define STACK_IFNAME_MAX 16 /* bytes with the closing zero, as IFNAMSIZ */
#define STACK_FRAME_SPANS 6
#define STACK_LOOPBACK_BUDGET 256 /* packets to oneself delivered in one call */

struct stack;

/* A frame on its way out: link header, network header, payload. The spans are
 * valid only during the call. */
struct stack_frame {
	unsigned nspans;
	struct span spans[STACK_FRAME_SPANS];
	size_t len; /* sum of the spans, bytes */
	struct offload offload; /* all zero, unless stack_config.supers */
};

/* A datagram for a user of UDP or of ICMP echo ("ping socket"). */
struct stack_datagram {
	struct ip_name src; /* port: UDP port; echo: identifier */
	struct ip_name dst;
	uint8_t proto; /* IP_PROTO_UDP, _UDPLITE, _ICMP, _ICMP6 */
	uint8_t ttl, tos;
	uint8_t pmtu; /* outward: enum ip_pmtu */
	bool no_loop; /* outward, to a group: not to ourselves */
	uint16_t coverage; /* UDP-Lite: bytes under the checksum; 0: all */
	uint16_t frag; /* outward: bytes of the longest packet; 0: as the way takes */
	uint32_t ifindex;
	struct span payload; /* echo: the whole ICMP message */
	struct span options; /* IPv4's, base/ipopt.h */
};

struct ip_look; /* ip/look.h */

struct stack_ops {
	void (*output)(void *user, uint32_t ifindex, struct instant now,
		const struct stack_frame *f);
	/* An error (-ECONNREFUSED: nobody) makes the stack answer with port
	 * unreachable; other errors only count a drop. */
	int (*datagram)(void *user, struct instant now,
		const struct stack_datagram *d);
	/* ICMP error about a datagram of ours: local and remote names as sent, and
	 * what the error quotes of its payload (echo: of the ICMP message). */
	void (*datagram_error)(void *user, uint8_t proto,
		const struct ip_name *local, const struct ip_name *remote,
		const struct ip_error_in *e, const struct span *payload);
	struct tcp_ops tcp; /* its own user pointer */
	void *user;
	/* A look at every packet for the host, before the stack's own; NULL:
	 * none. True: somebody took a copy. */
	bool (*raw)(void *user, struct instant now, const struct ip_packet_in *pkt);
	/* Every frame in and out, while stack_watch() is on; NULL: none. */
	void (*look)(void *user, struct instant now, const struct ip_look *l);
	/* As ip_host_ops.path: of what TCP sent, or by stack_learn_pmtu(); or NULL. */
	void (*path)(void *user, struct instant now, const struct ip_addr *dst,
		uint32_t mtu);
	/* ns since 1970, for IPv4's time stamps; NULL: midnight. */
	int64_t (*wall_ns)(void *user);
};

struct stack_config {
	const char *name;  /* for messages; copied */
	uint64_t seed;	   /* of every choice; the service gives true randomness */
	struct siphash_key isn_key;
	struct stack_ops ops;
	uint32_t max_connections; /* 0: default */
	const struct tcp_rules *tcp_rules; /* copied; NULL: Linux's */
	bool supers; /* output takes TCP's super-segments whole */
};

struct stack_iface_config {
	char name[STACK_IFNAME_MAX];
	uint8_t mac[6];
	uint32_t mtu; /* bytes of IP packet, 0: 1500 */
};

/* NULL when memory is short. Has "lo" (ifindex 1) with 127.0.0.1/8 and ::1/128
 * from the start. */
struct stack *stack_new(const struct stack_config *cfg);
void stack_free(struct stack *s);

/* Ethernet interface; returns its ifindex (>= 2), -ENOMEM, -EINVAL, -EEXIST.
 * A link-local IPv6 address (EUI-64) is added by itself. */
int stack_add_iface(struct stack *s, const struct stack_iface_config *cfg);
/* Up by default. Down: frames are neither taken nor given. */
int stack_set_iface_up(struct stack *s, uint32_t ifindex, bool up);
/* The prefix becomes an on-link route too. -EINVAL, -EEXIST, -ENODEV. */
int stack_add_addr(struct stack *s, uint32_t ifindex, const struct ip_prefix *a);
/* gateway family IP_NONE: on link. */
int stack_add_route(struct stack *s, const struct ip_prefix *dst,
	const struct ip_addr *gateway, uint32_t ifindex);

void stack_input(struct stack *s, uint32_t ifindex, struct instant now,
	const void *frame, size_t len);
/* One with work that a device has left to us. */
void stack_input_super(struct stack *s, uint32_t ifindex, struct instant now,
	const void *frame, size_t len, const struct offload *o);
/* As ip_input_text() (ip/super.h): its text is still at its sender's. */
bool stack_input_text(struct stack *s, uint32_t ifindex, struct instant now,
	const struct span *spans, unsigned n, const struct offload *o);
struct instant stack_deadline(const struct stack *s);
void stack_tick(struct stack *s, struct instant now);

/* The TCP of this host. After TCP verbs called from outside the four verbs, call
 * stack_flush() so that packets to oneself are delivered. */
struct tcp *stack_tcp(struct stack *s);
void stack_flush(struct stack *s, struct instant now);

/* UDP datagram (ports in src, dst) or echo request (proto ICMP/ICMP6: payload is
 * the ICMP message; identifier is overwritten by src.port, checksum filled in).
 * src.addr may be any-address: chosen by route. 0, -ENETUNREACH, -EHOSTUNREACH,
 * -EMSGSIZE, -ENOBUFS. */
int stack_send_datagram(struct stack *s, struct instant now,
	const struct stack_datagram *d);

/* A packet of any protocol, as SOCK_RAW sends it. */
struct stack_raw {
	struct ip_addr src; /* the any-address: by route */
	struct ip_addr dst;
	uint8_t proto, ttl, tos, pmtu;
	uint16_t frag; /* bytes of the longest packet; 0: as the way takes */
	uint32_t ifindex;
	bool whole;	 /* data begins with the network header */
	bool no_loop;	 /* to a group: not to ourselves */
	int checksum_at; /* IPv6: put the checksum here, if >= 0 */
	uint8_t *data;	 /* may be changed */
	size_t len;
	struct span options; /* IPv4's */
};
/* As stack_send_datagram; -EINVAL: checksum_at is not within. */
int stack_send_raw(struct stack *s, struct instant now, const struct stack_raw *r);

/* As ip_watch() and ip_send_frame(). */
void stack_watch(struct stack *s, bool on);
int stack_send_frame(struct stack *s, struct instant now, uint32_t ifindex,
	const void *frame, size_t len);

/* As ip_learn_pmtu(). */
void stack_learn_pmtu(struct stack *s, struct instant now, const struct ip_addr *dst,
	uint32_t mtu);
/* What the sockets want to hear of groups, all of it (ip/host.h), and telling of our
 * own when the links have come up. */
struct ip_group_want;
void stack_set_groups(struct stack *s, struct instant now,
	const struct ip_group_want *wants, unsigned n);
void stack_announce_groups(struct stack *s, struct instant now);

/* Is it one of ours (unicast, loopback or broadcast of ours)? */
bool stack_is_local(const struct stack *s, const struct ip_addr *a);
/* Source address and MTU towards dst, by ifindex (0: any); -ENETUNREACH, -EHOSTUNREACH. */
int stack_route(const struct stack *s, const struct ip_addr *dst, uint32_t ifindex,
	struct ip_addr *src, uint32_t *mtu);

struct stack_stats {
	uint64_t frames_in, frames_out, bytes_in, bytes_out;
	uint64_t eth_malformed, eth_unknown, not_for_us;
	uint64_t arp_in, arp_out, arp_malformed, nd_in, nd_out, nd_malformed;
	uint64_t ip_in, ip_out, ip_malformed, ip_bad_checksum, ip_fragments,
		ip_no_route, ip_no_proto, ip_neighbour_fail;
	uint64_t ip_reasm_ok, ip_reasm_fail, ip_reasm_timeout;
	uint64_t ip_frag_ok, ip_frag_fail, ip_frag_made;
	uint64_t icmp_in, icmp_out, icmp_malformed, icmp_bad_checksum;
	uint64_t udp_in, udp_out, udp_malformed, udp_bad_checksum, udp_no_port;
	uint64_t loopback_dropped;
};
const struct stack_stats *stack_stats(const struct stack *s);

#endif
