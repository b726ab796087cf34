/* UDP datagrams on the wire (RFC 768; RFC 8200 8.1).
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef WIRE_UDP_H
#define WIRE_UDP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ipaddr.h"
#include "base/span.h"

enum { UDP_PROTO = 17, UDP_HEADER_LEN = 8 };

struct udp_datagram {
	uint16_t src_port;
	uint16_t dst_port;
	const uint8_t *payload;
	size_t len; /* bytes of payload */
};

/* 0; -EINVAL malformed; -EBADMSG checksum. A zero checksum means none over IPv4
 * and is wrong over IPv6. */
int udp_parse(const void *data, size_t len, const struct ip_addr *src,
	const struct ip_addr *dst, bool csum_ok, struct udp_datagram *out);
/* payload->len + UDP_HEADER_LEN is at most 65535. */
void udp_emit(uint8_t out[UDP_HEADER_LEN], const struct ip_addr *src,
	const struct ip_addr *dst, uint16_t src_port, uint16_t dst_port,
	const struct span *payload);

#endif
