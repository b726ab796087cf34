/* Which of our addresses a packet leaves with: RFC 6724 section 5 for both
 * families, as far as a host without deprecated, home or temporary addresses
 * needs it (rules 1, 2, 5 and 8).
 * SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "host_priv.h"

enum scope { SCOPE_HOST = 1, SCOPE_LINK = 2, SCOPE_GLOBAL = 14 };

/* RFC 6724 3.1, 3.2; multicast carries its scope (RFC 4291 2.7). */
static int scope_of(const struct ip_addr *a)
{
	if (ip_addr_is_loopback(a))
		return SCOPE_HOST;
	if (ip_addr_is_linklocal(a))
		return SCOPE_LINK;
	if (a->family == IP_V6 && ip_addr_is_multicast(a))
		return a->b[1] & 0xf;
	return SCOPE_GLOBAL;
}

static unsigned common_bits(const struct ip_addr *a, const struct ip_addr *b)
{
	unsigned n = 0, max = 8 * (unsigned)ip_addr_size(a->family);

	while (n < max && ((a->b[n / 8] ^ b->b[n / 8]) & 0x80 >> n % 8) == 0)
		n++;
	return n;
}

struct candidate {
	const struct ip_prefix *p;
	const struct iface *i;
};

/* Is a better than b for dst leaving by out? Equal: the first one stays. */
static bool better(const struct candidate *a, const struct candidate *b,
	const struct iface *out, const struct ip_addr *dst)
{
	int want = scope_of(dst), sa = scope_of(&a->p->addr),
	    sb = scope_of(&b->p->addr);
	unsigned ca, cb;

	if (ip_addr_equal(&a->p->addr, dst) != ip_addr_equal(&b->p->addr, dst))
		return ip_addr_equal(&a->p->addr, dst); /* rule 1 */
	if (sa < sb)
		return sa >= want; /* rule 2 */
	if (sa > sb)
		return sb < want;
	if ((a->i == out) != (b->i == out))
		return a->i == out; /* rule 5 */
	ca = common_bits(&a->p->addr, dst);
	cb = common_bits(&b->p->addr, dst);
	if (ca > a->p->bits)
		ca = a->p->bits;
	if (cb > b->p->bits)
		cb = b->p->bits;
	return ca > cb; /* rule 8 */
}

/* RFC 6724 4: link-local sources and destinations stay on their link; loopback
 * never leaves the host. */
static bool suits(const struct candidate *c, const struct iface *out,
	const struct ip_addr *dst)
{
	int scope = scope_of(&c->p->addr);

	if (c->p->addr.family != dst->family)
		return false;
	if (scope == SCOPE_HOST)
		return out->ifindex == IP_LO_INDEX;
	return c->i == out || (scope != SCOPE_LINK && c->i->up);
}

bool source_select(const struct ip_host *h, const struct iface *i,
	const struct ip_addr *dst, struct ip_addr *out)
{
	struct candidate best = { NULL, NULL };

	for (unsigned k = 0; k < h->nifaces; k++) {
		for (unsigned a = 0; a < h->ifaces[k]->naddrs; a++) {
			struct candidate c = { &h->ifaces[k]->addrs[a],
				h->ifaces[k] };

			if (suits(&c, i, dst) &&
				(!best.p || better(&c, &best, i, dst)))
				best = c;
		}
	}
	if (!best.p)
		return false;
	*out = best.p->addr;
	return true;
}
