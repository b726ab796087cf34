/* Ethernet II frames (IEEE 802.3 3.1.1), untagged.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef WIRE_ETH_H
#define WIRE_ETH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ipaddr.h"

enum {
	ETH_ADDR_LEN = 6,
	ETH_HEADER_LEN = 14,
	ETH_TYPE_IPV4 = 0x0800,
	ETH_TYPE_ARP = 0x0806,
	ETH_TYPE_IPV6 = 0x86dd,
	ETH_TYPE_MIN = 0x0600, /* below it the field is a length */
};

struct eth_frame {
	uint8_t dst[ETH_ADDR_LEN];
	uint8_t src[ETH_ADDR_LEN];
	uint16_t type;
	const uint8_t *payload; /* with the padding to the minimum length */
	size_t len;
};

/* 0; -EINVAL truncated or from a group address; -ENOMSG a type that nobody here
 * understands (802.3 length included). */
int eth_parse(const void *data, size_t len, struct eth_frame *out);
void eth_emit(uint8_t out[ETH_HEADER_LEN], const uint8_t dst[ETH_ADDR_LEN],
	const uint8_t src[ETH_ADDR_LEN], uint16_t type);

bool eth_addr_is_group(const uint8_t a[ETH_ADDR_LEN]); /* or broadcast */
bool eth_addr_is_broadcast(const uint8_t a[ETH_ADDR_LEN]);
/* The group address of an IP group (RFC 1112 6.4, RFC 2464 7); all ones for an
 * IPv4 address that is no group, hence a broadcast. */
void eth_addr_of_group(const struct ip_addr *group, uint8_t out[ETH_ADDR_LEN]);

#endif
