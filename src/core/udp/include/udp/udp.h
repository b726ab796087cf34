/* UDP of one host (RFC 768), and UDP-Lite (RFC 3828): ports to users, datagrams to
 * packets. It holds no sockets: who listens where is the user's knowledge, asked for
 * each datagram.
 *
 * Sans-IO, no allocation after udp_new(). Callbacks come from udp_input() and
 * udp_icmp_error() and may call udp_send().
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef UDP_UDP_H
#define UDP_UDP_H

#include <stdint.h>

#include "base/ipaddr.h"
#include "base/span.h"
#include "base/time.h"
#include "ip/packet.h"

struct udp;

struct udp_message {
	struct ip_name src;
	struct ip_name dst;
	uint8_t ttl; /* outward 0: the host's default */
	uint8_t tos;
	uint8_t pmtu; /* outward: enum ip_pmtu */
	bool no_loop; /* outward, to a group: not to ourselves */
	bool lite; /* UDP-Lite */
	uint16_t coverage; /* UDP-Lite: bytes under the checksum; 0: all */
	uint16_t frag; /* outward: bytes of the longest packet; 0: as the way takes */
	uint32_t ifindex; /* outward 0: by route */
	struct span options; /* IPv4's */
	struct span payload;
};

struct udp_ops {
	/* 0: taken; -ECONNREFUSED: nobody there; other errors: dropped. */
	int (*datagram)(void *user, struct instant now,
		const struct udp_message *m);
	/* payload: what the error quotes of it. */
	void (*error)(void *user, const struct ip_name *local,
		const struct ip_name *remote, const struct ip_error_in *e,
		const struct span *payload);
	void *user;
};

struct udp_stats {
	uint64_t in, out, malformed, bad_checksum, no_port, dropped;
};

/* NULL when memory is short. */
struct udp *udp_new(const struct udp_ops *ops, const struct ip_sender *ip);
void udp_free(struct udp *u);

/* -ECONNREFUSED: to be answered with port unreachable; else 0. */
int udp_input(struct udp *u, struct instant now, const struct ip_packet_in *pkt);
void udp_icmp_error(struct udp *u, const struct ip_error_in *e);
/* src.addr may be the any-address: chosen by the route. 0, -EINVAL (families,
 * destination port 0), -EMSGSIZE, and what ip_sender.send answers. */
int udp_send(struct udp *u, struct instant now, const struct udp_message *m);
const struct udp_stats *udp_stats(const struct udp *u);

#endif
