/* ICMP: echo and errors.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "wire/icmp.h"

#include <errno.h>

#include "base/checksum.h"
#include "base/cursor.h"

bool icmp_parse_header(struct cursor *c, struct icmp_message *out)
{
	out->type = cursor_u8(c);
	out->code = cursor_u8(c);
	cursor_skip(c, 2); /* checksum */
	out->id = cursor_u16(c);
	out->seq = cursor_u16(c);
	out->info = 0;
	out->len = c->left;
	out->body = cursor_bytes(c, c->left);
	return cursor_ok(c);
}

int icmp_parse(const void *data, size_t len, bool csum_ok,
	struct icmp_message *out)
{
	struct cursor c = cursor_of(data, len);
	struct checksum sum = CHECKSUM_INIT;

	if (!icmp_parse_header(&c, out))
		return -EINVAL;
	checksum_add(&sum, data, len);
	if (!csum_ok && checksum_finish(&sum) != 0)
		return -EBADMSG;
	switch (out->type) {
	case ICMP_ECHO_REQUEST:
		out->kind = ICMP_KIND_REQUEST;
		return 0;
	case ICMP_ECHO_REPLY:
		out->kind = ICMP_KIND_REPLY;
		return 0;
	case ICMP_UNREACHABLE:
		if (out->code == ICMP_UNREACHABLE_FRAG)
			out->info = out->seq; /* RFC 1191 4: next-hop MTU */
		out->kind = ICMP_KIND_ERROR;
		return 0;
	case ICMP_TIME_EXCEEDED:
	case ICMP_PARAMETER:
		out->kind = ICMP_KIND_ERROR;
		return 0;
	default: /* source quench: RFC 6633 3 */
		return -ENOMSG;
	}
}

void icmp_emit(uint8_t out[ICMP_HEADER_LEN], uint8_t type, uint8_t code,
	uint32_t info, const void *body, size_t len)
{
	struct checksum sum = CHECKSUM_INIT;

	out[0] = type;
	out[1] = code;
	put_be16(out + 2, 0);
	put_be32(out + 4, info);
	checksum_add(&sum, out, ICMP_HEADER_LEN);
	checksum_add(&sum, body, len);
	put_be16(out + 2, checksum_finish(&sum));
}
