/* Paths that take less than their first link. Learnt when a router said so about a
 * datagram that somebody here had sent (whether that is true is looked at before), and
 * forgotten after ten minutes, when a longer one is tried again.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "pmtu.h"

#include "host_priv.h"

uint32_t pmtu_of(const struct pmtu_table *t, struct instant now,
	const struct ip_addr *dst, uint32_t mtu)
{
	for (unsigned k = 0; k < PMTU_PATHS; k++) {
		const struct pmtu_path *p = &t->paths[k];

		if (p->dst.family != IP_NONE && instant_before(now, p->until) &&
			ip_addr_equal(&p->dst, dst))
			return p->mtu < mtu ? p->mtu : mtu;
	}
	return mtu;
}

void pmtu_learn(struct pmtu_table *t, struct instant now, const struct ip_addr *dst,
	uint32_t mtu)
{
	struct pmtu_path *at = &t->paths[0];

	for (unsigned k = 0; k < PMTU_PATHS; k++) {
		struct pmtu_path *p = &t->paths[k];

		if (p->dst.family != IP_NONE && ip_addr_equal(&p->dst, dst)) {
			at = p;
			break;
		}
		if (at->dst.family != IP_NONE && (p->dst.family == IP_NONE ||
				instant_before(p->until, at->until)))
			at = p;
	}
	*at = (struct pmtu_path){ *dst, mtu,
		instant_add(now, DURATION_S(PMTU_LIFE_S)) };
}

static void learn(struct ip_host *h, struct instant now, const struct ip_addr *dst,
	uint32_t mtu)
{
	if (pmtu_of(&h->paths, now, dst, mtu) < mtu)
		return; /* no path becomes wider by it (RFC 1191 3) */
	pmtu_learn(&h->paths, now, dst, mtu);
	if (h->ops.path)
		h->ops.path(h->ops.user, now, dst, mtu);
}

uint32_t ip_path(void *user, struct instant now, const struct ip_addr *dst,
	uint32_t mtu, uint32_t told)
{
	struct ip_host *h = user;

	if (told && told < mtu)
		learn(h, now, dst, told);
	return pmtu_of(&h->paths, now, dst, mtu);
}

void ip_learn_pmtu(struct ip_host *h, struct instant now, const struct ip_addr *dst,
	uint32_t mtu)
{
	learn(h, now, dst, mtu);
}
