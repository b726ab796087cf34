/* Datagrams over the transport NET: UDP and ICMP echo (net.c has the picture).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "inside.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <time.h>

#include <linux/errqueue.h>

#include "base/atomic.h"
#include "limits.h"
#include "shm/packet.h"
#include "sock/extension.h"
#include "sock/report.h"

void net_ring_name(struct net *n, uint32_t i, struct shm_sock *s)
{
	atomic_put_release(&s->rung, 1); /* as for streams */
	n->ops.ring_name(n->ops.user, i, atomic_get_acquire(&s->gen));
}

int net_on_datagram(void *user, struct instant now,
	const struct stack_datagram *d)
{
	struct net *n = user;
	struct shm_msg m = {
		.len = (uint32_t)d->payload.len,
		.src = net_addr_of(&d->src),
		.dst = net_addr_of(&d->dst),
		.time_ns = n->ops.wall_ns(n->ops.user),
		.ifindex = d->ifindex,
		.ttl = d->ttl,
		.tos = d->tos,
		.coverage = d->coverage,
	};
	uint32_t to[RECEIVERS_MAX];
	unsigned found = sock_find_receivers(n->env, d->proto, &m.dst, &m.src,
		m.ifindex, &d->payload, to, RECEIVERS_MAX);
	int err = found ? 0 : -ECONNREFUSED;

	if (d->options.len)
		sock_options_come(n->env, &m, &d->options);
	for (unsigned k = 0; k < found; k++) {
		struct shm_sock *s = shm_sock_at(n->arena, to[k]);
		bool wake = false;

		err = sock_deliver(n->env, to[k], &m, &d->payload, 1, &wake);
		if (wake && s)
			net_ring_name(n, to[k], s);
	}
	return err;
}

static void datagram_fail(struct net *n, uint32_t i, int err)
{
	struct shm_sock *s = shm_sock_at(n->arena, i);

	if (s && sock_fail(n->env, i, err, false))
		net_ring_name(n, i, s);
}

/* RFC 1191 6.2: about a datagram that s has sent. Linux: ipv4_sk_update_pmtu(),
 * ip6_sk_update_pmtu(). */
static void learn_path(struct net *n, const struct shm_sock *s,
	const struct ip_error_in *e)
{
	uint8_t mode = e->dst.family == IP_V4 ? s->opts.mtu_discover :
						s->opts.mtu_discover6;

	if (e->err != EMSGSIZE || e->mtu == 0 ||
		mode == IP_PMTUDISC_INTERFACE || mode == IP_PMTUDISC_OMIT)
		return;
	stack_learn_pmtu(n->stack, n->now, &e->dst, e->mtu);
}

void net_on_path(void *user, struct instant now, const struct ip_addr *dst, uint32_t mtu)
{
	struct net *n = user;
	struct ip_name to = { *dst, 0 };
	struct shm_addr a = net_addr_of(&to);

	publish_path(n->arena->hdr, &a, mtu, instant_add(now, PATH_LIFE).ns, &n->paths);
}

void net_on_datagram_error(void *user, uint8_t proto,
	const struct ip_name *local, const struct ip_name *remote,
	const struct ip_error_in *e, const struct span *payload)
{
	struct net *n = user;
	struct shm_addr l = net_addr_of(local), r = net_addr_of(remote);
	uint32_t i = sock_find_dgram(n->env, proto, &l, &r);
	struct shm_sock *s = i ? shm_sock_at(n->arena, i) : NULL;
	struct ip_name from = { e->from, 0 };
	struct shm_msg m = { .len = (uint32_t)payload->len,
		.src = net_addr_of(&from), .dst = r, .err = (uint32_t)e->err,
		.origin = r.family == IP_V4 ? SO_EE_ORIGIN_ICMP :
					      SO_EE_ORIGIN_ICMP6,
		.type = e->type, .code = e->code, .ttl = e->ttl, .tos = e->tos,
		.ifindex = e->ifindex, .info = e->info };
	/* Linux: too long for the path counts, unless paths are not asked. */
	bool hard = e->fatal || (e->err == EMSGSIZE && s &&
		(r.family == IP_V4 ? s->opts.mtu_discover :
				     s->opts.mtu_discover6) != IP_PMTUDISC_DONT);

	if (s && e->ext && e->ext >= (size_t)((const uint8_t *)payload->base - e->l4))
		m.data = sock_report_extension(s, r.family, payload, e->ext -
			(size_t)((const uint8_t *)payload->base - e->l4));
	if (s)
		learn_path(n, s, e);
	if (s && sock_dgram_error(n->env, i, &m, hard, payload, 1))
		net_ring_name(n, i, s);
}

static int send_one(struct net *n, const struct shm_sock *s,
	const struct shm_msg *m, const struct span *payload)
{
	struct stack_datagram d = {
		.src = net_name_of(&m->src),
		.dst = net_name_of(&m->dst),
		.proto = (uint8_t)s->protocol,
		.ttl = m->ttl,
		.tos = m->tos,
		.pmtu = m->pmtu,
		.no_loop = m->flags & SHM_MSG_NO_LOOP,
		.coverage = m->coverage,
		.ifindex = m->ifindex,
		.payload = *payload,
		.frag = net_frag_of(m),
		.options = { m->opt, m->optlen },
	};

	if (d.src.addr.family != d.dst.addr.family)
		return -EINVAL;
	if (!ip_addr_is_any(&d.src.addr) &&
		!stack_is_local(n->stack, &d.src.addr))
		return -EADDRNOTAVAIL;
	return stack_send_datagram(n->stack, n->now, &d);
}

/* In pieces of m->gso bytes, if it says so (UDP_SEGMENT). */
static int datagram_send(struct net *n, const struct shm_sock *s,
	const struct shm_msg *m)
{
	uint32_t step = m->gso && m->gso < m->len ? m->gso : m->len, at = 0;
	int err;

	if (m->len > DATAGRAM_MAX)
		return -EMSGSIZE;
	if (step && m->len > (uint64_t)step * SEGMENTS_MAX)
		return -EINVAL; /* what lies there is a program's word */
	do {
		uint32_t left = m->len - at;
		struct span piece = { n->datagram + at, left < step ? left : step };

		err = send_one(n, s, m, &piece);
		at += step;
	} while (at < m->len && err == 0);
	return err;
}

static void datagram_sent(struct net *n, uint32_t i, struct shm_sock *s,
	const struct shm_msg *m)
{
	struct span all = { n->datagram, m->len };

	if ((m->flags & (SHM_MSG_STAMP_TX | SHM_MSG_STAMP_SCHED)) &&
		sock_report_sent(n->env, i, m, &all, 1))
		net_ring_name(n, i, s);
}

/* True: more lies in the queue. */
bool net_datagrams_out(struct net *n, uint32_t i, struct shm_sock *s)
{
	bool wake = false;
	int budget = DATAGRAM_BUDGET;

	while (budget) {
		struct shm_msg m;
		bool w = false;
		int err;

		if (sock_next_outgoing(n->env, i, &m, n->datagram, DATAGRAM_MAX,
				&w) <= 0)
			break;
		wake |= w;
		budget--;
		err = s->type == SOCK_RAW ? net_raw_send(n, s, &m) :
			s->type == SHM_TYPE_PACKET ? net_packet_send(n, i, &m) :
						     datagram_send(n, s, &m);
		/* No room on the wire: lost, as anywhere on the way. */
		if (err && err != -ENOBUFS)
			datagram_fail(n, i, -err);
		else
			datagram_sent(n, i, s, &m);
	}
	if (wake)
		net_ring_name(n, i, s);
	return !budget;
}
