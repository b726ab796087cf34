/* Echo as a user sees it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "echo.h"

#include <errno.h>

#include "base/cursor.h"
#include "wire/icmp.h"
#include "wire/icmp6.h"

enum { ID_AT = 4, SEQ_AT = 6 };

static uint8_t request_type(uint8_t proto)
{
	return proto == IP_PROTO_ICMP ? ICMP_ECHO_REQUEST : ICMP6_ECHO_REQUEST;
}

int echo_send(const struct ip_sender *ip, struct instant now,
	const struct stack_datagram *d)
{
	struct ip_packet_out p = { .src = d->src.addr, .dst = d->dst.addr,
		.proto = d->proto, .ttl = d->ttl, .tos = d->tos,
		.ifindex = d->ifindex, .pmtu = d->pmtu, .no_loop = d->no_loop,
		.frag = d->frag,
		.options = d->options.base,
		.options_len = (uint8_t)d->options.len, .nspans = 2 };
	uint8_t type = request_type(d->proto), header[ICMP_HEADER_LEN];
	uint8_t family = d->proto == IP_PROTO_ICMP ? IP_V4 : IP_V6;
	const uint8_t *m = d->payload.base;
	struct span body;
	uint32_t info, mtu;
	int r;

	if (d->payload.len < ICMP_HEADER_LEN || m[0] != type || m[1] != 0 ||
		p.dst.family != family)
		return -EINVAL; /* Linux: ping_supported */
	body = (struct span){ m + ICMP_HEADER_LEN,
		d->payload.len - ICMP_HEADER_LEN };
	if (p.src.family == IP_NONE || ip_addr_is_any(&p.src)) {
		r = ip->route(ip->user, &p.dst, p.ifindex, &p.src, &mtu);
		if (r != 0)
			return r;
	}
	info = (uint32_t)d->src.port << 16 | get_be16(m + SEQ_AT);
	if (family == IP_V4)
		icmp_emit(header, type, 0, info, body.base, body.len);
	else
		icmp6_emit(header, &p.src, &p.dst, type, 0, info, body.base,
			body.len);
	p.spans[0] = (struct span){ header, sizeof(header) };
	p.spans[1] = body;
	return ip->send(ip->user, now, &p);
}

void echo_from_packet(const struct ip_packet_in *pkt, struct stack_datagram *out)
{
	*out = (struct stack_datagram){ .src = { pkt->src, 0 },
		.dst = { pkt->dst, get_be16(pkt->l4 + ID_AT) },
		.proto = pkt->proto, .ttl = pkt->ttl, .tos = pkt->tos,
		.ifindex = pkt->ifindex, .payload = { pkt->l4, pkt->len },
		.options = ip_options_of(pkt) };
}

bool echo_from_error(const struct ip_error_in *e, struct ip_name *local,
	struct ip_name *remote)
{
	if ((e->proto != IP_PROTO_ICMP && e->proto != IP_PROTO_ICMP6) ||
		e->len < ICMP_HEADER_LEN || e->l4[0] != request_type(e->proto))
		return false;
	*local = (struct ip_name){ e->src, get_be16(e->l4 + ID_AT) };
	*remote = (struct ip_name){ e->dst, 0 };
	return true;
}
