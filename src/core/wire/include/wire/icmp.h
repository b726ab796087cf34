/* ICMP (RFC 792): echo and errors. Its parsed form also serves ICMPv6.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef WIRE_ICMP_H
#define WIRE_ICMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	ICMP_HEADER_LEN = 8,
	ICMP_ECHO_REPLY = 0,
	ICMP_UNREACHABLE = 3,
	ICMP_SOURCE_QUENCH = 4,
	ICMP_REDIRECT = 5,
	ICMP_ECHO_REQUEST = 8,
	ICMP_TIME_EXCEEDED = 11,
	ICMP_PARAMETER = 12,
};

enum { /* codes of ICMP_UNREACHABLE */
	ICMP_UNREACHABLE_HOST = 1,
	ICMP_UNREACHABLE_PROTO = 2,
	ICMP_UNREACHABLE_PORT = 3,
	ICMP_UNREACHABLE_FRAG = 4, /* fragmentation needed, RFC 1191 */
};

enum { ICMP_EXCEEDED_REASSEMBLY = 1 }; /* code of ICMP_TIME_EXCEEDED, ICMPv6's too */

enum icmp_kind {
	ICMP_KIND_REQUEST, /* echo */
	ICMP_KIND_REPLY,   /* echo */
	ICMP_KIND_ERROR,   /* about a packet of ours */
	ICMP_KIND_ND,	   /* ICMPv6 alone: neighbour discovery */
	ICMP_KIND_GROUP,   /* likewise: multicast listener discovery */
};

struct icmp_message {
	enum icmp_kind kind;
	uint8_t type;
	uint8_t code;
	uint16_t id;   /* echo */
	uint16_t seq;  /* echo */
	uint32_t info; /* error: MTU of "fragmentation needed", else 0 */
	const uint8_t *body; /* echo: data; error: the quoted packet */
	size_t len;	     /* bytes of body */
};

/* 0; -EINVAL truncated; -EBADMSG checksum (unless csum_ok); -ENOMSG a type that
 * hosts ignore. */
int icmp_parse(const void *data, size_t len, bool csum_ok,
	struct icmp_message *out);
struct cursor;
/* The header that ICMP and ICMPv6 share, and where the body lies; false: truncated.
 * kind and the checksum are left to the caller. */
bool icmp_parse_header(struct cursor *c, struct icmp_message *out);
/* Header for a message with this body; the checksum covers both. For echoes info
 * is id << 16 | seq. */
void icmp_emit(uint8_t out[ICMP_HEADER_LEN], uint8_t type, uint8_t code,
	uint32_t info, const void *body, size_t len);

#endif
