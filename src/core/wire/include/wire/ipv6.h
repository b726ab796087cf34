/* IPv6 packets (RFC 8200). Extension headers are walked: hop-by-hop and
 * destination options by the rules of section 4.2, a routing header with no
 * segments left is skipped, so is the header of an atomic fragment (RFC 6946).
 * The walk ends at the header of any other fragment: what lies behind it belongs
 * to a packet that has to be put together first.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef WIRE_IPV6_H
#define WIRE_IPV6_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ipaddr.h"

enum {
	IPV6_HEADER_LEN = 40,
	IPV6_PAYLOAD_MAX = 65535,
	IPV6_MIN_MTU = 1280,
	IPV6_FRAGMENT_LEN = 8,	/* the fragment header */
	IPV6_NEXT_HOP = 0,	/* hop-by-hop options */
	IPV6_NEXT_ROUTING = 43,
	IPV6_NEXT_FRAGMENT = 44,
	IPV6_NEXT_NONE = 59,
	IPV6_NEXT_DEST = 60,	/* destination options */
};

struct ipv6_header {
	struct ip_addr src;
	struct ip_addr dst;
	uint8_t proto; /* of the payload, behind all extension headers */
	uint8_t hop_limit;
	uint8_t tclass;
	uint32_t flow; /* 20 bits */
};

struct ipv6_fragment { /* RFC 8200 4.5 */
	bool is;	 /* else the rest means nothing */
	bool more;
	uint16_t offset; /* bytes, a multiple of eight */
	uint32_t id;
	size_t at;	 /* offset in the packet of the fragment header */
	size_t named_at; /* of the field that names it */
};

struct ipv6_packet {
	struct ipv6_header h;
	struct ipv6_fragment fragment;
	size_t proto_at; /* offset in the packet of the field that says proto */
	const uint8_t *payload;
	size_t len; /* bytes of payload, link padding cut off */
};

/* What to say in an ICMPv6 parameter problem (RFC 4443 3.4). */
struct ipv6_problem {
	bool report;	     /* else discard in silence */
	bool even_multicast; /* report also what was sent to a group */
	uint8_t code;	     /* 0 field, 1 next header, 2 option */
	uint32_t pointer;    /* offset in the packet */
};

/* 0, also for a fragment; -EINVAL malformed; -EPROTO something that we do not
 * understand and may not skip: *problem says what, and out->h is valid. */
int ipv6_parse(const void *data, size_t len, struct ipv6_packet *out,
	struct ipv6_problem *problem);
/* The beginning of a packet, as ICMP errors quote it: may be cut short. 0;
 * -EINVAL, also for a fragment that has not the beginning of the payload. */
int ipv6_parse_quoted(const void *data, size_t len, struct ipv6_packet *out);
/* Is its payload an ICMPv6 error? Looks behind extension headers whatever they
 * hold. Where that cannot be told: true, but false of a first fragment that is cut
 * off too early, about which RFC 7112 wants one. */
bool ipv6_is_icmp_error(const void *data, size_t len);
/* Does the first fragment, whose fragment header names `next`, hold all headers
 * up to that of the payload (RFC 8200 4.5)? */
bool ipv6_chain_is_whole(uint8_t next, const void *data, size_t len);
void ipv6_emit_fragment(uint8_t out[IPV6_FRAGMENT_LEN], uint8_t next,
	uint16_t offset, bool more, uint32_t id);
/* payload_len at most IPV6_PAYLOAD_MAX. */
void ipv6_emit(uint8_t out[IPV6_HEADER_LEN], const struct ipv6_header *h,
	size_t payload_len);

#endif
