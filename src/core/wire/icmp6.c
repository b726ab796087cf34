/* ICMPv6: echo, errors, neighbour discovery told apart.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "wire/icmp6.h"

#include <errno.h>

#include "base/checksum.h"
#include "base/cursor.h"
#include "wire/group.h"

int icmp6_parse(const void *data, size_t len, const struct ip_addr *src,
	const struct ip_addr *dst, bool csum_ok, struct icmp_message *out)
{
	struct cursor c = cursor_of(data, len);
	struct checksum sum = CHECKSUM_INIT;

	if (!icmp_parse_header(&c, out))
		return -EINVAL;
	checksum_add_pseudo(&sum, src, dst, ICMP6_PROTO, (uint32_t)len);
	checksum_add(&sum, data, len);
	if (!csum_ok && checksum_finish(&sum) != 0) /* RFC 4443 2.3 */
		return -EBADMSG;
	switch (out->type) {
	case ICMP6_ECHO_REQUEST:
		out->kind = ICMP_KIND_REQUEST;
		return 0;
	case ICMP6_ECHO_REPLY:
		out->kind = ICMP_KIND_REPLY;
		return 0;
	case ICMP6_NEIGHBOUR_SOLICIT:
	case ICMP6_NEIGHBOUR_ADVERT:
		out->kind = ICMP_KIND_ND;
		return 0;
	case MLD_QUERY:
	case MLD_REPORT_V1:
	case MLD_DONE:
	case MLD_REPORT_V2:
		out->kind = ICMP_KIND_GROUP;
		return 0;
	case ICMP6_TOO_BIG:
		out->info = (uint32_t)out->id << 16 | out->seq;
		out->kind = ICMP_KIND_ERROR;
		return 0;
	case ICMP6_UNREACHABLE:
	case ICMP6_TIME_EXCEEDED:
	case ICMP6_PARAMETER:
		out->kind = ICMP_KIND_ERROR;
		return 0;
	default:
		return -ENOMSG;
	}
}

void icmp6_emit(uint8_t out[ICMP_HEADER_LEN], const struct ip_addr *src,
	const struct ip_addr *dst, uint8_t type, uint8_t code, uint32_t info,
	const void *body, size_t len)
{
	struct checksum sum = CHECKSUM_INIT;

	out[0] = type;
	out[1] = code;
	put_be16(out + 2, 0);
	put_be32(out + 4, info);
	checksum_add_pseudo(&sum, src, dst, ICMP6_PROTO,
		(uint32_t)(ICMP_HEADER_LEN + len));
	checksum_add(&sum, out, ICMP_HEADER_LEN);
	checksum_add(&sum, body, len);
	put_be16(out + 2, checksum_finish(&sum));
}
