/* The IPv4 options of packets that begin here, and of answers to those that came.
 * Linux: ip_options_build(), ip_options_echo().
 * SPDX-License-Identifier: BSD-2-Clause */
#include "options.h"

#include <string.h>

#include "host_priv.h"

/* Linux: inet_addr_type() is RTN_UNICAST. */
static bool elsewhere(const void *user, const uint8_t addr[4])
{
	const struct ip_host *h = user;
	struct ip_addr a = ip_addr_from(IP_V4, addr);

	return !iface_owner(h, &a) && !ip_addr_is_multicast(&a) &&
		!ip_addr_is_any(&a) && !ip_is_broadcast(h, &a);
}

static struct ipopt_host host_of(const struct ip_host *h, const struct ip_addr *own)
{
	struct ipopt_host o = { .elsewhere = elsewhere, .user = h };

	if (own->family == IP_V4)
		memcpy(o.addr, own->b, sizeof(o.addr));
	if (h->ops.wall_ns)
		o.ms = ipopt_ms(h->ops.wall_ns(h->ops.user));
	return o;
}

const struct ip_packet_out *options_begin(const struct ip_packet_out *p,
	struct options_out *own)
{
	uint8_t hop[4];

	own->p = *p;
	own->strict = false;
	own->o.len = p->options_len;
	memcpy(own->o.bytes, p->options, p->options_len);
	own->p.options = own->o.bytes;
	if (ipopt_hop(&own->o, hop, &own->strict)) {
		own->p.via = ip_addr_from(IP_V4, hop);
		ipopt_set_out(&own->o, p->dst.b);
	}
	return &own->p;
}

void options_fill(const struct ip_host *h, const struct ip_addr *src,
	struct options_out *own)
{
	struct ipopt_host me = host_of(h, src);

	ipopt_fill(own->o.bytes, own->o.len, &me, false);
}

void options_answer(const struct ip_host *h, const uint8_t *l3, size_t header,
	const struct ip_addr *to, struct ip_options *out)
{
	size_t len = header > IPV4_HEADER ? header - IPV4_HEADER : 0;
	struct ipopt_host me = host_of(h, to);
	uint8_t came[IPOPT_BYTES];
	int n;

	out->len = 0;
	if (len == 0 || len > sizeof(came))
		return;
	memcpy(came, l3 + IPV4_HEADER, len);
	while (ipopt_wrong(came, len) >= 0)
		len--; /* Linux: those in front of what is wrong */
	ipopt_fill(came, len, &me, true);
	n = ipopt_echo(came, len, &me, out->bytes);
	out->len = n > 0 ? (uint8_t)n : 0;
}

void ip_echo_options(void *user, const struct ip_packet_in *pkt, struct ip_options *out)
{
	size_t header = pkt->dst.family == IP_V4 ? (size_t)(pkt->l4 - pkt->l3) : 0;

	options_answer(user, pkt->l3, header, &pkt->dst, out);
}
