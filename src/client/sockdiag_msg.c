/* What inet_diag says of one socket: Linux's inet_sk_diag_fill() and its kin. The order
 * of the attributes is Linux's.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>

#include "shm/tcpinfo.h"
#include "sock/info.h"
#include "sockdiag.h"

#define MEMINFO_WORDS 9 /* SK_MEMINFO_VARS */
#define CONGESTION_MAX 16
#define ASKED(w, attribute) ((w)->ext & 1u << ((attribute) - 1))

/* --- names and state ----------------------------------------------------------------- */

/* IPv4 on a socket of IPv6 is shown mapped (RFC 4291 2.5.5.2), but for no address. */
void sockdiag_address(const struct shm_addr *a, bool v6, __be32 out[4])
{
	struct ip_addr ip = { .family = a->family };

	memcpy(ip.b, a->b, sizeof(ip.b));
	memcpy(out, ip.b, 16);
	if (v6 && a->family == IP_V4 && out[0] != 0) {
		ip = ip_addr_map(&ip);
		memcpy(out, ip.b, 16);
	}
}

/* Linux's number of the state; 0: not to be found in its tables. */
static unsigned stream_state(uint32_t i, struct shm_sock *s)
{
	struct shm_tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	switch (atomic_get_relaxed(&s->state)) {
	case SHM_SOCK_OPEN:
		return atomic_get_relaxed(&s->flags) & SHM_F_BOUND ? TCP_CLOSE : 0;
	case SHM_SOCK_LISTEN:
		return TCP_LISTEN;
	case SHM_SOCK_CONNECTING:
	case SHM_SOCK_CONNECTED:
		if (sock_getopt(&cl.env, i, IPPROTO_TCP, TCP_INFO, &info, &len) < 0 ||
			info.state == TCP_CLOSE)
			return 0;
		return info.state;
	default:
		return 0;
	}
}

bool sockdiag_names(uint32_t i, struct inet_diag_msg *m)
{
	struct shm_sock *s = shm_sock_at(&cl.arena, i);
	bool v6 = s->family == IP_V6;
	uint64_t cookie;

	*m = (struct inet_diag_msg){ .idiag_family = v6 ? AF_INET6 : AF_INET };
	m->idiag_state = s->type == SOCK_STREAM ? (uint8_t)stream_state(i, s) :
		s->remote.family != IP_NONE && (s->remote.port || s->type == SOCK_RAW) ?
						  TCP_ESTABLISHED :
						  TCP_CLOSE;
	m->id.idiag_sport = htons(s->type == SOCK_RAW ? s->protocol : s->local.port);
	m->id.idiag_dport = htons(s->type == SOCK_RAW ? 0 : s->remote.port);
	sockdiag_address(&s->local, v6, m->id.idiag_src);
	sockdiag_address(&s->remote, v6, m->id.idiag_dst);
	m->id.idiag_if = s->opts.bound_if ? s->opts.bound_if :
		s->remote.scope ? s->remote.scope : s->local.scope;
	/* Pairs with the release in standin_record(). An embryo has none yet. */
	cookie = atomic_get_acquire(&s->cookie);
	if (cookie == 0)
		cookie = UINT64_C(1) << 63 | (uint64_t)atomic_get_relaxed(&s->gen) << 24 | i;
	m->id.idiag_cookie[0] = (uint32_t)cookie;
	m->id.idiag_cookie[1] = (uint32_t)(cookie >> 32);
	return m->idiag_state != 0 && m->id.idiag_sport != 0;
}

/* --- queues and timers ------------------------------------------------------------------ */

static bool fin_came(const struct shm_sock *s)
{
	struct shm_fifo *rx = s->type == SOCK_STREAM ?
		shm_fifo_at(&cl.arena, s->rx) : NULL;

	return rx && atomic_get_relaxed(&rx->fin) != SHM_FIN_NONE;
}

/* Linux counts numbers: a FIN that was not read, or not acknowledged, is one. */
static void stream_queues(uint32_t i, struct shm_sock *s, struct inet_diag_msg *m)
{
	int v = 0;

	if (sock_ioctl(&cl.env, i, FIONREAD, &v) == 0)
		m->idiag_rqueue = (uint32_t)v;
	if (fin_came(s) && !(atomic_get_relaxed(&s->flags) & SHM_F_FIN_SEEN))
		m->idiag_rqueue++;
	if (sock_ioctl(&cl.env, i, SIOCOUTQ, &v) == 0)
		m->idiag_wqueue = (uint32_t)v;
	if (m->idiag_state == TCP_FIN_WAIT1 || m->idiag_state == TCP_CLOSING ||
		m->idiag_state == TCP_LAST_ACK)
		m->idiag_wqueue++;
}

/* All that lies there, with what belongs to it: Linux counts its buffers. */
static void dgram_queues(uint32_t i, struct shm_sock *s, struct inet_diag_msg *m)
{
	struct shm_fifo *rx = shm_fifo_at(&cl.arena, s->rx);
	int v = 0;

	if (rx) /* a statistic: in no order */
		m->idiag_rqueue = atomic_get_relaxed(&rx->sh.tail) -
			atomic_get_relaxed(&rx->sh.head);
	if (sock_ioctl(&cl.env, i, SIOCOUTQ, &v) == 0)
		m->idiag_wqueue = (uint32_t)v;
}

static void fill_queues(uint32_t i, struct shm_sock *s, uint32_t queued,
	struct inet_diag_msg *m)
{
	struct sock_timer t;

	if (m->idiag_state == TCP_LISTEN) {
		m->idiag_rqueue = queued;
		m->idiag_wqueue = (uint32_t)s->backlog;
	} else if (s->type == SOCK_STREAM && m->idiag_state != TCP_CLOSE) {
		stream_queues(i, s, m);
	} else if (s->type != SOCK_STREAM) {
		dgram_queues(i, s, m);
	}
	sock_timer(&cl.env, i, &t);
	m->idiag_timer = t.kind;
	m->idiag_retrans = t.tries;
	m->idiag_expires = t.expires_ms;
}

/* False: it is closed, which nobody had noticed. */
static bool fill_owner(uint32_t i, struct shm_sock *s, struct inet_diag_msg *m,
	struct standin_seen *seen)
{
	uint64_t cookie = atomic_get_acquire(&s->cookie); /* as sockdiag_names() */

	*seen = (struct standin_seen){ (uint32_t)sys_call0(SYS_getuid), 0 };
	if ((atomic_get_relaxed(&s->flags) & SHM_F_EMBRYO) || cookie == 0)
		return !(s->owner_slot && standin_is_dead(NULL, i) == 1);
	if (!client_is_confined() &&
		standin_see(atomic_get_relaxed(&s->ino), cookie, seen) == 1) {
		if (atomic_get_relaxed(&s->via) == SHM_VIA_NET)
			return true; /* nobody's: Linux's orphan */
		sock_forget(&cl.env, i); /* its TIME-WAIT is told of instead */
		return false;
	}
	m->idiag_uid = seen->uid;
	m->idiag_inode = (uint32_t)atomic_get_relaxed(&s->ino);
	return true;
}

/* --- attributes ---------------------------------------------------------------------------- */

static uint8_t shutdown_of(const struct shm_sock *s)
{
	uint32_t flags = atomic_get_relaxed(&((struct shm_sock *)(uintptr_t)s)->flags);

	return (uint8_t)((flags & SHM_F_RDSHUT || fin_came(s) ? 1 : 0) |
		(flags & SHM_F_WRSHUT ? 2 : 0));
}

static void put_sockopt(struct nlmsghdr *n, const struct shm_sock *s)
{
	const struct shm_opts *p = &s->opts;
	uint32_t kept = s->kept.bits;
	struct inet_diag_sockopt v = {
		.recverr = !!(p->ip_bits & SHM_IP_RECVERR),
		.is_icsk = s->type == SOCK_STREAM,
		.freebind = !!(p->bits & SHM_O_FREEBIND),
		.hdrincl = !!(p->bits & SHM_O_HDRINCL),
		.mc_loop = !(p->ip_bits & SHM_IP_NO_MC_LOOP),
		.transparent = !!(kept & SHM_K_TRANSPARENT),
		.mc_all = !(p->ip_bits & SHM_IP_NO_MC_ALL),
		.nodefrag = !!(kept & SHM_K_NODEFRAG),
		.bind_address_no_port = !!(p->bits & SHM_O_BIND_NO_PORT),
		.recverr_rfc4884 = !!(p->ip_bits & SHM_IP_RFC4884),
		.defer_connect = !!(atomic_get_relaxed(
			&((struct shm_sock *)(uintptr_t)s)->flags) & SHM_F_FO_WAITS),
	};

	rtnl_attr(n, INET_DIAG_SOCKOPT, &v, sizeof(v));
}

/* Linux: inet_diag_msg_attrs_fill(). */
static void put_common(struct nlmsghdr *n, const struct sockdiag_want *w,
	const struct shm_sock *s, const struct inet_diag_msg *m)
{
	rtnl_attr_u8(n, INET_DIAG_SHUTDOWN, shutdown_of(s));
	if (ASKED(w, INET_DIAG_TOS))
		rtnl_attr_u8(n, INET_DIAG_TOS, s->opts.tos);
	if (m->idiag_family == AF_INET6) {
		if (ASKED(w, INET_DIAG_TCLASS))
			rtnl_attr_u8(n, INET_DIAG_TCLASS, s->opts.tclass);
		if (m->idiag_state == TCP_LISTEN || m->idiag_state == TCP_CLOSE)
			rtnl_attr_u8(n, INET_DIAG_SKV6ONLY,
				!!(s->opts.bits & SHM_O_V6ONLY));
	}
	if (w->admin)
		rtnl_attr_u32(n, INET_DIAG_MARK, s->opts.mark);
	if (ASKED(w, INET_DIAG_TCLASS)) /* Linux: there is no bit for it */
		rtnl_attr_u32(n, INET_DIAG_CLASS_ID, s->opts.priority);
	put_sockopt(n, s);
}

static void put_memory(struct nlmsghdr *n, const struct sockdiag_want *w, uint32_t i)
{
	uint32_t v[MEMINFO_WORDS] = { 0 };
	socklen_t len = sizeof(v);
	struct inet_diag_meminfo old;

	if (sock_getopt(&cl.env, i, SOL_SOCKET, SO_MEMINFO, v, &len) < 0)
		return;
	/* SK_MEMINFO_RMEM_ALLOC, RCVBUF, WMEM_ALLOC, SNDBUF, FWD_ALLOC, WMEM_QUEUED */
	old = (struct inet_diag_meminfo){ v[0], v[5], v[4], v[2] };
	if (ASKED(w, INET_DIAG_MEMINFO))
		rtnl_attr(n, INET_DIAG_MEMINFO, &old, sizeof(old));
	if (ASKED(w, INET_DIAG_SKMEMINFO))
		rtnl_attr(n, INET_DIAG_SKMEMINFO, v, sizeof(v));
}

static void put_tcp(struct nlmsghdr *n, const struct sockdiag_want *w, uint32_t i,
	const struct inet_diag_msg *m)
{
	char name[CONGESTION_MAX + 1] = { 0 };
	struct shm_tcp_info info = { 0 };
	struct shm_bbr_info bbr;
	socklen_t len = sizeof(info), bbr_len = sizeof(bbr), name_len = CONGESTION_MAX;

	if (ASKED(w, INET_DIAG_INFO)) {
		sock_getopt(&cl.env, i, IPPROTO_TCP, TCP_INFO, &info, &len);
		if (m->idiag_state == TCP_LISTEN) { /* Linux: tcp_get_info() */
			info.unacked = m->idiag_rqueue;
			info.sacked = m->idiag_wqueue;
		}
		rtnl_attr(n, INET_DIAG_INFO, &info, sizeof(info));
	}
	if (ASKED(w, INET_DIAG_CONG) && sock_getopt(&cl.env, i, IPPROTO_TCP,
			TCP_CONGESTION, name, &name_len) == 0)
		rtnl_attr_text(n, INET_DIAG_CONG, name);
	if (m->idiag_state < TCP_TIME_WAIT && ASKED(w, INET_DIAG_VEGASINFO) &&
		sock_getopt(&cl.env, i, IPPROTO_TCP, TCP_CC_INFO, &bbr, &bbr_len) == 0 &&
		bbr_len == sizeof(bbr))
		rtnl_attr(n, INET_DIAG_BBRINFO, &bbr, sizeof(bbr));
}

bool sockdiag_put(struct rtnl_out *o, const struct sockdiag_want *w, uint32_t i,
	struct inet_diag_msg *m)
{
	struct shm_sock *s = shm_sock_at(&cl.arena, i);
	struct standin_seen seen;
	struct nlmsghdr *n;

	if (!fill_owner(i, s, m, &seen))
		return false;
	if (s->type == SOCK_STREAM && !*w->silent)
		*w->silent = !tcpinfo_refresh_any(i);
	fill_queues(i, s, seen.queued, m);
	n = rtnl_begin(o, w->type, m, sizeof(*m));
	put_common(n, w, s, m);
	put_memory(n, w, i);
	if (s->type == SOCK_RAW)
		rtnl_attr_u8(n, INET_DIAG_PROTOCOL, (uint8_t)s->protocol);
	if (s->type == SOCK_STREAM)
		put_tcp(n, w, i, m);
	rtnl_end(o, n);
	return true;
}
