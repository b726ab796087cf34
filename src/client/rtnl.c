/* NETLINK_ROUTE's answers (rtnetlink(7)): what `ip link`, `ip addr`, `ip route`,
 * `ip neigh` and glibc ask. Changes: netset.c.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <linux/fib_rules.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/in_route.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <string.h>

#include "rtnl.h"

#define METRIC6_CONNECTED 256 /* IP6_RT_PRIO_ADDRCONF */
#define METRIC6_STATIC 1024   /* IP6_RT_PRIO_USER */
#define FOREVER UINT32_MAX

/* --- writing -------------------------------------------------------------------- */

/* Linux: most lists are at an end only when it is asked for more, and that is a
 * datagram of its own. */
void rtnl_done(struct rtnl_out *o, bool apart, int result)
{
	if (apart && o->used)
		o->flush(o);
	rtnl_end(o, rtnl_begin(o, NLMSG_DONE, &result, sizeof(result)));
}

/* Linux: netlink_ack(); the request comes back with an error. */
void rtnl_error(struct rtnl_out *o, const struct nlmsghdr *req, int err)
{
	struct nlmsgerr e = { .error = err };
	size_t more = req->nlmsg_len - sizeof(*req);
	struct nlmsghdr *n;

	o->flags = 0;
	if (err == 0 || more > 512)
		more = 0;
	memcpy(&e.msg, req, sizeof(*req));
	n = rtnl_begin(o, NLMSG_ERROR, &e, sizeof(e));
	if (more == 0 && req->nlmsg_len > sizeof(*req))
		n->nlmsg_flags = NLM_F_CAPPED;
	memcpy((uint8_t *)n + NLMSG_LENGTH(sizeof(e)), (const uint8_t *)(req + 1),
		more);
	n->nlmsg_len += (uint32_t)more;
	rtnl_end(o, n);
}

static int family_of(const struct shm_addr *a)
{
	return a->family == IP_V4 ? AF_INET : AF_INET6;
}

static bool wanted(uint8_t family, const struct shm_addr *a)
{
	return family == AF_UNSPEC || family == family_of(a);
}

static void attr_addr(struct nlmsghdr *n, uint16_t type, const struct shm_addr *a)
{
	rtnl_attr(n, type, a->b, a->family == IP_V4 ? 4 : 16);
}

/* --- reading -------------------------------------------------------------------- */

/* The fixed part, zeroes where the request has less of it. */
static void fixed_part(const struct nlmsghdr *n, void *out, size_t len)
{
	size_t has = n->nlmsg_len - NLMSG_HDRLEN;

	memset(out, 0, len);
	memcpy(out, NLMSG_DATA(n), has < len ? has : len);
}

static uint8_t asked_family(const struct nlmsghdr *n)
{
	uint8_t family;

	fixed_part(n, &family, sizeof(family)); /* of each kind the first byte */
	return family;
}

/* --- links ---------------------------------------------------------------------- */

static void put_stats(struct nlmsghdr *n, const struct iface *i)
{
	struct rtnl_link_stats64 s = {
		.rx_packets = i->rx_frames,
		.tx_packets = i->tx_frames,
		.rx_bytes = i->rx_bytes,
		.tx_bytes = i->tx_bytes,
	};
	struct rtnl_link_stats old = { .rx_packets = (uint32_t)s.rx_packets,
		.tx_packets = (uint32_t)s.tx_packets,
		.rx_bytes = (uint32_t)s.rx_bytes,
		.tx_bytes = (uint32_t)s.tx_bytes };

	rtnl_attr(n, IFLA_STATS64, &s, sizeof(s));
	rtnl_attr(n, IFLA_STATS, &old, sizeof(old));
}

static void put_link(struct rtnl_out *o, const struct iface *i)
{
	static const uint8_t all[6] = { 255, 255, 255, 255, 255, 255 }, none[6];
	struct ifinfomsg m = { .ifi_type = (uint16_t)netif_type(i),
		.ifi_index = (int)i->ifindex, .ifi_flags = netif_flags(i) };
	struct nlmsghdr *n = rtnl_begin(o, RTM_NEWLINK, &m, sizeof(m));

	rtnl_attr_text(n, IFLA_IFNAME, i->name);
	rtnl_attr_u32(n, IFLA_TXQLEN, NETIF_TXQLEN);
	rtnl_attr_u8(n, IFLA_OPERSTATE, !i->up ? 2 : netif_is_lo(i) ? 0 : 6);
	rtnl_attr_u8(n, IFLA_LINKMODE, 0);
	rtnl_attr_u32(n, IFLA_MTU, i->mtu);
	rtnl_attr_u32(n, IFLA_GROUP, 0);
	rtnl_attr_u32(n, IFLA_PROMISCUITY, 0);
	rtnl_attr_u32(n, IFLA_NUM_TX_QUEUES, 1);
	rtnl_attr_u32(n, IFLA_NUM_RX_QUEUES, 1);
	rtnl_attr_u8(n, IFLA_CARRIER, i->up);
	rtnl_attr_text(n, IFLA_QDISC, "noqueue");
	rtnl_attr(n, IFLA_ADDRESS, i->mac, sizeof(i->mac));
	rtnl_attr(n, IFLA_BROADCAST, netif_is_lo(i) ? none : all, sizeof(all));
	put_stats(n, i);
	rtnl_end(o, n);
}

/* Those of bridges are asked for by a family of their own; there are none. */
static void dump_links(struct rtnl_out *o, uint8_t family)
{
	struct iface i;

	if (family == AF_BRIDGE)
		return;
	for (uint32_t k = 0; netif_iface(k, &i); k++)
		put_link(o, &i);
}

/* By number, or by name. */
static int one_link(struct rtnl_out *o, const struct nlmsghdr *req)
{
	char name[IFNAMSIZ] = { 0 };
	const struct rtattr *a;
	struct ifinfomsg m;
	struct iface i;
	bool found;

	fixed_part(req, &m, sizeof(m));
	if (m.ifi_index > 0) {
		found = netif_by_index((uint32_t)m.ifi_index, &i);
	} else {
		a = rtnl_find(req, sizeof(m), IFLA_IFNAME);
		if (!a)
			a = rtnl_find(req, sizeof(m), IFLA_ALT_IFNAME);
		if (!a)
			return -EINVAL;
		strncpy(name, RTA_DATA(a), RTA_PAYLOAD(a) < IFNAMSIZ ?
			RTA_PAYLOAD(a) : IFNAMSIZ - 1);
		found = netif_by_name(name, &i);
	}
	if (!found)
		return -ENODEV;
	put_link(o, &i);
	return 1;
}

/* --- addresses ------------------------------------------------------------------ */

static uint8_t scope_of(const struct shm_addr *a)
{
	struct ip_addr ip = { .family = a->family };

	memcpy(ip.b, a->b, sizeof(ip.b));
	if (ip_addr_is_loopback(&ip))
		return RT_SCOPE_HOST;
	return a->family == IP_V6 && ip_addr_is_linklocal(&ip) ? RT_SCOPE_LINK :
								 RT_SCOPE_UNIVERSE;
}

static void put_addr(struct rtnl_out *o, const struct iface_addr *a,
	const struct iface *i)
{
	struct ifa_cacheinfo forever = { FOREVER, FOREVER, 0, 0 };
	struct ifaddrmsg m = { .ifa_family = (uint8_t)family_of(&a->addr),
		.ifa_prefixlen = a->addr.bits, .ifa_flags = IFA_F_PERMANENT,
		.ifa_scope = scope_of(&a->addr), .ifa_index = a->ifindex };
	struct nlmsghdr *n = rtnl_begin(o, RTM_NEWADDR, &m, sizeof(m));

	attr_addr(n, IFA_ADDRESS, &a->addr);
	if (a->addr.family == IP_V4) {
		uint32_t b = netif_broadcast(i, &a->addr);

		attr_addr(n, IFA_LOCAL, &a->addr);
		if (b)
			rtnl_attr(n, IFA_BROADCAST, &b, sizeof(b));
		rtnl_attr_text(n, IFA_LABEL, i->name);
	}
	rtnl_attr_u32(n, IFA_FLAGS, IFA_F_PERMANENT);
	rtnl_attr(n, IFA_CACHEINFO, &forever, sizeof(forever));
	rtnl_end(o, n);
}

/* Linux tells all of one family, then all of the other. */
static void dump_addrs(struct rtnl_out *o, const struct nlmsghdr *req)
{
	static const uint8_t families[] = { IP_V4, IP_V6 };
	struct ifaddrmsg m;
	struct iface_addr a;
	struct iface i;

	fixed_part(req, &m, sizeof(m));
	for (unsigned f = 0; f < 2; f++) {
		for (uint32_t k = 0; netif_addr(k, &a); k++) {
			if (a.addr.family == families[f] &&
				wanted(m.ifa_family, &a.addr) &&
				(m.ifa_index == 0 || m.ifa_index == a.ifindex) &&
				netif_by_index(a.ifindex, &i))
				put_addr(o, &a, &i);
		}
	}
}

/* --- routes --------------------------------------------------------------------- */

struct way {
	struct rtmsg m;
	struct shm_addr dst, gateway, src; /* family 0: not said */
	uint32_t ifindex, metric;
	bool asked; /* for one address, not of a list */
};

/* What Linux says besides of a route that was asked for (rt_fill_info()). nmap, who
 * takes the header for longer than it is, never sees the last attribute. */
static void put_looked_up(struct nlmsghdr *n, uint8_t family)
{
	struct rta_cacheinfo none = { 0 };

	if (family == AF_INET)
		rtnl_attr_u32(n, RTA_UID, (uint32_t)sys_call0(SYS_getuid));
	rtnl_attr(n, RTA_CACHEINFO, &none, sizeof(none));
}

static void put_way(struct rtnl_out *o, const struct way *w)
{
	struct nlmsghdr *n = rtnl_begin(o, RTM_NEWROUTE, &w->m, sizeof(w->m));

	rtnl_attr_u32(n, RTA_TABLE, w->m.rtm_table);
	if (w->dst.family && (w->m.rtm_dst_len || w->asked))
		attr_addr(n, RTA_DST, &w->dst);
	if (w->metric)
		rtnl_attr_u32(n, RTA_PRIORITY, w->metric);
	if (w->gateway.family)
		attr_addr(n, RTA_GATEWAY, &w->gateway);
	rtnl_attr_u32(n, RTA_OIF, w->ifindex);
	if (w->src.family)
		attr_addr(n, RTA_PREFSRC, &w->src);
	if (w->asked)
		put_looked_up(n, w->m.rtm_family);
	if (w->m.rtm_family == AF_INET6)
		rtnl_attr_u8(n, RTA_PREF, 0);
	rtnl_end(o, n);
}

/* The interface's own address in this network. Those of the network itself have
 * made the route. */
static bool own_in(const struct shm_route *r, struct shm_addr *out)
{
	struct ip_prefix net = { .bits = r->dst.bits };
	struct iface_addr a;

	net.addr = ip_addr_from(r->dst.family, r->dst.b);
	for (uint32_t k = 0; netif_addr(k, &a); k++) {
		struct ip_addr own = ip_addr_from(a.addr.family == IP_V6 ? IP_V6 :
			IP_V4, a.addr.b);

		if (a.ifindex == r->ifindex && a.addr.family == r->dst.family &&
			a.addr.bits == r->dst.bits && !r->gateway.family &&
			ip_prefix_contains(&net, &own)) {
			*out = a.addr;
			return true;
		}
	}
	return false;
}

static struct way way_of(const struct shm_route *r)
{
	bool v4 = r->dst.family == IP_V4, connected;
	struct shm_addr own = { 0 };
	struct way w = { .dst = r->dst, .gateway = r->gateway,
		.ifindex = r->ifindex,
		.m = { .rtm_family = (uint8_t)family_of(&r->dst),
			.rtm_dst_len = r->dst.bits, .rtm_table = RT_TABLE_MAIN,
			.rtm_protocol = RTPROT_STATIC,
			.rtm_scope = v4 && !r->gateway.family ? RT_SCOPE_LINK :
								RT_SCOPE_UNIVERSE,
			.rtm_type = RTN_UNICAST } };

	connected = own_in(r, &own);
	if (connected)
		w.m.rtm_protocol = RTPROT_KERNEL;
	if (!v4)
		w.metric = connected ? METRIC6_CONNECTED : METRIC6_STATIC;
	else if (connected)
		w.src = own;
	return w;
}

/* Table "local": each address of ours, and 127.0.0.0/8. */
static struct way way_to_own(const struct iface_addr *a)
{
	struct way w = { .dst = a->addr, .ifindex = a->ifindex,
		.m = { .rtm_family = (uint8_t)family_of(&a->addr),
			.rtm_dst_len = a->addr.family == IP_V4 ? 32 : 128,
			.rtm_table = RT_TABLE_LOCAL, .rtm_protocol = RTPROT_KERNEL,
			.rtm_scope = a->addr.family == IP_V4 ? RT_SCOPE_HOST :
							       RT_SCOPE_UNIVERSE,
			.rtm_type = RTN_LOCAL } };

	if (a->addr.family == IP_V4)
		w.src = a->addr;
	return w;
}

static void dump_local(struct rtnl_out *o, uint8_t family)
{
	struct iface_addr a;
	struct way w;

	for (uint32_t k = 0; netif_addr(k, &a); k++) {
		if (family != family_of(&a.addr))
			continue;
		w = way_to_own(&a);
		put_way(o, &w);
		if (a.addr.family != IP_V4 || a.addr.b[0] != 127)
			continue;
		w.m.rtm_dst_len = 8;
		memset(w.dst.b + 1, 0, 3);
		put_way(o, &w);
	}
}

static void dump_routes(struct rtnl_out *o, const struct nlmsghdr *req)
{
	static const uint8_t families[] = { AF_INET, AF_INET6 };
	struct shm_route r;
	struct rtmsg m;
	struct way w;

	fixed_part(req, &m, sizeof(m));
	if (m.rtm_flags & RTM_F_CLONED)
		return; /* there is no cache of routes */
	for (unsigned f = 0; f < 2; f++) {
		if (!(m.rtm_family == AF_UNSPEC || m.rtm_family == families[f]))
			continue;
		for (uint32_t k = 0; netif_route(k, &r); k++) {
			/* lo's own are in the table "local". */
			if (r.ifindex == 1 || family_of(&r.dst) != families[f])
				continue;
			w = way_of(&r);
			put_way(o, &w);
		}
		dump_local(o, families[f]);
	}
}

/* `ip route get`: where would a packet go? */
static int one_route(struct rtnl_out *o, const struct nlmsghdr *req)
{
	const struct rtattr *a, *oif;
	struct shm_addr dst = { 0 };
	struct sock_hop way;
	struct rtmsg m;
	struct way w;
	int err;

	fixed_part(req, &m, sizeof(m));
	a = rtnl_find(req, sizeof(m), RTA_DST);
	oif = rtnl_find(req, sizeof(m), RTA_OIF);
	if ((m.rtm_family != AF_INET && m.rtm_family != AF_INET6) || !a ||
		RTA_PAYLOAD(a) != (m.rtm_family == AF_INET ? 4 : 16))
		return -EINVAL;
	dst.family = m.rtm_family == AF_INET ? IP_V4 : IP_V6;
	memcpy(dst.b, RTA_DATA(a), RTA_PAYLOAD(a));
	if (oif && RTA_PAYLOAD(oif) >= sizeof(uint32_t))
		memcpy(&dst.scope, RTA_DATA(oif), sizeof(uint32_t));
	err = sock_hop(&cl.env, &dst, dst.scope, &way);
	if (err < 0)
		return err;
	w = (struct way){ .dst = dst, .gateway = way.gateway, .src = way.source,
		.ifindex = way.ifindex, .asked = true,
		.m = { .rtm_family = m.rtm_family,
			.rtm_dst_len = m.rtm_family == AF_INET ? 32 : 128,
			/* Linux: IPv4 looks no table up for what is local. */
			.rtm_table = way.local && m.rtm_family == AF_INET6 ?
				RT_TABLE_LOCAL : RT_TABLE_MAIN,
			.rtm_flags = !way.local ? RTM_F_CLONED :
				m.rtm_family == AF_INET ? RTM_F_CLONED | RTCF_LOCAL : 0,
			.rtm_type = way.local ? RTN_LOCAL : RTN_UNICAST } };
	put_way(o, &w);
	return 1;
}

/* --- neighbours and rules -------------------------------------------------------- */

static void dump_neighs(struct rtnl_out *o, const struct nlmsghdr *req)
{
	size_t size = SHM_NEIGHS_MAX * sizeof(struct shm_neigh);
	struct shm_neigh *all = sys_alloc(size);
	uint32_t n = all ? netif_neighs(all) : 0;
	struct ndmsg want;

	fixed_part(req, &want, sizeof(want));
	for (uint32_t k = 0; k < n; k++) {
		struct ndmsg m = { .ndm_family = (uint8_t)family_of(&all[k].addr),
			.ndm_ifindex = (int)all[k].ifindex,
			.ndm_state = all[k].state, .ndm_type = RTN_UNICAST };
		struct nlmsghdr *h;

		if (!wanted(want.ndm_family, &all[k].addr) ||
			(want.ndm_ifindex && want.ndm_ifindex != m.ndm_ifindex))
			continue;
		h = rtnl_begin(o, RTM_NEWNEIGH, &m, sizeof(m));
		attr_addr(h, NDA_DST, &all[k].addr);
		if (all[k].has_mac)
			rtnl_attr(h, NDA_LLADDR, all[k].mac, sizeof(all[k].mac));
		rtnl_end(o, h);
	}
	if (all)
		sys_free(all, size);
}

static void dump_rules(struct rtnl_out *o, const struct nlmsghdr *req)
{
	static const struct {
		uint8_t family, table;
		uint32_t priority;
	} rules[] = { { AF_INET, RT_TABLE_LOCAL, 0 },
		{ AF_INET, RT_TABLE_MAIN, 32766 },
		{ AF_INET, RT_TABLE_DEFAULT, 32767 },
		{ AF_INET6, RT_TABLE_LOCAL, 0 }, { AF_INET6, RT_TABLE_MAIN, 32766 } };
	struct fib_rule_hdr want;

	fixed_part(req, &want, sizeof(want));
	for (size_t k = 0; k < sizeof(rules) / sizeof(rules[0]); k++) {
		struct fib_rule_hdr m = { .family = rules[k].family,
			.table = rules[k].table, .action = FR_ACT_TO_TBL };
		struct nlmsghdr *n;

		if (want.family && want.family != m.family)
			continue;
		n = rtnl_begin(o, RTM_NEWRULE, &m, sizeof(m));
		rtnl_attr_u32(n, FRA_TABLE, m.table);
		rtnl_attr_u32(n, FRA_SUPPRESS_PREFIXLEN, UINT32_MAX);
		if (rules[k].priority)
			rtnl_attr_u32(n, FRA_PRIORITY, rules[k].priority);
		rtnl_end(o, n);
	}
}

/* --- requests ------------------------------------------------------------------- */

/* rtnetlink's numbers: NEW, DEL, GET, SET, in fours from 16. */
static bool is_get(uint16_t type)
{
	return type >= RTM_BASE && (type - RTM_BASE) % 4 == 2;
}

/* Linux's rules, and IPv6's links and addresses, tell the end with the rest. */
static bool ends_apart(const struct nlmsghdr *req)
{
	return req->nlmsg_type != RTM_GETRULE &&
		((req->nlmsg_type != RTM_GETLINK && req->nlmsg_type != RTM_GETADDR) ||
			asked_family(req) != AF_INET6);
}

static int dump(struct rtnl_out *o, const struct nlmsghdr *req)
{
	int err = 0;

	o->flags = NLM_F_MULTI;
	switch (req->nlmsg_type) {
	case RTM_GETLINK:
		dump_links(o, asked_family(req));
		break;
	case RTM_GETADDR:
		dump_addrs(o, req);
		break;
	case RTM_GETROUTE:
		dump_routes(o, req);
		break;
	case RTM_GETNEIGH:
		dump_neighs(o, req);
		break;
	case RTM_GETRULE:
		dump_rules(o, req);
		break;
	default:
		err = rtnl_more_dump(o, req, asked_family(req));
	}
	if (err < 0)
		return err;
	rtnl_done(o, ends_apart(req), 0);
	return 1;
}

/* 1: answered; else an error to be told. */
static int answer(struct rtnl_out *o, const struct nlmsghdr *req)
{
	if (!is_get(req->nlmsg_type))
		return req->nlmsg_type < RTM_BASE || req->nlmsg_type > RTM_MAX ?
			-EOPNOTSUPP :
			netset_request(req);
	if ((req->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP)
		return dump(o, req);
	o->flags = 0;
	if (req->nlmsg_type == RTM_GETLINK)
		return one_link(o, req);
	if (req->nlmsg_type == RTM_GETROUTE)
		return one_route(o, req);
	return rtnl_more_one(o, req, asked_family(req));
}

void rtnl_result(struct rtnl_out *o, const struct nlmsghdr *req, int r)
{
	if (r == 1 && (!(req->nlmsg_flags & NLM_F_ACK) ||
			(req->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP))
		return;
	if (r == 0 && !(req->nlmsg_flags & NLM_F_ACK))
		return;
	o->flush(o); /* an acknowledgement comes by itself */
	rtnl_error(o, req, r == 1 ? 0 : r);
}

void rtnl_answer(struct rtnl_out *o, const struct nlmsghdr *req)
{
	int r = 0;

	o->seq = req->nlmsg_seq;
	if (!(req->nlmsg_flags & NLM_F_REQUEST))
		return;
	if (req->nlmsg_type >= NLMSG_MIN_TYPE)
		r = answer(o, req);
	rtnl_result(o, req, r);
}
