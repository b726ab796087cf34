/* Names: sockaddr to shm_addr and back, and what an address is to this host. An
 * IPv4 address inside an AF_INET6 socket (RFC 4291 2.5.5.2) is kept as IPv4 and
 * mapped only when it is shown.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "packet.h"

#include <string.h>

#define SIN6_MIN 24 /* without the scope: RFC 2133's form, as Linux accepts */

struct ip_addr sock_ip(const struct shm_addr *a)
{
	struct ip_addr ip = { .family = a->family, .scope = a->scope };

	memcpy(ip.b, a->b, sizeof(ip.b));
	return ip;
}

struct shm_addr sock_addr_of(const struct ip_addr *ip, uint16_t port)
{
	struct shm_addr a = { .family = ip->family, .port = port,
		.scope = ip->scope };

	memcpy(a.b, ip->b, sizeof(a.b));
	return a;
}

bool sock_addr_any(const struct shm_addr *a)
{
	static const uint8_t zero[16];

	return memcmp(a->b, zero, sizeof(zero)) == 0;
}

bool sock_addr_same(const struct shm_addr *a, const struct shm_addr *b)
{
	return a->family == b->family && memcmp(a->b, b->b, sizeof(a->b)) == 0 &&
		(a->scope == b->scope || a->scope == 0 || b->scope == 0);
}

bool sock_addr_link_multicast(const struct ip_addr *ip)
{
	/* RFC 4291 2.7: ff01 is the interface's, ff02 the link's. */
	return ip->family == IP_V6 && ip->b[0] == 0xff &&
		((ip->b[1] & 0x0f) == 1 || (ip->b[1] & 0x0f) == 2);
}

static int parse_v4(const struct sockaddr *sa, socklen_t len,
	struct shm_addr *out)
{
	struct sockaddr_in in;

	if (len < sizeof(in))
		return -EINVAL;
	memcpy(&in, sa, sizeof(in));
	/* An old habit that Linux keeps: AF_UNSPEC counts for INADDR_ANY. The
	 * callers for which it means something else have looked before. */
	if (in.sin_family != AF_INET && (in.sin_family != AF_UNSPEC ||
						in.sin_addr.s_addr != 0))
		return -EAFNOSUPPORT;
	*out = (struct shm_addr){ .family = IP_V4, .port = ntohs(in.sin_port) };
	memcpy(out->b, &in.sin_addr, 4);
	return 0;
}

/* RFC 4007 6: such an address means something on one link only. */
static bool needs_scope(const struct ip_addr *ip)
{
	return ip_addr_is_linklocal(ip) || sock_addr_link_multicast(ip);
}

static int parse_v6(const struct sockaddr *sa, socklen_t len,
	struct shm_addr *out)
{
	struct sockaddr_in6 in6 = { 0 };
	struct ip_addr ip;

	if (len < SIN6_MIN)
		return -EINVAL;
	memcpy(&in6, sa, len < sizeof(in6) ? len : sizeof(in6));
	if (in6.sin6_family != AF_INET6)
		return -EAFNOSUPPORT;
	ip = ip_addr_from(IP_V6, &in6.sin6_addr);
	if (ip_addr_is_mapped(&ip))
		ip = ip_addr_unmap(&ip);
	else if (needs_scope(&ip))
		ip.scope = in6.sin6_scope_id;
	*out = sock_addr_of(&ip, ntohs(in6.sin6_port));
	return 0;
}

int sock_name_parse(const struct shm_sock *s, const struct sockaddr *sa,
	socklen_t len, struct shm_addr *out)
{
	/* Linux: no address is longer than this; a negative length is. */
	if (len > sizeof(struct sockaddr_storage))
		return -EINVAL;
	return s->family == IP_V4 ? parse_v4(sa, len, out) :
				    parse_v6(sa, len, out);
}

void sock_present(const struct shm_sock *s, const struct shm_addr *a,
	struct sockaddr *sa, socklen_t *len)
{
	union {
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} u = { 0 };
	struct ip_addr ip = sock_ip(a);
	socklen_t full;

	if (s->family == IP_V4) {
		u.in.sin_family = AF_INET;
		u.in.sin_port = htons(a->port);
		memcpy(&u.in.sin_addr, a->b, 4);
		full = sizeof(u.in);
	} else {
		if (ip.family == IP_V4)
			ip = ip_addr_map(&ip);
		u.in6.sin6_family = AF_INET6;
		u.in6.sin6_port = htons(a->port);
		u.in6.sin6_scope_id = ip.scope;
		memcpy(&u.in6.sin6_addr, ip.b, 16);
		full = sizeof(u.in6);
	}
	memcpy(sa, &u, *len < full ? *len : full);
	*len = full; /* the whole length, however much was copied */
}

int sock_name(struct sock_env *e, uint32_t i, struct sockaddr *sa, socklen_t *len)
{
	struct shm_sock *s = sock_live(e, i);
	struct shm_addr a;

	if (!s)
		return -EBADF;
	if (sock_is_packet(s))
		return packet_name(e, s, sa, len);
	if ((int)*len < 0)
		return -EINVAL;
	a = s->local;
	if (sock_is_raw(s))
		a.port = s->protocol; /* as Linux tells it */
	if (a.port == 0)
		a.port = s->last_port;
	sock_present(s, &a, sa, len);
	return 0;
}

int sock_peer(struct sock_env *e, uint32_t i, struct sockaddr *sa, socklen_t *len)
{
	struct shm_sock *s = sock_live(e, i);
	struct shm_addr a;

	if (!s)
		return -EBADF;
	if (sock_is_packet(s))
		return -EOPNOTSUPP;
	a = s->remote;
	/* Linux: no peer in CLOSE and SYN_SENT, even after a reset; nor has who
	 * connected to port 0. */
	if (a.family == IP_NONE || a.port == 0 ||
		(sock_is_stream(s) && (sock_state(s) != SHM_SOCK_CONNECTED ||
			sock_ended(e, s))))
		return -ENOTCONN;
	if ((int)*len < 0)
		return -EINVAL;
	sock_present(s, &a, sa, len);
	return 0;
}

static bool is_subnet_broadcast(const struct shm_addr *own,
	const struct shm_addr *a)
{
	uint32_t mask, mine, other;

	if (own->family != IP_V4 || a->family != IP_V4 || own->bits == 0 ||
		own->bits > 30)
		return false;
	mask = 0xffffffffu << (32 - own->bits);
	memcpy(&mine, own->b, 4);
	memcpy(&other, a->b, 4);
	/* RFC 919 7: all ones in the host part. */
	return ntohl(other) == (ntohl(mine) | ~mask);
}

/* The header's list is the service's, but lies where programs write. */
static uint32_t own_count(const struct sock_env *e)
{
	uint32_t n = sock_once(&e->arena->hdr->n_addrs);

	return n < SHM_ADDRS_MAX ? n : SHM_ADDRS_MAX;
}

/* Of 127.0.0.1/8, which lo has. */
static bool is_loopback_broadcast(const struct ip_addr *ip)
{
	static const uint8_t b[4] = { 127, 255, 255, 255 };

	return ip->family == IP_V4 && memcmp(ip->b, b, sizeof(b)) == 0;
}

enum sock_addr_kind sock_addr_kind(const struct sock_env *e,
	const struct shm_addr *a)
{
	struct ip_addr ip = sock_ip(a);
	uint32_t n = own_count(e);

	if (ip_addr_is_any(&ip))
		return SOCK_ADDR_ANY;
	if (is_loopback_broadcast(&ip))
		return SOCK_ADDR_BROADCAST;
	if (ip_addr_is_loopback(&ip))
		return SOCK_ADDR_LOOPBACK;
	if (ip_addr_is_multicast(&ip))
		return SOCK_ADDR_MULTICAST;
	if (ip_addr_is_broadcast(&ip))
		return SOCK_ADDR_BROADCAST;
	for (uint32_t k = 0; k < n; k++) {
		struct shm_addr own = e->arena->hdr->addrs[k];

		if (sock_addr_same(&own, a))
			return SOCK_ADDR_OWN;
		if (is_subnet_broadcast(&own, a))
			return SOCK_ADDR_BROADCAST;
	}
	return SOCK_ADDR_OTHER;
}

struct shm_addr sock_bound(const struct sock_env *e, const struct shm_sock *s)
{
	struct shm_addr local = s->local;
	enum sock_addr_kind kind = sock_addr_kind(e, &local);

	if (kind == SOCK_ADDR_MULTICAST || kind == SOCK_ADDR_BROADCAST)
		return (struct shm_addr){ .family = local.family };
	local.port = 0;
	return local;
}

struct shm_addr sock_local_source(const struct shm_addr *to)
{
	struct ip_addr ip = sock_ip(to), lo;

	/* Linux's local table: 127.0.0.0/8 has the source 127.0.0.1. */
	lo = ip_addr_loopback(to->family);
	return ip_addr_is_loopback(&ip) ? sock_addr_of(&lo, 0) :
					  sock_addr_of(&ip, 0);
}

struct shm_addr sock_spec_dst(const struct sock_env *e, const struct shm_msg *m)
{
	enum sock_addr_kind kind = sock_addr_kind(e, &m->dst);
	struct sock_way way;

	if (kind == SOCK_ADDR_MULTICAST || kind == SOCK_ADDR_BROADCAST) {
		/* Our own, or the one nearest to the sender. */
		kind = sock_addr_kind(e, &m->src);
		if (kind == SOCK_ADDR_OWN || kind == SOCK_ADDR_LOOPBACK)
			return sock_local_source(&m->src);
		if (sock_way(e, &m->src, kind, m->ifindex, &way) == 0)
			return way.source;
	}
	return m->dst;
}

int sock_dest_resolve(const struct sock_env *e, const struct shm_sock *s,
	struct shm_addr *to, enum sock_addr_kind *kind)
{
	struct shm_addr local = s->local;
	struct ip_addr ip;

	/* Bound to an address of the other family, or IPV6_V6ONLY. An address that a
	 * datagram socket has by connect() alone binds it to nothing. */
	if (s->family == IP_V6 && to->family == IP_V4 &&
		(sock_has_opt(s, SHM_O_V6ONLY) ||
			(local.family == IP_V6 && !sock_addr_any(&local) &&
				(sock_is_stream(s) ||
					(sock_flags(s) & SHM_F_ADDR_BOUND)))))
		return -ENETUNREACH;
	if (s->family == IP_V6 && to->family == IP_V6 && local.family == IP_V4 &&
		!sock_addr_any(to))
		return -EAFNOSUPPORT; /* Linux: ip6_dst_lookup_tail() */
	*kind = sock_addr_kind(e, to);
	if (*kind == SOCK_ADDR_ANY) {
		/* RFC 1122 3.2.1.3: "this host". Linux: the bound address, else
		 * loopback. */
		uint16_t port = to->port;

		ip = sock_addr_any(&local) ?
			ip_addr_loopback(local.family == IP_V4 ? IP_V4 :
								 to->family) :
			sock_ip(&local);
		*to = sock_addr_of(&ip, port);
		*kind = sock_addr_kind(e, to);
	}
	return 0;
}

int sock_scope_check(const struct shm_sock *s, const struct shm_addr *to,
	enum sock_addr_kind kind)
{
	struct ip_addr ip = sock_ip(to);

	return ip.family == IP_V6 && needs_scope(&ip) && ip.scope == 0 &&
			(kind == SOCK_ADDR_OTHER ||
				(kind == SOCK_ADDR_MULTICAST &&
					!sock_is_stream(s))) ?
		-EINVAL : 0;
}
