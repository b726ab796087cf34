/* Sending datagrams: all that Linux checks, in its order, before a byte moves
 * (udp_sendmsg(), udpv6_sendmsg(), ping_v4_sendmsg(), __ip_append_data()).
 *
 *	sock_sendto -> address, ancillary data, way	a struct outgoing
 *		-> length (EMSGSIZE), pending error, EPIPE
 *		-> gathered by MSG_MORE or UDP_CORK	cork.c
 *		-> to this host, or to the service	deliver.c
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#include <linux/net_tstamp.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/uio.h>

#include "dgram.h"
#include "packet.h"

#define IOV_LINUX_MAX 1024
#define IP4_HEADER 20
#define IP6_HEADER 40
#define UDP_MAX_SEGMENTS 128

#define ICMP4_ECHO 8	      /* RFC 792 */
#define ICMP6_ECHO_REQUEST 128 /* RFC 4443 4.1 */
#define ICMP_HEADER 8

/* What the caller brought. */
struct request {
	const struct iovec *iov;
	int n, flags;
	const struct sockaddr *to;
	socklen_t tolen;
	const struct msghdr *control;
	size_t total;
};

/* --- where to --- */

/* Linux: rawv6_sendmsg(): IPv6's port, if given, is the protocol. */
static int check_raw_port(const struct shm_sock *s, struct shm_addr *to)
{
	uint16_t port = to->port;

	to->port = 0;
	return s->family == IP_V4 || port == 0 || port == s->protocol ? 1 : -EINVAL;
}

/* The destination as the user gave it: 1 given, 0 none (use the peer). */
static int parse_to(const struct shm_sock *s, const struct request *q,
	struct shm_addr *out)
{
	const struct sockaddr *to = q->to;
	struct sockaddr_in in;
	int r;

	if (!to)
		return 0;
	if (q->tolen < sizeof(to->sa_family))
		return -EINVAL;
	if (s->family == IP_V6 && to->sa_family == AF_UNSPEC)
		return 0; /* Linux: as if there were none */
	if (s->family == IP_V6 && !sock_is_raw(s) && to->sa_family != AF_INET &&
		to->sa_family != AF_INET6)
		return -EINVAL;
	if (s->family == IP_V4 && to->sa_family == AF_UNSPEC &&
		q->tolen >= sizeof(in)) {
		/* Linux: as good as AF_INET, here. */
		memcpy(&in, to, sizeof(in));
		in.sin_family = AF_INET;
		to = (const struct sockaddr *)&in;
	}
	r = sock_peer_parse(s, to, q->tolen, out);
	if (r < 0)
		return r;
	if (sock_is_raw(s))
		return check_raw_port(s, out);
	if (out->port == 0 && !sock_is_echo(s))
		return -EINVAL; /* RFC 768: zero means "no port" */
	return 1;
}

static void fill_stamps(struct outgoing *o, uint32_t tsflags)
{
	if (tsflags & SOCK_TX_STAMPS)
		o->m.flags |= SHM_MSG_STAMP_TX;
	if (tsflags & SOCK_TX_SCHED)
		o->m.flags |= SHM_MSG_STAMP_SCHED;
	if (tsflags & SOF_TIMESTAMPING_OPT_ID)
		o->m.err = atomic_add(&o->s->tskey, 1); /* only unique */
}

static void fill_header(struct outgoing *o, const struct wishes *w)
{
	const struct shm_opts *opt = &o->s->opts;
	bool v4 = o->m.dst.family == IP_V4, mc = o->kind == SOCK_ADDR_MULTICAST;
	int ttl = w->ttl, tos = w->tos;
	struct shm_msg *m = &o->m;

	if (ttl < 0)
		ttl = v4 ? mc ? opt->multicast_ttl : opt->ttl :
			mc ? opt->multicast_hops : opt->hops;
	if (tos < 0)
		tos = v4 ? opt->tos : opt->tclass;
	if (ttl < 0 || (ttl == 0 && v4 && !mc))
		ttl = SOCK_TTL_DEFAULT;
	m->ttl = (uint8_t)ttl;
	m->tos = (uint8_t)tos;
	m->pmtu = v4 ? opt->mtu_discover : opt->mtu_discover6;
	m->info = w->priority;
	m->data = w->mark;
	m->gso = sock_is_echo(o->s) || sock_is_raw(o->s) ? 0 : (uint16_t)w->gso;
	if (sock_is_lite(o->s))
		m->coverage = opt->lite_send;
	if (w->tsflags & (SOCK_TX_STAMPS | SOCK_TX_SCHED))
		fill_stamps(o, w->tsflags);
	if (sock_has_dgram(o->s, v4 ? SHM_D_NO_CHECK : SHM_D_NO_CHECK6_TX))
		m->flags |= SHM_MSG_NO_CHECKSUM;
	if (v4 ? opt->ip_bits & SHM_IP_NO_MC_LOOP :
		 opt->ip6_bits & SHM_IP6_NO_MC_LOOP)
		m->flags |= SHM_MSG_NO_LOOP;
	/* A group's packets take the way that was chosen; others the routes'. */
	m->ifindex = mc || o->kind == SOCK_ADDR_BROADCAST || w->ifindex ||
			(v4 ? opt->unicast_if : opt->unicast_if6) ?
		o->way.ifindex : 0;
}

static uint32_t less(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* IPV6_MTU; Linux: ip6_setup_cork(). */
static void limit_packets(struct outgoing *o)
{
	uint16_t frag = o->s->opts.frag_size6;

	if (frag == 0 || o->m.dst.family != IP_V6)
		return;
	o->m.frag = frag;
	o->way.mtu = less(o->way.mtu, frag);
	o->way.path = less(o->way.path, frag);
}

/* By a source route it goes to the first hop, which is all that Linux asks routes and
 * checksums about; *end is where it was to go. */
static int begin_route(struct outgoing *o, const struct ip_options *options,
	struct shm_addr *end, bool *strict)
{
	uint8_t hop[4];

	*strict = false;
	*end = o->m.dst;
	if (o->m.dst.family != IP_V4 || options->len == 0 ||
		!ipopt_hop(options, hop, strict))
		return 0;
	if (sock_addr_any(end))
		return -EINVAL;
	memcpy(o->m.dst.b, hop, sizeof(hop));
	o->m.flags |= SHM_MSG_ROUTED;
	return 0;
}

static int plan(struct sock_env *e, struct outgoing *o, const struct request *q,
	struct wishes *w)
{
	struct shm_addr end;
	bool strict;
	int r = parse_to(o->s, q, &o->m.dst);

	if (r < 0)
		return r;
	o->connected = r == 0;
	if (o->connected) {
		o->m.dst = o->s->remote;
		if (o->m.dst.family == IP_NONE)
			return -EDESTADDRREQ;
	}
	if (o->m.dst.family == IP_V4 && q->total > 0xffff)
		return -EMSGSIZE;
	r = wishes_read(e, o->s, q->control, &o->m.dst, w);
	if (r < 0)
		return r;
	r = begin_route(o, &w->options, &end, &strict);
	if (r == 0)
		r = sock_dest_resolve(e, o->s, &o->m.dst, &o->kind);
	if (r == 0)
		r = sock_dgram_way(e, o->s, &o->m.dst, o->kind, w->ifindex, &w->src,
			&o->way);
	if (r == 0 && strict && o->way.gateway.family != IP_NONE)
		r = -ENETUNREACH; /* Linux: ip_sendmsg_scope() is RT_SCOPE_LINK */
	if (r < 0)
		return r;
	if (o->kind == SOCK_ADDR_BROADCAST && !sock_has_opt(o->s, SHM_O_BROADCAST))
		return -EACCES;
	o->m.src = o->way.source;
	o->m.src.port = o->s->local.port;
	fill_header(o, w);
	options_go(e, &w->options, &end, &o->m);
	limit_packets(o);
	return 0;
}

/* --- how much --- */

#define IP4_MTU_MAX 65535

/* Linux: ip_sk_use_pmtu(); an IPv4 packet has no more bytes, whatever lo takes. */
static uint32_t way_takes(const struct outgoing *o)
{
	uint32_t mtu = o->m.pmtu < IP_PMTUDISC_PROBE ? o->way.path : o->way.mtu;

	return o->m.dst.family == IP_V4 && mtu > IP4_MTU_MAX ? IP4_MTU_MAX : mtu;
}

/* The most payload that goes out as one packet (*mtu), and at all. */
static size_t payload_max(const struct outgoing *o, size_t *one)
{
	bool v4 = o->m.dst.family == IP_V4;
	size_t header = (v4 ? IP4_HEADER + o->m.optlen : IP6_HEADER) +
		(sock_is_echo(o->s) || sock_is_raw(o->s) ? 0 : UDP_HEADER);
	size_t mtu = way_takes(o);

	*one = mtu > header ? mtu - header : 0;
	/* Linux: ip_sk_ignore_df() */
	if (o->m.pmtu < IP_PMTUDISC_DO || o->m.pmtu == IP_PMTUDISC_OMIT)
		return v4 ? 65535 - header : 65535 + IP6_HEADER - header;
	return *one;
}

static int check_length(struct sock_env *e, const struct outgoing *o, size_t total,
	int dontfrag)
{
	size_t one, max = payload_max(o, &one);
	uint32_t gso = o->m.gso;
	struct shm_addr to = o->m.dst;

	if (to.family == IP_V6 && total > one && (dontfrag > 0 ||
		(dontfrag < 0 && (o->s->opts.ip6_bits & SHM_IP6_DONTFRAG)))) {
		sock_report_pathmtu(e, o->i, &to, way_takes(o));
		max = one;
	}
	if (gso == 0 && total > max) {
		struct shm_addr peer = o->s->remote;

		to.port = to.family == IP_V4 ? peer.port : to.port;
		sock_report_local(e, o->i, &to, EMSGSIZE, way_takes(o));
		return -EMSGSIZE;
	}
	if (gso == 0)
		return 0;
	/* Linux: udp_send_skb() */
	if (total > (to.family == IP_V4 ? SOCK_UDP4_MAX : SOCK_UDP6_MAX) ||
		(total < gso ? total : gso) > one)
		return -EMSGSIZE;
	if (total > (size_t)gso * UDP_MAX_SEGMENTS ||
		(o->m.flags & SHM_MSG_NO_CHECKSUM))
		return -EINVAL;
	return sock_is_lite(o->s) ? -EIO : 0;
}

/* An echo socket sends echo requests and nothing else (Linux: ping_supported()). */
static int check_echo(const struct shm_sock *s, const struct request *q)
{
	uint8_t head[2] = { 0 };
	size_t got = 0;

	if (q->total < ICMP_HEADER)
		return -EINVAL;
	for (int k = 0; k < q->n && got < sizeof(head); k++) {
		const uint8_t *p = q->iov[k].iov_base;

		for (size_t b = 0; b < q->iov[k].iov_len && got < sizeof(head); b++)
			head[got++] = p[b];
	}
	return head[1] == 0 && head[0] == (s->protocol == IPPROTO_ICMP ?
			ICMP4_ECHO : ICMP6_ECHO_REQUEST) ? 0 : -EINVAL;
}

/* --- the call --- */

static int autobind(struct sock_env *e, uint32_t i, struct shm_sock *s)
{
	int r = 0;

	if (s->local.port != 0)
		return 0;
	if (!sock_lock(e, s))
		return -EAGAIN;
	r = sock_dgram_autobind(e, i, s);
	sock_unlock(e, s);
	return r;
}

/* The pending error, and SHUT_WR (sock_alloc_send_skb()). */
static int check_state(struct shm_sock *s)
{
	int r;

	/* Linux's raw sockets ask for no room with ip_append_data(). */
	if (sock_is_raw(s) && !sock_has_opt(s, SHM_O_HDRINCL))
		return 0;
	r = sock_take_error(s);
	return r == 0 && (sock_flags(s) & SHM_F_WRSHUT) ? -EPIPE : r;
}

/* To what MSG_MORE or UDP_CORK have begun, or beginning it. */
static int gather(struct sock_env *e, struct outgoing *o, const struct request *q,
	const struct span *payload, struct sock_effect *fx)
{
	bool more = (q->flags & MSG_MORE) || sock_has_dgram(o->s, SHM_D_CORK);
	int r;

	/* Made under the same lock: so now, in case the datagram leaves the host. */
	if (!sock_dgram_tx(e, o->s))
		return -ENOBUFS;
	if (!sock_lock(e, o->s))
		return -EAGAIN;
	r = dgram_cork(e, o, o->s, payload, (unsigned)q->n, q->total);
	if (r == 0 && !more)
		r = dgram_uncork(e, o->i, o->s, fx);
	sock_unlock(e, o->s);
	return r;
}

static int send_whole(struct sock_env *e, struct outgoing *o,
	const struct request *q, const struct span *payload,
	struct sock_effect *fx)
{
	struct wishes w;
	int r = plan(e, o, q, &w);

	if (r < 0)
		return r;
	if (q->flags & SOCK_MSG_PROBE)
		return 0; /* Linux: all but the sending */
	o->m.len = (uint32_t)q->total;
	if (sock_is_raw(o->s))
		r = sock_raw_message(o->s, q->iov, q->n, &o->m);
	if (r == 0 && !(o->m.flags & SHM_MSG_WHOLE))
		r = check_length(e, o, q->total, w.dontfrag);
	if (r == 0)
		r = check_state(o->s);
	if (r < 0)
		return r;
	if (((q->flags & MSG_MORE) || sock_has_dgram(o->s, SHM_D_CORK)) &&
		!sock_is_echo(o->s) && !(o->m.flags & SHM_MSG_WHOLE))
		return gather(e, o, q, payload, fx);
	return dgram_out(e, o, payload, (unsigned)q->n, fx);
}

/* Linux: udpv6_sendmsg() leaves it to the IP layer how much is too much, which puts
 * the error into the queue. */
static bool is_udp6(const struct shm_sock *s)
{
	return s->family == IP_V6 && !sock_is_raw(s) && !sock_is_echo(s);
}

ssize_t sock_sendto(struct sock_env *e, uint32_t i, const struct iovec *iov, int n,
	int flags, const struct sockaddr *to, socklen_t tolen,
	const struct msghdr *control, struct sock_effect *fx)
{
	struct request q = { iov, n, flags, to, tolen, control,
		sock_iov_total(iov, n) };
	struct outgoing o = { .i = i, .s = sock_live(e, i) };
	struct span payload[IOV_LINUX_MAX];
	int r;

	*fx = (struct sock_effect){ 0 };
	if (!o.s)
		return -EBADF;
	if (sock_is_stream(o.s))
		return -EOPNOTSUPP;
	if (sock_is_packet(o.s))
		return packet_send(e, i, o.s, iov, n, to, tolen, control, fx);
	r = autobind(e, i, o.s);
	if (r < 0)
		return r;
	if (n > IOV_LINUX_MAX || n < 0 || (q.total > 0xffff && !is_udp6(o.s)))
		return -EMSGSIZE;
	if ((flags & MSG_OOB) && (o.s->family == IP_V4 ||
			sock_is_echo(o.s) || sock_is_raw(o.s)))
		return -EOPNOTSUPP; /* "mirror BSD" */
	if (!sock_can_read(iov, n, q.total))
		r = -EFAULT;
	else if (sock_is_echo(o.s))
		r = check_echo(o.s, &q);
	if (r < 0)
		return r;
	for (int k = 0; k < n; k++)
		payload[k] = (struct span){ iov[k].iov_base, iov[k].iov_len };
	r = dgram_corked(o.s) ? gather(e, &o, &q, payload, fx) :
				send_whole(e, &o, &q, payload, fx);
	if (r < 0)
		return r;
	atomic_put_relaxed(&o.s->bytes_out, /* a statistic */
		atomic_get_relaxed(&o.s->bytes_out) + q.total);
	return (ssize_t)q.total;
}
