/* Ancillary data of sendmsg(): source address, interface, hop limit, class, segment
 * size ... for this one datagram. A message of SOL_SOCKET, of UDP, and of the
 * datagram's own family counts; others are skipped, as Linux does.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "wishes.h"

#include <asm/socket.h>
#include <linux/net_tstamp.h>
#include <netinet/udp.h>
#include <string.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#define TX_RECORDS (SOF_TIMESTAMPING_TX_HARDWARE | SOF_TIMESTAMPING_TX_SOFTWARE | \
	SOF_TIMESTAMPING_TX_SCHED | SOF_TIMESTAMPING_TX_ACK)

struct reading {
	const struct sock_env *e;
	const struct shm_sock *s;
	struct wishes *w;
};

static bool has_size(const struct cmsghdr *c, size_t size)
{
	return c->cmsg_len == CMSG_LEN(size);
}

static int read_int(const struct cmsghdr *c, int lo, int hi, int *out)
{
	int v;

	if (!has_size(c, sizeof(v)))
		return -EINVAL;
	memcpy(&v, CMSG_DATA(c), sizeof(v));
	if (v < lo || v > hi)
		return -EINVAL;
	*out = v;
	return 0;
}

static int read_u32(const struct cmsghdr *c, uint32_t *out)
{
	if (!has_size(c, sizeof(*out)))
		return -EINVAL;
	memcpy(out, CMSG_DATA(c), sizeof(*out));
	return 0;
}

/* __sock_cmsg_send() */
static int read_socket(const struct reading *r, const struct cmsghdr *c)
{
	uint32_t v;
	int err;

	switch (c->cmsg_type) {
	case SO_MARK:
		if (!sock_may(r->e, SOCK_CAP(RAW) | SOCK_CAP(ADMIN)))
			return -EPERM;
		return read_u32(c, &r->w->mark);
	case SO_TIMESTAMPING_OLD:
	case SO_TIMESTAMPING_NEW:
		err = read_u32(c, &v);
		if (err < 0 || (v & ~(uint32_t)TX_RECORDS))
			return -EINVAL;
		r->w->tsflags = (r->w->tsflags & ~(uint32_t)TX_RECORDS) | v;
		return 0;
	case SO_PRIORITY:
		err = read_u32(c, &v);
		if (err == 0 && v > 6 &&
			!sock_may(r->e, SOCK_CAP(RAW) | SOCK_CAP(ADMIN)))
			err = -EPERM;
		if (err == 0)
			r->w->priority = v;
		return err;
	case SCM_RIGHTS:
	case SCM_CREDENTIALS:
		return 0; /* for AF_UNIX: Linux skips them */
	default:
		return -EINVAL;
	}
}

static int read_pktinfo(const struct reading *r, const struct cmsghdr *c)
{
	struct in_pktinfo info;

	if (!has_size(c, sizeof(info)))
		return -EINVAL;
	memcpy(&info, CMSG_DATA(c), sizeof(info));
	if (info.ipi_ifindex)
		r->w->ifindex = (uint32_t)info.ipi_ifindex;
	r->w->src = (struct shm_addr){ .family = IP_NONE };
	if (info.ipi_spec_dst.s_addr) {
		r->w->src.family = IP_V4;
		memcpy(r->w->src.b, &info.ipi_spec_dst, 4);
	}
	return 0;
}

static int read_tos(const struct cmsghdr *c, int *out)
{
	uint8_t byte;

	if (has_size(c, sizeof(int)))
		return read_int(c, 0, 255, out);
	if (!has_size(c, 1))
		return -EINVAL;
	memcpy(&byte, CMSG_DATA(c), 1);
	*out = byte;
	return 0;
}

/* Linux: what is beyond the forty bytes that there may be is not looked at. */
static int read_options(const struct reading *r, const struct cmsghdr *c)
{
	size_t len = c->cmsg_len - CMSG_LEN(0);

	return options_check(r->e, CMSG_DATA(c), len < IPOPT_BYTES ? len : IPOPT_BYTES,
		&r->w->options);
}

static int read_ip(const struct reading *r, const struct cmsghdr *c)
{
	switch (c->cmsg_type) {
	case IP_PKTINFO:
		return read_pktinfo(r, c);
	case IP_TTL:
		return read_int(c, 1, 255, &r->w->ttl);
	case IP_TOS:
		return read_tos(c, &r->w->tos);
	case IP_RETOPTS:
		return read_options(r, c);
	default:
		return -EINVAL;
	}
}

/* IPV6_PKTINFO on an IPv4 datagram of an IPv6 socket: a mapped address. */
static int read_mapped(const struct reading *r, const struct cmsghdr *c)
{
	struct in6_pktinfo info;
	struct ip_addr ip;

	if (c->cmsg_len < CMSG_LEN(sizeof(info)))
		return -EINVAL;
	memcpy(&info, CMSG_DATA(c), sizeof(info));
	ip = ip_addr_from(IP_V6, &info.ipi6_addr);
	if (!ip_addr_is_mapped(&ip))
		return -EINVAL;
	if (info.ipi6_ifindex)
		r->w->ifindex = info.ipi6_ifindex;
	ip = ip_addr_unmap(&ip);
	r->w->src = sock_addr_of(&ip, 0);
	if (ip_addr_is_any(&ip))
		r->w->src.family = IP_NONE;
	return 0;
}

static int read_pktinfo6(const struct reading *r, const struct cmsghdr *c)
{
	enum sock_addr_kind kind;
	struct in6_pktinfo info;
	struct shm_iface iface;
	struct ip_addr ip;

	if (c->cmsg_len < CMSG_LEN(sizeof(info)))
		return -EINVAL;
	memcpy(&info, CMSG_DATA(c), sizeof(info));
	if (info.ipi6_ifindex) {
		if (r->w->ifindex && r->w->ifindex != info.ipi6_ifindex)
			return -EINVAL;
		r->w->ifindex = info.ipi6_ifindex;
	}
	ip = ip_addr_from(IP_V6, &info.ipi6_addr);
	if (r->w->ifindex) {
		if (!sock_iface(r->e, r->w->ifindex, &iface))
			return -ENODEV;
	} else if (ip_addr_is_linklocal(&ip)) {
		return -EINVAL; /* RFC 4007 6: of which link? */
	}
	if (ip_addr_is_any(&ip))
		return 0;
	if (ip_addr_is_linklocal(&ip))
		ip.scope = r->w->ifindex;
	r->w->src = sock_addr_of(&ip, 0);
	kind = sock_addr_kind(r->e, &r->w->src);
	return kind == SOCK_ADDR_OWN || kind == SOCK_ADDR_LOOPBACK ||
			sock_has_opt(r->s, SHM_O_FREEBIND) ?
		0 : -EINVAL;
}

static int read_ip6(const struct reading *r, const struct cmsghdr *c)
{
	switch (c->cmsg_type) {
	case IPV6_PKTINFO:
	case IPV6_2292PKTINFO:
		return read_pktinfo6(r, c);
	case IPV6_HOPLIMIT:
	case IPV6_2292HOPLIMIT:
		return read_int(c, -1, 255, &r->w->ttl);
	case IPV6_TCLASS:
		return read_int(c, -1, 255, &r->w->tos);
	case IPV6_DONTFRAG:
		return read_int(c, 0, 1, &r->w->dontfrag);
	default:
		return -EINVAL; /* extension headers: there are none */
	}
}

static int read_udp(const struct reading *r, const struct cmsghdr *c)
{
	uint16_t size;

	if (c->cmsg_type != UDP_SEGMENT || !has_size(c, sizeof(size)))
		return -EINVAL;
	memcpy(&size, CMSG_DATA(c), sizeof(size));
	r->w->gso = size;
	return 0;
}

static int read_one(const struct reading *r, const struct cmsghdr *c, bool v4)
{
	if (c->cmsg_level == SOL_SOCKET)
		return read_socket(r, c);
	if (v4 && r->s->family == IP_V6 && c->cmsg_level == IPPROTO_IPV6 &&
		c->cmsg_type == IPV6_PKTINFO)
		return read_mapped(r, c);
	if (v4 && c->cmsg_level == IPPROTO_IP)
		return read_ip(r, c);
	if (!v4 && c->cmsg_level == IPPROTO_IPV6)
		return read_ip6(r, c);
	return 0;
}

/* Two rounds for datagrams, as Linux has two functions: UDP's own first. */
enum round { ROUND_UDP, ROUND_IP, ROUND_STREAM };

static int read_all(const struct reading *r, const struct msghdr *control,
	bool v4, enum round round)
{
	const uint8_t *at = control->msg_control;
	size_t left = control->msg_controllen;
	int err = 0;

	while (left >= sizeof(struct cmsghdr) && err == 0) {
		const struct cmsghdr *c = (const void *)at;
		size_t len = c->cmsg_len;

		if (len < sizeof(*c) || len > left)
			return -EINVAL;
		if (round == ROUND_UDP && c->cmsg_level == IPPROTO_UDP)
			err = read_udp(r, c);
		else if (round == ROUND_IP)
			err = read_one(r, c, v4);
		else if (round == ROUND_STREAM && c->cmsg_level == SOL_SOCKET)
			err = read_socket(r, c);
		len = CMSG_ALIGN(len);
		if (len >= left)
			break;
		at += len;
		left -= len;
	}
	return err;
}

/* Linux: udpv6_sendmsg(), ip6_datagram_flow_key_init(). */
int wishes_sticky(const struct sock_env *e, const struct shm_sock *s,
	const struct shm_addr *dst, uint32_t *ifindex)
{
	struct shm_iface iface;

	if (*ifindex || dst->family != IP_V6 || dst->scope)
		return 0;
	*ifindex = sock_once(&s->sticky_if);
	return *ifindex && !sock_iface(e, *ifindex, &iface) ? -ENETUNREACH : 0;
}

int wishes_read(const struct sock_env *e, const struct shm_sock *s,
	const struct msghdr *control, const struct shm_addr *dst, struct wishes *w)
{
	const struct reading r = { e, s, w };
	bool v4 = dst->family == IP_V4, strange;
	int err = 0;

	*w = (struct wishes){ .ttl = -1, .tos = -1, .dontfrag = -1,
		.ifindex = sock_once(&s->opts.bound_if), .src = sock_bound(e, s),
		.gso = s->opts.gso_size, .mark = s->opts.mark,
		.priority = s->opts.priority, .tsflags = s->opts.tsflags };
	if (v4)
		w->options = options_of(e, s);
	strange = wishes_sticky(e, s, dst, &w->ifindex) < 0;
	if (control && control->msg_control && control->msg_controllen != 0) {
		if (!sock_is_echo(s))
			err = read_all(&r, control, v4, ROUND_UDP);
		if (err == 0)
			err = read_all(&r, control, v4, ROUND_IP);
	}
	return err == 0 && strange ? -ENETUNREACH : err;
}

int sock_stream_control(const struct sock_env *e, uint32_t i,
	const struct msghdr *control)
{
	struct wishes w = { 0 };
	const struct reading r = { e, sock_live(e, i), &w };

	if (!r.s)
		return -EBADF;
	return control->msg_control ? read_all(&r, control, false, ROUND_STREAM) : 0;
}

uint32_t wishes_stream_times(const struct sock_env *e, const struct shm_sock *s,
	const struct msghdr *control)
{
	struct wishes w = { .tsflags = sock_once(&s->opts.tsflags) };
	const struct reading r = { e, s, &w };

	/* What is wrong in it was refused before the send. */
	if (control && control->msg_control && control->msg_controllen)
		read_all(&r, control, false, ROUND_STREAM);
	return w.tsflags;
}
