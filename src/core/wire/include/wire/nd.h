/* Neighbour solicitations and advertisements with their options (RFC 4861 4.3,
 * 4.4, 4.6).
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef WIRE_ND_H
#define WIRE_ND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ipaddr.h"
#include "wire/eth.h"

enum { ND_LEN_MAX = 32 }; /* bytes that we emit: header, target, one option */

struct nd_message {
	bool advert;	/* else solicitation */
	bool router;	/* advertisement's flags */
	bool solicited;
	bool override;
	bool has_mac;	/* source (solicit) or target (advert) link address */
	uint8_t mac[ETH_ADDR_LEN];
	struct ip_addr target;
};

/* data: the whole ICMPv6 message, its checksum known good; the network header's
 * fields are needed for the validity rules of 7.1.1 and 7.1.2.
 * 0 or -EINVAL. */
int nd_parse(const void *data, size_t len, const struct ip_addr *src,
	const struct ip_addr *dst, uint8_t hop_limit, struct nd_message *out);
/* Returns the length, 24 or 32. */
size_t nd_emit(uint8_t out[ND_LEN_MAX], const struct nd_message *m,
	const struct ip_addr *src, const struct ip_addr *dst);

/* ff02::1:ffXX:XXXX (RFC 4291 2.7.1). */
struct ip_addr nd_solicited_node(const struct ip_addr *a);

#endif
