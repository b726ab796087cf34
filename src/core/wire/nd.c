/* Neighbour solicitations and advertisements.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "wire/nd.h"

#include <errno.h>

#include "base/checksum.h"
#include "base/cursor.h"
#include "wire/icmp6.h"

enum {
	ND_HOP_LIMIT = 255,
	ND_OPTION_SOURCE = 1,
	ND_OPTION_TARGET = 2,
	ND_FLAG_ROUTER = 0x80,
	ND_FLAG_SOLICITED = 0x40,
	ND_FLAG_OVERRIDE = 0x20,
};

/* RFC 4861 4.6: unknown options are skipped, one of length zero spoils all. */
static int parse_options(struct cursor *c, struct nd_message *out)
{
	uint8_t wanted = out->advert ? ND_OPTION_TARGET : ND_OPTION_SOURCE;

	while (c->left > 0) {
		uint8_t type = cursor_u8(c), units = cursor_u8(c);
		struct cursor body;

		if (units == 0)
			return -EINVAL;
		body = cursor_sub(c, 8u * units - 2);
		if (!cursor_ok(&body))
			return -EINVAL;
		if (type == wanted && units == 1 && !eth_addr_is_group(body.at)) {
			cursor_copy(&body, out->mac, ETH_ADDR_LEN);
			out->has_mac = true;
		}
	}
	return 0;
}

static bool is_solicited_node(const struct ip_addr *a)
{
	static const uint8_t prefix[13] = { 0xff, 2, [11] = 1, 0xff };

	return memcmp(a->b, prefix, sizeof(prefix)) == 0;
}

int nd_parse(const void *data, size_t len, const struct ip_addr *src,
	const struct ip_addr *dst, uint8_t hop_limit, struct nd_message *out)
{
	struct cursor c = cursor_of(data, len);
	uint8_t type = cursor_u8(&c), code = cursor_u8(&c), target[16];
	uint32_t flags;

	*out = (struct nd_message){ .advert = type == ICMP6_NEIGHBOUR_ADVERT };
	cursor_skip(&c, 2);
	flags = cursor_u32(&c) >> 24;
	cursor_copy(&c, target, sizeof(target));
	out->target = ip_addr_from(IP_V6, target);
	if (!cursor_ok(&c) || code != 0 || hop_limit != ND_HOP_LIMIT ||
		ip_addr_is_multicast(&out->target) || parse_options(&c, out) != 0)
		return -EINVAL; /* RFC 4861 7.1.1, 7.1.2 */
	if (out->advert) {
		out->router = flags & ND_FLAG_ROUTER;
		out->solicited = flags & ND_FLAG_SOLICITED;
		out->override = flags & ND_FLAG_OVERRIDE;
		return ip_addr_is_multicast(dst) && out->solicited ? -EINVAL : 0;
	}
	if (ip_addr_is_any(src) && (out->has_mac || !is_solicited_node(dst)))
		return -EINVAL; /* RFC 4861 7.1.1 */
	return 0;
}

size_t nd_emit(uint8_t out[ND_LEN_MAX], const struct nd_message *m,
	const struct ip_addr *src, const struct ip_addr *dst)
{
	uint8_t body[ND_LEN_MAX - ICMP_HEADER_LEN];
	size_t len = 16;
	uint32_t flags = 0;

	memcpy(body, m->target.b, 16);
	if (m->has_mac) {
		body[16] = m->advert ? ND_OPTION_TARGET : ND_OPTION_SOURCE;
		body[17] = 1;
		memcpy(body + 18, m->mac, ETH_ADDR_LEN);
		len = 24;
	}
	if (m->advert)
		flags = (m->router ? ND_FLAG_ROUTER : 0u) |
			(m->solicited ? ND_FLAG_SOLICITED : 0u) |
			(m->override ? ND_FLAG_OVERRIDE : 0u);
	icmp6_emit(out, src, dst, m->advert ? ICMP6_NEIGHBOUR_ADVERT :
		ICMP6_NEIGHBOUR_SOLICIT, 0, flags << 24, body, len);
	memcpy(out + ICMP_HEADER_LEN, body, len);
	return ICMP_HEADER_LEN + len;
}

struct ip_addr nd_solicited_node(const struct ip_addr *a)
{
	struct ip_addr g = { .family = IP_V6,
		.b = { 0xff, 2, [11] = 1, 0xff, a->b[13], a->b[14], a->b[15] } };

	return g;
}
