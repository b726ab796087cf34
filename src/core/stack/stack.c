/* One host's stack: the network layer below, UDP, TCP and echo users above.
 *
 *      user                datagram   datagram_error      tcp.ops
 *                             ^            ^                 ^
 *                          struct udp, echo.c           struct tcp
 *                             ^            ^                 ^
 *      up_input, up_error ----+------------+-----------------+
 *                             ^                              | ip_sender
 *                      struct ip_host <----------------------+
 *                             | output
 *      user                   v
 *
 * This file only joins: it decides nothing about protocols. Life: stack_new,
 * interfaces and addresses, frames and ticks, stack_free (which sends nothing).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "stack/stack.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/checksum.h"
#include "base/cursor.h"
#include "echo.h"
#include "ip/host.h"
#include "ip/look.h"
#include "ip/super.h"
#include "stack/view.h"
#include "udp/udp.h"

enum { NAME_MAX_LEN = 64 };

_Static_assert(STACK_FRAME_SPANS > IP_OUT_SPANS, "a packet fits a frame");
_Static_assert((int)STACK_IFNAME_MAX == (int)IP_IFNAME_MAX, "one length");
_Static_assert((int)STACK_LOOPBACK_BUDGET == (int)IP_LOOPBACK_BUDGET, "one limit");

struct stack {
	char name[NAME_MAX_LEN];
	struct stack_ops ops;
	struct ip_host *ip;
	struct udp *udp;
	struct tcp *tcp;
	uint64_t echo_out;
	struct stack_stats *stats; /* gathered by stack_stats() */
};

static void frame_out(void *user, uint32_t ifindex, struct instant now,
	const struct span *spans, unsigned nspans, size_t len)
{
	struct stack *s = user;
	struct stack_frame f = { .nspans = nspans, .len = len };

	memcpy(f.spans, spans, nspans * sizeof(*spans));
	s->ops.output(s->ops.user, ifindex, now, &f);
}

static void super_out(void *user, uint32_t ifindex, struct instant now,
	const struct span *spans, unsigned nspans, size_t len, const struct offload *o)
{
	struct stack *s = user;
	struct stack_frame f = { .nspans = nspans, .len = len, .offload = *o };

	memcpy(f.spans, spans, nspans * sizeof(*spans));
	s->ops.output(s->ops.user, ifindex, now, &f);
}

static int echo_up(struct stack *s, struct instant now,
	const struct ip_packet_in *pkt)
{
	struct stack_datagram d;

	echo_from_packet(pkt, &d);
	s->ops.datagram(s->ops.user, now, &d);
	return 0;
}

static int up_input(void *user, struct instant now,
	const struct ip_packet_in *pkt)
{
	struct stack *s = user;

	switch (pkt->proto) {
	case IP_PROTO_UDP:
	case IP_PROTO_UDPLITE:
		return udp_input(s->udp, now, pkt);
	case IP_PROTO_TCP:
		if (!pkt->broadcast) /* RFC 1122 4.2.3.10 */
			tcp_input(s->tcp, now, pkt);
		return 0;
	case IP_PROTO_ICMP:
	case IP_PROTO_ICMP6:
		return echo_up(s, now, pkt);
	default:
		return -EPROTONOSUPPORT;
	}
}

static void up_error(void *user, struct instant now, const struct ip_error_in *e)
{
	struct ip_name local, remote;
	struct stack *s = user;

	if (e->proto == IP_PROTO_TCP)
		tcp_icmp_error(s->tcp, now, e);
	else if (e->proto == IP_PROTO_UDP || e->proto == IP_PROTO_UDPLITE)
		udp_icmp_error(s->udp, e);
	else if (echo_from_error(e, &local, &remote))
		s->ops.datagram_error(s->ops.user, e->proto, &local, &remote, e,
			&(struct span){ e->l4, e->len });
}

static int udp_up(void *user, struct instant now, const struct udp_message *m)
{
	struct stack *s = user;
	struct stack_datagram d = { .src = m->src, .dst = m->dst,
		.proto = m->lite ? IP_PROTO_UDPLITE : IP_PROTO_UDP, .ttl = m->ttl,
		.tos = m->tos, .coverage = m->coverage,
		.ifindex = m->ifindex, .payload = m->payload,
		.options = m->options };

	return s->ops.datagram(s->ops.user, now, &d);
}

static void udp_error(void *user, const struct ip_name *local,
	const struct ip_name *remote, const struct ip_error_in *e,
	const struct span *payload)
{
	struct stack *s = user;

	s->ops.datagram_error(s->ops.user, e->proto, local, remote, e,
		payload);
}

static bool up_raw(void *user, struct instant now, const struct ip_packet_in *pkt)
{
	struct stack *s = user;

	return s->ops.raw(s->ops.user, now, pkt);
}

static void up_look(void *user, struct instant now, const struct ip_look *l)
{
	struct stack *s = user;

	s->ops.look(s->ops.user, now, l);
}

static void up_path(void *user, struct instant now, const struct ip_addr *dst,
	uint32_t mtu)
{
	struct stack *s = user;

	s->ops.path(s->ops.user, now, dst, mtu);
}

static int64_t up_wall(void *user)
{
	struct stack *s = user;

	return s->ops.wall_ns(s->ops.user);
}

/* TCP and UDP over the network layer; false: no memory. */
static bool add_transports(struct stack *s, const struct stack_config *cfg,
	struct rng *rng)
{
	struct ip_sender ip = { ip_send, ip_route, s->ip, ip_path, ip_echo_options };
	struct udp_ops udp = { udp_up, udp_error, s };
	struct tcp_config tcp = { .ops = cfg->ops.tcp, .ip = ip,
		.isn_key = cfg->isn_key, .seed = rng_next(rng),
		.max_connections = cfg->max_connections, .rules = cfg->tcp_rules };

	s->udp = udp_new(&udp, &ip);
	s->tcp = tcp_new(&tcp);
	return s->udp && s->tcp;
}

struct stack *stack_new(const struct stack_config *cfg)
{
	struct stack *s = calloc(1, sizeof(*s));
	struct ip_host_config ip = { .ops = { frame_out, up_input, up_error, s,
		cfg->ops.raw ? up_raw : NULL, cfg->ops.look ? up_look : NULL,
		cfg->supers ? super_out : NULL, cfg->ops.path ? up_path : NULL,
		cfg->ops.wall_ns ? up_wall : NULL } };
	struct rng rng;

	if (!s)
		return NULL;
	rng_init(&rng, cfg->seed);
	ip.seed = rng_next(&rng);
	if (cfg->name)
		memcpy(s->name, cfg->name, strnlen(cfg->name, NAME_MAX_LEN - 1));
	s->ops = cfg->ops;
	s->ip = ip_host_new(&ip);
	s->stats = calloc(1, sizeof(*s->stats));
	if (!s->ip || !s->stats || !add_transports(s, cfg, &rng)) {
		stack_free(s);
		return NULL;
	}
	return s;
}

void stack_free(struct stack *s)
{
	if (!s)
		return;
	if (s->tcp)
		tcp_free(s->tcp);
	udp_free(s->udp);
	ip_host_free(s->ip);
	free(s->stats);
	free(s);
}

int stack_add_iface(struct stack *s, const struct stack_iface_config *cfg)
{
	return ip_add_iface(s->ip, cfg->name, cfg->mac, cfg->mtu);
}

int stack_set_iface_up(struct stack *s, uint32_t ifindex, bool up)
{
	return ip_set_iface_up(s->ip, ifindex, up);
}

int stack_add_addr(struct stack *s, uint32_t ifindex, const struct ip_prefix *a)
{
	return ip_add_addr(s->ip, ifindex, a);
}

int stack_add_route(struct stack *s, const struct ip_prefix *dst,
	const struct ip_addr *gateway, uint32_t ifindex)
{
	return ip_add_route(s->ip, dst, gateway, ifindex);
}

void stack_input(struct stack *s, uint32_t ifindex, struct instant now,
	const void *frame, size_t len)
{
	ip_input(s->ip, ifindex, now, frame, len);
}

void stack_input_super(struct stack *s, uint32_t ifindex, struct instant now,
	const void *frame, size_t len, const struct offload *o)
{
	ip_input_super(s->ip, ifindex, now, frame, len, o);
}

bool stack_input_text(struct stack *s, uint32_t ifindex, struct instant now,
	const struct span *spans, unsigned n, const struct offload *o)
{
	return ip_input_text(s->ip, ifindex, now, spans, n, o);
}

struct instant stack_deadline(const struct stack *s)
{
	return instant_min(ip_deadline(s->ip), tcp_deadline(s->tcp));
}

void stack_tick(struct stack *s, struct instant now)
{
	tcp_tick(s->tcp, now);
	ip_tick(s->ip, now); /* last: delivers what TCP sent to ourselves */
}

struct tcp *stack_tcp(struct stack *s)
{
	return s->tcp;
}

void stack_flush(struct stack *s, struct instant now)
{
	ip_flush(s->ip, now);
}

int stack_send_datagram(struct stack *s, struct instant now,
	const struct stack_datagram *d)
{
	struct udp_message m = { .src = d->src, .dst = d->dst, .ttl = d->ttl,
		.tos = d->tos, .pmtu = d->pmtu, .no_loop = d->no_loop,
		.frag = d->frag,
		.lite = d->proto == IP_PROTO_UDPLITE, .coverage = d->coverage,
		.ifindex = d->ifindex, .payload = d->payload,
		.options = d->options };
	struct ip_sender ip = { ip_send, ip_route, s->ip, ip_path, NULL };
	int r;

	switch (d->proto) {
	case IP_PROTO_UDP:
	case IP_PROTO_UDPLITE:
		return udp_send(s->udp, now, &m);
	case IP_PROTO_ICMP:
	case IP_PROTO_ICMP6:
		r = echo_send(&ip, now, d);
		s->echo_out += r == 0;
		return r;
	default:
		return -EINVAL;
	}
}

int stack_send_raw(struct stack *s, struct instant now, const struct stack_raw *r)
{
	struct ip_packet_out p = { .src = r->src, .dst = r->dst,
		.proto = r->proto, .ttl = r->ttl, .tos = r->tos,
		.ifindex = r->ifindex, .pmtu = r->pmtu, .unsure = true,
		.no_loop = r->no_loop, .frag = r->frag,
		.options = r->options.base,
		.options_len = (uint8_t)r->options.len, .nspans = 1,
		.spans = { { r->data, r->len } } };
	struct checksum sum = CHECKSUM_INIT;
	uint32_t mtu;
	int err;

	if (r->whole)
		return ip_send_whole(s->ip, now, &r->dst, r->ifindex, r->data,
			r->len);
	if (r->dst.family == IP_V4 || r->checksum_at < 0)
		return ip_send(s->ip, now, &p);
	if ((size_t)r->checksum_at + 2 > r->len)
		return -EINVAL;
	/* The checksum covers the source address, so it is chosen here. */
	if (ip_addr_is_any(&p.src)) {
		err = ip_route(s->ip, &p.dst, r->ifindex, &p.src, &mtu);
		if (err)
			return err;
	}
	put_be16(r->data + r->checksum_at, 0);
	checksum_add_pseudo(&sum, &p.src, &p.dst, p.proto, (uint32_t)r->len);
	checksum_add(&sum, r->data, r->len);
	put_be16(r->data + r->checksum_at, checksum_finish(&sum));
	return ip_send(s->ip, now, &p);
}

void stack_watch(struct stack *s, bool on)
{
	ip_watch(s->ip, on);
}

int stack_send_frame(struct stack *s, struct instant now, uint32_t ifindex,
	const void *frame, size_t len)
{
	return ip_send_frame(s->ip, now, ifindex, frame, len);
}

void stack_learn_pmtu(struct stack *s, struct instant now, const struct ip_addr *dst,
	uint32_t mtu)
{
	ip_learn_pmtu(s->ip, now, dst, mtu);
}

void stack_set_groups(struct stack *s, struct instant now,
	const struct ip_group_want *wants, unsigned n)
{
	ip_set_groups(s->ip, now, wants, n);
}

void stack_announce_groups(struct stack *s, struct instant now)
{
	ip_announce_groups(s->ip, now);
}

bool stack_is_local(const struct stack *s, const struct ip_addr *a)
{
	return ip_is_local(s->ip, a);
}

int stack_route(const struct stack *s, const struct ip_addr *dst, uint32_t ifindex,
	struct ip_addr *src, uint32_t *mtu)
{
	return ip_route(s->ip, dst, ifindex, src, mtu);
}

const struct stack_stats *stack_stats(const struct stack *s)
{
	const struct ip_stats *i = ip_stats(s->ip);
	const struct udp_stats *u = udp_stats(s->udp);

	*s->stats = (struct stack_stats){ .frames_in = i->frames_in,
		.frames_out = i->frames_out, .bytes_in = i->bytes_in,
		.bytes_out = i->bytes_out, .eth_malformed = i->eth_malformed,
		.eth_unknown = i->eth_unknown, .not_for_us = i->not_for_us,
		.arp_in = i->arp_in, .arp_out = i->arp_out,
		.arp_malformed = i->arp_malformed, .nd_in = i->nd_in,
		.nd_out = i->nd_out, .nd_malformed = i->nd_malformed,
		.ip_in = i->ip_in, .ip_out = i->ip_out,
		.ip_malformed = i->ip_malformed,
		.ip_bad_checksum = i->ip_bad_checksum,
		.ip_fragments = i->ip_fragments, .ip_no_route = i->ip_no_route,
		.ip_no_proto = i->ip_no_proto,
		.ip_neighbour_fail = i->ip_neighbour_fail,
		.ip_reasm_ok = i->ip_reasm_ok,
		.ip_reasm_fail = i->ip_reasm_fail,
		.ip_reasm_timeout = i->ip_reasm_timeout,
		.ip_frag_ok = i->ip_frag_ok, .ip_frag_fail = i->ip_frag_fail,
		.ip_frag_made = i->ip_frag_made,
		.icmp_in = i->icmp_in, .icmp_out = i->icmp_out + s->echo_out,
		.icmp_malformed = i->icmp_malformed,
		.icmp_bad_checksum = i->icmp_bad_checksum, .udp_in = u->in,
		.udp_out = u->out, .udp_malformed = u->malformed,
		.udp_bad_checksum = u->bad_checksum, .udp_no_port = u->no_port,
		.loopback_dropped = i->loopback_dropped };
	return s->stats;
}

const char *stack_name(const struct stack *s)
{
	return s->name;
}

void stack_foreach_iface(const struct stack *s,
	void (*fn)(void *user, const struct ip_iface_view *v), void *user)
{
	ip_foreach_iface(s->ip, fn, user);
}

void stack_foreach_route(const struct stack *s,
	void (*fn)(void *user, const struct ip_route_view *v), void *user)
{
	ip_foreach_route(s->ip, fn, user);
}

uint64_t stack_neigh_changes(const struct stack *s)
{
	return ip_neigh_changes(s->ip);
}

void stack_foreach_neigh(const struct stack *s,
	void (*fn)(void *user, const struct ip_neigh_view *v), void *user)
{
	ip_foreach_neigh(s->ip, fn, user);
}

void stack_foreach_group(const struct stack *s,
	void (*fn)(void *user, const struct ip_group_view *v), void *user)
{
	ip_foreach_group(s->ip, fn, user);
}
