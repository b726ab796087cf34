/* Where a datagram goes: to sockets of this host straight into their queues, to
 * everybody else by the sender's transmit queue and the service.
 *
 *	one of our own addresses	its best receiver; nobody: the port
 *					unreachable comes at once
 *	a group or broadcast address	all receivers here, and the link
 *	an address elsewhere, any echo	the service
 *
 * A full receiver drops, as on Linux.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <linux/net_tstamp.h>
#include <poll.h>
#include <time.h>

#include <linux/errqueue.h>

#include "dgram.h"
#include "filter.h"
#include "group.h"
#include "packet.h"
#include "reuse.h"
#include "sock/report.h"

#define IOV_LINUX_MAX 1024
#define GROUP_MAX 512 /* receivers of one broadcast or multicast */

/* What an ICMP error quotes: RFC 1812 4.3.2.3's 576 bytes and RFC 4443 2.4 (c)'s
 * 1,280, less its own headers and those quoted. */
#define QUOTE4 (576 - 20 - 8 - 20 - 8)
#define QUOTE6 (1280 - 40 - 8 - 40 - 8)
#define ICMP4_UNREACHABLE 3
#define ICMP4_PORT 3
#define ICMP6_UNREACHABLE 1
#define ICMP6_PORT 4

/* --- pieces of the payload --- */

/* Bytes [off, off + len) of spans; how many pieces. */
static unsigned slice(const struct span *p, unsigned n, size_t off, size_t len,
	struct span *out)
{
	unsigned k = 0;

	for (unsigned j = 0; j < n && len > 0; j++) {
		size_t piece;

		if (off >= p[j].len) {
			off -= p[j].len;
			continue;
		}
		piece = p[j].len - off < len ? p[j].len - off : len;
		out[k++] = (struct span){ (const uint8_t *)p[j].base + off, piece };
		off = 0;
		len -= piece;
	}
	return k;
}

/* --- into a queue --- */

/* RFC 3828 3.3, by Linux: who has set the least coverage that it takes (0: all)
 * gets nothing that has less. */
static bool too_little(const struct shm_sock *s, const struct shm_msg *m)
{
	uint32_t least = s->opts.lite_recv;

	return sock_has_dgram(s, SHM_D_LITE_RECV) && m->coverage &&
		m->coverage < m->len + UDP_HEADER && (!least || m->coverage < least);
}

static int deliver_all(struct sock_env *e, uint32_t i, struct shm_sock *s,
	const struct shm_msg *m, const struct span *payload, unsigned n, bool *ring)
{
	struct shm_fifo *f;
	struct shm_msg own;
	int r;

	if (sock_has_dgram(s, SHM_D_RXQ_OVFL | SHM_D_STAMP)) {
		f = sock_rx(e, s);
		own = *m;
		if (f && sock_has_dgram(s, SHM_D_RXQ_OVFL))
			own.drops = atomic_get_relaxed(&f->drops);
		if (own.time_ns == 0 && e->wall_ns &&
			sock_has_dgram(s, SHM_D_STAMP))
			own.time_ns = e->wall_ns(e->user);
		m = &own;
	}
	r = sock_enqueue(e, sock_once(&s->rx), m, payload, n);
	if (r < 0)
		return -ENOBUFS;
	*ring = sock_notify(e, i, POLLIN | POLLRDNORM);
	return 0;
}

/* SO_ATTACH_FILTER: not at all, or the first bytes. */
static int deliver_filtered(struct sock_env *e, uint32_t i, struct shm_sock *s,
	const struct shm_msg *m, const struct span *payload, unsigned n, bool *ring)
{
	int64_t keep = filter_pass(e, s, m, payload, n);
	struct span part[IOV_LINUX_MAX];
	struct shm_msg own = *m;
	struct shm_fifo *f;

	if (keep < 0) {
		f = sock_rx(e, s);
		if (f)
			atomic_add(&f->drops, 1); /* a statistic */
		return -ENOBUFS;
	}
	own.len = (uint32_t)keep;
	return deliver_all(e, i, s, &own, part,
		slice(payload, n, 0, own.len, part), ring);
}

int sock_deliver(struct sock_env *e, uint32_t i, const struct shm_msg *m,
	const struct span *payload, unsigned n, bool *ring)
{
	struct shm_sock *s = sock_live(e, i);

	*ring = false;
	if (!s || too_little(s, m))
		return -ENOBUFS;
	return sock_once(&s->filter) != 0 ?
		deliver_filtered(e, i, s, m, payload, n, ring) :
		deliver_all(e, i, s, m, payload, n, ring);
}

static void ring_for(struct sock_env *e, uint32_t to, struct sock_effect *fx)
{
	if (fx->ring_to == 0 || fx->ring_to == to)
		fx->ring_to = to;
	else if (e->ring)
		e->ring(e->user, to); /* a further one */
}

/* UDP_SEGMENT: one message to who takes such (UDP_GRO), else one for each. */
static void deliver_segments(struct sock_env *e, uint32_t to,
	const struct shm_msg *m, const struct span *payload, unsigned n,
	bool *wake)
{
	struct span part[IOV_LINUX_MAX];
	struct shm_msg one = *m;
	bool ring;

	one.gso = 0;
	for (size_t off = 0; off < m->len; off += m->gso) {
		size_t len = m->len - off < m->gso ? m->len - off : m->gso;

		one.len = (uint32_t)len;
		if (sock_deliver(e, to, &one, part,
			slice(payload, n, off, len, part), &ring) == 0)
			*wake |= ring;
	}
}

static void deliver_to(struct sock_env *e, uint32_t to, const struct shm_msg *m,
	const struct span *payload, unsigned n, struct sock_effect *fx)
{
	struct shm_sock *s = sock_live(e, to);
	bool wake = false;
	struct shm_msg whole;

	if (m->gso && m->gso >= m->len) {
		whole = *m;
		whole.gso = 0;
		m = &whole;
	}
	if (m->gso && s && !sock_has_dgram(s, SHM_D_GRO))
		deliver_segments(e, to, m, payload, n, &wake);
	else if (sock_deliver(e, to, m, payload, n, &wake) < 0)
		return; /* a full receiver drops */
	if (wake)
		ring_for(e, to, fx);
}

/* --- within the host --- */

static void options_come(const struct sock_env *e, struct outgoing *o)
{
	if (o->m.optlen)
		sock_options_come(e, &o->m, &(struct span){ o->m.opt, o->m.optlen });
}

/* The ICMP port unreachable of RFC 1122 4.1.3.1. */
static void refuse(struct sock_env *e, const struct outgoing *o,
	const struct span *payload, unsigned n)
{
	bool v4 = o->m.dst.family == IP_V4;
	struct shm_msg m = { .err = ECONNREFUSED, .src = o->m.dst,
		.dst = o->m.dst, .ttl = SOCK_TTL_DEFAULT, .ifindex = o->m.ifindex,
		.tos = v4 ? 0xc0 : 0,
		.origin = v4 ? SO_EE_ORIGIN_ICMP : SO_EE_ORIGIN_ICMP6,
		.type = v4 ? ICMP4_UNREACHABLE : ICMP6_UNREACHABLE,
		.code = v4 ? ICMP4_PORT : ICMP6_PORT };
	struct span quote[IOV_LINUX_MAX];
	size_t max = v4 ? QUOTE4 : QUOTE6;

	m.src.port = 0;
	m.len = o->m.len < max ? o->m.len : (uint32_t)max;
	sock_dgram_error(e, o->i, &m, true, quote,
		slice(payload, n, 0, m.len, quote));
}

static void to_self(struct sock_env *e, struct outgoing *o,
	const struct span *payload, unsigned n, struct sock_effect *fx)
{
	struct reuse_packet k = { .payload = payload, .n = n, .len = o->m.len,
		.v6 = o->m.dst.family == IP_V6 };
	uint32_t to;

	/* Linux: IPv6's packets are seen on the link of the address. */
	o->m.ifindex = o->m.dst.family == IP_V6 ?
		sock_addr_ifindex(e, &o->m.dst) : SOCK_LO_INDEX;
	k.ifindex = o->m.ifindex;
	options_come(e, o);
	to = sock_find_dgram_for(e, o->s->protocol, &o->m.dst, &o->m.src,
		o->m.ifindex, &k);
	if (to == 0)
		refuse(e, o, payload, n);
	else
		deliver_to(e, to, &o->m, payload, n, fx);
}

/* To everybody here who listens to the group, if the host does on that link. */
static void to_members(struct sock_env *e, struct outgoing *o,
	const struct span *payload, unsigned n, struct sock_effect *fx)
{
	uint32_t to[GROUP_MAX];
	unsigned found;

	o->m.ifindex = o->way.ifindex;
	if (o->kind == SOCK_ADDR_MULTICAST &&
		!group_host_joined(e, &o->m.dst, &o->m.src, o->m.ifindex))
		return;
	found = sock_find_dgrams(e, o->s->protocol, &o->m.dst, &o->m.src,
		o->m.ifindex, to, GROUP_MAX);
	options_come(e, o);
	for (unsigned k = 0; k < found; k++)
		deliver_to(e, to[k], &o->m, payload, n, fx);
}

/* --- to the service --- */

int sock_dgram_to_service(struct sock_env *e, uint32_t i, struct shm_sock *s,
	const struct shm_msg *m, const struct span *payload, unsigned n,
	struct sock_effect *fx)
{
	struct shm_fifo *f = sock_dgram_tx(e, s);
	uint32_t tx = sock_once(&s->tx);
	int r;

	if (!f)
		return -ENOBUFS;
	r = sock_enqueue(e, tx, m, payload, n);
	if (r == -ENOBUFS) {
		/* Pairs with sock_next_outgoing(): head, fence, nospace. */
		atomic_put_relaxed(&f->nospace, 1);
		atomic_full_fence();
		r = sock_enqueue(e, tx, m, payload, n);
		if (r == -ENOBUFS)
			return -EAGAIN;
	}
	if (r == 0)
		fx->service |= sock_want_service(e, i);
	return r;
}

static int to_net(struct sock_env *e, struct outgoing *o, const struct span *payload,
	unsigned n, struct sock_effect *fx)
{
	return sock_dgram_to_service(e, o->i, o->s, &o->m, payload, n, fx);
}

/* --- transmit times --- */

bool sock_report_sent(struct sock_env *e, uint32_t i, const struct shm_msg *m,
	const struct span *payload, unsigned n)
{
	struct shm_msg r = { .err = ENOMSG, .origin = SO_EE_ORIGIN_TIMESTAMPING,
		.data = m->err, .time_ns = e->wall_ns ? e->wall_ns(e->user) : 0 };
	struct shm_sock *s = sock_live(e, i);
	bool ring = false;

	if (!s)
		return false;
	if (!(sock_once(&s->opts.tsflags) & SOF_TIMESTAMPING_OPT_TSONLY))
		r.len = m->len;
	if (r.len == 0)
		n = 0;
	if (m->flags & SHM_MSG_STAMP_SCHED) {
		r.info = SCM_TSTAMP_SCHED;
		ring |= sock_report_put(e, i, &r, payload, n);
	}
	if (m->flags & SHM_MSG_STAMP_TX) {
		r.info = SCM_TSTAMP_SND;
		ring |= sock_report_put(e, i, &r, payload, n);
	}
	return ring;
}

/* --- all ways --- */

static bool is_group(const struct outgoing *o)
{
	return o->kind == SOCK_ADDR_MULTICAST || o->kind == SOCK_ADDR_BROADCAST;
}

int dgram_out(struct sock_env *e, struct outgoing *o, const struct span *payload,
	unsigned n, struct sock_effect *fx)
{
	bool packets = sock_is_echo(o->s) || sock_is_raw(o->s) ||
		(o->m.flags & SHM_MSG_ROUTED) ||
		sock_by_packets(e) || sock_raw_hears(e, o->s->protocol);
	bool no_loop = o->m.flags & SHM_MSG_NO_LOOP;
	int r = 0;

	if (packets || (!is_group(o) && o->kind == SOCK_ADDR_OTHER))
		return to_net(e, o, payload, n, fx);
	if (is_group(o) && o->way.ifindex != SOCK_LO_INDEX &&
		!(o->m.ttl == 0 && o->kind == SOCK_ADDR_MULTICAST)) {
		/* We ourselves hear it from here, not from the stack. */
		o->m.flags |= SHM_MSG_NO_LOOP;
		r = to_net(e, o, payload, n, fx);
	}
	if (r < 0)
		return r;
	if (!is_group(o))
		to_self(e, o, payload, n, fx);
	else if (!no_loop || o->kind == SOCK_ADDR_BROADCAST ||
		o->way.ifindex == SOCK_LO_INDEX)
		to_members(e, o, payload, n, fx);
	if (o->m.flags & (SHM_MSG_STAMP_TX | SHM_MSG_STAMP_SCHED) &&
		(!is_group(o) || o->way.ifindex == SOCK_LO_INDEX))
		sock_report_sent(e, o->i, &o->m, payload, n);
	return 0;
}
