/* UDP datagrams on the wire.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "wire/udp.h"

#include <errno.h>

#include "base/checksum.h"
#include "base/cursor.h"

int udp_parse(const void *data, size_t len, const struct ip_addr *src,
	const struct ip_addr *dst, bool csum_ok, struct udp_datagram *out)
{
	struct cursor c = cursor_of(data, len);
	struct checksum sum = CHECKSUM_INIT;
	uint16_t total, field;

	out->src_port = cursor_u16(&c);
	out->dst_port = cursor_u16(&c);
	total = cursor_u16(&c);
	field = cursor_u16(&c);
	if (!cursor_ok(&c) || total < UDP_HEADER_LEN || total > len)
		return -EINVAL;
	out->len = total - UDP_HEADER_LEN;
	out->payload = cursor_bytes(&c, out->len);
	if (field == 0 && src->family == IP_V6)
		return -EBADMSG; /* RFC 8200 8.1 */
	if (field == 0 || csum_ok)
		return 0; /* RFC 768: the sender made none */
	checksum_add_pseudo(&sum, src, dst, UDP_PROTO, total);
	checksum_add(&sum, data, total);
	return checksum_finish(&sum) == 0 ? 0 : -EBADMSG;
}

void udp_emit(uint8_t out[UDP_HEADER_LEN], const struct ip_addr *src,
	const struct ip_addr *dst, uint16_t src_port, uint16_t dst_port,
	const struct span *payload)
{
	struct checksum sum = CHECKSUM_INIT;
	uint16_t field, total = (uint16_t)(UDP_HEADER_LEN + payload->len);

	put_be16(out, src_port);
	put_be16(out + 2, dst_port);
	put_be16(out + 4, total);
	put_be16(out + 6, 0);
	checksum_add_pseudo(&sum, src, dst, UDP_PROTO, total);
	checksum_add(&sum, out, UDP_HEADER_LEN);
	checksum_add(&sum, payload->base, payload->len);
	field = checksum_finish(&sum);
	put_be16(out + 6, field ? field : 0xffff); /* RFC 768: 0 means none */
}
