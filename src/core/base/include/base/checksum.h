/* The Internet checksum (RFC 1071), summed over any number of spans of any
 * length, odd ones included, in the order in which they are sent.
 *
 *	struct checksum c = CHECKSUM_INIT;
 *	checksum_add_pseudo(&c, &src, &dst, IP_PROTO_TCP, len);
 *	checksum_add(&c, header, header_len);
 *	checksum_add(&c, payload, payload_len);
 *	put_be16(field, checksum_finish(&c));
 *
 * Over a packet with its checksum in place the result is 0 when it is right.
 * Sans-IO, no state beyond the struct.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef BASE_CHECKSUM_H
#define BASE_CHECKSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ipaddr.h"
#include "base/span.h"

struct checksum {
	uint64_t sum; /* of 16-bit words in memory order */
	bool odd;     /* an odd number of bytes was added so far */
};

#define CHECKSUM_INIT ((struct checksum){ 0, false })

void checksum_add(struct checksum *c, const void *data, size_t len);
void checksum_add_spans(struct checksum *c, const struct span *spans,
	unsigned n);
/* The pseudo header of IPv4 (RFC 9293 3.1) or IPv6 (RFC 8200 8.1), by the
 * family of src; len: bytes of transport header and payload. Only at an even
 * offset. */
void checksum_add_pseudo(struct checksum *c, const struct ip_addr *src,
	const struct ip_addr *dst, uint8_t proto, uint32_t len);
/* The value of the field, host order. (UDP sends 0 as 0xffff: caller's.) */
uint16_t checksum_finish(const struct checksum *c);

#endif
