/* What a captured packet says. From the outside in: link, network, transport; each
 * step gets a cursor of what the capture has kept.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "dissect.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/cursor.h"
#include "wire/arp.h"
#include "wire/eth.h"
#include "wire/icmp6.h"
#include "wire/ipv4.h"
#include "wire/ipv6.h"
#include "wire/udp.h"
#include "words.h"

enum { PROTO_ICMP = 1, PROTO_IGMP = 2, PROTO_TCP = 6, ETH_TYPE_VLAN = 0x8100,
	ETH_TYPE_QINQ = 0x88a8, VLAN_TAGS_MAX = 4 };

__attribute__((format(printf, 2, 4), format(printf, 3, 4)))
static void say(struct seen *s, const char *en, const char *es, ...)
{
	va_list ap;

	va_start(ap, es);
	vsnprintf(s->text, sizeof(s->text), words(s->lang, en, es), ap);
	va_end(ap);
}

/* FNV-1a. */
static uint64_t mix(uint64_t h, const void *data, size_t len)
{
	const uint8_t *p = data;

	while (len--)
		h = (h ^ *p++) * 0x100000001b3u;
	return h;
}

#define MIX_START 0xcbf29ce484222325u

/* --- transport -------------------------------------------------------------------- */

static void tcp(struct seen *s, struct cursor c, uint32_t len)
{
	int n = tcp_header_parse(c.at, c.left, &s->tcp);

	if (n < 0 || (uint32_t)n > len) {
		say(s, "TCP, header cut off or malformed",
			"TCP, cabecera cortada o mal formada");
		s->kind = SEEN_IP;
		return;
	}
	s->kind = SEEN_TCP;
	s->sport = s->tcp.sport;
	s->dport = s->tcp.dport;
	s->len = len - (uint32_t)n;
}

static void udp(struct seen *s, struct cursor c, uint32_t len)
{
	s->sport = cursor_u16(&c);
	s->dport = cursor_u16(&c);
	cursor_skip(&c, 4);
	s->kind = SEEN_IP;
	say(s, "UDP, header cut off", "UDP, cabecera cortada");
	if (!cursor_ok(&c) || len < UDP_HEADER_LEN)
		return;
	s->kind = SEEN_UDP;
	s->len = len - UDP_HEADER_LEN;
	say(s, "UDP %u bytes", "UDP %u bytes", s->len);
}

struct pair {
	const char *en, *es;
};

static const char *unreachable(enum diagram_lang lang, bool v6, uint8_t code)
{
	static const struct pair four[] = { { "network", "red" }, { "host", "máquina" },
		{ "protocol", "protocolo" }, { "port", "puerto" } };
	static const struct pair six[] = { { "no route", "sin ruta:" },
		{ "prohibited", "prohibido:" }, { "beyond scope", "fuera de ámbito:" },
		{ "address", "dirección" }, { "port", "puerto" } };
	struct pair p = { "destination", "destino" };

	if (v6 && code < 5)
		p = six[code];
	else if (!v6 && code < 4)
		p = four[code];
	return words(lang, p.en, p.es);
}

static void icmp_text(struct seen *s, const struct icmp_message *m, bool v6)
{
	switch (v6 ? m->type + 1000 : m->type) {
	case ICMP_ECHO_REQUEST:
	case ICMP6_ECHO_REQUEST + 1000:
		say(s, "ICMP echo request, seq %u", "ICMP petición de eco, seq %u", m->seq);
		break;
	case ICMP_ECHO_REPLY:
	case ICMP6_ECHO_REPLY + 1000:
		say(s, "ICMP echo reply, seq %u", "ICMP respuesta de eco, seq %u", m->seq);
		break;
	case ICMP_UNREACHABLE:
		if (m->code == ICMP_UNREACHABLE_FRAG) {
			say(s, "ICMP fragmentation needed, MTU %u",
				"ICMP hay que fragmentar, MTU %u", m->info & 0xffff);
			break;
		}
		/* fallthrough */
	case ICMP6_UNREACHABLE + 1000:
		say(s, "ICMP %s unreachable", "ICMP %s inalcanzable",
			unreachable(s->lang, v6, m->code));
		break;
	case ICMP6_TOO_BIG + 1000:
		say(s, "ICMP packet too big, MTU %u",
			"ICMP paquete demasiado grande, MTU %u", m->info);
		break;
	case ICMP_TIME_EXCEEDED:
	case ICMP6_TIME_EXCEEDED + 1000:
		say(s, "ICMP time exceeded", "ICMP tiempo excedido");
		break;
	default:
		say(s, "ICMP type %u code %u", "ICMP tipo %u código %u", m->type, m->code);
	}
}

/* RFC 4861 4: 133 and 134 are the routers'; 4.3, 4.4: who is asked for. */
static void icmp6_other(struct seen *s, const struct icmp_message *m)
{
	char buf[IPADDR_TEXT_MAX];
	struct ip_addr target;

	s->kind = SEEN_GROUP;
	if (m->type != ICMP6_NEIGHBOUR_SOLICIT && m->type != ICMP6_NEIGHBOUR_ADVERT)
		return;
	if (m->len < 16 || ip_addr_is_any(&s->src))
		return; /* one that looks whether its own address is free */
	target = ip_addr_from(IP_V6, m->body);
	s->kind = SEEN_NEIGHBOUR;
	if (m->type == ICMP6_NEIGHBOUR_SOLICIT) {
		say(s, "ND who has %s?", "ND ¿quién tiene %s?", ip_addr_format(&target, buf));
		s->dst = target;
	} else {
		say(s, "ND %s is here", "ND %s está aquí", ip_addr_format(&target, buf));
	}
}

static void icmp(struct seen *s, struct cursor c, uint32_t len, bool v6)
{
	struct icmp_message m = { 0 };
	const uint8_t *start = c.at;
	size_t have = c.left;

	s->kind = SEEN_IP;
	say(s, "ICMP, header cut off", "ICMP, cabecera cortada");
	if (have < ICMP_HEADER_LEN || len < ICMP_HEADER_LEN)
		return;
	s->kind = SEEN_ICMP;
	s->len = len - ICMP_HEADER_LEN;
	m.type = start[0];
	m.code = start[1];
	m.info = get_be32(start + 4);
	m.seq = get_be16(start + 6);
	m.body = start + ICMP_HEADER_LEN;
	m.len = have - ICMP_HEADER_LEN;
	icmp_text(s, &m, v6);
	if (v6 && m.type >= 130 && m.type != 138 && m.type < 200)
		icmp6_other(s, &m);
}

static void transport(struct seen *s, struct cursor c, uint32_t len)
{
	bool v6 = s->src.family == IP_V6;

	if (s->proto == PROTO_TCP)
		tcp(s, c, len);
	else if (s->proto == UDP_PROTO)
		udp(s, c, len);
	else if (s->proto == (v6 ? ICMP6_PROTO : PROTO_ICMP))
		icmp(s, c, len, v6);
	else if (s->proto == PROTO_IGMP)
		s->kind = SEEN_GROUP;
	else
		say(s, "IP protocol %u, %u bytes", "protocolo IP %u, %u bytes", s->proto, len);
}

/* --- network ------------------------------------------------------------------------ */

static void fragment(struct seen *s, uint32_t offset, uint32_t len)
{
	s->kind = SEEN_IP;
	s->len = len;
	say(s, "fragment from %u, %u bytes", "fragmento desde %u, %u bytes", offset, len);
}

/* missing: bytes that the capture did not keep. */
static void ipv4(struct seen *s, struct cursor c, uint32_t missing)
{
	uint8_t copy[IPV4_HEADER_MAX];
	struct ipv4_packet p;
	uint16_t total, at;
	size_t head;

	say(s, "IPv4, header cut off or malformed",
		"IPv4, cabecera cortada o mal formada");
	if (c.left < IPV4_HEADER_LEN)
		return;
	head = (c.at[0] & 0xfu) * 4;
	total = get_be16(c.at + 2);
	at = get_be16(c.at + 6) & 0x1fff;
	if (c.at[0] >> 4 != 4 || head < IPV4_HEADER_LEN || head > c.left)
		return;
	memcpy(copy, c.at, head);
	/* Segmentation offload leaves no length: then it is all that there was. */
	if (!total)
		total = (uint16_t)(c.left + missing < 65535 ? c.left + missing : 65535);
	put_be16(copy + 2, total);
	copy[6] &= 0x40; /* the parser wants beginnings, we take any */
	copy[7] = 0;
	if (ipv4_parse_quoted(copy, head, &p) != 0)
		return;
	s->src = p.h.src;
	s->dst = p.h.dst;
	s->ttl = p.h.ttl;
	s->proto = p.h.proto;
	s->kind = SEEN_IP;
	/* What routers change is left out: TTL and checksum. */
	s->mark = mix(mix(mix(MIX_START, c.at + 1, 7), c.at + 9, 1), c.at + 12,
		(c.left < total ? c.left : total) - 12);
	cursor_skip(&c, head);
	if (c.left > total - head)
		c.left = total - head;
	if (at)
		fragment(s, at * 8u, total - (uint32_t)head);
	else
		transport(s, c, total - (uint32_t)head);
}

static void ipv6(struct seen *s, struct cursor c)
{
	struct ipv6_packet p;
	struct cursor rest;
	uint32_t len;
	size_t before;

	say(s, "IPv6, header cut off or malformed",
		"IPv6, cabecera cortada o mal formada");
	if (c.left < IPV6_HEADER_LEN || ipv6_parse_quoted(c.at, c.left, &p) != 0) {
		if (c.left < IPV6_HEADER_LEN || c.at[0] >> 4 != 6)
			return;
		s->src = ip_addr_from(IP_V6, c.at + 8);
		s->dst = ip_addr_from(IP_V6, c.at + 24);
		s->ttl = c.at[7];
		fragment(s, 0, get_be16(c.at + 4));
		say(s, "IPv6 fragment, or headers cut off",
			"fragmento de IPv6, o cabeceras cortadas");
		return;
	}
	s->src = p.h.src;
	s->dst = p.h.dst;
	s->ttl = p.h.hop_limit;
	s->proto = p.h.proto;
	s->kind = SEEN_IP;
	len = get_be16(c.at + 4);
	before = (size_t)(p.payload - c.at) - IPV6_HEADER_LEN;
	if (!len)
		len = (uint32_t)(c.left - IPV6_HEADER_LEN);
	s->mark = mix(mix(MIX_START, c.at, 7), c.at + 8,
		(c.left < len + IPV6_HEADER_LEN ? c.left : len + IPV6_HEADER_LEN) - 8);
	rest = cursor_of(p.payload, p.len);
	transport(s, rest, len > before ? len - (uint32_t)before : 0);
}

static void arp(struct seen *s, struct cursor c)
{
	char buf[IPADDR_TEXT_MAX];
	struct arp_packet a;

	say(s, "ARP, cut off or malformed", "ARP, cortado o mal formado");
	if (arp_parse(c.at, c.left, &a) != 0)
		return;
	s->src = a.sender;
	s->dst = a.target;
	s->mark = mix(MIX_START, c.at, ARP_LEN);
	s->kind = ip_addr_is_any(&a.sender) ||
		ip_addr_equal(&a.sender, &a.target) ? SEEN_GROUP : SEEN_NEIGHBOUR;
	if (a.op == ARP_REQUEST)
		say(s, "ARP who has %s?", "ARP ¿quién tiene %s?", ip_addr_format(&a.target, buf));
	else
		say(s, "ARP %s is at %02x:%02x:%02x:%02x:%02x:%02x",
			"ARP %s está en %02x:%02x:%02x:%02x:%02x:%02x",
			ip_addr_format(&a.sender, buf), a.sender_mac[0],
			a.sender_mac[1], a.sender_mac[2], a.sender_mac[3],
			a.sender_mac[4], a.sender_mac[5]);
}

static void network(struct seen *s, struct cursor c, uint16_t type, uint32_t missing)
{
	for (int i = 0; i < VLAN_TAGS_MAX &&
		(type == ETH_TYPE_VLAN || type == ETH_TYPE_QINQ); i++) {
		cursor_skip(&c, 2);
		type = cursor_u16(&c);
	}
	if (!cursor_ok(&c))
		return;
	if (type == ETH_TYPE_IPV4)
		ipv4(s, c, missing);
	else if (type == ETH_TYPE_IPV6)
		ipv6(s, c);
	else if (type == ETH_TYPE_ARP)
		arp(s, c);
	else
		say(s, "frame of type 0x%04x", "trama de tipo 0x%04x", type);
}

/* --- link ------------------------------------------------------------------------------ */

/* The IP version that the packet itself tells. */
static uint16_t type_by_version(const struct cursor *c)
{
	return c->left && c->at[0] >> 4 == 6 ? ETH_TYPE_IPV6 : ETH_TYPE_IPV4;
}

bool dissect_knows(uint16_t linktype)
{
	switch (linktype) {
	case LINKTYPE_NULL:
	case LINKTYPE_ETHERNET:
	case LINKTYPE_RAW_BSD:
	case LINKTYPE_RAW_OPENBSD:
	case LINKTYPE_RAW:
	case LINKTYPE_LOOP:
	case LINKTYPE_LINUX_SLL:
	case LINKTYPE_IPV4:
	case LINKTYPE_IPV6:
	case LINKTYPE_LINUX_SLL2:
		return true;
	default:
		return false;
	}
}

void dissect(const struct capture_point *p, const struct capture_packet *k,
	enum diagram_lang lang, struct seen *out)
{
	struct cursor c = cursor_of(k->data, k->len);
	uint16_t type = 0;

	memset(out, 0, sizeof(*out));
	out->lang = lang;
	say(out, "frame cut off", "trama cortada");
	switch (p->linktype) {
	case LINKTYPE_ETHERNET:
		cursor_skip(&c, 2 * ETH_ADDR_LEN);
		type = cursor_u16(&c);
		break;
	case LINKTYPE_LINUX_SLL: /* type, hardware, length, address, protocol */
		cursor_skip(&c, 14);
		type = cursor_u16(&c);
		break;
	case LINKTYPE_LINUX_SLL2: /* protocol first, 20 bytes in all */
		type = cursor_u16(&c);
		cursor_skip(&c, 18);
		break;
	case LINKTYPE_NULL:
	case LINKTYPE_LOOP:
		cursor_skip(&c, 4);
		type = type_by_version(&c);
		break;
	default:
		if (!dissect_knows(p->linktype))
			return;
		type = type_by_version(&c);
	}
	if (cursor_ok(&c))
		network(out, c, type, k->full - k->len);
}
