/* ARP (RFC 826) over the neighbour table. A sender is learned when it asks for
 * us or answers us, or when it is known already (gratuitous ARP, RFC 5227 3).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "wire/arp.h"

#include <string.h>

#include "host_priv.h"

static void send_arp(struct ip_host *h, struct instant now,
	const struct iface *i, const struct arp_packet *p, const uint8_t *mac)
{
	uint8_t *at = h->scratch + ETH_HEADER_LEN;
	struct span span = { at, ARP_LEN };

	arp_emit(at, p);
	h->stats.arp_out++;
	output_frame(h, now, i, mac, ETH_TYPE_ARP, &span, 1);
}

void arp_solicit(struct ip_host *h, struct instant now, const struct iface *i,
	const struct ip_addr *target, const uint8_t *mac)
{
	static const uint8_t everybody[] = { 255, 255, 255, 255, 255, 255 };
	struct arp_packet p = { .op = ARP_REQUEST, .target = *target };

	/* Linux asks with an address of the target's subnet if it has one. */
	if (!source_select(h, i, target, &p.sender))
		return;
	memcpy(p.sender_mac, i->mac, ETH_ADDR_LEN);
	send_arp(h, now, i, &p, mac ? mac : everybody);
}

static bool sender_is_sound(const struct ip_host *h, const struct arp_packet *p)
{
	return !eth_addr_is_group(p->sender_mac) &&
		!ip_addr_is_multicast(&p->sender) &&
		!ip_addr_is_loopback(&p->sender) &&
		!ip_is_broadcast(h, &p->sender);
}

void arp_input(struct ip_host *h, struct instant now, const struct rx *rx)
{
	struct arp_packet p, reply;
	struct neigh_news news;
	bool for_us;

	h->stats.arp_in++;
	if (arp_parse(rx->l3, rx->l3_len, &p) != 0 || !sender_is_sound(h, &p)) {
		h->stats.arp_malformed++;
		return;
	}
	if (iface_owner(h, &p.sender))
		return; /* somebody else uses our address */
	for_us = iface_owner(h, &p.target) && !ip_addr_is_loopback(&p.target);
	news = (struct neigh_news){ .mac = p.sender_mac, .override = true,
		.solicited = p.op == ARP_REPLY && for_us && !rx->link_group,
		.create = p.op == ARP_REQUEST && for_us };
	if (!ip_addr_is_any(&p.sender)) /* RFC 5227 2.1.1: a probe has none */
		neigh_learn(h, now, rx->iface, &p.sender, &news);
	if (p.op != ARP_REQUEST || !for_us)
		return;
	reply = (struct arp_packet){ .op = ARP_REPLY, .sender = p.target,
		.target = p.sender };
	memcpy(reply.sender_mac, rx->iface->mac, ETH_ADDR_LEN);
	memcpy(reply.target_mac, p.sender_mac, ETH_ADDR_LEN);
	send_arp(h, now, rx->iface, &reply, p.sender_mac);
}
