/* UDP of one host.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "udp/udp.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cursor.h"
#include "wire/udp.h"
#include "wire/udplite.h"

struct udp {
	struct udp_ops ops;
	struct ip_sender ip;
	struct udp_stats stats;
};

struct udp *udp_new(const struct udp_ops *ops, const struct ip_sender *ip)
{
	struct udp *u = calloc(1, sizeof(*u));

	if (u) {
		u->ops = *ops;
		u->ip = *ip;
	}
	return u;
}

void udp_free(struct udp *u)
{
	free(u);
}

/* What arrived, as a message; -errno as of the parsers. */
static int parse(const struct ip_packet_in *pkt, struct udp_message *m)
{
	struct udplite_datagram lite;
	struct udp_datagram d;
	int r;

	*m = (struct udp_message){ .src = { pkt->src, 0 }, .dst = { pkt->dst, 0 },
		.ttl = pkt->ttl, .tos = pkt->tos, .ifindex = pkt->ifindex,
		.options = ip_options_of(pkt),
		.lite = pkt->proto == IP_PROTO_UDPLITE };
	if (m->lite) {
		r = udplite_parse(pkt->l4, pkt->len, &pkt->src, &pkt->dst,
			pkt->csum_ok, &lite);
		d = (struct udp_datagram){ lite.src_port, lite.dst_port,
			lite.payload, lite.len };
		if (r == 0 && lite.coverage < pkt->len)
			m->coverage = lite.coverage;
	} else {
		r = udp_parse(pkt->l4, pkt->len, &pkt->src, &pkt->dst,
			pkt->csum_ok, &d);
	}
	if (r != 0)
		return r;
	m->src.port = d.src_port;
	m->dst.port = d.dst_port;
	m->payload = (struct span){ d.payload, d.len };
	return 0;
}

int udp_input(struct udp *u, struct instant now, const struct ip_packet_in *pkt)
{
	struct udp_message m;
	int r;

	u->stats.in++;
	r = parse(pkt, &m);
	if (r != 0) {
		u->stats.malformed += r == -EINVAL;
		u->stats.bad_checksum += r == -EBADMSG;
		return 0;
	}
	r = m.dst.port == 0 ? -ECONNREFUSED :
		u->ops.datagram(u->ops.user, now, &m);
	if (r == -ECONNREFUSED) {
		u->stats.no_port++;
		return r; /* RFC 1122 4.1.3.1 */
	}
	u->stats.dropped += r < 0;
	return 0;
}

void udp_icmp_error(struct udp *u, const struct ip_error_in *e)
{
	struct ip_name local = { e->src, 0 }, remote = { e->dst, 0 };
	struct span payload = { e->l4, 0 };

	if (e->len < 4)
		return;
	local.port = get_be16(e->l4);
	remote.port = get_be16(e->l4 + 2);
	if (e->len > UDP_HEADER_LEN)
		payload = (struct span){ e->l4 + UDP_HEADER_LEN,
			e->len - UDP_HEADER_LEN };
	u->ops.error(u->ops.user, &local, &remote, e, &payload);
}

int udp_send(struct udp *u, struct instant now, const struct udp_message *m)
{
	struct ip_packet_out p = { .src = m->src.addr, .dst = m->dst.addr,
		.proto = m->lite ? IP_PROTO_UDPLITE : IP_PROTO_UDP, .ttl = m->ttl, .tos = m->tos,
		.ifindex = m->ifindex, .pmtu = m->pmtu,
		.no_loop = m->no_loop, .frag = m->frag, .options = m->options.base,
		.options_len = (uint8_t)m->options.len, .nspans = 2 };
	uint8_t header[UDP_HEADER_LEN];
	uint32_t mtu;
	int r;

	if (m->dst.port == 0)
		return -EINVAL; /* Linux: udp_sendmsg */
	if (m->payload.len > UINT16_MAX - UDP_HEADER_LEN)
		return -EMSGSIZE;
	/* The checksum covers the source address, so it is chosen here. */
	if (ip_source_is_open(&p)) {
		r = u->ip.route(u->ip.user, &p.dst, p.ifindex, &p.src, &mtu);
		if (r != 0)
			return r;
	}
	if (p.src.family != p.dst.family)
		return -EINVAL;
	if (m->lite)
		udplite_emit(header, &p.src, &p.dst, m->src.port, m->dst.port,
			&m->payload, m->coverage);
	else
		udp_emit(header, &p.src, &p.dst, m->src.port, m->dst.port,
			&m->payload);
	p.spans[0] = (struct span){ header, sizeof(header) };
	p.spans[1] = m->payload;
	r = u->ip.send(u->ip.user, now, &p);
	u->stats.out += r == 0;
	return r;
}

const struct udp_stats *udp_stats(const struct udp *u)
{
	return &u->stats;
}
