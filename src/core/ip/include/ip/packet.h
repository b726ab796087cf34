/* What crosses the border between the network layer and the transports.
 *
 * Inward, a transport sees a packet whose network header was checked and taken
 * off. Outward, it hands over its header and payload as spans (the payload may
 * lie in a fifo, hence in two pieces) and a callback that the network layer
 * provides turns them into frames, copying what must outlive the call.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef IP_PACKET_H
#define IP_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ipaddr.h"
#include "base/ipopt.h"
#include "base/span.h"
#include "base/time.h"

enum { IP_PROTO_ICMP = 1, IP_PROTO_TCP = 6, IP_PROTO_UDP = 17,
	IP_PROTO_ICMP6 = 58, IP_PROTO_UDPLITE = 136 };

struct ip_packet_in {
	struct ip_addr src;
	struct ip_addr dst;
	uint8_t proto;	/* IANA protocol number */
	uint8_t ttl;	/* or hop limit */
	uint8_t tos;	/* or traffic class; the low two bits are ECN */
	uint32_t ifindex;
	bool csum_ok;	/* the transport checksum is known good (offload) */
	bool broadcast;	/* link or IP broadcast, or multicast */
	const uint8_t *l4;
	size_t len;	/* bytes at l4, link padding already cut off */
	const uint8_t *l3; /* the network header; l4 + len is the packet's end */
	/* TCP alone: its text, where it is not behind the header but still at the
	 * sender's; len counts it. It may change at any time: read each byte once. */
	const struct span *text;
	unsigned ntext; /* 0: all lies at l4 */
	uint16_t segment; /* bytes; merged from segments with so much text each; 0:
			     it is as it was sent */
};

/* The options of an IPv4 packet, in place. */
static inline struct span ip_options_of(const struct ip_packet_in *pkt)
{
	size_t len = pkt->l3 && pkt->dst.family == IP_V4 ?
		(size_t)(pkt->l4 - pkt->l3) : 0;

	return len > 20 ? (struct span){ pkt->l3 + 20, len - 20 } :
			  (struct span){ NULL, 0 };
}

#define IP_OUT_SPANS 4

/* May a packet be cut? The numbers of Linux's IP_PMTUDISC_*. */
enum ip_pmtu {
	IP_PMTU_DONT,	   /* here and on the way: no DF */
	IP_PMTU_WANT,	   /* here alone: DF on what fits */
	IP_PMTU_DO,	   /* nowhere: DF, else -EMSGSIZE */
	IP_PMTU_PROBE,	   /* likewise, whatever the path is known to take */
	IP_PMTU_INTERFACE, /* not here, else -EMSGSIZE; no DF */
	IP_PMTU_OMIT,	   /* as DONT, whatever the path is known to take */
};

struct ip_packet_out {
	struct ip_addr src; /* IP_NONE family: chosen by the route */
	struct ip_addr dst;
	uint8_t proto;
	uint8_t ttl; /* 0: the host's default */
	uint8_t tos;
	uint32_t ifindex; /* 0: by route; else only that interface */
	uint8_t pmtu;	  /* enum ip_pmtu */
	bool no_loop;	  /* to a group: not to ourselves */
	bool unsure;	  /* a checksum in the payload may be wrong */
	/* TCP: a super-segment, its spans[0] the header; what a single frame may
	 * carry of the payload. 0: it is one packet. */
	uint16_t segment;
	uint16_t frag; /* bytes of the longest packet; 0: as the way takes */
	const uint8_t *options; /* IPv4's, base/ipopt.h */
	uint8_t options_len;	/* a multiple of four, at most IPOPT_BYTES */
	bool options_open; /* as a program gave them: their source route is to begin and
			      our slots are to be filled */
	struct ip_addr via; /* the first hop, if a source route has one before dst */
	unsigned nspans; /* header first, then payload */
	struct span spans[IP_OUT_SPANS];
};

/* To be completed when it is sent; *o lives as long as p. */
static inline void ip_set_options(struct ip_packet_out *p, const struct ip_options *o)
{
	p->options = o->bytes;
	p->options_len = o->len;
	p->options_open = true;
}

/* Is its source chosen by the route? */
bool ip_source_is_open(const struct ip_packet_out *p);

/* An ICMP error about a packet of ours, as a transport sees it. */
struct ip_error_in {
	struct ip_addr src; /* of the packet we had sent */
	struct ip_addr dst;
	uint8_t proto;
	int err;	   /* positive errno: ECONNREFUSED, EHOSTUNREACH, ENETUNREACH,
			      EMSGSIZE, EPROTO ... as Linux maps type and code */
	bool hard;	   /* fatal to a connection being made */
	bool fatal;	   /* as Linux's icmp_err_convert[] has it: told to connected
			      datagram sockets */
	uint32_t mtu;	   /* with EMSGSIZE; 0: none that may be believed */
	/* The ICMP message, or the one that we would have sent to ourselves. */
	struct ip_addr from;
	uint8_t type, code, ttl, tos;
	uint16_t ext;	   /* RFC 4884: bytes at l4 in front of extensions; 0: none */
	uint32_t ifindex;
	uint32_t info;	   /* MTU, or where a parameter is wrong */
	const uint8_t *l4; /* our transport header, and all that follows it there */
	size_t len;
};

/* The way out for a transport: 0, or -EHOSTUNREACH, -ENETUNREACH, -EMSGSIZE,
 * -ENOBUFS. Does not block; may not call back into the transport before it
 * returns (packets to oneself are queued). */
struct ip_sender {
	int (*send)(void *user, struct instant now, const struct ip_packet_out *p);
	/* Source address and path MTU towards dst, by that interface (0: any): 0, or
	 * -ENETUNREACH. */
	int (*route)(void *user, const struct ip_addr *dst, uint32_t ifindex,
		struct ip_addr *src, uint32_t *mtu);
	void *user;
	/* What the path to dst takes, of the mtu that its link does (RFC 1191).
	 * told: what a router said of it, credibly; 0: nothing new. NULL: not
	 * known. */
	uint32_t (*path)(void *user, struct instant now, const struct ip_addr *dst,
		uint32_t mtu, uint32_t told);
	/* The options that an answer to pkt has, IPv4's. NULL: none. */
	void (*echo)(void *user, const struct ip_packet_in *pkt,
		struct ip_options *out);
};
/* ip_sender.echo of a struct ip_host. */
void ip_echo_options(void *user, const struct ip_packet_in *pkt, struct ip_options *out);

#endif
