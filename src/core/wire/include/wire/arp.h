/* ARP for IPv4 over Ethernet (RFC 826).
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef WIRE_ARP_H
#define WIRE_ARP_H

#include <stddef.h>
#include <stdint.h>

#include "base/ipaddr.h"
#include "wire/eth.h"

enum { ARP_LEN = 28, ARP_REQUEST = 1, ARP_REPLY = 2 };

struct arp_packet {
	uint16_t op; /* ARP_REQUEST, ARP_REPLY */
	uint8_t sender_mac[ETH_ADDR_LEN];
	struct ip_addr sender;
	uint8_t target_mac[ETH_ADDR_LEN];
	struct ip_addr target;
};

/* 0; -EINVAL truncated, other hardware, protocol or operation. */
int arp_parse(const void *data, size_t len, struct arp_packet *out);
void arp_emit(uint8_t out[ARP_LEN], const struct arp_packet *p);

#endif
