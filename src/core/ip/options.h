/* Inside ip: the IPv4 options of packets that begin here, and of answers (options.c).
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef IP_OPTIONS_H
#define IP_OPTIONS_H

#include "base/ipopt.h"
#include "ip/host.h"

enum { IPV4_HEADER = 20 };

/* A packet whose options are ours to complete. */
struct options_out {
	struct ip_packet_out p;
	struct ip_options o;
	bool strict; /* the first hop of its route has to be a neighbour */
};

/* A source route becomes the way (via); what is returned is in *own. */
const struct ip_packet_out *options_begin(const struct ip_packet_out *p,
	struct options_out *own);
/* When it is known from which address. */
void options_fill(const struct ip_host *h, const struct ip_addr *src,
	struct options_out *own);
/* What the answer has to a packet to us, whose header is at l3 and `header` bytes
 * long. to: our address. */
void options_answer(const struct ip_host *h, const uint8_t *l3, size_t header,
	const struct ip_addr *to, struct ip_options *out);

#endif
