/* IPv4 packets (RFC 791). Options are checked for form and skipped: base/ipopt.h
 * knows them.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef WIRE_IPV4_H
#define WIRE_IPV4_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ipaddr.h"

enum { IPV4_HEADER_LEN = 20, IPV4_HEADER_MAX = 60, IPV4_PACKET_MAX = 65535 };

struct ipv4_header {
	struct ip_addr src;
	struct ip_addr dst;
	uint8_t proto;
	uint8_t ttl;
	uint8_t tos;
	uint16_t id;
	bool dont_fragment;
	bool more_fragments;
	uint16_t fragment_offset; /* bytes, a multiple of eight */
};

struct ipv4_packet {
	struct ipv4_header h;
	size_t header_len; /* bytes, options included */
	const uint8_t *payload;
	size_t len; /* bytes of payload, link padding cut off */
};

/* 0, also for a fragment; -EINVAL malformed; -EBADMSG header checksum. */
int ipv4_parse(const void *data, size_t len, struct ipv4_packet *out);
/* The beginning of a packet, as ICMP errors quote it: the payload may be cut
 * short and the checksum is not looked at. 0; -EINVAL, also for a fragment that
 * has not the beginning of the payload. */
int ipv4_parse_quoted(const void *data, size_t len, struct ipv4_packet *out);
static inline bool ipv4_is_fragment(const struct ipv4_header *h)
{
	return h->more_fragments || h->fragment_offset != 0;
}

/* payload_len + IPV4_HEADER_LEN is at most IPV4_PACKET_MAX. */
void ipv4_emit(uint8_t out[IPV4_HEADER_LEN], const struct ipv4_header *h,
	size_t payload_len);
/* So many bytes of options follow the header that ipv4_emit() has made. */
void ipv4_lengthen(uint8_t *header, size_t options_len);

#endif
