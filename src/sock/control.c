/* Ancillary data of what was received (RFC 3542; ip(7), ipv6(7), socket(7)): where
 * a datagram was sent to, with which hop limit and class, when it came, what was
 * lost before it. The order is Linux's. Whoever gives no buffer, or a short one,
 * sees MSG_CTRUNC, as from put_cmsg().
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

#include <asm/socket.h>
#include <linux/net_tstamp.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include <linux/errqueue.h>

#include "ipopt.h"

#ifndef IPV6_ORIGDSTADDR
#define IPV6_ORIGDSTADDR 74
#endif
#ifndef IP_ORIGDSTADDR
#define IP_ORIGDSTADDR 20
#endif
#ifndef IPV6_FLOWINFO
#define IPV6_FLOWINFO 11
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif
#ifndef SO_RCVPRIORITY
#define SO_RCVPRIORITY 82
#endif
#define NS_PER_S 1000000000
#define STAMPED (SHM_O_TIMESTAMP | SHM_O_TIMESTAMPNS)

struct control_out control_begin(const struct msghdr *control)
{
	struct control_out o = { 0 };

	if (control && control->msg_control) {
		o.base = control->msg_control;
		o.size = control->msg_controllen;
	}
	return o;
}

void control_put(struct control_out *o, int level, int type, const void *data,
	size_t len)
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

void control_end(const struct control_out *o, struct msghdr *control,
	int *msg_flags)
{
	if (control)
		control->msg_controllen = o->used;
	if (o->cut)
		*msg_flags |= MSG_CTRUNC;
}

/* --- SOL_SOCKET --- */

/* On 64-bit machines the old and the new layout of times are the same. */
static void put_stamp(const struct shm_sock *s, int64_t ns, struct control_out *o)
{
	bool new = sock_has_dgram(s, SHM_D_TSTAMP_NEW);
	struct timespec ts = { ns / NS_PER_S, ns % NS_PER_S };
	struct timeval tv = { ts.tv_sec, ts.tv_nsec / 1000 };

	if (sock_has_opt(s, SHM_O_TIMESTAMPNS))
		control_put(o, SOL_SOCKET,
			new ? SO_TIMESTAMPNS_NEW : SO_TIMESTAMPNS_OLD, &ts,
			sizeof(ts));
	else
		control_put(o, SOL_SOCKET,
			new ? SO_TIMESTAMP_NEW : SO_TIMESTAMP_OLD, &tv, sizeof(tv));
}

static void put_timestamping(const struct shm_sock *s, int64_t ns,
	struct control_out *o)
{
	bool new = sock_has_dgram(s, SHM_D_TSTAMP_NEW);
	uint32_t flags = sock_once(&s->opts.tsflags);
	struct scm_timestamping t = { 0 };

	if (!(flags & SOF_TIMESTAMPING_SOFTWARE) || ns == 0)
		return;
	t.ts[0] = (struct timespec){ ns / NS_PER_S, ns % NS_PER_S };
	control_put(o, SOL_SOCKET,
		new ? SO_TIMESTAMPING_NEW : SO_TIMESTAMPING_OLD, &t, sizeof(t));
}

void control_put_times(const struct shm_sock *s, int64_t ns, struct control_out *o)
{
	if (sock_has_opt(s, STAMPED))
		put_stamp(s, ns, o);
	put_timestamping(s, ns, o);
}

/* SIOCGSTAMP's time: of the last message, if no option shows it. 1: there was a
 * message, without a time. */
static void keep_stamp(struct shm_sock *s, int64_t ns)
{
	if (ns == 0 && atomic_get_relaxed(&s->stamp) != 0 &&
		!sock_has_dgram(s, SHM_D_STAMP))
		return;
	atomic_put_relaxed(&s->stamp, ns ? ns : 1); /* one word, no order */
}

void control_put_socket(struct sock_env *e, struct shm_sock *s,
	const struct shm_msg *m, struct control_out *o)
{
	uint32_t tsflags = sock_once(&s->opts.tsflags);
	int64_t ns = m->time_ns;

	if (sock_has_opt(s, STAMPED)) {
		if (ns == 0 && e->wall_ns)
			ns = e->wall_ns(e->user); /* it came before the option */
		put_stamp(s, ns, o);
	}
	if (tsflags)
		put_timestamping(s, m->time_ns, o);
	if (!sock_has_opt(s, STAMPED) && !tsflags)
		keep_stamp(s, ns);
	if (sock_has_dgram(s, SHM_D_RXQ_OVFL) && m->drops)
		control_put(o, SOL_SOCKET, SO_RXQ_OVFL, &m->drops,
			sizeof(m->drops));
	if (sock_has_dgram(s, SHM_D_RCVMARK))
		control_put(o, SOL_SOCKET, SO_MARK, &m->data, sizeof(m->data));
	if (sock_has_dgram(s, SHM_D_RCVPRIORITY))
		control_put(o, SOL_SOCKET, SO_PRIORITY, &m->info,
			sizeof(m->info));
}

/* --- what the network header said --- */

/* Linux: ip_cmsg_recv_opts(), ip_cmsg_recv_retopts(). */
static void put_options(struct sock_env *e, uint32_t bits, const struct shm_msg *m,
	struct control_out *o)
{
	uint8_t answer[IPOPT_BYTES];
	int len;

	if (m->optlen == 0 || m->optlen > sizeof(m->opt))
		return;
	if (bits & SHM_IP_RECVOPTS)
		control_put(o, IPPROTO_IP, IP_RECVOPTS, m->opt, m->optlen);
	if (!(bits & SHM_IP_RETOPTS))
		return;
	len = options_echo(e, m, answer);
	if (len < 0)
		o->cut = true;
	else
		control_put(o, IPPROTO_IP, IP_RETOPTS, answer, (size_t)len);
}

void control_put_ip(struct sock_env *e, const struct shm_sock *s,
	const struct shm_msg *m, struct control_out *o)
{
	uint32_t bits = sock_once(&s->opts.ip_bits);

	if (bits & SHM_IP_PKTINFO) {
		struct in_pktinfo p = { .ipi_ifindex = (int)m->ifindex };
		struct shm_addr spec = sock_spec_dst(e, m);

		memcpy(&p.ipi_addr, m->dst.b, 4);
		memcpy(&p.ipi_spec_dst, spec.b, 4);
		control_put(o, IPPROTO_IP, IP_PKTINFO, &p, sizeof(p));
	}
	if (bits & SHM_IP_RECVTTL) {
		int ttl = m->ttl;

		control_put(o, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl));
	}
	if (bits & SHM_IP_RECVTOS)
		control_put(o, IPPROTO_IP, IP_TOS, &m->tos, 1);
	if (bits & (SHM_IP_RECVOPTS | SHM_IP_RETOPTS))
		put_options(e, bits, m, o);
	if (bits & SHM_IP_ORIGDSTADDR) {
		struct sockaddr_in in = { .sin_family = AF_INET,
			.sin_port = htons(m->dst.port) };

		memcpy(&in.sin_addr, m->dst.b, 4);
		control_put(o, IPPROTO_IP, IP_ORIGDSTADDR, &in, sizeof(in));
	}
}

static void put_pktinfo6(const struct shm_msg *m, int type, struct control_out *o)
{
	struct in6_pktinfo p = { .ipi6_ifindex = m->ifindex };
	struct ip_addr ip = sock_ip(&m->dst);

	if (ip.family == IP_V4)
		ip = ip_addr_map(&ip);
	memcpy(&p.ipi6_addr, ip.b, 16);
	control_put(o, IPPROTO_IPV6, type, &p, sizeof(p));
}

/* Only for packets of IPv6 (ip6_datagram_recv_specific_ctl). */
static void put_specific6(uint32_t bits, const struct shm_msg *m,
	struct control_out *o)
{
	int ttl = m->ttl, tos = m->tos;

	if (bits & SHM_IP6_HOPLIMIT)
		control_put(o, IPPROTO_IPV6, IPV6_HOPLIMIT, &ttl, sizeof(ttl));
	if (bits & SHM_IP6_TCLASS)
		control_put(o, IPPROTO_IPV6, IPV6_TCLASS, &tos, sizeof(tos));
	if ((bits & SHM_IP6_FLOWINFO) && tos) {
		uint32_t flow = htonl((uint32_t)tos << 20);

		control_put(o, IPPROTO_IPV6, IPV6_FLOWINFO, &flow, sizeof(flow));
	}
	if (bits & SHM_IP6_OLD_PKTINFO)
		put_pktinfo6(m, IPV6_2292PKTINFO, o);
	if (bits & SHM_IP6_OLD_HOPLIMIT)
		control_put(o, IPPROTO_IPV6, IPV6_2292HOPLIMIT, &ttl,
			sizeof(ttl));
	if (bits & SHM_IP6_ORIGDSTADDR) {
		struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
			.sin6_port = htons(m->dst.port),
			.sin6_scope_id = m->dst.scope };

		memcpy(&in6.sin6_addr, m->dst.b, 16);
		control_put(o, IPPROTO_IPV6, IPV6_ORIGDSTADDR, &in6, sizeof(in6));
	}
}

void control_put_ip6(struct sock_env *e, const struct shm_sock *s,
	const struct shm_msg *m, struct control_out *o)
{
	uint32_t bits = sock_once(&s->opts.ip6_bits);

	if (bits & SHM_IP6_PKTINFO)
		put_pktinfo6(m, IPV6_PKTINFO, o);
	if (m->dst.family == IP_V4)
		control_put_ip(e, s, m, o);
	else
		put_specific6(bits, m, o);
}

void control_give(struct sock_env *e, struct shm_sock *s, const struct shm_msg *m,
	struct msghdr *control, int *msg_flags)
{
	struct control_out o;

	if (!control && !(sock_has_opt(s, STAMPED) || sock_once(&s->opts.tsflags))) {
		keep_stamp(s, m->time_ns); /* nobody else asks */
		return;
	}
	o = control_begin(control);
	control_put_socket(e, s, m, &o);
	if (m->gso && sock_has_dgram(s, SHM_D_GRO)) {
		int size = m->gso;

		control_put(&o, IPPROTO_UDP, UDP_GRO, &size, sizeof(size));
	}
	if (s->family == IP_V4)
		control_put_ip(e, s, m, &o);
	else
		control_put_ip6(e, s, m, &o);
	control_end(&o, control, msg_flags);
}
