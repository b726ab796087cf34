/* Ethernet II frames.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "wire/eth.h"

#include <errno.h>
#include <string.h>

#include "base/cursor.h"

int eth_parse(const void *data, size_t len, struct eth_frame *out)
{
	struct cursor c = cursor_of(data, len);

	cursor_copy(&c, out->dst, ETH_ADDR_LEN);
	cursor_copy(&c, out->src, ETH_ADDR_LEN);
	out->type = cursor_u16(&c);
	out->len = c.left;
	out->payload = cursor_bytes(&c, c.left);
	if (!cursor_ok(&c) || eth_addr_is_group(out->src)) /* IEEE 802.3 3.2.3 */
		return -EINVAL;
	if (out->type != ETH_TYPE_IPV4 && out->type != ETH_TYPE_ARP &&
		out->type != ETH_TYPE_IPV6)
		return -ENOMSG;
	return 0;
}

void eth_emit(uint8_t out[ETH_HEADER_LEN], const uint8_t dst[ETH_ADDR_LEN],
	const uint8_t src[ETH_ADDR_LEN], uint16_t type)
{
	memcpy(out, dst, ETH_ADDR_LEN);
	memcpy(out + 6, src, ETH_ADDR_LEN);
	put_be16(out + 12, type);
}

bool eth_addr_is_group(const uint8_t a[ETH_ADDR_LEN])
{
	return a[0] & 1;
}

bool eth_addr_is_broadcast(const uint8_t a[ETH_ADDR_LEN])
{
	static const uint8_t ones[] = { 255, 255, 255, 255, 255, 255 };

	return memcmp(a, ones, ETH_ADDR_LEN) == 0;
}

void eth_addr_of_group(const struct ip_addr *group, uint8_t out[ETH_ADDR_LEN])
{
	static const uint8_t v4[] = { 0x01, 0x00, 0x5e };

	memset(out, 0xff, ETH_ADDR_LEN);
	if (!ip_addr_is_multicast(group))
		return;
	if (group->family == IP_V4) {
		memcpy(out, v4, 3); /* RFC 1112 6.4: low 23 bits */
		memcpy(out + 3, group->b + 1, 3);
		out[3] &= 0x7f;
	} else {
		memset(out, 0x33, 2); /* RFC 2464 7: low 32 bits */
		memcpy(out + 2, group->b + 12, 4);
	}
}
