/* IGMP and MLD messages.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "wire/group.h"

#include <errno.h>
#include <string.h>

#include "base/checksum.h"
#include "base/cursor.h"
#include "wire/icmp6.h"

enum {
	RECORD_HEAD = 4, /* type, words of auxiliary data, number of sources */
	IGMP_V3_QUERY = 12,
	MLD_V2_QUERY = 28,
	MLD_HEAD = 8, /* in front of the group's address */
	V1_RESPONSE_MS = 10000, /* RFC 3376 7.2.1: 100 tenths */
};

/* RFC 3376 4.1.1 and 4.1.7: eight bits, from 128 on a floating point. */
static uint32_t float8(uint8_t code)
{
	return code < 128 ? code :
		(uint32_t)(0x10 | (code & 0xf)) << (3 + (code >> 4 & 7));
}

/* RFC 3810 5.1.3: sixteen bits, from 32768 on likewise. */
static uint32_t float16(uint16_t code)
{
	return code < 32768 ? code :
		(uint32_t)(0x1000 | (code & 0xfff)) << (3 + (code >> 12 & 7));
}

/* What the newer queries add: flags, interval, sources. */
static bool parse_more(struct cursor *c, size_t addr_len, struct group_message *out)
{
	out->robustness = cursor_u8(c) & 7;
	out->interval_s = float8(cursor_u8(c));
	out->n = cursor_u16(c);
	out->sources = cursor_bytes(c, out->n * addr_len);
	return cursor_ok(c);
}

static int parse_igmp_query(struct cursor *c, size_t len, uint8_t code,
	struct group_message *out)
{
	out->kind = GROUP_QUERY;
	if (len >= IGMP_V3_QUERY) { /* RFC 3376 7.1: told apart by length */
		out->version = 3;
		out->max_resp_ms = float8(code) * 100;
		return parse_more(c, 4, out) ? 0 : -EINVAL;
	}
	if (len != IGMP_OLD_LEN)
		return -EINVAL;
	out->version = code == 0 ? 1 : 2;
	out->max_resp_ms = code == 0 ? V1_RESPONSE_MS : code * 100u;
	return 0;
}

int igmp_parse(const void *data, size_t len, struct group_message *out)
{
	struct cursor c = cursor_of(data, len);
	struct checksum sum = CHECKSUM_INIT;
	uint8_t type, code;
	const uint8_t *group;

	*out = (struct group_message){ .kind = GROUP_OTHER };
	type = cursor_u8(&c);
	code = cursor_u8(&c);
	cursor_skip(&c, 2);
	group = cursor_bytes(&c, 4);
	if (!cursor_ok(&c))
		return -EINVAL;
	checksum_add(&sum, data, len);
	if (checksum_finish(&sum) != 0)
		return -EBADMSG;
	out->group = ip_addr_from(IP_V4, group);
	if (type == IGMP_QUERY)
		return parse_igmp_query(&c, len, code, out);
	if (type == IGMP_REPORT_V1 || type == IGMP_REPORT_V2)
		out->kind = GROUP_REPORT;
	return 0;
}

int mld_parse(const void *data, size_t len, struct group_message *out)
{
	struct cursor c = cursor_of(data, len);
	const uint8_t *group;
	uint16_t code;
	uint8_t type;

	*out = (struct group_message){ .kind = GROUP_OTHER };
	type = cursor_u8(&c);
	if (type == MLD_REPORT_V2)
		return 0; /* other hosts' are nothing to us (RFC 3810 6) */
	cursor_skip(&c, 3);
	code = cursor_u16(&c);
	cursor_skip(&c, 2);
	group = cursor_bytes(&c, 16);
	if (!cursor_ok(&c))
		return -EINVAL;
	out->group = ip_addr_from(IP_V6, group);
	if (type == MLD_REPORT_V1)
		out->kind = GROUP_REPORT;
	if (type != MLD_QUERY)
		return 0;
	out->kind = GROUP_QUERY;
	out->version = len == MLD_OLD_LEN ? 1 : 2; /* RFC 3810 8.1 */
	out->max_resp_ms = out->version == 1 ? code : float16(code);
	if (out->version == 1)
		return 0;
	return len >= MLD_V2_QUERY && parse_more(&c, 16, out) ? 0 : -EINVAL;
}

static uint16_t sum6(const uint8_t *data, size_t len, const struct ip_addr *src,
	const struct ip_addr *dst)
{
	struct checksum sum = CHECKSUM_INIT;

	checksum_add_pseudo(&sum, src, dst, ICMP6_PROTO, (uint32_t)len);
	checksum_add(&sum, data, len);
	return checksum_finish(&sum);
}

static uint16_t sum4(const uint8_t *data, size_t len)
{
	struct checksum sum = CHECKSUM_INIT;

	checksum_add(&sum, data, len);
	return checksum_finish(&sum);
}

size_t group_emit_old(uint8_t out[MLD_OLD_LEN], uint8_t type,
	const struct ip_addr *group, const struct ip_addr *src,
	const struct ip_addr *dst)
{
	bool v4 = group->family == IP_V4;

	memset(out, 0, MLD_OLD_LEN);
	out[0] = type;
	if (v4)
		memcpy(out + 4, group->b, 4);
	else
		memcpy(out + MLD_HEAD, group->b, 16);
	put_be16(out + 2, v4 ? sum4(out, IGMP_OLD_LEN) :
			       sum6(out, MLD_OLD_LEN, src, dst));
	return v4 ? IGMP_OLD_LEN : MLD_OLD_LEN;
}

void group_report_begin(struct group_report *r, uint8_t family, void *buf,
	size_t room)
{
	*r = (struct group_report){ .family = family, .buf = buf,
		.len = GROUP_REPORT_HEADER, .room = room };
	memset(buf, 0, GROUP_REPORT_HEADER);
	r->buf[0] = family == IP_V4 ? IGMP_REPORT_V3 : MLD_REPORT_V2;
}

int group_report_add(struct group_report *r, enum group_record type,
	const struct ip_addr *group, const uint8_t (*sources)[16], unsigned n)
{
	size_t addr = ip_addr_size(r->family), head = RECORD_HEAD + addr;
	uint8_t *p = r->buf + r->len;
	unsigned k = 0;

	if (r->len + head > r->room || r->records == UINT16_MAX)
		return -1;
	p[0] = (uint8_t)type;
	p[1] = 0;
	memcpy(p + RECORD_HEAD, group->b, addr);
	r->len += head;
	for (; k < n && r->len + addr <= r->room; k++) {
		memcpy(r->buf + r->len, sources[k], addr);
		r->len += addr;
	}
	put_be16(p + 2, (uint16_t)k);
	r->records++;
	return (int)k;
}

void group_report_end(struct group_report *r, const struct ip_addr *src,
	const struct ip_addr *dst)
{
	put_be16(r->buf + 6, r->records);
	put_be16(r->buf + 2, r->family == IP_V4 ? sum4(r->buf, r->len) :
						  sum6(r->buf, r->len, src, dst));
}
