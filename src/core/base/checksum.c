/* RFC 1071: the one's complement sum does not depend on the byte order in which
 * it is made, so words are added as they lie in memory and only the result is
 * turned round.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "base/checksum.h"

#include <string.h>

static uint32_t fold(uint64_t s)
{
	s = (s & 0xffffffff) + (s >> 32);
	s = (s & 0xffffffff) + (s >> 32);
	s = (s & 0xffff) + (s >> 16);
	s = (s & 0xffff) + (s >> 16);
	return (uint32_t)s;
}

/* Sum of one run from an even offset. 2^31 rounds of two 32-bit words fit the
 * 64-bit sum: no packet is that long. */
static uint64_t sum_run(const uint8_t *p, size_t len)
{
	uint64_t s = 0;
	uint16_t last = 0;

	for (; len >= 8; p += 8, len -= 8) {
		uint64_t w;

		memcpy(&w, p, 8);
		s += (w & 0xffffffff) + (w >> 32);
	}
	for (; len >= 2; p += 2, len -= 2) {
		uint16_t w;

		memcpy(&w, p, 2);
		s += w;
	}
	if (len) { /* RFC 1071 2: padded with a zero byte */
		memcpy(&last, p, 1);
		s += last;
	}
	return s;
}

void checksum_add(struct checksum *c, const void *data, size_t len)
{
	uint32_t s;

	if (len == 0)
		return;
	s = fold(sum_run(data, len));
	if (c->odd) /* RFC 1071 2(B): bytes trade places */
		s = (s & 0xff) << 8 | s >> 8;
	c->sum += s;
	c->odd ^= len & 1;
}

void checksum_add_spans(struct checksum *c, const struct span *spans,
	unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		checksum_add(c, spans[i].base, spans[i].len);
}

void checksum_add_pseudo(struct checksum *c, const struct ip_addr *src,
	const struct ip_addr *dst, uint8_t proto, uint32_t len)
{
	size_t n = ip_addr_size(src->family);
	uint8_t tail[8] = { (uint8_t)(len >> 24), (uint8_t)(len >> 16),
		(uint8_t)(len >> 8), (uint8_t)len, 0, 0, 0, proto };

	checksum_add(c, src->b, n);
	checksum_add(c, dst->b, n);
	/* IPv4's {0, proto, length} and IPv6's wider fields sum alike. */
	checksum_add(c, tail, sizeof(tail));
}

uint16_t checksum_finish(const struct checksum *c)
{
	uint16_t s = (uint16_t)~fold(c->sum);
	uint8_t b[2];

	memcpy(b, &s, 2);
	return (uint16_t)(b[0] << 8 | b[1]);
}
