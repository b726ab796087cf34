/* Network addresses: making, classifying, and their text (RFC 4291, RFC 5952).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "base/ipaddr.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const uint8_t mapped_prefix[12] = { [10] = 0xff, [11] = 0xff };

struct ip_addr ip_addr_v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
	return (struct ip_addr){ .family = IP_V4, .b = { a, b, c, d } };
}

struct ip_addr ip_addr_from(uint8_t family, const void *raw)
{
	struct ip_addr a = { .family = family };

	memcpy(a.b, raw, ip_addr_size(family));
	return a;
}

struct ip_addr ip_addr_any(uint8_t family)
{
	return (struct ip_addr){ .family = family };
}

struct ip_addr ip_addr_loopback(uint8_t family)
{
	struct ip_addr a = { .family = family };

	if (family == IP_V4)
		return ip_addr_v4(127, 0, 0, 1);
	if (family == IP_V6)
		a.b[15] = 1;
	return a;
}

bool ip_addr_equal(const struct ip_addr *a, const struct ip_addr *b)
{
	if (a->family != b->family || memcmp(a->b, b->b, sizeof(a->b)) != 0)
		return false;
	return a->scope == 0 || b->scope == 0 || a->scope == b->scope;
}

bool ip_addr_is_any(const struct ip_addr *a)
{
	static const uint8_t zero[16];

	return memcmp(a->b, zero, sizeof(zero)) == 0;
}

bool ip_addr_is_loopback(const struct ip_addr *a)
{
	struct ip_addr lo;

	if (a->family == IP_V4)
		return a->b[0] == 127; /* RFC 1122 3.2.1.3 (g) */
	lo = ip_addr_loopback(IP_V6);
	return a->family == IP_V6 && memcmp(a->b, lo.b, sizeof(lo.b)) == 0;
}

bool ip_addr_is_multicast(const struct ip_addr *a)
{
	if (a->family == IP_V4)
		return (a->b[0] & 0xf0) == 0xe0;
	return a->family == IP_V6 && a->b[0] == 0xff;
}

bool ip_addr_is_linklocal(const struct ip_addr *a)
{
	if (a->family == IP_V4)
		return a->b[0] == 169 && a->b[1] == 254; /* RFC 3927 */
	return a->family == IP_V6 && a->b[0] == 0xfe && (a->b[1] & 0xc0) == 0x80;
}

bool ip_addr_is_broadcast(const struct ip_addr *a)
{
	static const uint8_t ones[4] = { 255, 255, 255, 255 };

	return a->family == IP_V4 && memcmp(a->b, ones, sizeof(ones)) == 0;
}

bool ip_addr_is_mapped(const struct ip_addr *a)
{
	return a->family == IP_V6 &&
		memcmp(a->b, mapped_prefix, sizeof(mapped_prefix)) == 0;
}

struct ip_addr ip_addr_unmap(const struct ip_addr *a)
{
	return ip_addr_is_mapped(a) ? ip_addr_from(IP_V4, a->b + 12) : *a;
}

struct ip_addr ip_addr_map(const struct ip_addr *a)
{
	struct ip_addr m = { .family = IP_V6 };

	if (a->family != IP_V4)
		return *a;
	memcpy(m.b, mapped_prefix, sizeof(mapped_prefix));
	memcpy(m.b + 12, a->b, 4);
	return m;
}

bool ip_prefix_contains(const struct ip_prefix *p, const struct ip_addr *a)
{
	unsigned whole = p->bits / 8, rest = p->bits % 8;

	if (p->addr.family != a->family || p->bits > 8 * ip_addr_size(a->family))
		return false;
	if (p->addr.scope && a->scope && p->addr.scope != a->scope)
		return false;
	if (memcmp(p->addr.b, a->b, whole) != 0)
		return false;
	return rest == 0 || ((p->addr.b[whole] ^ a->b[whole]) >> (8 - rest)) == 0;
}

/* Decimal in [0, max] without sign; leading zeros are refused where asked (an
 * IPv4 part with one reads as octal elsewhere). Returns the end or NULL. */
static const char *parse_decimal(const char *p, uint32_t max, bool leading_zero,
	uint32_t *out)
{
	uint64_t v = 0;
	const char *start = p;

	for (; *p >= '0' && *p <= '9'; p++) {
		v = v * 10 + (unsigned)(*p - '0');
		if (v > max)
			return NULL;
	}
	if (p == start || (!leading_zero && *start == '0' && p - start > 1))
		return NULL;
	*out = (uint32_t)v;
	return p;
}

static const char *parse_v4(const char *p, uint8_t out[4])
{
	for (int i = 0; i < 4; i++) {
		uint32_t v;

		if (i > 0 && *p++ != '.')
			return NULL;
		p = parse_decimal(p, 255, false, &v);
		if (!p)
			return NULL;
		out[i] = (uint8_t)v;
	}
	return p;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One group of up to four hexadecimal digits. */
static const char *parse_group(const char *p, uint16_t *out)
{
	unsigned v = 0, n = 0;

	for (; n < 4 && hex_digit(*p) >= 0; n++, p++)
		v = v << 4 | (unsigned)hex_digit(*p);
	*out = (uint16_t)v;
	return n == 0 || hex_digit(*p) >= 0 ? NULL : p;
}

/* RFC 4291 2.2: eight groups, one "::", perhaps dotted decimal at the end. The
 * groups before "::" fill raw from the left, those after it are moved to the
 * right at the end. */
static const char *parse_v6(const char *p, uint8_t raw[16])
{
	int n = 0, gap = -1; /* bytes */

	memset(raw, 0, 16);
	if (p[0] == ':') {
		if (p[1] != ':')
			return NULL;
		p += 2;
		gap = 0;
	}
	while (n < 16 && hex_digit(*p) >= 0) {
		const char *end = n <= 12 ? parse_v4(p, raw + n) : NULL;
		uint16_t g;

		if (end) {
			p = end;
			n += 4;
			break;
		}
		p = parse_group(p, &g);
		if (!p)
			return NULL;
		raw[n++] = (uint8_t)(g >> 8);
		raw[n++] = (uint8_t)g;
		if (p[0] == ':' && p[1] == ':') {
			if (gap >= 0)
				return NULL;
			gap = n;
			p += 2;
		} else if (p[0] == ':') {
			p++;
			if (n == 16 || hex_digit(*p) < 0)
				return NULL;
		} else {
			break;
		}
	}
	if (gap < 0)
		return n == 16 ? p : NULL;
	if (n == 16)
		return NULL;
	memmove(raw + 16 - (n - gap), raw + gap, (size_t)(n - gap));
	memset(raw + gap, 0, (size_t)(16 - n));
	return p;
}

/* An address at the start of text; returns the end or NULL. */
static const char *parse_addr(const char *text, struct ip_addr *out)
{
	struct ip_addr a = { .family = IP_V4 };
	const char *p = parse_v4(text, a.b);

	if (!p) {
		a = (struct ip_addr){ .family = IP_V6 };
		p = parse_v6(text, a.b);
		if (p && *p == '%')
			p = parse_decimal(p + 1, UINT32_MAX, true, &a.scope);
	}
	*out = a;
	return p;
}

int ip_addr_parse(const char *text, struct ip_addr *out)
{
	struct ip_addr a;
	const char *p = parse_addr(text, &a);

	if (!p || *p != '\0')
		return -EINVAL;
	*out = a;
	return 0;
}

int ip_prefix_parse(const char *text, struct ip_prefix *out)
{
	struct ip_prefix r;
	uint32_t bits;
	const char *p = parse_addr(text, &r.addr);

	if (!p)
		return -EINVAL;
	bits = 8 * (uint32_t)ip_addr_size(r.addr.family);
	if (*p == '/')
		p = parse_decimal(p + 1, bits, false, &bits);
	if (!p || *p != '\0')
		return -EINVAL;
	r.bits = (uint8_t)bits;
	*out = r;
	return 0;
}

static unsigned group(const struct ip_addr *a, int i)
{
	return (unsigned)a->b[2 * i] << 8 | a->b[2 * i + 1];
}

/* RFC 5952 4.2: the longest run of two or more zero groups, the first of equal
 * ones. Returns its length. */
static int longest_zero_run(const struct ip_addr *a, int *start)
{
	int best = 1, run = 0;

	*start = 8;
	for (int i = 0; i < 8; i++) {
		run = group(a, i) == 0 ? run + 1 : 0;
		if (run > best) {
			best = run;
			*start = i - run + 1;
		}
	}
	return *start == 8 ? 0 : best;
}

static void format_v6(const struct ip_addr *a, char buf[IPADDR_TEXT_MAX])
{
	int start, run = longest_zero_run(a, &start), n = 0;

	if (ip_addr_is_mapped(a)) { /* RFC 5952 5 */
		snprintf(buf, IPADDR_TEXT_MAX, "::ffff:%u.%u.%u.%u", a->b[12],
			a->b[13], a->b[14], a->b[15]);
		return;
	}
	for (int i = 0; i < 8; i++) {
		if (i == start) {
			n += snprintf(buf + n, IPADDR_TEXT_MAX - (size_t)n, "::");
			i += run - 1;
			continue;
		}
		n += snprintf(buf + n, IPADDR_TEXT_MAX - (size_t)n, "%s%x",
			i == 0 || i == start + run ? "" : ":", group(a, i));
	}
	if (a->scope)
		snprintf(buf + n, IPADDR_TEXT_MAX - (size_t)n, "%%%u", a->scope);
}

const char *ip_addr_format(const struct ip_addr *a, char buf[IPADDR_TEXT_MAX])
{
	if (a->family == IP_V4)
		snprintf(buf, IPADDR_TEXT_MAX, "%u.%u.%u.%u", a->b[0], a->b[1],
			a->b[2], a->b[3]);
	else if (a->family == IP_V6)
		format_v6(a, buf);
	else
		snprintf(buf, IPADDR_TEXT_MAX, "none");
	return buf;
}
