/* Frames in: is it for us, is it sound, whose is it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "base/ipopt.h"
#include "host_priv.h"
#include "ip/super.h"
#include "wire/ipv4.h"
#include "wire/ipv6.h"

enum { V4_PROTO_AT = 9, V6_NEXT_AT = 6 }; /* RFC 791 3.1, RFC 8200 3 */
enum { TCP_LEAST = 20 };		  /* RFC 9293 3.1 */

void ip_input(struct ip_host *h, uint32_t ifindex, struct instant now,
	const void *frame, size_t len)
{
	ip_input_super(h, ifindex, now, frame, len, &(struct offload){ 0 });
}

/* The frame's first part, headers and all that is parsed; rx knows of the rest. */
static void input_frame(struct ip_host *h, struct instant now, struct rx *rx,
	const void *frame, size_t len, size_t rest)
{
	struct eth_frame f;
	int r;

	h->stats.frames_in++;
	h->stats.bytes_in += len + rest;
	r = eth_parse(frame, len, &f);
	if (r != 0) {
		h->stats.eth_malformed += r == -EINVAL;
		h->stats.eth_unknown += r == -ENOMSG;
		return;
	}
	rx->link_group = eth_addr_is_group(f.dst);
	if (!rx->link_group && memcmp(f.dst, rx->iface->mac, ETH_ADDR_LEN) != 0) {
		h->stats.not_for_us++;
		return;
	}
	memcpy(rx->src_mac, f.src, ETH_ADDR_LEN);
	rx->l3 = f.payload;
	rx->l3_len = f.len + rest;
	if (f.type == ETH_TYPE_ARP)
		arp_input(h, now, rx);
	else if (f.type == ETH_TYPE_IPV4)
		input_ipv4(h, now, rx);
	else
		input_ipv6(h, now, rx);
	ip_flush(h, now);
}

void ip_input_super(struct ip_host *h, uint32_t ifindex, struct instant now,
	const void *frame, size_t len, const struct offload *o)
{
	struct rx rx = { .iface = iface_get(h, ifindex), .ifindex = ifindex,
		.good = o->unsummed, .segment = o->segment };

	h->now = now;
	if (!rx.iface || !rx.iface->up || ifindex == IP_LO_INDEX)
		return;
	look_frame(h, now, rx.iface, false, &(struct span){ frame, len }, 1, len);
	input_frame(h, now, &rx, frame, len, 0);
}

/* Headers as send_whole_super() makes them, and nothing else: TCP without options of
 * IP, for us and not a group. Whoever gets that parses spans[0] only. */
static bool is_plain_super(const struct span *head, const struct offload *o)
{
	const uint8_t *p = head->base + ETH_HEADER_LEN;
	bool v6 = o->l4 == ETH_HEADER_LEN + IPV6_HEADER_LEN;

	if (!o->segment || !o->unsummed || head->len < (size_t)o->l4 + TCP_LEAST ||
		eth_addr_is_group(head->base))
		return false;
	if (v6)
		return p[0] >> 4 == 6 && p[V6_NEXT_AT] == IP_PROTO_TCP;
	return o->l4 == ETH_HEADER_LEN + IPV4_HEADER_LEN && p[0] == 0x45 &&
		p[V4_PROTO_AT] == IP_PROTO_TCP;
}

bool ip_input_text(struct ip_host *h, uint32_t ifindex, struct instant now,
	const struct span *spans, unsigned n, const struct offload *o)
{
	struct rx rx = { .iface = iface_get(h, ifindex), .ifindex = ifindex,
		.good = o->unsummed, .segment = o->segment };
	size_t rest = 0;

	if (h->watched || n < 2 || !is_plain_super(&spans[0], o) || !rx.iface ||
		!rx.iface->up || ifindex == IP_LO_INDEX)
		return false;
	h->now = now;
	rx.text = spans + 1;
	rx.ntext = n - 1;
	for (unsigned k = 0; k < rx.ntext; k++)
		rest += rx.text[k].len;
	input_frame(h, now, &rx, spans[0].base, spans[0].len, rest);
	return true;
}

static void count_bad(struct ip_host *h, int err)
{
	if (err == -EBADMSG)
		h->stats.ip_bad_checksum++;
	else
		h->stats.ip_malformed++;
}

/* "This host on this network": only from who has no address yet, to all, or about
 * groups. Linux: ip_route_input_slow(), ip_mc_validate_source(). */
static bool nameless_may(const struct rx *rx, const struct ip_addr *dst)
{
	static const uint8_t local_groups[] = { 224, 0, 0 };

	return ip_addr_is_broadcast(dst) || (ip_addr_is_multicast(dst) &&
		(rx->l3[9] == IGMP_PROTO || memcmp(dst->b, local_groups, 3) == 0));
}

/* Who may have sent it, by which way, and are we meant? *group: to several. */
static bool accept_v4(const struct ip_host *h, const struct rx *rx,
	const struct ip_addr *src, const struct ip_addr *dst, bool *group)
{
	*group = rx->link_group;
	if (ip_addr_is_multicast(src) || ip_is_broadcast(h, src))
		return false; /* RFC 1122 3.2.1.3; Linux knows its nets' broadcasts only
			       * with rp_filter */
	if (!rx->looped && (ip_addr_is_loopback(src) ||
		ip_addr_is_loopback(dst) || iface_owner(h, src)))
		return false; /* martians, as Linux calls them: a LAND attack among them */
	if (!rx->looped && ip_addr_is_any(src) && !nameless_may(rx, dst))
		return false; /* RFC 1122 3.2.1.3 (a) */
	if (iface_owner(h, dst))
		return true;
	*group = true;
	if (ip_addr_is_multicast(dst))
		return iface_in_group(rx->iface, dst, src);
	return ip_addr_is_broadcast(dst) || iface_is_broadcast(rx->iface, dst);
}

static unsigned scope_of_group(const struct ip_addr *a)
{
	return a->b[1] & 15;
}

static bool accept_v6(const struct ip_host *h, const struct rx *rx,
	const struct ip_addr *src, const struct ip_addr *dst, bool *group)
{
	*group = rx->link_group;
	if (ip_addr_is_multicast(src) || ip_addr_is_any(dst))
		return false; /* RFC 4291 2.7, 2.5.2 */
	if (!rx->looped &&
		(ip_addr_is_loopback(src) || ip_addr_is_loopback(dst)))
		return false; /* RFC 4291 2.5.3 */
	if (ip_addr_is_mapped(src) || ip_addr_is_mapped(dst))
		return false; /* never on the wire (RFC 4942 2.2); Linux: for TCP alone */
	if (!ip_addr_is_multicast(dst)) /* our own as source too, as on Linux */
		return iface_owner(h, dst);
	*group = true;
	if (scope_of_group(dst) == 0 || (scope_of_group(dst) == 1 && !rx->looped))
		return false; /* RFC 4291 2.7 */
	return iface_in_group(rx->iface, dst, src);
}

static void igmp_input(struct ip_host *h, struct instant now, const struct rx *rx,
	const struct ip_packet_in *pkt)
{
	struct group_link *l = &iface_get(h, rx->iface->ifindex)->links[0];
	struct group_message m;

	/* RFC 3376 9.1 has queries from outside the link ignored: Linux does not
	 * look, nor do we. */
	if (igmp_parse(pkt->l4, pkt->len, &m) == 0)
		group_input(h, now, l, &m);
	else
		h->stats.ip_malformed++;
}

/* To the transport; proto_at: where IPv6 named the protocol. */
static void deliver(struct ip_host *h, struct instant now, const struct rx *rx,
	const struct ip_packet_in *pkt, size_t proto_at)
{
	struct complaint c = { .what = ICMP_NO_PORT };
	bool taken;
	int r;

	taken = !pkt->ntext && h->ops.raw && h->ops.raw(h->ops.user, now, pkt);
	if (pkt->proto == (pkt->dst.family == IP_V4 ? IP_PROTO_ICMP :
			  IP_PROTO_ICMP6)) {
		icmp_input(h, now, rx, pkt);
		return;
	}
	if (pkt->dst.family == IP_V4 && pkt->proto == IGMP_PROTO) {
		igmp_input(h, now, rx, pkt);
		return;
	}
	if (pkt->dst.family == IP_V6 && pkt->proto == IPV6_NEXT_NONE)
		return; /* RFC 8200 4.7 */
	if (pkt->proto == IP_PROTO_TCP || pkt->proto == IP_PROTO_UDP ||
		pkt->proto == IP_PROTO_UDPLITE)
		r = h->ops.input(h->ops.user, now, pkt);
	else
		r = -EPROTONOSUPPORT;
	if (r == -EPROTONOSUPPORT && taken)
		return; /* Linux: ip_protocol_deliver_rcu() */
	if (r == -EPROTONOSUPPORT) {
		h->stats.ip_no_proto++;
		c.what = ICMP_NO_PROTO;
		c.pointer = (uint32_t)proto_at;
	} else if (r != -ECONNREFUSED) {
		return;
	}
	if (!pkt->broadcast) /* RFC 1122 3.2.2 */
		icmp_send_error(h, now, rx, &pkt->src, &pkt->dst, pkt->tos, &c);
}

/* Linux: ip_rcv_options(). A source route is left unsaid (accept_source_route is 0). */
static bool accept_options(struct ip_host *h, struct instant now, struct rx *rx,
	const struct ipv4_packet *p)
{
	const uint8_t *o = rx->l3 + IPV4_HEADER_LEN;
	size_t len = p->header_len - IPV4_HEADER_LEN;
	struct complaint c = { .what = ICMP_PROBLEM };
	int wrong = ipopt_wrong(o, len);

	if (wrong < 0)
		return ipopt_may_come(o, len);
	c.pointer = (uint32_t)wrong + IPV4_HEADER_LEN;
	rx->l3_len = p->header_len + p->len;
	icmp_send_error(h, now, rx, &p->h.src, &p->h.dst, p->h.tos, &c);
	return false;
}

void input_ipv4(struct ip_host *h, struct instant now, struct rx *rx)
{
	struct ip_packet_in pkt;
	struct ipv4_packet p;
	bool group;
	int r;

	h->stats.ip_in++;
	r = ipv4_parse(rx->l3, rx->l3_len, &p);
	if (r != 0) {
		count_bad(h, r);
		return;
	}
	if (!accept_v4(h, rx, &p.h.src, &p.h.dst, &group)) {
		h->stats.not_for_us++;
		return;
	}
	if (p.header_len > IPV4_HEADER_LEN &&
		!accept_options(h, now, rx, &p)) {
		h->stats.ip_malformed++;
		return;
	}
	if (ipv4_is_fragment(&p.h)) {
		reasm_input_v4(h, now, rx, &p);
		return;
	}
	rx->l3_len = p.header_len + p.len;
	pkt = (struct ip_packet_in){ .src = p.h.src, .dst = p.h.dst,
		.proto = p.h.proto, .ttl = p.h.ttl, .tos = p.h.tos,
		.ifindex = rx->ifindex, .csum_ok = rx->good || (rx->looped && !rx->unsure),
		.segment = rx->segment, .text = rx->text, .ntext = rx->ntext,
		.broadcast = group, .l4 = p.payload, .len = p.len,
		.l3 = rx->l3 };
	deliver(h, now, rx, &pkt, 0);
}

static void set_scope(const struct rx *rx, struct ip_addr *a)
{
	if (ip_addr_is_linklocal(a))
		a->scope = rx->ifindex;
}

void input_ipv6(struct ip_host *h, struct instant now, struct rx *rx)
{
	struct ipv6_problem problem;
	struct ip_packet_in pkt;
	struct ipv6_packet p;
	struct complaint c;
	bool group;
	int r;

	h->stats.ip_in++;
	r = ipv6_parse(rx->l3, rx->l3_len, &p, &problem);
	if (r == 0 || r == -EPROTO) {
		set_scope(rx, &p.h.src);
		set_scope(rx, &p.h.dst);
		if (!accept_v6(h, rx, &p.h.src, &p.h.dst, &group)) {
			h->stats.not_for_us++;
			return;
		}
	}
	if (r != 0)
		count_bad(h, r);
	if (r == -EPROTO && problem.report) {
		c = (struct complaint){ ICMP_PROBLEM, problem.code,
			problem.pointer, problem.even_multicast };
		icmp_send_error(h, now, rx, &p.h.src, &p.h.dst, p.h.tclass, &c);
	}
	if (r != 0)
		return;
	rx->l3_len = (size_t)(p.payload - rx->l3) + p.len;
	if (p.fragment.is && !rx->reassembled)
		reasm_input_v6(h, now, rx, &p);
	if (p.fragment.is)
		return;
	pkt = (struct ip_packet_in){ .src = p.h.src, .dst = p.h.dst,
		.proto = p.h.proto, .ttl = p.h.hop_limit, .tos = p.h.tclass,
		.ifindex = rx->ifindex, .csum_ok = rx->good || (rx->looped && !rx->unsure),
		.segment = rx->segment, .text = rx->text, .ntext = rx->ntext,
		.broadcast = group, .l4 = p.payload, .len = p.len,
		.l3 = rx->l3 };
	deliver(h, now, rx, &pkt, p.proto_at);
}
