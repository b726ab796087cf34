/* ICMPv6 (RFC 4443): echo, errors, and which messages are neighbour discovery.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef WIRE_ICMP6_H
#define WIRE_ICMP6_H

#include "base/ipaddr.h"
#include "wire/icmp.h"

enum {
	ICMP6_PROTO = 58,
	ICMP6_UNREACHABLE = 1,
	ICMP6_TOO_BIG = 2,
	ICMP6_TIME_EXCEEDED = 3,
	ICMP6_PARAMETER = 4,
	ICMP6_ECHO_REQUEST = 128,
	ICMP6_ECHO_REPLY = 129,
	ICMP6_NEIGHBOUR_SOLICIT = 135,
	ICMP6_NEIGHBOUR_ADVERT = 136,
};

enum { /* codes */
	ICMP6_UNREACHABLE_ADDR = 3,
	ICMP6_UNREACHABLE_PORT = 4,
	ICMP6_PARAMETER_NEXT = 1, /* unrecognised next header */
	ICMP6_PARAMETER_SHORT = 3, /* headers cut off, RFC 7112 */
};

/* As icmp_parse(); info is the MTU of "too big". */
int icmp6_parse(const void *data, size_t len, const struct ip_addr *src,
	const struct ip_addr *dst, bool csum_ok, struct icmp_message *out);
void icmp6_emit(uint8_t out[ICMP_HEADER_LEN], const struct ip_addr *src,
	const struct ip_addr *dst, uint8_t type, uint8_t code, uint32_t info,
	const void *body, size_t len);

#endif
