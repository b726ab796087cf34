/* Changes to interfaces and addresses. The network file says how these are, so a
 * change is EPERM; but one that asks for what is there already is none, and succeeds
 * or is EEXIST as on Linux: `ip link set lo up` stands in many a start-up script.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <string.h>

#include "netif.h"
#include "sock/caps.h"
#include "user.h"

/* What a program may turn on and off; the rest is told, not asked for. */
#define SETTABLE (IFF_UP | IFF_NOTRAILERS | IFF_NOARP | IFF_DYNAMIC | IFF_MULTICAST | \
	IFF_PORTSEL | IFF_AUTOMEDIA | IFF_PROMISC | IFF_ALLMULTI)

static bool same_flags(const struct iface *i, unsigned flags, unsigned change)
{
	return ((netif_flags(i) ^ flags) & change & SETTABLE) == 0;
}

/* --- ioctl ---------------------------------------------------------------------- */

/* Does it ask for what is so already? */
static bool nothing_new(const struct iface *i, unsigned long request,
	const struct ifreq *q)
{
	switch (request) {
	case SIOCSIFFLAGS: /* multicast is on in all of them, whatever is asked for */
		return same_flags(i, (unsigned short)q->ifr_flags,
			SETTABLE & ~(unsigned)IFF_MULTICAST);
	case SIOCSIFMTU:
		return q->ifr_mtu == (int)i->mtu;
	case SIOCSIFMETRIC:
		return q->ifr_metric == 0;
	case SIOCSIFTXQLEN:
		return q->ifr_qlen == NETIF_TXQLEN;
	default:
		return false;
	}
}

int netset_ioctl(unsigned long request, const struct ifreq *q)
{
	char name[IFNAMSIZ] = { 0 };
	struct iface i;

	if (request == SIOCADDRT || request == SIOCDELRT || request == SIOCDARP ||
		request == SIOCSARP)
		return -EPERM;
	if (!touch_read(q, sizeof(*q)))
		return -EFAULT;
	if (!sock_may(&cl.env, SOCK_CAP(ADMIN)))
		return -EPERM;
	memcpy(name, q->ifr_name, IFNAMSIZ - 1);
	name[strcspn(name, ":")] = 0;
	if (!netif_by_name(name, &i))
		return -ENODEV;
	return nothing_new(&i, request, q) ? 0 : -EPERM;
}

/* --- rtnetlink ------------------------------------------------------------------ */

struct attrs {
	const struct rtattr *a;
	size_t left;
};

static struct attrs attrs_of(const struct nlmsghdr *n, size_t fixed)
{
	size_t at = NLMSG_SPACE(fixed);

	return (struct attrs){ (const struct rtattr *)((const uint8_t *)n + at),
		n->nlmsg_len > at ? n->nlmsg_len - at : 0 };
}

/* The next one, NULL at the end. */
static const struct rtattr *next(struct attrs *s)
{
	const struct rtattr *a = s->a;

	if (s->left < sizeof(*a) || a->rta_len < sizeof(*a) || a->rta_len > s->left)
		return NULL;
	s->a = (const struct rtattr *)((const uint8_t *)a + RTA_ALIGN(a->rta_len));
	s->left -= RTA_ALIGN(a->rta_len) < s->left ? RTA_ALIGN(a->rta_len) : s->left;
	return a;
}

static bool is_u32(const struct rtattr *a, uint32_t v)
{
	uint32_t got = 0;

	if (RTA_PAYLOAD(a) != sizeof(got))
		return false;
	memcpy(&got, RTA_DATA(a), sizeof(got));
	return got == v;
}

static bool is_text(const struct rtattr *a, const char *text)
{
	size_t n = RTA_PAYLOAD(a), m = strlen(text);

	return n >= m && n <= m + 1 && strncmp(RTA_DATA(a), text, n) == 0;
}

static bool same_attr(const struct iface *i, const struct rtattr *a)
{
	switch (a->rta_type & NLA_TYPE_MASK) {
	case IFLA_EXT_MASK:
		return true; /* about the answer */
	case IFLA_IFNAME:
		return is_text(a, i->name);
	case IFLA_MTU:
		return is_u32(a, i->mtu);
	case IFLA_TXQLEN:
		return is_u32(a, NETIF_TXQLEN);
	default:
		return false;
	}
}

static bool link_of(const struct nlmsghdr *n, const struct ifinfomsg *m,
	struct iface *i)
{
	struct attrs s = attrs_of(n, sizeof(*m));
	const struct rtattr *a;
	uint32_t k = 0;

	if (m->ifi_index > 0)
		return netif_by_index((uint32_t)m->ifi_index, i);
	while ((a = next(&s))) {
		if ((a->rta_type & NLA_TYPE_MASK) != IFLA_IFNAME)
			continue;
		while (netif_iface(k++, i)) {
			if (is_text(a, i->name))
				return true;
		}
	}
	return false;
}

static int set_link(const struct nlmsghdr *n)
{
	struct ifinfomsg m = { 0 };
	const struct rtattr *a;
	struct attrs s;
	struct iface i;

	if (n->nlmsg_len < NLMSG_LENGTH(sizeof(m)))
		return -EINVAL;
	memcpy(&m, NLMSG_DATA(n), sizeof(m));
	if (!link_of(n, &m, &i))
		return n->nlmsg_flags & NLM_F_CREATE ? -EPERM : -ENODEV;
	if (n->nlmsg_flags & NLM_F_EXCL)
		return -EEXIST;
	/* Without a mask all that is named: Linux's old custom (rtnl_dev_combine_
	 * flags()), and then without any flag nothing. */
	if ((m.ifi_flags || m.ifi_change) &&
		!same_flags(&i, m.ifi_flags, m.ifi_change ? m.ifi_change : UINT32_MAX))
		return -EPERM;
	s = attrs_of(n, sizeof(m));
	while ((a = next(&s))) {
		if (!same_attr(&i, a))
			return -EPERM;
	}
	return 0;
}

static bool has_addr(const struct ifaddrmsg *m, const struct rtattr *a)
{
	size_t len = m->ifa_family == AF_INET ? 4 : 16;
	struct iface_addr own;

	for (uint32_t k = 0; netif_addr(k, &own); k++) {
		if (own.ifindex == m->ifa_index && own.addr.bits == m->ifa_prefixlen &&
			own.addr.family == (len == 4 ? IP_V4 : IP_V6) &&
			RTA_PAYLOAD(a) == len && memcmp(own.addr.b, RTA_DATA(a),
				len) == 0)
			return true;
	}
	return false;
}

/* EEXIST, or with NLM_F_REPLACE nothing to do (inet_rtm_newaddr()). */
static int add_addr(const struct nlmsghdr *n)
{
	struct ifaddrmsg m = { 0 };
	const struct rtattr *a;
	struct attrs s = attrs_of(n, sizeof(m));
	struct iface i;

	if (n->nlmsg_len < NLMSG_LENGTH(sizeof(m)))
		return -EINVAL;
	memcpy(&m, NLMSG_DATA(n), sizeof(m));
	if (!netif_by_index(m.ifa_index, &i))
		return -ENODEV;
	while ((a = next(&s))) {
		if ((a->rta_type & NLA_TYPE_MASK) == IFA_LOCAL && has_addr(&m, a))
			return n->nlmsg_flags & NLM_F_REPLACE &&
				!(n->nlmsg_flags & NLM_F_EXCL) ? 0 : -EEXIST;
	}
	return -EPERM;
}

int netset_request(const struct nlmsghdr *n)
{
	if (!sock_may(&cl.env, SOCK_CAP(ADMIN)))
		return -EPERM;
	switch (n->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_SETLINK:
		return set_link(n);
	case RTM_NEWADDR:
		return add_addr(n);
	default:
		return -EPERM;
	}
}
