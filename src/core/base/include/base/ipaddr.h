/* Network addresses, family-neutral: whoever holds one need not know whether
 * it is IPv4 or IPv6. Kept in network byte order; an IPv4 address fills the
 * first four bytes and the others are zero, so that comparing is memcmp.
 *
 * Sans-IO; no allocation. SPDX-License-Identifier: BSD-2-Clause */
#ifndef BASE_IPADDR_H
#define BASE_IPADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { IP_NONE = 0, IP_V4 = 4, IP_V6 = 6 };

#define IPADDR_TEXT_MAX 64 /* bytes, with the closing zero and a scope */

struct ip_addr {
	uint8_t family; /* IP_NONE, IP_V4, IP_V6 */
	uint8_t pad[3];
	uint32_t scope; /* interface index of a link-local address, else 0 */
	uint8_t b[16];	/* network order */
};

struct ip_prefix {
	struct ip_addr addr;
	uint8_t bits; /* 0..32 or 0..128 */
};

/* An address and a port: what Berkeley calls a name. */
struct ip_name {
	struct ip_addr addr;
	uint16_t port; /* host order */
};

static inline size_t ip_addr_size(uint8_t family)
{
	return family == IP_V4 ? 4 : family == IP_V6 ? 16 : 0;
}

struct ip_addr ip_addr_v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d);
/* raw: ip_addr_size(family) bytes in network order. */
struct ip_addr ip_addr_from(uint8_t family, const void *raw);
struct ip_addr ip_addr_any(uint8_t family);
struct ip_addr ip_addr_loopback(uint8_t family);

/* Scope is compared only when both have one. */
bool ip_addr_equal(const struct ip_addr *a, const struct ip_addr *b);
bool ip_addr_is_any(const struct ip_addr *a);
bool ip_addr_is_loopback(const struct ip_addr *a);  /* 127/8, ::1 */
bool ip_addr_is_multicast(const struct ip_addr *a); /* 224/4, ff00::/8 */
bool ip_addr_is_linklocal(const struct ip_addr *a); /* 169.254/16, fe80::/10 */
bool ip_addr_is_broadcast(const struct ip_addr *a); /* 255.255.255.255 */
/* ::ffff:a.b.c.d (RFC 4291 2.5.5.2) and its two directions. */
bool ip_addr_is_mapped(const struct ip_addr *a);
struct ip_addr ip_addr_unmap(const struct ip_addr *a);
struct ip_addr ip_addr_map(const struct ip_addr *a);

bool ip_prefix_contains(const struct ip_prefix *p, const struct ip_addr *a);

/* Text in the usual forms (RFC 5952 for IPv6). parse: 0 or -EINVAL; accepts
 * neither names nor ports; "%N" gives the scope. format: returns buf. */
int ip_addr_parse(const char *text, struct ip_addr *out);
int ip_prefix_parse(const char *text, struct ip_prefix *out);
const char *ip_addr_format(const struct ip_addr *a, char buf[IPADDR_TEXT_MAX]);

#endif
