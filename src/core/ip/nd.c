/* Neighbour discovery (RFC 4861 7.2) over the neighbour table. No router
 * discovery: routes are configured.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "wire/nd.h"

#include <string.h>

#include "host_priv.h"
#include "wire/ipv6.h"

/* Messages to somebody whose address we know or to a group; others go by
 * ip_send(). */
static void send_nd(struct ip_host *h, struct instant now,
	const struct iface *i, const struct nd_message *m,
	const struct ip_addr *src, const struct ip_addr *dst, const uint8_t *mac)
{
	uint8_t *at = h->scratch + ETH_HEADER_LEN;
	struct ipv6_header ip = { .src = *src, .dst = *dst,
		.proto = IP_PROTO_ICMP6, .hop_limit = 255 };
	size_t len = nd_emit(at + IPV6_HEADER_LEN, m, src, dst);
	struct span span = { at, IPV6_HEADER_LEN + len };
	uint8_t group[ETH_ADDR_LEN];

	ipv6_emit(at, &ip, len);
	if (!mac) {
		eth_addr_of_group(dst, group);
		mac = group;
	}
	h->stats.nd_out++;
	h->stats.ip_out++;
	output_frame(h, now, i, mac, ETH_TYPE_IPV6, &span, 1);
}

void nd_solicit(struct ip_host *h, struct instant now, const struct iface *i,
	const struct ip_addr *target, const uint8_t *mac)
{
	struct nd_message m = { .has_mac = true, .target = *target };
	struct ip_addr src, dst = mac ? *target : nd_solicited_node(target);

	if (!source_select(h, i, target, &src))
		return;
	memcpy(m.mac, i->mac, ETH_ADDR_LEN);
	send_nd(h, now, i, &m, &src, &dst, mac);
}

/* RFC 4861 7.2.4. The asker's address is in the table now, or asked for. */
static void advertise(struct ip_host *h, struct instant now,
	const struct rx *rx, const struct ip_packet_in *pkt,
	const struct nd_message *ask)
{
	static const struct ip_addr all_nodes = { .family = IP_V6,
		.b = { 0xff, 2, [15] = 1 } };
	struct nd_message m = { .advert = true, .override = true,
		.solicited = !ip_addr_is_any(&pkt->src), .has_mac = true,
		.target = ask->target };
	const struct ip_addr *dst = m.solicited ? &pkt->src : &all_nodes;
	uint8_t message[ND_LEN_MAX];
	size_t len;

	memcpy(m.mac, rx->iface->mac, ETH_ADDR_LEN);
	len = nd_emit(message, &m, &m.target, dst);
	h->stats.nd_out++;
	ip_send(h, now, &(struct ip_packet_out){ .src = m.target, .dst = *dst,
		.proto = IP_PROTO_ICMP6, .ttl = 255,
		.ifindex = rx->iface->ifindex, .nspans = 1,
		.spans = { { message, len } } });
}

void nd_input(struct ip_host *h, struct instant now, const struct rx *rx,
	const struct ip_packet_in *pkt)
{
	struct nd_message m;
	struct neigh_news news;

	h->stats.nd_in++;
	if (nd_parse(pkt->l4, pkt->len, &pkt->src, &pkt->dst, pkt->ttl, &m) != 0) {
		h->stats.nd_malformed++;
		return;
	}
	if (rx->looped || iface_owner(h, &pkt->src))
		return; /* our own voice, or somebody with our address */
	if (ip_addr_is_linklocal(&m.target))
		m.target.scope = rx->iface->ifindex;
	if (m.advert) {
		news = (struct neigh_news){ .mac = m.has_mac ? m.mac : NULL,
			.solicited = m.solicited, .override = m.override };
		if (!iface_owner(h, &m.target))
			neigh_learn(h, now, rx->iface, &m.target, &news);
		return;
	}
	if (!iface_has(rx->iface, &m.target) || !rx->iface->up)
		return;
	news = (struct neigh_news){ .mac = m.mac, .override = true,
		.create = true };
	if (m.has_mac && !ip_addr_is_any(&pkt->src)) /* RFC 4861 7.2.3 */
		neigh_learn(h, now, rx->iface, &pkt->src, &news);
	advertise(h, now, rx, pkt, &m);
}
