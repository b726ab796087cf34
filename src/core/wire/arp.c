/* ARP for IPv4 over Ethernet.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "wire/arp.h"

#include <errno.h>
#include <string.h>

#include "base/cursor.h"

enum { ARP_HW_ETHERNET = 1, ARP_IP_LEN = 4 };

int arp_parse(const void *data, size_t len, struct arp_packet *out)
{
	struct cursor c = cursor_of(data, len);
	uint16_t hw = cursor_u16(&c), proto = cursor_u16(&c);
	uint8_t hw_len = cursor_u8(&c), proto_len = cursor_u8(&c);
	uint8_t ip[ARP_IP_LEN];

	out->op = cursor_u16(&c);
	cursor_copy(&c, out->sender_mac, ETH_ADDR_LEN);
	cursor_copy(&c, ip, ARP_IP_LEN);
	out->sender = ip_addr_from(IP_V4, ip);
	cursor_copy(&c, out->target_mac, ETH_ADDR_LEN);
	cursor_copy(&c, ip, ARP_IP_LEN);
	out->target = ip_addr_from(IP_V4, ip);
	if (!cursor_ok(&c) || hw != ARP_HW_ETHERNET || proto != ETH_TYPE_IPV4 ||
		hw_len != ETH_ADDR_LEN || proto_len != ARP_IP_LEN)
		return -EINVAL;
	return out->op == ARP_REQUEST || out->op == ARP_REPLY ? 0 : -EINVAL;
}

void arp_emit(uint8_t out[ARP_LEN], const struct arp_packet *p)
{
	put_be16(out, ARP_HW_ETHERNET);
	put_be16(out + 2, ETH_TYPE_IPV4);
	out[4] = ETH_ADDR_LEN;
	out[5] = ARP_IP_LEN;
	put_be16(out + 6, p->op);
	memcpy(out + 8, p->sender_mac, ETH_ADDR_LEN);
	memcpy(out + 14, p->sender.b, ARP_IP_LEN);
	memcpy(out + 18, p->target_mac, ETH_ADDR_LEN);
	memcpy(out + 24, p->target.b, ARP_IP_LEN);
}
