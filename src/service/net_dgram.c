/* Datagrams over the transport NET: UDP and ICMP echo (net.c has the picture).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "net_inside.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "base/atomic.h"
#include "limits.h"

static void ring_name(struct net *n, uint32_t i, struct shm_sock *s)
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
	};
	uint32_t i = sock_find_dgram(n->env, d->proto, &m.dst, &m.src);
	struct shm_sock *s = i ? shm_sock_at(n->arena, i) : NULL;
	bool wake = false;
	int err;

	if (!s)
		return -ECONNREFUSED;
	err = sock_deliver(n->env, i, &m, &d->payload, 1, &wake);
	if (wake)
		ring_name(n, i, s);
	return err;
}

static void datagram_fail(struct net *n, uint32_t i, int err)
{
	struct shm_sock *s = shm_sock_at(n->arena, i);

	if (s && sock_fail(n->env, i, err, false))
		ring_name(n, i, s);
}

void net_on_datagram_error(void *user, uint8_t proto,
	const struct ip_name *local, const struct ip_name *remote, int err,
	uint32_t mtu)
{
	struct net *n = user;
	struct shm_addr l = net_addr_of(local), r = net_addr_of(remote);
	uint32_t i = sock_find_dgram(n->env, proto, &l, &r);
	struct shm_sock *s = i ? shm_sock_at(n->arena, i) : NULL;

	/* Only connected sockets learn of it (RFC 1122 4.1.3.3, as Linux without
	 * IP_RECVERR); echo sockets always do. */
	if (s && (s->remote.port || proto != IP_PROTO_UDP))
		datagram_fail(n, i, err < 0 ? -err : err);
}

static int datagram_send(struct net *n, const struct shm_sock *s,
	const struct shm_msg *m)
{
	struct stack_datagram d = {
		.src = net_name_of(&m->src),
		.dst = net_name_of(&m->dst),
		.proto = (uint8_t)s->protocol,
		.ttl = m->ttl,
		.tos = m->tos,
		.pmtu = m->pmtu,
		.ifindex = m->ifindex,
		.payload = { n->datagram, m->len },
	};

	if (m->len > DATAGRAM_MAX)
		return -EMSGSIZE;
	if (d.src.addr.family != d.dst.addr.family)
		return -EINVAL;
	if (!ip_addr_is_any(&d.src.addr) &&
		!stack_is_local(n->stack, &d.src.addr))
		return -EADDRNOTAVAIL;
	return stack_send_datagram(n->stack, n->now, &d);
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
		err = datagram_send(n, s, &m);
		/* No room on the wire: lost, as anywhere on the way. */
		if (err && err != -ENOBUFS)
			datagram_fail(n, i, -err);
	}
	if (wake)
		ring_name(n, i, s);
	return !budget;
}
