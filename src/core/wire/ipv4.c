/* IPv4 packets: header checks in the order in which they can be trusted.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "wire/ipv4.h"

#include <errno.h>

#include "base/checksum.h"
#include "base/cursor.h"

enum {
	FLAG_DF = 0x4000,
	FLAG_MF = 0x2000,
	OFFSET_BITS = 0x1fff, /* in units of eight bytes */
};

/* The fixed header; *total as it says. */
static int parse_header(struct cursor *c, struct ipv4_packet *out,
	uint16_t *total)
{
	uint8_t version = cursor_u8(c);
	uint16_t fragment;

	out->h.tos = cursor_u8(c);
	*total = cursor_u16(c);
	out->h.id = cursor_u16(c);
	fragment = cursor_u16(c);
	out->h.dont_fragment = fragment & FLAG_DF;
	out->h.more_fragments = fragment & FLAG_MF;
	out->h.fragment_offset = (uint16_t)((fragment & OFFSET_BITS) * 8);
	out->h.ttl = cursor_u8(c);
	out->h.proto = cursor_u8(c);
	cursor_skip(c, 2);
	if (c->bad || c->left < 8)
		return -EINVAL;
	out->h.src = ip_addr_from(IP_V4, cursor_bytes(c, 4));
	out->h.dst = ip_addr_from(IP_V4, cursor_bytes(c, 4));
	out->header_len = (version & 0xfu) * 4;
	if (version >> 4 != 4 || out->header_len < IPV4_HEADER_LEN ||
		*total < out->header_len)
		return -EINVAL;
	return 0;
}

int ipv4_parse(const void *data, size_t len, struct ipv4_packet *out)
{
	struct cursor c = cursor_of(data, len);
	struct checksum sum = CHECKSUM_INIT;
	uint16_t total;

	if (parse_header(&c, out, &total) != 0 || total > len)
		return -EINVAL;
	checksum_add(&sum, data, out->header_len);
	if (checksum_finish(&sum) != 0) /* RFC 1122 3.2.1.2 */
		return -EBADMSG;
	cursor_skip(&c, out->header_len - IPV4_HEADER_LEN); /* base/ipopt.h */
	out->len = total - out->header_len;
	out->payload = cursor_bytes(&c, out->len);
	return cursor_ok(&c) ? 0 : -EINVAL;
}

int ipv4_parse_quoted(const void *data, size_t len, struct ipv4_packet *out)
{
	struct cursor c = cursor_of(data, len);
	uint16_t total;

	if (parse_header(&c, out, &total) != 0 || out->h.fragment_offset != 0)
		return -EINVAL;
	cursor_skip(&c, out->header_len - IPV4_HEADER_LEN);
	out->len = total - out->header_len;
	if (out->len > c.left)
		out->len = c.left;
	out->payload = cursor_bytes(&c, out->len);
	return cursor_ok(&c) ? 0 : -EINVAL;
}

void ipv4_emit(uint8_t out[IPV4_HEADER_LEN], const struct ipv4_header *h,
	size_t payload_len)
{
	struct checksum sum = CHECKSUM_INIT;

	out[0] = 4 << 4 | IPV4_HEADER_LEN / 4;
	out[1] = h->tos;
	put_be16(out + 2, (uint16_t)(IPV4_HEADER_LEN + payload_len));
	put_be16(out + 4, h->id);
	put_be16(out + 6, (uint16_t)((h->dont_fragment ? FLAG_DF : 0) |
		(h->more_fragments ? FLAG_MF : 0) | h->fragment_offset / 8));
	out[8] = h->ttl;
	out[9] = h->proto;
	put_be16(out + 10, 0);
	memcpy(out + 12, h->src.b, 4);
	memcpy(out + 16, h->dst.b, 4);
	checksum_add(&sum, out, IPV4_HEADER_LEN);
	put_be16(out + 10, checksum_finish(&sum));
}

void ipv4_lengthen(uint8_t *header, size_t options_len)
{
	size_t len = IPV4_HEADER_LEN + options_len;
	struct checksum sum = CHECKSUM_INIT;

	header[0] = (uint8_t)(4 << 4 | len / 4);
	put_be16(header + 2, (uint16_t)(get_be16(header + 2) + options_len));
	put_be16(header + 10, 0);
	checksum_add(&sum, header, len);
	put_be16(header + 10, checksum_finish(&sum));
}
