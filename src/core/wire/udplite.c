/* UDP-Lite datagrams on the wire.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "wire/udplite.h"

#include <errno.h>

#include "base/checksum.h"
#include "base/cursor.h"

int udplite_parse(const void *data, size_t len, const struct ip_addr *src,
	const struct ip_addr *dst, bool csum_ok, struct udplite_datagram *out)
{
	struct cursor c = cursor_of(data, len);
	struct checksum sum = CHECKSUM_INIT;
	uint16_t field;

	out->src_port = cursor_u16(&c);
	out->dst_port = cursor_u16(&c);
	out->coverage = cursor_u16(&c);
	field = cursor_u16(&c);
	if (!cursor_ok(&c) || len > UINT16_MAX)
		return -EINVAL;
	if (out->coverage == 0)
		out->coverage = (uint16_t)len;
	if (out->coverage < UDPLITE_HEADER_LEN || out->coverage > len)
		return -EINVAL; /* RFC 3828 3.1 */
	out->len = len - UDPLITE_HEADER_LEN;
	out->payload = cursor_bytes(&c, out->len);
	if (field == 0)
		return -EBADMSG; /* RFC 3828 3.1: there must be one */
	if (csum_ok)
		return 0;
	checksum_add_pseudo(&sum, src, dst, UDPLITE_PROTO, (uint32_t)len);
	checksum_add(&sum, data, out->coverage);
	return checksum_finish(&sum) == 0 ? 0 : -EBADMSG;
}

void udplite_emit(uint8_t out[UDPLITE_HEADER_LEN], const struct ip_addr *src,
	const struct ip_addr *dst, uint16_t src_port, uint16_t dst_port,
	const struct span *payload, uint32_t coverage)
{
	struct checksum sum = CHECKSUM_INIT;
	size_t total = UDPLITE_HEADER_LEN + payload->len;
	size_t covered = coverage < UDPLITE_HEADER_LEN || coverage > total ? total :
		coverage;
	uint16_t field;

	put_be16(out, src_port);
	put_be16(out + 2, dst_port);
	put_be16(out + 4, (uint16_t)covered);
	put_be16(out + 6, 0);
	checksum_add_pseudo(&sum, src, dst, UDPLITE_PROTO, (uint32_t)total);
	checksum_add(&sum, out, UDPLITE_HEADER_LEN);
	checksum_add(&sum, payload->base, covered - UDPLITE_HEADER_LEN);
	field = checksum_finish(&sum);
	put_be16(out + 6, field ? field : 0xffff); /* RFC 3828 3.1 */
}
