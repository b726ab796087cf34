/* IPv4 and IPv6 output: where to, from which address, then the header. The
 * payload stays where the caller has it; only what waits (an unresolved
 * neighbour, ourselves) is copied, by those who let it wait.
 *
 *   h->scratch:  [ link header 14 | IPv4 20 to 60, or IPv6 40 and 8 ]  then the spans
 *
 * What does not fit the way is cut in pieces (cut.c), each with its own header.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "base/checksum.h"
#include "base/cursor.h"
#include "base/ipopt.h"
#include "cut.h"
#include "host_priv.h"
#include "ip/super.h"
#include "options.h"
#include "wire/ipv4.h"
#include "wire/ipv6.h"

/* Where a packet goes. */
struct way {
	const struct iface *iface;
	struct ip_addr next_hop;
	uint32_t mtu;	 /* bytes of IP packet */
	uint32_t seen_as; /* ifindex that we shall see it come in by, if local */
	bool local;	 /* one of our unicast addresses */
	bool group;	 /* broadcast or multicast */
};

static uint32_t usable_mtu(const struct iface *i, uint8_t family)
{
	if (family == IP_V4 && i->mtu > IPV4_PACKET_MAX)
		return IPV4_PACKET_MAX;
	return i->mtu;
}

/* A group needs no route when the caller or the scope names the interface, and
 * without a route leaves by the first that is up. */
static const struct iface *group_iface(const struct ip_host *h,
	const struct ip_addr *dst, uint32_t ifindex)
{
	const struct route *r;

	if (ifindex)
		return iface_usable(h, ifindex) ? iface_get(h, ifindex) : NULL;
	for (unsigned k = 0; k < h->nifaces; k++)
		if (h->ifaces[k]->up && iface_is_broadcast(h->ifaces[k], dst))
			return h->ifaces[k];
	r = route_find(&h->routes, dst, 0, iface_usable, h);
	if (r)
		return iface_get(h, r->ifindex);
	for (unsigned k = 1; k < h->nifaces; k++)
		if (h->ifaces[k]->up)
			return h->ifaces[k];
	return NULL;
}

/* Does it come back to the host, and by which interface is it seen then? Linux has the
 * routes to a host's own addresses on their interfaces (table local); of IPv4 lo
 * carries what is told to leave by it. */
static bool goes_home(const struct ip_addr *dst, const struct iface *owner,
	uint32_t ifindex, uint32_t *seen_as)
{
	*seen_as = IP_LO_INDEX;
	if (dst->family == IP_V4 && ifindex == IP_LO_INDEX)
		return !ip_addr_is_multicast(dst);
	/* lo is what the ways of sockets say of each own address. */
	if (!owner || (ifindex && ifindex != owner->ifindex &&
			ifindex != IP_LO_INDEX))
		return false;
	*seen_as = owner->ifindex;
	return true;
}

static int find_way(const struct ip_host *h, const struct ip_addr *dst,
	uint32_t ifindex, struct way *out)
{
	const struct iface *owner = iface_owner(h, dst);
	const struct route *r;

	*out = (struct way){ .next_hop = *dst };
	if (dst->scope)
		ifindex = dst->scope;
	if (goes_home(dst, owner, ifindex, &out->seen_as)) {
		out->iface = iface_get(h, IP_LO_INDEX);
		out->local = true;
	} else if (ip_addr_is_multicast(dst) || ip_is_broadcast(h, dst)) {
		out->iface = group_iface(h, dst, ifindex);
		out->group = true;
	} else if (!ip_addr_is_any(dst)) {
		r = route_find(&h->routes, dst, ifindex, iface_usable, h);
		if (r)
			out->iface = iface_get(h, r->ifindex);
		if (r && r->gateway.family != IP_NONE)
			out->next_hop = r->gateway;
		/* Linux: without a route it is taken to be on the link asked for. */
		if (!r && dst->family == IP_V4)
			out->iface = iface_get(h, ifindex);
	}
	if (!out->iface || !out->iface->up)
		return -ENETUNREACH;
	out->mtu = usable_mtu(out->iface, dst->family);
	return 0;
}

static int find_source(const struct ip_host *h, const struct way *w,
	const struct ip_addr *dst, struct ip_addr *out)
{
	if (w->local && !ip_addr_is_loopback(dst) && iface_owner(h, dst)) {
		*out = *dst; /* RFC 6724 5, rule 1 */
		return 0;
	}
	return source_select(h, w->iface, dst, out) ? 0 : -ENETUNREACH;
}

int ip_route(void *user, const struct ip_addr *dst, uint32_t ifindex,
	struct ip_addr *src, uint32_t *mtu)
{
	const struct ip_host *h = user;
	struct way w;
	int r = find_way(h, dst, ifindex, &w);

	if (r == 0)
		r = find_source(h, &w, dst, src);
	if (r == 0)
		*mtu = w.mtu;
	return r;
}

void output_frame(struct ip_host *h, struct instant now, const struct iface *i,
	const uint8_t mac[ETH_ADDR_LEN], uint16_t type,
	struct span *spans, unsigned n)
{
	/* The header's room is ours: scratch or a buffer of the pool. */
	uint8_t *eth = (uint8_t *)(uintptr_t)spans[0].base - ETH_HEADER_LEN;
	size_t len = 0;

	eth_emit(eth, mac, i->mac, type);
	spans[0].base = eth;
	spans[0].len += ETH_HEADER_LEN;
	for (unsigned k = 0; k < n; k++)
		len += spans[k].len;
	h->stats.frames_out++;
	h->stats.bytes_out += len;
	look_frame(h, now, i, true, spans, n, len);
	if (h->out.segment)
		h->ops.super(h->ops.user, i->ifindex, now, spans, n, len, &h->out);
	else
		h->ops.output(h->ops.user, i->ifindex, now, spans, n, len);
}

/* We hear our own broadcasts, and what goes to a group that we are in (Linux:
 * ip_mc_output, IP_MULTICAST_LOOP's default); by lo, which sends nothing elsewhere,
 * whatever goes (__mkroute_output). */
static int send_group(struct ip_host *h, struct instant now,
	const struct way *w, const struct ip_packet_out *p, struct span *spans,
	unsigned n, size_t len)
{
	const struct ip_addr *dst = &p->dst;
	uint8_t mac[ETH_ADDR_LEN];

	if (w->iface->ifindex == IP_LO_INDEX) {
		look_loopback(h, now, true, spans, n);
		return loopback_put(h, IP_LO_INDEX, spans, n, len);
	}
	h->loop.seen = true; /* Linux's PACKET_LOOPBACK: packet sockets pass it over */
	if (!p->no_loop &&
		(!ip_addr_is_multicast(dst) || iface_in_group(w->iface, dst, NULL)))
		loopback_put(h, w->iface->ifindex, spans, n, len);
	h->loop.seen = false;
	eth_addr_of_group(dst, mac);
	output_frame(h, now, w->iface, mac, dst->family == IP_V4 ?
		ETH_TYPE_IPV4 : ETH_TYPE_IPV6, spans, n);
	return 0;
}

static int check_source(const struct way *w, const struct ip_addr *src,
	const struct ip_addr *dst)
{
	if (src->family != dst->family)
		return -EINVAL;
	/* Linux: a packet from 127/8 may not leave (ip_route_output_key). */
	if (ip_addr_is_loopback(src) && w->iface->ifindex != IP_LO_INDEX)
		return -EINVAL;
	return 0;
}

/* One packet, its header in spans[0]: behind room for the link's. */
static int send_packet(struct ip_host *h, struct instant now, const struct way *w,
	const struct ip_packet_out *p, struct span *spans, unsigned n)
{
	size_t len = 0;

	for (unsigned k = 0; k < n; k++)
		len += spans[k].len;
	h->stats.ip_out++;
	if (w->local) {
		look_loopback(h, now, true, spans, n);
		return loopback_put(h, w->seen_as, spans, n, len);
	}
	if (w->group)
		return send_group(h, now, w, p, spans, n, len);
	return neigh_send(h, now, w->iface, &w->next_hop, spans, n);
}

/* Does a packet of this size go out, and in how many pieces? */
static int send_by(struct ip_host *h, struct instant now, const struct way *w,
	const struct ip_packet_out *p, const struct ip_addr *src, size_t payload)
{
	uint8_t *header = h->scratch + ETH_HEADER_LEN;
	struct span spans[IP_OUT_SPANS + 1];
	struct cut c;
	int r;

	if (!cut_begin(h, &c, p, src, w->mtu, payload)) {
		h->stats.ip_frag_fail++;
		return -EMSGSIZE;
	}
	do {
		spans[0].base = header;
		spans[0].len = cut_header(h, &c, header);
		r = send_packet(h, now, w, p, spans,
			1 + cut_payload(&c, spans + 1));
	} while (r == 0 && cut_next(&c));
	if (c.whole_len > c.step) {
		h->stats.ip_frag_ok += r == 0;
		h->stats.ip_frag_fail += r != 0;
	}
	return r;
}

/* May the link have a super-segment whole? Not what has to wait or comes back to
 * ourselves, nor while somebody looks on, who would have frames. */
static bool goes_whole(struct ip_host *h, const struct way *w,
	const struct ip_packet_out *p, size_t payload)
{
	bool v4 = p->dst.family == IP_V4;
	size_t header = v4 ? IPV4_HEADER_LEN : IPV6_HEADER_LEN;

	return h->ops.super && !p->options_len && !w->local && !w->group && !h->watched &&
		p->pmtu == IP_PMTU_DO && p->spans[0].len <= SUPER_HEADER_MAX &&
		payload <= (v4 ? IPV4_PACKET_MAX - header : IPV6_PAYLOAD_MAX) &&
		header + p->spans[0].len + p->segment <= w->mtu &&
		neigh_is_known(h, w->iface->ifindex, &w->next_hop);
}

/* The checksum is the pseudo header's: who cuts it, or takes it whole, knows. */
static int send_whole_super(struct ip_host *h, struct instant now, const struct way *w,
	const struct ip_packet_out *p, const struct ip_addr *src, size_t payload)
{
	uint8_t *header = h->scratch + ETH_HEADER_LEN;
	struct checksum sum = CHECKSUM_INIT;
	struct span spans[IP_OUT_SPANS + 1];
	struct cut c;
	size_t len;
	int r;

	if (!cut_begin(h, &c, p, src, UINT32_MAX, payload))
		return -EMSGSIZE;
	len = cut_header(h, &c, header);
	checksum_add_pseudo(&sum, src, &p->dst, p->proto, (uint32_t)payload);
	memcpy(header + len, p->spans[0].base, p->spans[0].len);
	put_be16(header + len + SUPER_CHECKSUM_AT, (uint16_t)~checksum_finish(&sum));
	h->out = (struct offload){ .segment = p->segment, .unsummed = true,
		.l4 = (uint16_t)(ETH_HEADER_LEN + len), .sum_at = SUPER_CHECKSUM_AT };
	spans[0] = (struct span){ header, len + p->spans[0].len };
	memcpy(spans + 1, p->spans + 1, (p->nspans - 1) * sizeof(*spans));
	r = send_packet(h, now, w, p, spans, p->nspans);
	h->out = (struct offload){ 0 };
	return r;
}

/* A super-segment that has to be cut here. The first error ends it; what follows
 * would be in vain. */
static int send_super(struct ip_host *h, struct instant now, const struct way *w,
	const struct ip_packet_out *p, const struct ip_addr *src)
{
	struct super s;
	int r = 0;

	if (!super_begin(&s, p, src))
		return -EINVAL;
	while (r == 0 && super_next(&s))
		r = send_by(h, now, w, &s.out, src, s.len);
	return r;
}

/* Linux (inet_select_addr): 127/8 is no source for a group, not even by lo; without
 * another address there is none, 0.0.0.0. */
bool ip_source_is_open(const struct ip_packet_out *p)
{
	bool none = p->dst.family == IP_V4 && ip_addr_is_multicast(&p->dst) &&
		p->ifindex == IP_LO_INDEX;

	return p->src.family == IP_NONE || (ip_addr_is_any(&p->src) && !none);
}

static const struct ip_addr *first_hop(const struct ip_packet_out *p)
{
	return p->via.family == IP_V4 ? &p->via : &p->dst;
}

int ip_send(void *user, struct instant now, const struct ip_packet_out *p)
{
	struct ip_host *h = user;
	struct ip_addr src = p->src;
	struct options_out own;
	size_t payload = 0;
	struct way w;
	int r;

	h->now = now;
	if (p->nspans == 0 || p->nspans > IP_OUT_SPANS ||
		p->options_len > IPOPT_BYTES || p->options_len % 4)
		return -EINVAL;
	if (p->options_open && p->options_len)
		p = options_begin(p, &own);
	r = find_way(h, first_hop(p), p->ifindex, &w);
	if (r == 0 && ip_source_is_open(p))
		r = find_source(h, &w, first_hop(p), &src);
	if (r != 0) {
		h->stats.ip_no_route++;
		return r;
	}
	r = check_source(&w, &src, &p->dst);
	if (r != 0)
		return r;
	if (p == &own.p) {
		if (own.strict && !ip_addr_equal(&w.next_hop, &p->via))
			return -EHOSTUNREACH; /* Linux: __ip_queue_xmit() */
		options_fill(h, &src, &own);
	}
	/* TCP knows its paths itself. Linux: ip_sk_use_pmtu(). */
	if (p->proto != IP_PROTO_TCP && p->pmtu < IP_PMTU_PROBE)
		w.mtu = pmtu_of(&h->paths, now, first_hop(p), w.mtu);
	if (p->frag && p->frag < w.mtu)
		w.mtu = p->frag;
	for (unsigned k = 0; k < p->nspans; k++)
		payload += p->spans[k].len;
	h->loop.unsure = p->unsure;
	if (p->segment && goes_whole(h, &w, p, payload))
		r = send_whole_super(h, now, &w, p, &src, payload);
	else if (p->segment)
		r = send_super(h, now, &w, p, &src);
	else
		r = send_by(h, now, &w, p, &src, payload);
	h->loop.unsure = false;
	return r;
}

/* Linux: raw_send_hdrinc(). IPv6's header is sent as it is (rawv6_send_hdrinc). */
static int mend_header(struct ip_host *h, const struct way *w,
	const struct ip_addr *dst, uint8_t *p, size_t len)
{
	size_t header = (p[0] & 0xfu) * 4;
	struct checksum sum = CHECKSUM_INIT;
	struct ip_addr src;
	int r;

	if (dst->family == IP_V6)
		return IPV6_HEADER_LEN;
	if (header > len)
		return -EINVAL;
	if (header < IPV4_HEADER_LEN)
		return IPV4_HEADER_LEN; /* nonsense, sent as such */
	if (get_be32(p + 12) == 0) {
		r = find_source(h, w, dst, &src);
		if (r != 0)
			return r;
		memcpy(p + 12, src.b, 4);
	}
	put_be16(p + 2, (uint16_t)len);
	if (get_be16(p + 4) == 0)
		put_be16(p + 4, h->ip_id++);
	put_be16(p + 10, 0);
	checksum_add(&sum, p, header);
	put_be16(p + 10, checksum_finish(&sum));
	return (int)header;
}

int ip_send_whole(struct ip_host *h, struct instant now, const struct ip_addr *dst,
	uint32_t ifindex, uint8_t *packet, size_t len)
{
	size_t least = dst->family == IP_V4 ? IPV4_HEADER_LEN : IPV6_HEADER_LEN;
	uint8_t *header = h->scratch + ETH_HEADER_LEN;
	struct ip_packet_out p = { .dst = *dst };
	struct span spans[2];
	struct way w;
	int r;

	h->now = now;
	r = find_way(h, dst, ifindex, &w);
	if (r != 0) {
		h->stats.ip_no_route++;
		return r;
	}
	if (len > w.mtu)
		return -EMSGSIZE;
	if (len < least)
		return -EINVAL;
	r = mend_header(h, &w, dst, packet, len);
	if (r < 0)
		return r;
	memcpy(header, packet, (size_t)r);
	spans[0] = (struct span){ header, (size_t)r };
	spans[1] = (struct span){ packet + r, len - (size_t)r };
	h->loop.unsure = true;
	r = send_packet(h, now, &w, &p, spans, 2);
	h->loop.unsure = false;
	return r;
}
