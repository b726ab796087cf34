/* Ancillary data (RFC 3542; ip(7)): where a datagram was sent to, with which hop
 * limit and class. A message that does not fit is cut, as Linux's put_cmsg() does.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

#include <string.h>

struct out {
	uint8_t *base;
	size_t size, used;
	bool cut;
};

static void put(struct out *o, int level, int type, const void *data, size_t len)
{
	struct cmsghdr h = { .cmsg_level = level, .cmsg_type = type,
		.cmsg_len = CMSG_LEN(len) };
	size_t room = o->size - o->used;

	if (room < sizeof(h)) {
		o->cut = true;
		return;
	}
	if (room < h.cmsg_len) {
		o->cut = true;
		h.cmsg_len = room;
	}
	memcpy(o->base + o->used, &h, sizeof(h));
	memcpy(o->base + o->used + sizeof(h), data, h.cmsg_len - sizeof(h));
	o->used += room < CMSG_SPACE(len) ? room : CMSG_SPACE(len);
}

static void put_v4(const struct shm_sock *s, const struct shm_msg *m,
	struct out *o)
{
	if (sock_has_opt(s, SHM_O_PKTINFO)) {
		struct in_pktinfo p = { .ipi_ifindex = (int)m->ifindex };

		memcpy(&p.ipi_addr, m->dst.b, 4);
		memcpy(&p.ipi_spec_dst, m->dst.b, 4);
		put(o, IPPROTO_IP, IP_PKTINFO, &p, sizeof(p));
	}
	if (sock_has_opt(s, SHM_O_RECVTTL)) {
		int ttl = m->ttl;

		put(o, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl));
	}
	if (sock_has_opt(s, SHM_O_RECVTOS))
		put(o, IPPROTO_IP, IP_TOS, &m->tos, 1);
}

static void put_v6(const struct shm_sock *s, const struct shm_msg *m,
	struct out *o)
{
	int value;

	if (sock_has_opt(s, SHM_O_PKTINFO)) {
		struct in6_pktinfo p = { .ipi6_ifindex = m->ifindex };
		struct ip_addr ip = sock_ip(&m->dst);

		ip = ip_addr_map(&ip);
		memcpy(&p.ipi6_addr, ip.b, 16);
		put(o, IPPROTO_IPV6, IPV6_PKTINFO, &p, sizeof(p));
	}
	if (sock_has_opt(s, SHM_O_RECVTTL)) {
		value = m->ttl;
		put(o, IPPROTO_IPV6, IPV6_HOPLIMIT, &value, sizeof(value));
	}
	if (sock_has_opt(s, SHM_O_RECVTOS)) {
		value = m->tos;
		put(o, IPPROTO_IPV6, IPV6_TCLASS, &value, sizeof(value));
	}
}

void sock_control_put(const struct shm_sock *s, const struct shm_msg *m,
	struct msghdr *control, int *msg_flags)
{
	struct out o = { control->msg_control, control->msg_controllen, 0, false };

	if (!o.base)
		o.size = 0;
	if (s->family == IP_V4)
		put_v4(s, m, &o);
	else
		put_v6(s, m, &o);
	control->msg_controllen = o.used;
	if (o.cut)
		*msg_flags |= MSG_CTRUNC;
}
