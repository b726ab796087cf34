/* UDP-Lite datagrams on the wire (RFC 3828): UDP whose length field says instead
 * how many bytes the checksum covers.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef WIRE_UDPLITE_H
#define WIRE_UDPLITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ipaddr.h"
#include "base/span.h"

enum { UDPLITE_PROTO = 136, UDPLITE_HEADER_LEN = 8 };

struct udplite_datagram {
	uint16_t src_port;
	uint16_t dst_port;
	uint16_t coverage; /* bytes from the header's first on; never 0 */
	const uint8_t *payload;
	size_t len; /* bytes of payload */
};

/* 0; -EINVAL malformed; -EBADMSG checksum. len is the network layer's. */
int udplite_parse(const void *data, size_t len, const struct ip_addr *src,
	const struct ip_addr *dst, bool csum_ok, struct udplite_datagram *out);
/* coverage: 0 or more than there is: everything. */
void udplite_emit(uint8_t out[UDPLITE_HEADER_LEN], const struct ip_addr *src,
	const struct ip_addr *dst, uint16_t src_port, uint16_t dst_port,
	const struct span *payload, uint32_t coverage);

#endif
