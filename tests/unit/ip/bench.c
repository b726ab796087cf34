/* A network layer on a bench.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "bench.h"

#include <stdlib.h>
#include <string.h>

#include "wire/arp.h"
#include "wire/ipv4.h"
#include "wire/ipv6.h"
#include "wire/nd.h"

static const uint8_t our_mac[] = { 2, 0, 0, 0, 0, 1 },
	peer_mac[] = { 2, 0, 0, 0, 0, 2 };

static void output(void *user, uint32_t ifindex, struct instant now,
	const struct span *spans, unsigned nspans, size_t len)
{
	struct bench *b = user;
	struct bench_frame *f = &b->frames[b->nframes++ % BENCH_FRAMES];
	size_t at = 0;

	f->ifindex = ifindex;
	for (unsigned i = 0; i < nspans; at += spans[i].len, i++)
		if (spans[i].len)
			memcpy(f->b + at, spans[i].base, spans[i].len);
	f->len = at;
	b->last_payload = spans[nspans - 1].base;
	if (at != len)
		abort();
}

static int input(void *user, struct instant now, const struct ip_packet_in *pkt)
{
	struct bench *b = user;
	size_t here = pkt->len;

	b->npackets++;
	b->packet = *pkt;
	for (unsigned k = 0; k < pkt->ntext; k++)
		here -= pkt->text[k].len;
	if (here && here <= sizeof(b->l4))
		memcpy(b->l4, pkt->l4, here);
	return b->input_result;
}

static void error(void *user, struct instant now, const struct ip_error_in *e)
{
	struct bench *b = user;

	b->nerrors++;
	b->error = *e;
	memcpy(b->l4, e->l4, e->len < 8 ? e->len : 8);
}

static bool raw(void *user, struct instant now, const struct ip_packet_in *pkt)
{
	struct bench *b = user;

	b->nraw++;
	b->raw_version = pkt->l3[0] >> 4;
	b->raw_l3_len = (size_t)(pkt->l4 - pkt->l3) + pkt->len;
	return b->raw_result;
}

static void path(void *user, struct instant now, const struct ip_addr *dst, uint32_t mtu)
{
	struct bench *b = user;

	(void)now;
	(void)dst;
	b->npaths++;
	b->path_mtu = mtu;
}

static void look(void *user, struct instant now, const struct ip_look *l)
{
	struct bench *b = user;
	size_t at = 0;

	(void)now;
	b->nlooks++;
	b->look = *l;
	for (unsigned k = 0; k < l->nspans; at += l->spans[k].len, k++)
		if (at + l->spans[k].len <= sizeof(b->looked))
			memcpy(b->looked + at, l->spans[k].base, l->spans[k].len);
	if (at != l->len)
		abort();
}

struct ip_addr bench_addr(const char *text)
{
	struct ip_addr a;

	if (ip_addr_parse(text, &a) != 0)
		abort();
	return a;
}

struct ip_prefix bench_prefix(const char *text)
{
	struct ip_prefix p;

	if (ip_prefix_parse(text, &p) != 0)
		abort();
	return p;
}

static int64_t wall(void *user)
{
	return INT64_C(0x0a0b0c) * 1000000; /* ms since midnight */
}

struct bench *bench_new(void)
{
	struct bench *b = calloc(1, sizeof(*b));
	struct ip_host_config cfg = { 1, { output, input, error, b, raw, look,
		NULL, path, wall } };
	struct ip_prefix v4 = bench_prefix("10.0.0.1/24"),
			 v6 = bench_prefix("fd00::1/64");

	b->now = (struct instant){ 1000000000 };
	b->v4 = v4.addr;
	b->v6 = v6.addr;
	b->peer4 = bench_addr("10.0.0.2");
	b->peer6 = bench_addr("fd00::2");
	b->h = ip_host_new(&cfg);
	if (!b->h || ip_add_iface(b->h, "eth0", our_mac, 0) != 2 ||
		ip_add_addr(b->h, 2, &v4) != 0 || ip_add_addr(b->h, 2, &v6) != 0)
		abort();
	return b;
}

void bench_free(struct bench *b)
{
	ip_host_free(b->h);
	free(b);
}

const struct bench_frame *bench_last(const struct bench *b, unsigned n)
{
	if (n >= b->nframes)
		abort();
	return &b->frames[(b->nframes - 1 - n) % BENCH_FRAMES];
}

void bench_run(struct bench *b, struct duration d)
{
	struct instant end = instant_add(b->now, d);

	while (!instant_before(end, ip_deadline(b->h))) {
		if (instant_before(b->now, ip_deadline(b->h)))
			b->now = ip_deadline(b->h);
		ip_tick(b->h, b->now);
	}
	b->now = end;
}

void bench_give_frame(struct bench *b, const uint8_t *mac, uint16_t type,
	const void *payload, size_t len)
{
	uint8_t f[BENCH_FRAME];

	eth_emit(f, mac ? mac : our_mac, peer_mac, type);
	if (len)
		memcpy(f + ETH_HEADER_LEN, payload, len);
	ip_input(b->h, 2, b->now, f, ETH_HEADER_LEN + len);
}

void bench_give(struct bench *b, const struct ip_addr *src,
	const struct ip_addr *dst, uint8_t proto, const void *l4, size_t len)
{
	uint8_t p[BENCH_FRAME];
	size_t header = dst->family == IP_V4 ? IPV4_HEADER_LEN : IPV6_HEADER_LEN;

	if (dst->family == IP_V4)
		ipv4_emit(p, &(struct ipv4_header){ .src = *src, .dst = *dst,
			.proto = proto, .ttl = 61, .tos = 4 }, len);
	else
		ipv6_emit(p, &(struct ipv6_header){ .src = *src, .dst = *dst,
			.proto = proto, .hop_limit = 255, .tclass = 4 }, len);
	if (len)
		memcpy(p + header, l4, len);
	bench_give_frame(b, NULL, dst->family == IP_V4 ? ETH_TYPE_IPV4 :
		ETH_TYPE_IPV6, p, header + len);
}

void bench_meet(struct bench *b)
{
	struct arp_packet arp = { .op = ARP_REQUEST, .sender = b->peer4,
		.target = b->v4 };
	struct nd_message nd = { .has_mac = true, .target = b->v6 };
	uint8_t m[ND_LEN_MAX];
	size_t len;

	memcpy(arp.sender_mac, peer_mac, 6);
	memcpy(nd.mac, peer_mac, 6);
	arp_emit(m, &arp);
	bench_give_frame(b, NULL, ETH_TYPE_ARP, m, ARP_LEN);
	len = nd_emit(m, &nd, &b->peer6, &b->v6);
	bench_give(b, &b->peer6, &b->v6, IP_PROTO_ICMP6, m, len);
	b->nframes = 0;
}

int bench_send(struct bench *b, const struct ip_addr *dst, uint8_t proto,
	const void *data, size_t len)
{
	struct ip_packet_out p = { .dst = *dst, .proto = proto, .nspans = 1,
		.spans = { { data, len } } };

	return ip_send(b->h, b->now, &p);
}
