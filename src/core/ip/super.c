/* Cutting a super-segment. SPDX-License-Identifier: BSD-2-Clause */
#include "ip/super.h"

#include <errno.h>
#include <string.h>

#include "base/checksum.h"
#include "base/cursor.h"

/* RFC 9293 3.1 */
enum { SEQ_AT = 4, FLAGS_AT = 13, CHECKSUM_AT = SUPER_CHECKSUM_AT, HEADER_MIN = 20 };
enum { FIN = 0x01, PSH = 0x08, CWR = 0x80 };

bool super_begin(struct super *s, const struct ip_packet_out *p,
	const struct ip_addr *src)
{
	if (!p->segment || p->nspans < 2 || p->spans[0].len < HEADER_MIN ||
		p->spans[0].len > SUPER_HEADER_MAX)
		return false;
	*s = (struct super){ .whole = p, .src = src, .out = *p };
	s->out.segment = 0;
	s->out.src = *src;
	for (unsigned k = 1; k < p->nspans; k++)
		s->payload += p->spans[k].len;
	return true;
}

bool super_next(struct super *s)
{
	const struct span *h = &s->whole->spans[0];
	size_t left = s->payload - s->at;
	size_t len = left < s->whole->segment ? left : s->whole->segment;
	struct checksum sum = CHECKSUM_INIT;
	uint8_t *p = s->header;

	if (left == 0)
		return false;
	memcpy(p, h->base, h->len);
	put_be32(p + SEQ_AT, get_be32(p + SEQ_AT) + (uint32_t)s->at);
	if (len < left)
		p[FLAGS_AT] &= (uint8_t)~(FIN | PSH);
	if (s->at)
		p[FLAGS_AT] &= (uint8_t)~CWR;
	put_be16(p + CHECKSUM_AT, 0);
	s->out.spans[0] = (struct span){ p, h->len };
	s->out.nspans = 1 + span_slice(s->whole->spans + 1, s->whole->nspans - 1, s->at,
		len, s->out.spans + 1);
	s->at += len;
	s->len = h->len + len;
	checksum_add_pseudo(&sum, s->src, &s->out.dst, s->out.proto,
		(uint32_t)s->len);
	checksum_add_spans(&sum, s->out.spans, s->out.nspans);
	put_be16(p + CHECKSUM_AT, checksum_finish(&sum));
	return true;
}

int super_each(const struct ip_packet_out *p, struct instant now,
	int (*send)(void *user, struct instant now, const struct ip_packet_out *p),
	void *user)
{
	struct super s;
	int r = 0;

	if (!p->segment)
		return send(user, now, p);
	if (!super_begin(&s, p, &p->src))
		return -EINVAL;
	while (r == 0 && super_next(&s))
		r = send(user, now, &s.out);
	return r;
}
