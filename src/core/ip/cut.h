/* Cutting a datagram into the packets that fit a way (RFC 791 3.2, RFC 8200 4.5).
 * A packet that fits is the case of one piece.
 *
 *   if (cut_begin(...))
 *           do { cut_header(); cut_payload(); send } while (cut_next())
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef IP_CUT_H
#define IP_CUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ip/packet.h"

struct ip_host;

struct cut {
	const struct ip_packet_out *p;
	const struct ip_addr *src;
	size_t whole_len; /* bytes of the payload */
	size_t step;	  /* bytes in each piece but the last */
	size_t at;	  /* where this piece begins */
	uint32_t id;
	bool dont_fragment;
};

/* False: it may not be cut, or no packet could be put together from the pieces. */
bool cut_begin(struct ip_host *h, struct cut *c, const struct ip_packet_out *p,
	const struct ip_addr *src, uint32_t mtu, size_t payload);
/* The headers of this piece, at most IPV4_HEADER_MAX bytes; returns how many. */
size_t cut_header(struct ip_host *h, const struct cut *c, uint8_t *out);
/* Its payload, in place, in at most IP_OUT_SPANS spans; returns how many. */
unsigned cut_payload(const struct cut *c, struct span *out);
/* Go on to the next piece; false: that was the last. */
bool cut_next(struct cut *c);

#endif
