/* What else `ip` asks NETLINK_ROUTE for: groups, settings of interfaces, neighbours'
 * tables, labels of addresses, queues; and lists that are empty here, as on a host that
 * has no such thing. The order of attributes is Linux's.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <linux/gen_stats.h>
#include <linux/if_addrlabel.h>
#include <linux/neighbour.h>
#include <linux/netconf.h>
#include <linux/pkt_sched.h>
#include <netinet/in.h>

#include "procnet.h"
#include "rtnl.h"

/* --- groups ------------------------------------------------------------------------ */

struct groups {
	struct rtnl_out *o;
	uint8_t family;
};

/* Linux: inet_fill_ifmcaddr(), inet6_fill_ifmcaddr(). */
static void put_group(void *user, uint32_t ifindex, const uint8_t *group)
{
	const struct groups *g = user;
	bool v4 = g->family == AF_INET;
	struct ifa_cacheinfo forever = { UINT32_MAX, UINT32_MAX, 0, 0 };
	struct ifaddrmsg m = { .ifa_family = g->family,
		.ifa_prefixlen = v4 ? 32 : 128, .ifa_flags = IFA_F_PERMANENT,
		.ifa_index = ifindex };
	struct nlmsghdr *n;

	m.ifa_scope = RT_SCOPE_UNIVERSE;
	n = rtnl_begin(g->o, RTM_GETMULTICAST, &m, sizeof(m));
	rtnl_attr(n, IFA_MULTICAST, group, v4 ? 4 : 16);
	rtnl_attr(n, IFA_CACHEINFO, &forever, sizeof(forever));
	rtnl_end(g->o, n);
}

static int dump_groups(struct rtnl_out *o, uint8_t family)
{
	struct groups g = { o, family };

	if (family != AF_INET && family != AF_INET6)
		return -EOPNOTSUPP;
	procgroup_each(family == AF_INET ? IP_V4 : IP_V6, put_group, &g);
	return 0;
}

/* --- settings ---------------------------------------------------------------------- */

/* A host that forwards nothing. Linux: inet_netconf_fill_devconf(). */
static void put_settings(struct rtnl_out *o, uint8_t family, uint32_t ifindex)
{
	static const uint16_t of_v4[] = { NETCONFA_FORWARDING, NETCONFA_RP_FILTER,
		NETCONFA_MC_FORWARDING, NETCONFA_BC_FORWARDING, NETCONFA_PROXY_NEIGH,
		NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN };
	static const uint16_t of_v6[] = { NETCONFA_FORWARDING, NETCONFA_MC_FORWARDING,
		NETCONFA_PROXY_NEIGH, NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN };
	bool v4 = family == AF_INET;
	unsigned count = v4 ? sizeof(of_v4) / 2 : sizeof(of_v6) / 2;
	struct netconfmsg m = { .ncm_family = family };
	struct nlmsghdr *n = rtnl_begin(o, RTM_NEWNETCONF, &m, sizeof(m));

	rtnl_attr_u32(n, NETCONFA_IFINDEX, ifindex);
	for (unsigned k = 0; k < count; k++)
		rtnl_attr_u32(n, v4 ? of_v4[k] : of_v6[k], 0);
	rtnl_end(o, n);
}

static void dump_settings(struct rtnl_out *o, uint8_t want)
{
	static const uint8_t families[] = { AF_INET, AF_INET6 };
	struct iface i;

	for (unsigned f = 0; f < 2; f++) {
		if (want != AF_UNSPEC && want != families[f])
			continue;
		for (uint32_t k = 0; netif_iface(k, &i); k++)
			put_settings(o, families[f], i.ifindex);
		put_settings(o, families[f], (uint32_t)NETCONFA_IFINDEX_ALL);
		put_settings(o, families[f], (uint32_t)NETCONFA_IFINDEX_DEFAULT);
	}
}

/* Of one interface, or of all, or what new ones begin with. */
static int one_setting(struct rtnl_out *o, const struct nlmsghdr *req, uint8_t family)
{
	const struct rtattr *a = rtnl_find(req, sizeof(struct netconfmsg),
		NETCONFA_IFINDEX);
	struct iface i;
	int32_t ifindex;

	if (!a || RTA_PAYLOAD(a) < sizeof(ifindex))
		return -EINVAL;
	memcpy(&ifindex, RTA_DATA(a), sizeof(ifindex));
	if (family != AF_INET && family != AF_INET6)
		return -EOPNOTSUPP;
	if (ifindex != NETCONFA_IFINDEX_ALL && ifindex != NETCONFA_IFINDEX_DEFAULT &&
		!netif_by_index((uint32_t)ifindex, &i))
		return -ENODEV;
	put_settings(o, family, (uint32_t)ifindex);
	return 1;
}

/* --- neighbours' tables ------------------------------------------------------------ */

struct number {
	uint16_t type;
	uint32_t v;
};

/* Linux's figures (neigh_tables[], in ms), which the host's own are (core/ip). */
static void put_parameters(struct nlmsghdr *n, uint32_t ifindex, bool v4)
{
	const struct number words[] = { { NDTPA_REFCNT, 1 },
		{ NDTPA_QUEUE_LENBYTES, 212992 }, { NDTPA_QUEUE_LEN, 101 },
		{ NDTPA_PROXY_QLEN, 64 }, { NDTPA_APP_PROBES, 0 },
		{ NDTPA_UCAST_PROBES, 3 }, { NDTPA_MCAST_PROBES, 3 },
		{ NDTPA_MCAST_REPROBES, 0 } };
	const struct number times[] = { { NDTPA_REACHABLE_TIME, 30000 },
		{ NDTPA_BASE_REACHABLE_TIME, 30000 }, { NDTPA_GC_STALETIME, 60000 },
		{ NDTPA_DELAY_PROBE_TIME, 5000 }, { NDTPA_RETRANS_TIME, 1000 },
		{ NDTPA_ANYCAST_DELAY, 1000 }, { NDTPA_PROXY_DELAY, 800 },
		{ NDTPA_LOCKTIME, v4 ? 1000 : 0 }, { NDTPA_INTERVAL_PROBE_TIME_MS, 5000 } };
	struct rtattr *all = rtnl_nest(n, NDTA_PARMS);

	if (ifindex)
		rtnl_attr_u32(n, NDTPA_IFINDEX, ifindex);
	for (unsigned k = 0; k < sizeof(words) / sizeof(words[0]); k++)
		rtnl_attr_u32(n, words[k].type, words[k].v);
	for (unsigned k = 0; k < sizeof(times) / sizeof(times[0]); k++) {
		uint64_t ms = times[k].v;

		rtnl_attr(n, times[k].type, &ms, sizeof(ms));
	}
	rtnl_nest_end(n, all);
}

static void put_table(struct rtnl_out *o, uint8_t family, uint32_t ifindex)
{
	struct ndtmsg m = { .ndtm_family = family };
	struct nlmsghdr *n = rtnl_begin(o, RTM_NEWNEIGHTBL, &m, sizeof(m));
	bool v4 = family == AF_INET;
	uint64_t interval = 30000;

	rtnl_attr_text(n, NDTA_NAME, v4 ? "arp_cache" : "ndisc_cache");
	if (!ifindex) {
		rtnl_attr(n, NDTA_GC_INTERVAL, &interval, sizeof(interval));
		rtnl_attr_u32(n, NDTA_THRESH1, 128);
		rtnl_attr_u32(n, NDTA_THRESH2, 512);
		rtnl_attr_u32(n, NDTA_THRESH3, 1024);
	}
	put_parameters(n, ifindex, v4);
	rtnl_end(o, n);
}

static void dump_tables(struct rtnl_out *o, uint8_t want)
{
	static const uint8_t families[] = { AF_INET, AF_INET6 };
	struct iface i;

	for (unsigned f = 0; f < 2; f++) {
		if (want != AF_UNSPEC && want != families[f])
			continue;
		put_table(o, families[f], 0);
		for (uint32_t k = 0; netif_iface(k, &i); k++)
			put_table(o, families[f], i.ifindex);
	}
}

/* --- labels ------------------------------------------------------------------------ */

/* RFC 6724 2.1, in Linux's order, with those that it has besides. */
static void dump_labels(struct rtnl_out *o)
{
	static const struct {
		uint8_t prefix[16], bits, label;
	} labels[] = {
		{ { [15] = 1 }, 128, 0 },
		{ { 0 }, 96, 3 },
		{ { [10] = 0xff, 0xff }, 96, 4 },
		{ { 0x20, 1 }, 32, 6 },
		{ { 0x20, 1, 0, 0x10 }, 28, 7 },
		{ { 0x3f, 0xfe }, 16, 12 },
		{ { 0x20, 2 }, 16, 2 },
		{ { 0xfe, 0xc0 }, 10, 11 },
		{ { 0xfc }, 7, 5 },
		{ { 0 }, 0, 1 },
	};

	for (unsigned k = 0; k < sizeof(labels) / sizeof(labels[0]); k++) {
		/* Linux: the last word is how often the table was changed. */
		struct ifaddrlblmsg m = { .ifal_family = AF_INET6,
			.ifal_prefixlen = labels[k].bits,
			.ifal_seq = sizeof(labels) / sizeof(labels[0]) };
		struct nlmsghdr *n = rtnl_begin(o, RTM_NEWADDRLABEL, &m, sizeof(m));

		rtnl_attr(n, IFAL_ADDRESS, labels[k].prefix, sizeof(labels[k].prefix));
		rtnl_attr_u32(n, IFAL_LABEL, labels[k].label);
		rtnl_end(o, n);
	}
}

/* --- queues ------------------------------------------------------------------------ */

/* Each interface sends at once (noqueue), which counts nothing. Linux: tc_fill_qdisc(). */
static void dump_queues(struct rtnl_out *o)
{
	static const uint8_t none[sizeof(struct tc_stats)];
	struct rtattr *counts;
	struct iface i;

	for (uint32_t k = 0; netif_iface(k, &i); k++) {
		struct tcmsg m = { .tcm_ifindex = (int)i.ifindex,
			.tcm_parent = TC_H_ROOT, .tcm_info = 2 };
		struct nlmsghdr *n = rtnl_begin(o, RTM_NEWQDISC, &m, sizeof(m));

		rtnl_attr_text(n, TCA_KIND, "noqueue");
		rtnl_attr_u8(n, TCA_HW_OFFLOAD, 0);
		counts = rtnl_nest(n, TCA_STATS2);
		rtnl_attr(n, TCA_STATS_BASIC, none, sizeof(struct gnet_stats_basic));
		rtnl_attr(n, TCA_STATS_QUEUE, none, sizeof(struct gnet_stats_queue));
		rtnl_nest_end(n, counts);
		rtnl_attr(n, TCA_STATS, none, sizeof(none));
		rtnl_end(o, n);
	}
}

/* --- requests ---------------------------------------------------------------------- */

int rtnl_more_dump(struct rtnl_out *o, const struct nlmsghdr *req, uint8_t family)
{
	switch (req->nlmsg_type) {
	case RTM_GETMULTICAST:
		return dump_groups(o, family);
	case RTM_GETNETCONF:
		dump_settings(o, family);
		return 0;
	case RTM_GETNEIGHTBL:
		dump_tables(o, family);
		return 0;
	case RTM_GETADDRLABEL:
		if (family != AF_INET6)
			return -EOPNOTSUPP;
		dump_labels(o);
		return 0;
	case RTM_GETQDISC:
		dump_queues(o);
		return 0;
	case RTM_GETANYCAST:
		return family == AF_INET6 ? 0 : -EOPNOTSUPP;
	case RTM_GETTCLASS:
	case RTM_GETTFILTER:
	case RTM_GETNEXTHOP:
	case RTM_GETNSID:
		return 0;
	default:
		return -EOPNOTSUPP;
	}
}

int rtnl_more_one(struct rtnl_out *o, const struct nlmsghdr *req, uint8_t family)
{
	return req->nlmsg_type == RTM_GETNETCONF ? one_setting(o, req, family) :
						   -EOPNOTSUPP;
}
