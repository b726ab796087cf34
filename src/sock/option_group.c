/* Joining groups (RFC 3678, ip(7), ipv6(7)): the option calls in their several
 * shapes, all of which come down to four deeds on a socket's list. The checks and
 * their order are those of Linux's ip_mc_join_group(), ip_mc_leave_group(),
 * ip_mc_source(), ip_mc_msfilter(), and of ipv6_sock_mc_join() and its kin.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <netinet/in.h>
#include <string.h>

#include "group.h"
#include "member.h"
#include "options.h"

#define MEMBERSHIPS_MAX 20   /* igmp_max_memberships */
#define OPTMEM_MAX 131072    /* net.core.optmem_max */
#define HEAD4 offsetof(struct ip_msfilter, imsf_slist)
#define HEAD6 offsetof(struct group_filter, gf_slist)

enum deed { JOIN, LEAVE, BLOCK, UNBLOCK, JOIN_SOURCE, LEAVE_SOURCE };

/* A request in one shape. */
struct wish {
	struct shm_addr group, source;
	struct in_addr via; /* IPv4: an address of the interface; 0 none */
	uint32_t ifindex;   /* as the program gave it; 0 none */
};

/* --- which interface --- */

static uint32_t by_route(const struct option_call *c, const struct shm_addr *group)
{
	struct sock_way w;

	return sock_way(c->e, group, SOCK_ADDR_MULTICAST, 0, &w) == 0 ? w.ifindex :
									0;
}

/* Linux: ip_mc_find_dev(), rt6_lookup(). 0: there is none. */
static uint32_t find_device(const struct option_call *c, const struct wish *q)
{
	struct shm_addr own = { .family = IP_V4 };
	struct shm_iface i;

	if (q->ifindex)
		return sock_iface(c->e, q->ifindex, &i) ? q->ifindex : 0;
	if (q->via.s_addr) {
		memcpy(own.b, &q->via, sizeof(q->via));
		return sock_addr_ifindex(c->e, &own);
	}
	return by_route(c, &q->group);
}

/* --- the deeds --- */

static bool is_group(const struct shm_addr *a)
{
	struct ip_addr ip = sock_ip(a);

	return ip_addr_is_multicast(&ip);
}

static int store(const struct option_call *c, const struct member *m)
{
	int r = member_put(c->e, c->s, m);

	if (r == 0) {
		group_changed(c->e, c->i, c->s);
		c->fx->service |= sock_want_service(c->e, c->i);
	}
	return r;
}

static int join(const struct option_call *c, const struct wish *q, bool include)
{
	bool v4 = q->group.family == IP_V4;
	struct member m = { .group = q->group, .via = q->via.s_addr,
		.include = include }, old;

	if (!is_group(&q->group))
		return -EINVAL;
	/* IPv6: any membership of it will do, if no interface was named. */
	if (!v4 && member_find(c->e, c->s, &q->group, q->ifindex, &old))
		return -EADDRINUSE;
	m.ifindex = find_device(c, q);
	if (m.ifindex == 0)
		return -ENODEV;
	if (v4 && member_find(c->e, c->s, &q->group, m.ifindex, &old))
		return -EADDRINUSE;
	if (v4 && member_count(c->e, c->s, IP_V4) >= MEMBERSHIPS_MAX)
		return -ENOBUFS;
	return store(c, &m);
}

static int leave(const struct option_call *c, const struct wish *q)
{
	bool v4 = q->group.family == IP_V4;
	uint32_t ifindex = q->ifindex;
	struct member m;

	if (!v4 && !is_group(&q->group))
		return -EINVAL;
	if (v4) {
		ifindex = find_device(c, q);
		if (ifindex == 0 && q->ifindex == 0 && q->via.s_addr == 0)
			return -ENODEV;
		if (ifindex == 0)
			ifindex = q->ifindex;
	}
	if (!member_find(c->e, c->s, &q->group, ifindex, &m))
		return -EADDRNOTAVAIL;
	/* Linux: no such interface, then by the name that it was joined by. */
	if (v4 && ifindex == 0 && m.via != q->via.s_addr)
		return -EADDRNOTAVAIL;
	member_drop(c->e, c->s, &q->group, m.ifindex);
	group_changed(c->e, c->i, c->s);
	c->fx->service |= sock_want_service(c->e, c->i);
	return 0;
}

static uint32_t sources_max(const struct wish *q)
{
	return q->group.family == IP_V4 ? MEMBER_SOURCES4 : MEMBER_SOURCES6;
}

static int add_source(const struct option_call *c, const struct wish *q,
	struct member *m)
{
	if (m->n >= sources_max(q))
		return -ENOBUFS;
	if (member_has_source(m, q->source.b))
		return -EADDRNOTAVAIL;
	memcpy(m->sources[m->n++], q->source.b, 16);
	m->listed = true;
	return store(c, m);
}

static int remove_source(const struct option_call *c, const struct wish *q,
	struct member *m)
{
	uint32_t k = 0;

	while (k < m->n && memcmp(m->sources[k], q->source.b, 16) != 0)
		k++;
	if (k == m->n)
		return -EADDRNOTAVAIL;
	if (m->n == 1 && m->include) /* RFC 3376 3.2: nothing is included */
		return leave(c, q);
	m->n--;
	memmove(m->sources[k], m->sources[k + 1], (m->n - k) * 16);
	return store(c, m);
}

/* Linux: ip_mc_source(), ip6_mc_source(). */
static int change_source(const struct option_call *c, const struct wish *q,
	bool add, bool include)
{
	bool v4 = q->group.family == IP_V4;
	uint32_t ifindex;
	struct member m;

	if (!is_group(&q->group))
		return -EINVAL;
	ifindex = find_device(c, q);
	if (ifindex == 0)
		return -ENODEV;
	if (!member_find(c->e, c->s, &q->group, v4 ? ifindex : q->ifindex, &m))
		return -EINVAL;
	/* An empty list may change its sense, but not one that was set. */
	if (m.include != include && m.listed)
		return -EINVAL;
	m.include = include;
	return add ? add_source(c, q, &m) : remove_source(c, q, &m);
}

static int do_deed(const struct option_call *c, enum deed deed,
	const struct wish *q)
{
	int r;

	switch (deed) {
	case JOIN:
		return join(c, q, false);
	case LEAVE:
		return leave(c, q);
	case BLOCK:
		return change_source(c, q, true, false);
	case UNBLOCK:
		return change_source(c, q, false, false);
	case JOIN_SOURCE:
		r = join(c, q, true);
		if (r < 0 && r != -EADDRINUSE)
			return r;
		return change_source(c, q, true, true);
	default:
		return change_source(c, q, false, true);
	}
}

static enum deed deed_of(int name)
{
	switch (name) {
	case IP_ADD_MEMBERSHIP:
	case MCAST_JOIN_GROUP:
		return JOIN;
	case IP_DROP_MEMBERSHIP:
	case MCAST_LEAVE_GROUP:
		return LEAVE;
	case IP_BLOCK_SOURCE:
	case MCAST_BLOCK_SOURCE:
		return BLOCK;
	case IP_UNBLOCK_SOURCE:
	case MCAST_UNBLOCK_SOURCE:
		return UNBLOCK;
	case IP_ADD_SOURCE_MEMBERSHIP:
	case MCAST_JOIN_SOURCE_GROUP:
		return JOIN_SOURCE;
	default:
		return LEAVE_SOURCE;
	}
}

/* --- the shapes --- */

static struct shm_addr addr4(const void *from)
{
	struct shm_addr a = { .family = IP_V4 };

	memcpy(a.b, from, 4);
	return a;
}

static struct shm_addr addr6(const void *from)
{
	struct shm_addr a = { .family = IP_V6 };

	memcpy(a.b, from, 16);
	return a;
}

/* IP_ADD_MEMBERSHIP, IP_DROP_MEMBERSHIP: struct ip_mreq or ip_mreqn. */
int option_group_mreq(const struct option_call *c, const void *val, socklen_t len)
{
	struct ip_mreqn m = { 0 };
	struct wish q = { 0 };

	if (sock_is_stream(c->s))
		return -EPROTO;
	if (len < sizeof(struct ip_mreq))
		return -EINVAL;
	memcpy(&m, val, len < sizeof(m) ? sizeof(struct ip_mreq) : sizeof(m));
	q.group = addr4(&m.imr_multiaddr);
	q.via = m.imr_address;
	q.ifindex = (uint32_t)m.imr_ifindex;
	return do_deed(c, deed_of(c->o->name), &q);
}

/* IPV6_ADD_MEMBERSHIP, IPV6_DROP_MEMBERSHIP: struct ipv6_mreq. */
int option_group_mreq6(const struct option_call *c, const void *val, socklen_t len)
{
	struct ipv6_mreq m;
	struct wish q = { 0 };

	if (len < sizeof(m))
		return -EINVAL;
	if (sock_is_stream(c->s))
		return -EPROTO;
	memcpy(&m, val, sizeof(m));
	q.group = addr6(&m.ipv6mr_multiaddr);
	q.ifindex = m.ipv6mr_interface;
	return do_deed(c, c->o->name == IPV6_ADD_MEMBERSHIP ? JOIN : LEAVE, &q);
}

/* IP_BLOCK_SOURCE and the like: struct ip_mreq_source. */
int option_group_mreqs(const struct option_call *c, const void *val, socklen_t len)
{
	struct ip_mreq_source m;
	struct wish q = { 0 };

	if (len != sizeof(m))
		return -EINVAL;
	memcpy(&m, val, sizeof(m));
	q.group = addr4(&m.imr_multiaddr);
	q.source = addr4(&m.imr_sourceaddr);
	q.via = m.imr_interface;
	return do_deed(c, deed_of(c->o->name), &q);
}

/* An address of the level's family within a sockaddr_storage. */
static bool stored_addr(const struct option_call *c,
	const struct sockaddr_storage *ss, struct shm_addr *out)
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	if (c->o->level == IPPROTO_IP) {
		memcpy(&in, ss, sizeof(in));
		*out = addr4(&in.sin_addr);
		return in.sin_family == AF_INET;
	}
	memcpy(&in6, ss, sizeof(in6));
	*out = addr6(&in6.sin6_addr);
	return in6.sin6_family == AF_INET6;
}

/* MCAST_JOIN_GROUP, MCAST_LEAVE_GROUP: struct group_req. */
int option_group_req(const struct option_call *c, const void *val, socklen_t len)
{
	struct group_req g;
	struct wish q = { 0 };

	if (len < sizeof(g))
		return -EINVAL;
	memcpy(&g, val, sizeof(g));
	if (!stored_addr(c, &g.gr_group, &q.group))
		return c->o->level == IPPROTO_IP ? -EINVAL : -EADDRNOTAVAIL;
	q.ifindex = g.gr_interface;
	return do_deed(c, deed_of(c->o->name), &q);
}

/* MCAST_JOIN_SOURCE_GROUP and the like: struct group_source_req. */
int option_group_source_req(const struct option_call *c, const void *val,
	socklen_t len)
{
	struct group_source_req g;
	struct wish q = { 0 };

	if (len < sizeof(g))
		return -EINVAL;
	memcpy(&g, val, sizeof(g));
	if (!stored_addr(c, &g.gsr_group, &q.group) ||
		!stored_addr(c, &g.gsr_source, &q.source))
		return -EADDRNOTAVAIL;
	q.ifindex = g.gsr_interface;
	return do_deed(c, deed_of(c->o->name), &q);
}

/* --- whole filters --- */

/* Linux: ip_mc_msfilter(), ip6_mc_msfilter(). m: mode and sources. */
static int set_filter(const struct option_call *c, const struct wish *q,
	uint32_t mode, struct member *m)
{
	struct member old;

	if (!is_group(&q->group) ||
		(mode != MCAST_INCLUDE && mode != MCAST_EXCLUDE))
		return -EINVAL;
	m->group = q->group;
	m->ifindex = find_device(c, q);
	m->include = mode == MCAST_INCLUDE;
	m->listed = m->n > 0;
	if (m->ifindex == 0)
		return -ENODEV;
	if (m->include && m->n == 0)
		return leave(c, q);
	if (!member_find(c->e, c->s, &q->group,
			q->group.family == IP_V4 ? m->ifindex : q->ifindex, &old))
		return -EINVAL;
	m->ifindex = old.ifindex;
	m->via = old.via;
	return store(c, m);
}

/* IP_MSFILTER: struct ip_msfilter. */
int option_set_msfilter(const struct option_call *c, const void *val,
	socklen_t len)
{
	const uint8_t *p = val;
	struct ip_msfilter f;
	struct member m = { 0 };
	struct wish q = { 0 };

	if (len < HEAD4)
		return -EINVAL;
	if (len > OPTMEM_MAX)
		return -ENOBUFS;
	memcpy(&f, val, HEAD4);
	if (f.imsf_numsrc > MEMBER_SOURCES4)
		return -ENOBUFS;
	if (HEAD4 + f.imsf_numsrc * sizeof(struct in_addr) > len)
		return -EINVAL;
	q.group = addr4(&f.imsf_multiaddr);
	q.via = f.imsf_interface;
	for (m.n = 0; m.n < f.imsf_numsrc; m.n++)
		memcpy(m.sources[m.n], p + HEAD4 + 4 * m.n, 4);
	return set_filter(c, &q, f.imsf_fmode, &m);
}

/* MCAST_MSFILTER: struct group_filter. */
int option_set_group_filter(const struct option_call *c, const void *val,
	socklen_t len)
{
	const uint8_t *p = val;
	struct group_filter f;
	struct member m = { 0 };
	struct wish q = { 0 };

	if (len < HEAD6)
		return -EINVAL;
	if (len > OPTMEM_MAX)
		return -ENOBUFS;
	memcpy(&f, val, HEAD6);
	if (f.gf_numsrc > (c->o->level == IPPROTO_IP ? MEMBER_SOURCES4 :
						       MEMBER_SOURCES6))
		return -ENOBUFS;
	if (HEAD6 + f.gf_numsrc * sizeof(struct sockaddr_storage) > len)
		return -EINVAL;
	if (!stored_addr(c, &f.gf_group, &q.group))
		return c->o->level == IPPROTO_IP ? -EADDRNOTAVAIL : -EINVAL;
	q.ifindex = f.gf_interface;
	for (m.n = 0; m.n < f.gf_numsrc; m.n++) {
		struct sockaddr_storage ss;
		struct shm_addr a;

		memcpy(&ss, p + HEAD6 + m.n * sizeof(ss), sizeof(ss));
		if (!stored_addr(c, &ss, &a) && c->o->level == IPPROTO_IP)
			return -EADDRNOTAVAIL;
		memcpy(m.sources[m.n], a.b, 16);
	}
	return set_filter(c, &q, f.gf_fmode, &m);
}

/* How many of the sources are told. Linux: the program's word about how many it has
 * room for counts, not the option's length. */
static uint32_t told(const struct member *m, uint32_t room)
{
	return m->n < room ? m->n : room;
}

int option_get_msfilter(const struct option_call *c, void *val, socklen_t *len)
{
	struct ip_msfilter f;
	struct wish q = { 0 };
	struct member m;
	uint32_t n, ifindex;

	if (*len < HEAD4)
		return -EINVAL;
	memcpy(&f, val, HEAD4);
	q.group = addr4(&f.imsf_multiaddr);
	q.via = f.imsf_interface;
	if (!is_group(&q.group))
		return -EINVAL;
	ifindex = find_device(c, &q);
	if (ifindex == 0)
		return -ENODEV;
	if (!member_find(c->e, c->s, &q.group, ifindex, &m))
		return -EADDRNOTAVAIL;
	n = told(&m, f.imsf_numsrc);
	f.imsf_fmode = m.include ? MCAST_INCLUDE : MCAST_EXCLUDE;
	f.imsf_numsrc = m.n;
	memcpy(val, &f, HEAD4);
	for (uint32_t k = 0; k < n; k++)
		memcpy((uint8_t *)val + HEAD4 + 4 * k, m.sources[k], 4);
	*len = (socklen_t)(HEAD4 + 4 * n);
	return 0;
}

static void store_addr(const struct option_call *c, const uint8_t b[16],
	struct sockaddr_storage *out)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };

	memset(out, 0, sizeof(*out));
	memcpy(&in.sin_addr, b, 4);
	memcpy(&in6.sin6_addr, b, 16);
	if (c->o->level == IPPROTO_IP)
		memcpy(out, &in, sizeof(in));
	else
		memcpy(out, &in6, sizeof(in6));
}

int option_get_group_filter(const struct option_call *c, void *val, socklen_t *len)
{
	struct group_filter f;
	struct shm_addr group;
	struct member m;
	uint32_t n;

	if (*len < HEAD6)
		return -EINVAL;
	memcpy(&f, val, HEAD6);
	if (!stored_addr(c, &f.gf_group, &group))
		return c->o->level == IPPROTO_IP ? -EINVAL : -EADDRNOTAVAIL;
	if (!is_group(&group))
		return -EINVAL;
	if (!member_find(c->e, c->s, &group, f.gf_interface, &m) ||
		(group.family == IP_V4 && m.ifindex != f.gf_interface))
		return -EADDRNOTAVAIL;
	n = told(&m, f.gf_numsrc);
	f.gf_fmode = m.include ? MCAST_INCLUDE : MCAST_EXCLUDE;
	f.gf_numsrc = m.n;
	memcpy(val, &f, HEAD6);
	for (uint32_t k = 0; k < n; k++) {
		struct sockaddr_storage ss;

		store_addr(c, m.sources[k], &ss);
		memcpy((uint8_t *)val + HEAD6 + k * sizeof(ss), &ss, sizeof(ss));
	}
	*len = (socklen_t)(HEAD6 + n * sizeof(struct sockaddr_storage));
	return 0;
}
