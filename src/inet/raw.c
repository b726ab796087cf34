/* Raw sockets over the transport NET: copies of packets to those who want them,
 * packets from them to the stack (net.c has the picture, sock/raw.c the rules).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "inside.h"

#include <errno.h>
#include <string.h>

#include "base/atomic.h"
#include "base/checksum.h"
#include "base/ipopt.h"
#include "limits.h"

#define IP4_HEADER 20

static struct shm_msg describe(const struct net *n, const struct ip_packet_in *pkt)
{
	struct ip_name src = { pkt->src, 0 }, dst = { pkt->dst, 0 };

	return (struct shm_msg){ .src = net_addr_of(&src),
		.dst = net_addr_of(&dst),
		.time_ns = n->ops.wall_ns(n->ops.user),
		.ifindex = pkt->ifindex,
		.ttl = pkt->ttl,
		.tos = pkt->tos };
}

static bool is_icmp(const struct ip_packet_in *pkt)
{
	return pkt->proto == (pkt->dst.family == IP_V4 ? IP_PROTO_ICMP :
							 IP_PROTO_ICMP6);
}

/* Is the sum over it and the pseudo header right? Linux (rawv6_rcv_skb()): a socket
 * with IPV6_CHECKSUM, as ICMPv6's always are, hears nothing else; IPv4's hear all. */
static bool sound(const struct ip_packet_in *pkt)
{
	struct checksum sum = CHECKSUM_INIT;

	if (pkt->dst.family == IP_V4 || pkt->csum_ok)
		return true;
	checksum_add_pseudo(&sum, &pkt->src, &pkt->dst, pkt->proto,
		(uint32_t)pkt->len);
	checksum_add(&sum, pkt->l4, pkt->len);
	return checksum_finish(&sum) == 0;
}

/* raw(7): with the header. Its options, if any, have been filled in by us; the
 * checksum then is that of before, as Linux has it. */
static unsigned with_header(struct net *n, const struct ip_packet_in *pkt,
	struct shm_msg *m, uint8_t header[IP4_HEADER + IPOPT_BYTES],
	struct span payload[2])
{
	size_t len = (size_t)(pkt->l4 - pkt->l3);
	struct span options = ip_options_of(pkt);

	payload[0] = (struct span){ pkt->l3, len + pkt->len };
	if (options.len == 0 || options.len > IPOPT_BYTES)
		return 1;
	sock_options_come(n->env, m, &options);
	memcpy(header, pkt->l3, IP4_HEADER);
	memcpy(header + IP4_HEADER, m->opt, m->optlen);
	payload[0] = (struct span){ header, len };
	payload[1] = (struct span){ pkt->l4, pkt->len };
	return 2;
}

bool net_on_raw(void *user, struct instant now, const struct ip_packet_in *pkt)
{
	struct span payload[2] = { { pkt->l4, pkt->len } };
	uint8_t header[IP4_HEADER + IPOPT_BYTES];
	unsigned pieces = 1;
	uint32_t found[RAW_COPIES];
	struct net *n = user;
	struct shm_msg m;
	unsigned count;
	bool right;

	(void)now;
	if (!sock_any_raw(n->env))
		return false;
	m = describe(n, pkt);
	count = sock_find_raw(n->env, pkt->proto, &m.dst, &m.src,
		m.ifindex, found, RAW_COPIES);
	if (count == 0)
		return false;
	right = sound(pkt);
	if (pkt->dst.family == IP_V4)
		pieces = with_header(n, pkt, &m, header, payload);
	m.len = (uint32_t)(payload[0].len + payload[1].len);
	for (unsigned k = 0; k < count; k++) {
		struct shm_sock *s = shm_sock_at(n->arena, found[k]);
		bool ring = false;

		if (is_icmp(pkt) && pkt->len > 0 &&
			!sock_raw_passes(n->env, found[k], pkt->l4[0]))
			continue;
		if (!right && s && *(const volatile uint16_t *)&s->opts.raw_checksum)
			continue;
		sock_deliver(n->env, found[k], &m, payload, pieces, &ring);
		if (ring && s)
			net_ring_name(n, found[k], s);
	}
	return true;
}

int net_raw_send(struct net *n, const struct shm_sock *s, const struct shm_msg *m)
{
	struct stack_raw r = {
		.src = net_name_of(&m->src).addr,
		.dst = net_name_of(&m->dst).addr,
		.proto = (uint8_t)s->protocol,
		.ttl = m->ttl,
		.tos = m->tos,
		.pmtu = m->pmtu,
		.frag = net_frag_of(m),
		.ifindex = m->ifindex,
		.whole = m->flags & SHM_MSG_WHOLE,
		.no_loop = m->flags & SHM_MSG_NO_LOOP,
		.checksum_at = (int)*(const volatile uint16_t *)&s->opts.raw_checksum - 1,
		.data = n->datagram,
		.len = m->len,
		.options = { m->opt, m->optlen },
	};

	if (m->len > DATAGRAM_MAX)
		return -EMSGSIZE;
	if (r.src.family != r.dst.family)
		return -EINVAL;
	return stack_send_raw(n->stack, n->now, &r);
}
